# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""BODACC: the official bulletin's notices, matched by SIREN only; free, no key [B].

Shapes from france-opendata 0.50.0. At most 100 rows a page and 10,000 in all;
about 40 SIREN fit into one question. A wrong ``familleavis`` silently answers nothing,
hence the list. Corrections and cancellations: ``typeavis``, with the notice they are
about in ``parutionavisprecedent`` [G].
"""

import json

from ..insurers.errors import Garbled
from ..insurers.http import Call, Dialect
from .bodacc_words import classify, plain
from .facts import EventFact, to_day, to_siren
from .pace import Pace

AGENCY = "bodacc"
URL = "https://bodacc-datadila.opendatasoft.com/api/explore/v2.1"
ROUTE = "/catalog/datasets/annonces-commerciales/records"
PER_SECOND = 5
PAGE = 100
MOST_ROWS = 10_000
BATCH = 40
FAMILIES = frozenset(
    {
        "collective",
        "conciliation",
        "creation",
        "divers",
        "dpc",
        "immatriculation",
        "modification",
        "radiation",
        "retablissement_professionnel",
        "vente",
    }
)
WATCHED = (
    "collective",
    "conciliation",
    "radiation",
    "retablissement_professionnel",
    "vente",
)
NOTICES = {"rectificatif": "correction", "annulation": "cancellation"}


class BodaccDialect(Dialect):
    """No login."""

    def headers(self, token, correlation_id):
        return {"Accept": "application/json"}


class Client:
    """Asks for the notices of many companies at once."""

    capabilities = frozenset({"events"})
    batch = BATCH

    def __init__(self, channel, url=URL, families=WATCHED, pace=None):
        """
        :param families: values of ``familleavis`` to ask for
        :raise ValueError: for a family that BODACC does not have
        """
        if unknown := set(families) - FAMILIES:
            raise ValueError(f"BODACC has no {sorted(unknown)}")
        self.channel, self.url = channel, url.rstrip("/")
        self.families, self.pace = tuple(families), pace or Pace(PER_SECOND)

    def iter_events(self, sirens, since):
        """Yield the EventFacts about these companies since a day, oldest first.

        :param sirens: compact, valid numbers; any other is left out
        :param date since: first day of publication
        """
        wanted = sorted({number for number in map(to_siren, sirens) if number})
        for start in range(0, len(wanted), BATCH):
            yield from self._ask(wanted[start : start + BATCH], since)

    def _ask(self, sirens, since):
        offset, total = 0, 1
        where = self._prepare_where(sirens, since)
        while offset < total:
            rows, total = self._get_page(where, offset)
            if total > MOST_ROWS and len(sirens) > 1:
                # More than can be paged through: ask for fewer companies at once.
                half = len(sirens) // 2
                yield from self._ask(sirens[:half], since)
                yield from self._ask(sirens[half:], since)
                return
            yield from (fact for row in rows if (fact := self._read(row, sirens)))
            offset += PAGE
            total = min(total, MOST_ROWS)

    def _prepare_where(self, sirens, since):
        # Valid numbers and our own list only: nothing here can break out of its quotes.
        numbers = " OR ".join(f'registre="{number}"' for number in sirens)
        families = " OR ".join(f'familleavis="{name}"' for name in self.families)
        return f'({numbers}) AND ({families}) AND dateparution>="{since.isoformat()}"'

    def _get_page(self, where, offset):
        self.pace.wait()
        params = {"where": where, "limit": PAGE, "offset": offset}
        params["order_by"] = "dateparution,id"
        call = Call("GET", self.url + ROUTE, purpose="notices", params=params)
        data = self.channel.send(call).data
        # "No notices" frees nobody unless the answer really is a list of notices.
        if not isinstance(data, dict) or not isinstance(data.get("results"), list):
            raise Garbled("BODACC answered something else than notices")
        return data["results"], int(data.get("total_count") or 0)

    def _read(self, row, asked):
        """Make the EventFact of a notice; None where it is about nobody asked for."""
        numbers = row.get("registre")
        numbers = numbers if isinstance(numbers, list) else [numbers]
        sirens = tuple(dict.fromkeys(filter(None, map(to_siren, numbers))))
        published = to_day(row.get("dateparution"))
        if not set(sirens) & set(asked) or not published or not row.get("id"):
            return None
        family, judgment = row.get("familleavis"), _parse(row.get("jugement"))
        return EventFact(
            agency=AGENCY,
            external_id=str(row["id"]),
            kind=classify(family, judgment),
            sirens=sirens,
            published_on=published,
            notice=NOTICES.get(plain(row.get("typeavis")), "new"),
            replaces=self._read_replaced(row),
            happened_on=to_day(judgment.get("date")),
            title=judgment.get("nature") or row.get("familleavis_lib") or family,
            court=row.get("tribunal") or "",
            details=judgment.get("complementJugement") or "",
            url=row.get("url_complete") or "",
            raw=row,
        )

    def _read_replaced(self, row):
        """The id of the notice that this one corrects: publication and number [G].

        Ids look like A202600120345: letter, year, four digits of the issue, number.
        """
        former = _parse(row.get("parutionavisprecedent"))
        issue = str(former.get("numeroParution") or "")
        number = str(former.get("numeroAnnonce") or "")
        letter = str(former.get("nomPublication") or "").strip()[-1:]
        return f"{letter}{issue}{number}" if letter and issue and number else ""


def _parse(text):
    """The fields of BODACC that are JSON in a text [B]; empty for anything else."""
    if isinstance(text, dict):
        return text
    try:
        found = json.loads(text or "{}")
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
