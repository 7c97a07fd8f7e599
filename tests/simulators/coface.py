# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coface: CofaServe as far as it is known [B, C], ICON by its official documents [A]."""

from .base import Answer, Simulator

API_KEY, USER, PASSWORD, CONTRACT = "coface-key", "coface-user", "coface-pass", "778899"
CREDENTIALS = {
    "api_key": API_KEY,
    "username": USER,
    "password": PASSWORD,
    "client_id": CONTRACT,
}
FAILURES_UNTIL_LOCK = 5


class Cofaserve(Simulator):
    """Locks the account after five wrong logins."""

    grant = "grant_type"

    def __init__(self, port=0):
        super().__init__(port)
        self.failures = 0
        self.companies = {}

    def answer(self, request):
        if request.headers.get("x-api-key") != API_KEY:
            return Answer(403, {"message": "Forbidden"})
        if request.path.endswith("/authentication/v1/token"):
            return self._log_in(request)
        if request.headers.get("authorization") != "coface-id-token":
            return Answer(401, {"message": "Unauthorized"})
        return self._answer_known(request)

    def _log_in(self, request):
        if self.failures >= FAILURES_UNTIL_LOCK:
            return Answer(403, {"message": "Account locked"})
        body = request.body
        right = body.get(self.grant) == "password" and body.get("password") == PASSWORD
        if not right:
            self.failures += 1
            return Answer(401, {"message": "Incorrect username or password."})
        told = {
            "idToken": "coface-id-token",
            "accessToken": "coface-access-token",
            "refreshToken": "coface-refresh-token",
            "expiresIn": 3600,
            "tokenType": "Bearer",
        }
        return Answer(200, told)

    def _answer_known(self, request):
        if request.headers.get("x-cof-policy-number") != CONTRACT:
            return Answer(403, {"message": "Forbidden"})
        if request.path != "/companies/identifier" or request.method != "GET":
            return Answer(404, {"message": "Not Found"})
        key = (
            request.query.get("identifierType"),
            request.query.get("identifierValue"),
        )
        rows = self.companies.get(key, [])
        return Answer(200, {"companies": rows, "count": len(rows)})


class Icon(Cofaserve):
    """Answers 200 with a code that is no success, 202 for an order that is not ready."""

    grant = "grantType"

    def __init__(self, port=0):
        super().__init__(port)
        self.assessments = {}

    def _answer_known(self, request):
        if request.path == "/companies":
            return self._find(request.query)
        if request.path == "/assessments":
            rows = self.assessments.get(request.query.get("companyId"))
            if rows is None:
                return Answer(202, {"code": "order_not_finished"})
            return Answer(200, rows)
        return Answer(200, {"code": "wrong_product"})

    def _find(self, query):
        if "countryCode" not in query:
            return Answer(400, {"code": "missing_or_invalid_param"})
        key = query.get("externalId") or query.get("companyName")
        rows = self.companies.get(key)
        if not rows:
            return Answer(200, {"code": "resource_not_found"})
        return Answer(200, rows)
