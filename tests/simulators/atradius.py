# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Atradius as its two known clients [B] found it, traps included.

Unknown query parameters are refused, a wrong route is 403, a refusal is 200, numbers
are strings and sometimes empty, a referred application is 202 and decided later.
"""

import base64
import itertools
from datetime import date, timedelta

from .base import Answer, Simulator

ROOT = "/credit-insurance"
COVERS = f"{ROOT}/cover-management/v1/covers"
BUYERS = f"{ROOT}/organisation-management/v1/buyers"
DETAILS = f"{ROOT}/policy-management/v1/policies/details"
CUSTOMER, POLICY, APP_KEY = "9001", "0012345", "app-key-of-ours"
CLIENT, PASSWORD = "client-of-ours", "client-secret-of-ours"
CREDENTIALS = {
    "client_id": CLIENT,
    "client_secret": PASSWORD,
    "app_key": APP_KEY,
}
TOKEN_LIFE = 1800
ALLOWED = {
    BUYERS: {"country", "uid", "uidType"},
    DETAILS: {"policyId"},
    COVERS: {"customerId", "policyId", "buyerId", "coverType"},
    f"{COVERS}/decisions": {"customerId", "policyId"},
    f"{COVERS}/applications": {"customerId", "policyId"},
    f"{COVERS}/historic": {"customerId", "policyId"},
}
SMALL, LARGE = 50000, 200000  # up to SMALL in full, up to LARGE in part, then refused


class Atradius(Simulator):
    """Keeps covers and their history; ``truth()`` is what is in force."""

    def __init__(self, port=0, patience=0):
        super().__init__(port)
        self.today = date.today
        self.tokens = {}
        self.numbers = itertools.count(700001)
        self.reset(patience)

    def reset(self, patience=0):
        """Start over, with the tokens that were given out."""
        self.patience = patience  # seconds from application to decision
        self.buyers = {}
        self.covers = {}
        self.applications_made = 0
        self.ticks = 0
        self.calls.clear()
        self.make_peace()

    # === WHAT A TEST DOES BEHIND THE WIRE === #

    def add_buyer(self, buyer_id, siren, name="", rating="45"):
        self.buyers[str(buyer_id)] = {
            "buyerId": int(buyer_id),
            "buyerName": name,
            "uniqueIdentifiers": [
                {"uid": siren, "uidType": "SN", "uidTypeDescription": "SIREN"}
            ],
            "currentBuyerRating": rating,
            "currentBuyerRatingClass": "FAIR",
            "tradingStatus": "ACTIVE",
        }

    def add_cover(self, buyer_id, amount, reference="", code="DC01", second=None):
        """A decided cover; amounts become strings."""
        row = self._new_row(str(buyer_id), "credit-limit", amount, reference)
        self.covers[row["coverId"]] = row
        self.decide(row["coverId"], code, amount, second)
        return row["coverId"]

    def decide(self, cover_id, code, amount, second=None, until=None):
        """Decide, or decide anew, on a cover."""
        row = self.covers[cover_id]
        row.update(
            coverStatus="DECISION",
            decisionCode=code,
            decisionDate=self._now(),
            firstAmtDecision=self._part(amount),
            secondAmtDecision=self._part(second, until),
            totalDecision=self._part(
                None if amount is None else amount + (second or 0)
            ),
        )
        row.pop("due", None)
        old = row.pop("replaces", None)
        if old and code in ("DC01", "DC02", "DC04", "DC06"):
            self.end(old, "SCLD")

    def end(self, cover_id, code="WCLD"):
        row = self.covers[cover_id]
        row.update(historicCode=code, withdrawalDate=self._now())

    def announce(self, cover_id, sign="F", days=30):
        """A withdrawal to come: cover still runs."""
        moment = (self.today() + timedelta(days=days)).isoformat()
        self.covers[cover_id].update(
            pendingProcessIndicator=sign, withdrawalDate=moment
        )

    def truth(self):
        """What is in force: buyer id -> amount of the limits."""
        total = {}
        for row in self.covers.values():
            if row.get("historicCode") or row["coverStatus"] != "DECISION":
                continue
            granted = row["totalDecision"]["decisionAmtInPolicyCurrency"] or "0"
            buyer = str(row["buyerId"])
            total[buyer] = total.get(buyer, 0) + int(float(granted))
        return total

    # === THE WIRE === #

    def answer(self, request):
        if request.path == "/authenticate/v2/tokens":
            return self._log_in(request)
        if request.path not in ALLOWED and not request.path.startswith(f"{BUYERS}/"):
            return Answer(403, {"message": "Forbidden"})
        if not self._is_known(request):
            return Answer(401, {"errors": [{"detail": "Unauthorized"}]})
        unknown = set(request.query) - ALLOWED.get(request.path, set())
        if unknown:
            return self._error("Unknown query parameter", *unknown)
        if request.path == BUYERS:
            return self.find_buyer(request.query)
        if request.path.startswith(f"{BUYERS}/"):
            row = self.buyers.get(request.path.rpartition("/")[2])
            return Answer(200, {"data": [row] if row else []})
        if request.path == DETAILS:
            return self._describe_policy(request.query)
        if request.method in ("POST", "PUT"):
            return self._apply(request)
        return self._list(request)

    def _log_in(self, request):
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        right = base64.b64encode(f"{CLIENT}:{PASSWORD}".encode()).decode()
        key = request.headers.get("atradius-app-key")
        if request.method != "POST" or given != right or key != APP_KEY or request.raw:
            return Answer(401, {"errors": [{"detail": "Invalid client"}]})
        token = f"token-{len(self.tokens)}-{id(self)}"
        self.tokens[token] = self.clock() + TOKEN_LIFE
        told = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE}
        return Answer(200, {"data": told})

    def _is_known(self, request):
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        alive = self.tokens.get(token, 0) > self.clock()
        key = request.headers.get("atradius-app-key") == APP_KEY
        return alive and key and request.headers.get("atradius-correlation-id")

    def find_buyer(self, query):
        """A wrong uidType answers "no buyer", not an error."""
        found = [
            row
            for row in self.buyers.values()
            for number in row["uniqueIdentifiers"]
            if (number["uid"], number["uidType"])
            == (query.get("uid"), query.get("uidType"))
        ]
        return Answer(200, {"data": found})

    def _describe_policy(self, query):
        if query.get("policyId", "").lstrip("0") != POLICY.lstrip("0"):
            return Answer(404, {"errors": [{"detail": "No policy found"}]})
        told = {
            "policyId": int(POLICY),
            "policyStatus": "live",
            "policyStartDate": "2026-01-01",
            "policyExpiryDate": "2027-12-31",
            "policyCurrency": "EUR",
        }
        return Answer(200, {"data": told})

    def _list(self, request):
        self._decide_due()
        if request.query.get("customerId") != CUSTOMER:
            return self._error("Invalid customerId", "customerId")
        kind = request.path.removeprefix(COVERS).strip("/")
        rows = [
            {
                name: value
                for name, value in row.items()
                if name not in ("due", "replaces")
            }
            for row in self.covers.values()
            if self._is_in(row, kind)
            and request.query.get("buyerId") in (None, str(row["buyerId"]))
        ]
        return Answer(200, {"data": rows})

    @staticmethod
    def _is_in(row, kind):
        has_ended, is_decided = (
            row.get("historicCode"),
            row["coverStatus"] == "DECISION",
        )
        if kind == "historic":
            return bool(has_ended)
        if kind == "applications":
            return not has_ended and not is_decided
        return not has_ended and (is_decided or not kind)

    # === APPLICATIONS === #

    def _apply(self, request):
        body = request.body
        trouble = self._check(request.method, body)
        if trouble:
            return trouble
        live = self._find_live(body)
        if request.method == "POST":
            if live:
                words = "Credit limit/credit check already exists for this buyer."
                return self._error(words, "buyerId", status=422)
            return self._refer(body)
        if not live:
            return Answer(200, {"data": [{"response": "Action has been refused."}]})
        if body["action"] == "supersede":
            return self._refer(body, replaces=live["coverId"])
        return self._lower(body, live)

    def _check(self, method, body):
        if body.get("customerId") != int(CUSTOMER):
            return self._error("customerId is required", "customerId")
        if str(body.get("buyerId")) not in self.buyers:
            return self._error("No buyer match found", "buyerId", status=404)
        amount = body.get("creditLimitAmount")
        is_free = body["coverType"] == "credit-check" or body.get("action") == "cancel"
        if not is_free and (not amount or float(amount) <= 0 or float(amount) % 1000):
            words = "Must be positive number greater than zero and a multiple of 1000."
            return self._error(words, "creditLimitAmount")
        return None

    def _find_live(self, body):
        for row in self.covers.values():
            same = row["buyerId"] == body["buyerId"]
            if same and row["coverType"] == body["coverType"]:
                if not row.get("historicCode"):
                    return row
        return None

    def _refer(self, body, replaces=None):
        self.applications_made += 1
        amount = body.get("creditLimitAmount") or "7000"
        row = self._new_row(
            str(body["buyerId"]), body["coverType"], amount, body["customerRefNumber"]
        )
        row["due"] = self.clock() + self.patience
        row["replaces"] = replaces
        self.covers[row["coverId"]] = row
        told = {"coverId": row["coverId"], "response": "Application referred."}
        return Answer(202, {"data": [told]})

    def _lower(self, body, live):
        self.applications_made += 1
        live["customerRefNumber"] = body["customerRefNumber"]
        if body["action"] == "cancel":
            self.end(live["coverId"], "CCLD")
        else:
            self.decide(live["coverId"], "DC09", int(float(body["creditLimitAmount"])))
        told = {"coverId": live["coverId"], "response": "Action accepted."}
        return Answer(200, {"data": [told]})

    def _decide_due(self):
        for row in list(self.covers.values()):
            if row.get("due") is not None and self.clock() >= row["due"]:
                self._decide_by_rule(row)

    def _decide_by_rule(self, row):
        asked = int(float(row["creditLimitApplicationAmountInPolicyCurrency"]))
        if asked <= SMALL:
            self.decide(row["coverId"], "DC01", asked)
        elif asked <= LARGE:
            self.decide(row["coverId"], "DC04", SMALL)
        elif row.get("replaces"):
            # An increase that is refused leaves the running cover as it is.
            row.update(historicCode="RCLA")
            row.pop("due")
        else:
            self.decide(row["coverId"], "DC03", 0)

    # === SHAPES === #

    def _new_row(self, buyer_id, cover_type, asked, reference):
        """As sent: ids are numbers, amounts strings, what is not known is empty."""
        buyer = self.buyers[buyer_id]
        return {
            "coverId": next(self.numbers),
            "policyId": int(POLICY),
            "buyerId": int(buyer_id),
            "buyerName": buyer["buyerName"],
            "uniqueIdentifiers": buyer["uniqueIdentifiers"],
            "coverType": cover_type,
            "coverStatus": "REFERRED",
            "decisionCode": "",
            "currentBuyerRating": buyer["currentBuyerRating"],
            "historicCode": "",
            "pendingProcessIndicator": "",
            "policyCurrencyCode": "EUR",
            "creditLimitApplicationAmountInPolicyCurrency": f"{float(asked):.2f}",
            "creditLimitApplicationAmountInUserCurrency": "999999.99",
            "firstAmtDecision": self._part(None),
            "secondAmtDecision": self._part(None),
            "totalDecision": self._part(None),
            "applicationDate": self._now(),
            "decisionDate": "",
            "effectFromDate": self.today().isoformat(),
            "effectiveToDate": "",
            "withdrawalDate": "",
            "customerRefNumber": reference,
        }

    def _part(self, amount, until=None):
        """An amount as printed; the user's currency is there to be mistaken for it."""
        return {
            "decisionAmtInPolicyCurrency": "" if amount is None else f"{amount:.2f}",
            "decisionAmtInUserCurrency": "999999.99",
            "decisionExpiryDate": until.isoformat() if until else "",
            "decisionConditions": [],
        }

    def _now(self):
        """The printed moment of what happens now; no two are the same."""
        self.ticks += 1
        minutes, seconds = divmod(self.ticks // 1000, 60)
        clock = f"09:{minutes:02}:{seconds:02}.{self.ticks % 1000:03}"
        return f"{self.today().isoformat()}T{clock}+01:00"

    @staticmethod
    def _error(words, *parameters, status=400):
        detail = [
            {"detail": words, "source": {"parameter": name}} for name in parameters
        ]
        return Answer(status, {"errors": detail})
