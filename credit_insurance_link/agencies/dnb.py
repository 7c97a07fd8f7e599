# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""D&B Direct+ (in France through Altares [G]): assessment of a DUNS number [B].

Shapes from the documentation of a public connector. Higher percentiles are safer.
"""

from ..insurers.errors import NotFound
from ..insurers.http import Call, Dialect
from .facts import ScoreFact, to_day, to_decimal

AGENCY = "dnb"
URL = "https://plus.dnb.com"
BLOCKS = "financialstrengthinsight_L2_v1,paymentinsight_L4_v1"


class DnbDialect(Dialect):
    """A token for key and secret (client credentials, v3) [B]."""

    def __init__(self, url, key, secret):
        self.url, self.key, self.secret = url.rstrip("/"), key, secret

    def login_call(self):
        return Call(
            "POST",
            f"{self.url}/v3/token",
            "login",
            body={"grant_type": "client_credentials"},
            basic=(self.key, self.secret),
            is_login=True,
        )

    def read_token(self, reply):
        data = reply.data
        seconds = data.get("expiresIn") or data.get("expires_in") or 3600
        return data["access_token"], int(seconds)

    def headers(self, token, correlation_id):
        return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


class Client:
    """Reads the assessment of one company by its DUNS number."""

    capabilities = frozenset({"score"})
    number = "duns"

    def __init__(self, channel, url=URL):
        self.channel, self.url = channel, url.rstrip("/")

    def get_score(self, number, country="FR"):
        """Return the ScoreFact of a DUNS number, None where D&B has none."""
        url = f"{self.url}/v1/data/duns/{number}"
        params = {"blockIDs": BLOCKS}
        call = Call("GET", url, purpose="score", params=params, is_billed=True)
        try:
            data = self.channel.send(call).data
        except NotFound:
            return None
        found = data.get("organization") or {} if isinstance(data, dict) else {}
        if str(found.get("duns") or "").zfill(9) != number:
            return None
        return self._read(number, found.get("dnbAssessment") or {})

    def _read(self, number, assessment):
        rating = assessment.get("standardRating") or {}
        failure = assessment.get("failureScore") or {}
        advice = assessment.get("creditLimitRecommendation") or {}
        limit = advice.get("maximumRecommendedLimit") or {}
        percentile = to_decimal(failure.get("nationalPercentile"))
        raw_score = str(rating.get("rating") or failure.get("classScore") or "")
        if not raw_score and percentile is None:
            return None
        within = percentile is not None and 0 <= percentile <= 100
        return ScoreFact(
            agency=AGENCY,
            external_id=number,
            raw_score=raw_score or str(percentile),
            scale="D&B rating",
            grade=str(failure.get("classScore") or ""),
            position=int(percentile) if within else None,
            recommended_limit=to_decimal(limit.get("value")),
            currency=str(limit.get("currency") or ""),
            scored_on=to_day(failure.get("scoreDate") or rating.get("scoreDate")),
            raw=assessment,
        )
