# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coface ICON: the debtor risk assessment (DRA) and the credit opinion of a company.

Both are ordered, billed, and published some seconds or days later. The words of ICON are
read in ``insurers/coface_icon.py`` [A]. The DRA goes from 0 to 10, higher is safer; the
opinion is a class, X (none) to @@@@, with the largest credit advised. SIREN as
``registration-number`` is [G].
"""

from ..insurers.coface_icon import OPINION as OPINION_SLUG
from ..insurers.coface_icon import RISK_WITH_HISTORY
from ..insurers.facts import Identifier
from .facts import ScoreFact, to_day, to_decimal

AGENCY = "coface_icon"
COUNTRY = "FR"  # a SIREN is French, wherever the debtor lives
DRA, OPINION = "coface_dra", "coface_opinion"
WORDS = {DRA: "DRA 0-10", OPINION: "X-@@@@"}
NO_OPINION = "NA"
BEST = 10


class Client:
    """Finds a company by its number, and reads what ICON says of it."""

    capabilities = frozenset({"orders"})
    number = "siren"

    def __init__(self, adapter):
        """
        :param adapter: ``insurers.coface_icon.CofaceIcon``
        """
        self.adapter, self.channel = adapter, adapter.channel

    def find_company(self, number):
        """ICON's own number of a company, empty where none or two carry the SIREN."""
        known = Identifier("siren", number, COUNTRY)
        found = self.adapter.resolve_buyer(COUNTRY, [known])
        company_ids = {company.external_id for company in found}
        return company_ids.pop() if len(company_ids) == 1 else ""

    def order(self, company_id, reference, currency=""):
        """Order the risk assessment, and with a currency the opinion; both are billed.

        :return: ``insurers.coface_icon.PublicationOrder``
        """
        products = [{"slug": RISK_WITH_HISTORY}]
        if currency:
            products.append({"slug": OPINION_SLUG, "currency": currency})
        return self.adapter.order(company_id, reference, products)

    def find_order(self, reference):
        """An order by our reference, None where ICON shows none."""
        return self.adapter.find_order(reference)

    def get_score(self, publications, company_id):
        """Return the ScoreFact that publications hold, None where they hold none.

        :param publications: their numbers, of one order
        :raise NotReady: one of them is not finished
        """
        rows = [
            row
            for number in publications
            for row in self.adapter.get_publication(number, company_id)
        ]
        return self._read(company_id, rows)

    def _read(self, company_id, rows):
        risk = _get_newest(rows, DRA)
        opinion = _get_newest(rows, OPINION)
        value = _read_value(risk)
        grade = str(opinion.get("rating") or "").replace(NO_OPINION, "")
        if not value and not grade:
            return None
        limit = opinion.get("maxCreditAmount") if grade else None
        limit = limit if isinstance(limit, dict) else {}
        position = int(value) * 100 // BEST if value else None
        return ScoreFact(
            agency=AGENCY,
            external_id=company_id,
            raw_score=value or grade,
            scale=WORDS[DRA if value else OPINION],
            grade=grade,
            position=position,
            probability=_read_share(risk.get("probabilityOfDefault")),
            recommended_limit=to_decimal(limit.get("value")),
            currency=str(limit.get("currency") or ""),
            previous=_read_value(_get_newest(rows, DRA, is_current=False)),
            scored_on=to_day((risk if value else opinion).get("releaseDate")),
            raw={"assessments": [row for _scale, row in rows]},
        )


def _get_newest(rows, wanted, is_current=True):
    """The last assessment of a scale, of those in force or of those before."""
    found = [
        row
        for scale, row in rows
        if scale == wanted and (row.get("isCurrent") is not False) == is_current
    ]
    return max(found, key=lambda row: str(row.get("releaseDate") or ""), default={})


def _read_value(row):
    """The DRA as it came, empty where it is none of 0 to 10."""
    value = str(row.get("debtorRiskValue") or "").strip()
    return value if value.isdecimal() and int(value) <= BEST else ""


def _read_share(value):
    """A share in per cent, None where it is none."""
    share = to_decimal(value)
    return share if share is not None and 0 <= share <= 100 else None
