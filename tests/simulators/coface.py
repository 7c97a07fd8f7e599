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
KNOWN = {"debtor-risk-assessment", "debtor-risk-assessment-package", "credit-opinion"}


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
    """Publishes what was ordered, and bills each order.

    Its traps: an order is confirmed with 201 before anything is there, the publication is
    asked for by its own number, 202 means not finished, 205 cancelled, and 200 comes with
    codes that are no success. It takes the same order twice, and bills it twice.
    """

    grant = "grantType"

    def __init__(self, port=0):
        super().__init__(port)
        self.assessments = {}  # company -> what its publications hold, None: not yet
        self.orders = []
        self.cancelled = set()

    @property
    def billed(self):
        """How many assessments were ordered."""
        return sum(len(order["publications"]) for order in self.orders)

    def _answer_known(self, request):
        if request.path == "/companies":
            return self._find(request.query)
        if request.path == "/publications/orders":
            if request.method == "POST":
                return self._order(request.body)
            return self._list_orders(request.query)
        if request.path == "/publications":
            return self._publish(request.query)
        return Answer(200, {"code": "wrong_product"})

    def _find(self, query):
        if "countryCode" not in query:
            return Answer(400, {"code": "missing_or_invalid_param"})
        key = query.get("externalId") or query.get("companyName")
        rows = self.companies.get(key)
        if not rows:
            return Answer(200, {"code": "resource_not_found"})
        return Answer(200, rows)

    def _order(self, body):
        slugs = [one.get("slug") for one in body.get("assessments") or []]
        if not body.get("companyId") or not slugs:
            return Answer(400, {"code": "missing_or_invalid_param"})
        if not KNOWN.issuperset(slugs):
            return Answer(200, {"code": "wrong_product"})
        number = f"o-{len(self.orders) + 1}"
        order = {
            "id": number,
            "orderDate": "2026-05-11T04:28:54.354+02:00",
            "status": "in-preparation",
            "companyId": body["companyId"],
            "customerReference": body.get("customerReference"),
            "publications": [
                {
                    "id": f"{number}-{slug}",
                    "assessmentSlug": slug,
                    "status": "in-preparation",
                }
                for slug in slugs
            ],
        }
        self.orders.append(order)
        return Answer(201, order)

    def _list_orders(self, query):
        reference = query.get("customerReference")
        rows = [row for row in self.orders if row["customerReference"] == reference]
        return Answer(200, rows)

    def _publish(self, query):
        """By the number of the publication; that of the order is nothing here."""
        if query.get("format") != "json":
            return Answer(400, {"code": "missing_or_invalid_param"})
        for order in self.orders:
            for publication in order["publications"]:
                if publication["id"] == query.get("id"):
                    return self._publish_one(order, publication["assessmentSlug"])
        return Answer(200, {"code": "resource_not_found"})

    def _publish_one(self, order, slug):
        if order["id"] in self.cancelled:
            return Answer(205, {"code": "order_cancelled"})
        rows = self.assessments.get(order["companyId"])
        if rows is None:
            return Answer(202, {"code": "order_not_finished"})
        return Answer(200, [row for row in rows if row["assessmentSlug"] == slug])
