# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""INSEE Sirene 3.11: the register itself; needs a key of portail-api.insee.fr [B].

Shapes from france-opendata, pynsee and s6r-sirene. 30 calls a minute. A company's
state is that of its current period.
"""

from ..insurers.errors import NotFound
from ..insurers.http import Call, Dialect
from .facts import CompanyFact, to_day
from .pace import Pace

AGENCY = "sirene"
URL = "https://api.insee.fr/api-sirene/3.11"
PER_SECOND = 0.5
KEY_HEADER = "X-INSEE-Api-Key-Integration"


class SireneDialect(Dialect):
    """The key goes in a header of its own; there is no login [B]."""

    def __init__(self, key):
        self.key = key

    def headers(self, token, correlation_id):
        return {KEY_HEADER: self.key, "Accept": "application/json"}


class Client:
    """Reads legal units by their SIREN."""

    capabilities = frozenset({"company"})

    def __init__(self, channel, url=URL, pace=None):
        self.channel, self.url = channel, url.rstrip("/")
        self.pace = pace or Pace(PER_SECOND)

    def get_company(self, siren):
        """Return the CompanyFact of a SIREN, None where INSEE shows none."""
        self.pace.wait()
        call = Call("GET", f"{self.url}/siren/{siren}", purpose="company")
        try:
            data = self.channel.send(call).data
        except NotFound:
            return None
        unit = data.get("uniteLegale") if isinstance(data, dict) else None
        return self._read(unit) if unit and unit.get("siren") == siren else None

    def _read(self, unit):
        periods = unit.get("periodesUniteLegale") or [{}]
        current = next((p for p in periods if not p.get("dateFin")), periods[0])
        is_active = current.get("etatAdministratifUniteLegale") == "A"
        names = ("denominationUniteLegale", "nomUniteLegale")
        office = current.get("nicSiegeUniteLegale")
        return CompanyFact(
            siren=unit["siren"],
            name=next((current[name] for name in names if current.get(name)), ""),
            is_active=is_active,
            created_on=to_day(unit.get("dateCreationUniteLegale")),
            closed_on=None if is_active else to_day(current.get("dateDebut")),
            siret=f"{unit['siren']}{office}" if office else "",
            activity=current.get("activitePrincipaleUniteLegale") or "",
            legal_form=str(current.get("categorieJuridiqueUniteLegale") or ""),
            staff=str(unit.get("trancheEffectifsUniteLegale") or ""),
            raw=unit,
        )
