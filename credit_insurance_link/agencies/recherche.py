# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""recherche-entreprises.api.gouv.fr: who a French company is; free, no key [A].

Shapes from the service's own repository (annuaire-entreprises-data-gouv-fr/search-api,
July 2026). 7 calls a second per address; 429 with ``Retry-After``; at most 25 results
a page. Companies that refuse publication are missing: "not found" proves nothing.
"""

from ..insurers.http import Call, Dialect
from .facts import CompanyFact, to_day, to_siren
from .pace import Pace

AGENCY = "recherche"
URL = "https://recherche-entreprises.api.gouv.fr"
PER_SECOND = 7
MOST = 25  # results of a page [A]
AGENT = "credit_insurance_link (Odoo add-on)"


class SearchDialect(Dialect):
    """No login; the service asks callers to name themselves [A]."""

    def headers(self, token, correlation_id):
        return {"User-Agent": AGENT, "Accept": "application/json"}


class Client:
    """Reads companies by number; a name only proposes, to a person."""

    capabilities = frozenset({"company", "names"})

    def __init__(self, channel, url=URL, pace=None):
        self.channel, self.url = channel, url.rstrip("/")
        self.pace = pace or Pace(PER_SECOND)

    def get_company(self, siren):
        """Return the CompanyFact of a SIREN, None when the register shows none.

        The service searches words: what comes back is checked for the number.
        """
        for row in self._search(siren, 5):
            if to_siren(row.get("siren")) == siren:
                return self._read(row)
        return None

    def find_companies(self, name):
        """Propose companies to a person who looks for a number.

        :param str name: at least three letters, as the service wants [A]
        :return: list of CompanyFact, as the service orders them, one per SIREN
        """
        rows = self._search(name, MOST)
        found = {to_siren(row.get("siren")): row for row in reversed(rows)}
        found.pop("", None)
        return [self._read(row) for row in reversed(found.values())]

    def _search(self, words, size):
        self.pace.wait()
        params = {"q": words, "per_page": size, "page": 1}
        params |= {"minimal": "true", "include": "siege,complements"}
        call = Call("GET", f"{self.url}/search", purpose="company", params=params)
        data = self.channel.send(call).data
        rows = data.get("results") if isinstance(data, dict) else None
        return [row for row in rows or [] if isinstance(row, dict)]

    def _read(self, row):
        seat = row.get("siege") or {}
        return CompanyFact(
            siren=to_siren(row.get("siren")),
            name=row.get("nom_complet") or row.get("nom_raison_sociale") or "",
            is_active=row.get("etat_administratif") == "A",
            created_on=to_day(row.get("date_creation")),
            closed_on=to_day(row.get("date_fermeture")),
            siret=str(seat.get("siret") or ""),
            activity=row.get("activite_principale") or "",
            legal_form=str(row.get("nature_juridique") or ""),
            address=seat.get("adresse") or "",
            city=seat.get("libelle_commune") or "",
            postcode=str(seat.get("code_postal") or ""),
            staff=str(row.get("tranche_effectif_salarie") or ""),
            raw=row,
        )
