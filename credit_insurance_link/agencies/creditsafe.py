# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Creditsafe Connect v1: score, recommended limit and monitoring events.

Shapes from a client generated out of the official cs_connectv1 description [A-derived];
the token lives an hour [B]. Grades are the agency's own: ``commonValue`` A (best) to E.
"""

from ..insurers.errors import NotFound
from ..insurers.http import Call, Dialect
from .facts import EventFact, ScoreFact, to_day, to_decimal

AGENCY = "creditsafe"
URLS = {
    "production": "https://connect.creditsafe.com/v1",
    "sandbox": "https://connect.sandbox.creditsafe.com/v1",
}
TOKEN_SECONDS = 3600
PAGE = 100


class CreditsafeDialect(Dialect):
    """A token for user and password."""

    def __init__(self, url, username, password):
        self.url, self.username, self.password = url.rstrip("/"), username, password

    def login_call(self):
        body = {"username": self.username, "password": self.password}
        url = f"{self.url}/authenticate"
        return Call("POST", url, "login", body=body, is_login=True)

    def read_token(self, reply):
        return reply.data["token"], TOKEN_SECONDS

    def headers(self, token, correlation_id):
        return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


class Client:
    """Finds a company by its number and reads its report."""

    capabilities = frozenset({"score", "changes"})
    number = "siren"

    def __init__(self, channel, url):
        self.channel, self.url = channel, url.rstrip("/")

    def get_score(self, number, country="FR"):
        """Return the ScoreFact of a company, None where the agency has none.

        :param str number: SIREN; a company whose ``regNo`` is another is not taken
        """
        connect_id = self._find(number, country)
        if not connect_id:
            return None
        url = f"{self.url}/companies/{connect_id}"
        call = Call("GET", url, purpose="score", is_billed=True)
        try:
            data = self.channel.send(call).data
        except NotFound:
            return None
        report = data.get("report", data) if isinstance(data, dict) else {}
        return self._read(connect_id, report.get("creditScore") or {})

    def _find(self, number, country):
        params = {"countries": country, "regNo": number}
        call = Call("GET", f"{self.url}/companies", purpose="match", params=params)
        data = self.channel.send(call).data
        rows = data.get("companies") or [] if isinstance(data, dict) else []
        found = [row["id"] for row in rows if _starts(row.get("regNo"), number)]
        return found[0] if len(found) == 1 else ""

    def _read(self, connect_id, score):
        current = score.get("currentCreditRating") or {}
        provider = current.get("providerValue") or {}
        limit = current.get("creditLimit") or {}
        raw_score = str(provider.get("value") or current.get("commonValue") or "")
        if not raw_score:
            return None
        value = to_decimal(provider.get("value"))
        within = value is not None and 0 <= value <= 100
        previous = score.get("previousCreditRating") or {}
        return ScoreFact(
            agency=AGENCY,
            external_id=connect_id,
            raw_score=raw_score,
            scale="0-100" if within else "A-E",
            grade=str(current.get("commonValue") or ""),
            position=int(value) if within else None,
            probability=to_decimal(current.get("pod")),
            recommended_limit=to_decimal(limit.get("value")),
            currency=str(limit.get("currency") or ""),
            previous=str(previous.get("commonValue") or ""),
            scored_on=to_day(score.get("latestRatingChangeDate")),
            raw=score,
        )

    def iter_changes(self):
        """Yield EventFacts of the monitoring; ``subject`` is Creditsafe's own id."""
        page, pages = 0, 1
        while page < pages:
            params = {"pageSize": PAGE, "page": page}
            url = f"{self.url}/monitoring/notificationEvents"
            data = self.channel.send(Call("GET", url, "events", params=params)).data
            rows = data.get("data") or []
            pages = -(-int(data.get("totalCount") or 0) // PAGE)
            yield from (fact for row in rows if (fact := self._read_change(row)))
            page += 1

    def _read_change(self, row):
        day, key = to_day(row.get("eventDate")), row.get("notificationEventId")
        if not day or not key:
            return None
        company = row.get("company") or {}
        return EventFact(
            agency=AGENCY,
            external_id=str(key),
            kind="score_change",
            sirens=(),
            published_on=day,
            title=str(row.get("ruleName") or row.get("ruleCode") or ""),
            subject=str(company.get("id") or ""),
            old_value=str(row.get("oldValue") or ""),
            new_value=str(row.get("newValue") or ""),
            raw=row,
        )


def _starts(number, siren):
    """Whether a register number is this SIREN, or a SIRET of it."""
    digits = "".join(char for char in str(number or "") if char.isdigit())
    return digits[:9] == siren and len(digits) in (9, 14)
