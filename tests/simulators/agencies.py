# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Paid agencies over loopback: Creditsafe Connect and D&B Direct+.

Their traps: a search by number that answers the neighbour as well, a company without
score, numbers as texts, tokens that run out.
"""

from .base import Answer, Simulator


class AgencySimulator(Simulator):
    """Scores by number; both agencies at one address."""

    def __init__(self, port=0):
        super().__init__(port)
        self.tokens = set()
        self.companies = {}
        self.assessments = {}
        self.events = []

    def add_company(self, connect_id, number, score):
        """Let Creditsafe know a company; score None: a company without."""
        self.companies[connect_id] = {"regNo": number, "score": score}

    def add_event(self, key, connect_id, old, new, day="2026-03-15T00:00:00"):
        self.events.append(
            {
                "notificationEventId": key,
                "eventId": key,
                "eventDate": day,
                "company": {"id": connect_id},
                "oldValue": old,
                "newValue": new,
                "ruleCode": 101,
                "ruleName": "Credit rating changed",
                "isProcessed": False,
            }
        )

    def expire_tokens(self):
        self.tokens.clear()

    def answer(self, request):
        if request.path in ("/authenticate", "/v3/token"):
            return self._log_in(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return Answer(401, {"message": "The token is not valid"})
        if request.path == "/companies":
            return self._find(request.query)
        if request.path == "/monitoring/notificationEvents":
            return self._list_events(request.query)
        if request.path.startswith("/companies/"):
            return self._report(request.path.rpartition("/")[2])
        if request.path.startswith("/v1/data/duns/"):
            return self._assess(request.path.rpartition("/")[2])
        return super().answer(request)

    def _log_in(self, request):
        basic = request.headers.get("authorization", "")
        if not basic and (request.body or {}).get("password") != "secret":
            return Answer(403, {"message": "Forbidden"})
        token = f"token-{len(self.calls)}"
        self.tokens.add(token)
        names = {"/authenticate": "token", "/v3/token": "access_token"}
        return Answer(200, {names[request.path]: token, "expiresIn": 86400})

    def _find(self, query):
        asked = query.get("regNo", "")
        rows = [
            {"id": key, "country": "FR", "regNo": company["regNo"], "status": "Active"}
            for key, company in self.companies.items()
            if company["regNo"][:6] == asked[:6]
        ]
        return Answer(200, {"totalSize": len(rows), "companies": rows})

    def _report(self, connect_id):
        company = self.companies.get(connect_id)
        if not company:
            return Answer(404, {"message": "No report"})
        return Answer(200, {"report": {"creditScore": company["score"] or {}}})

    def _list_events(self, query):
        size, page = int(query.get("pageSize", 10)), int(query.get("page", 0))
        rows = self.events[page * size : (page + 1) * size]
        return Answer(200, {"totalCount": len(self.events), "data": rows})

    def _assess(self, duns):
        found = self.assessments.get(duns)
        if not found:
            return Answer(404, {"error": {"message": "No record found"}})
        return Answer(200, {"organization": {"duns": duns, "dnbAssessment": found}})


SCORE = {
    "currentCreditRating": {
        "commonValue": "B",
        "commonDescription": "Low Risk",
        "creditLimit": {"value": "25000", "currency": "EUR"},
        "providerValue": {"maxValue": "100", "minValue": "1", "value": "64"},
        "pod": 1.25,
    },
    "previousCreditRating": {"commonValue": "A"},
    "latestRatingChangeDate": "2026-02-01T00:00:00",
}
ASSESSMENT = {
    "standardRating": {"rating": "3A3", "scoreDate": "2026-02-01"},
    "failureScore": {
        "classScore": 2,
        "nationalPercentile": "71",
        "scoreDate": "2026-02-02",
    },
    "creditLimitRecommendation": {
        "maximumRecommendedLimit": {"value": 40000, "currency": "EUR"}
    },
}
