# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Atradius (Atrium). Endpoints and codes: two independent clients agree [B].

FIELD MAP, all of it here. Tags: [A] vendor's page, [B] client code that calls the real
interface, [C] secondary, [G] our own guess, to be confirmed with a contract.

===============================  ==============================================
ours                             theirs
===============================  ==============================================
external_id                      coverId, a number; second amount: coverId/2 [G]
amount (granted)                 firstAmtDecision, secondAmtDecision, totalDecision
                                 .decisionAmtInPolicyCurrency [B]; never UserCurrency
requested_amount                 creditLimitApplicationAmountInPolicyCurrency [B]
own_reference                    customerRefNumber [B]
outcome                          historicCode, then decisionCode [B]
expires_on                       decisionExpiryDate of the part [B]
effective_from                   effectFromDate; at the end withdrawalDate, else
                                 effectiveToDate [B]; whether that day counts: [G]
pending_action                   pendingProcessIndicator [B]; pending_date from
                                 withdrawalDate of running cover [G]
identifiers                      uniqueIdentifiers: SN is the SIREN [B, production]
layer                            coverType credit-limit, credit-check [B]; a second
                                 amount is a temporary layer [B]
===============================  ==============================================

Unverified: paging and date filters (none documented: we filter), uidType by country,
top-ups, overdues and claims (not offered here), the name of a buyer.
"""

from .adapter import (
    Adapter,
    Page,
    read_date,
    read_each,
    read_rows,
    read_text,
    to_key,
)
from .atradius_cover import read_cover
from .countries import to_alpha3
from .errors import Garbled, Refused, WrongRoute
from .facts import BuyerCandidate, Identifier, PolicyFact, RequestAnswer
from .http import MEGABYTE, Call
from .reading import judge_status

COVERS = "/credit-insurance/cover-management/v1/covers"
BUYERS = "/credit-insurance/organisation-management/v1/buyers"
POLICY = "/credit-insurance/policy-management/v1/policies/details"
LISTS = ("decisions", "historic")
# Our type of number -> uidType [B for SN and VAT; the set per country is unknown].
UID_TYPES = {"siren": "SN", "vat": "VAT"}
ACTIONS = {"increase": "supersede", "reduce": "reduce", "cancel": "cancel"}  # [B]
COVER_TYPES = {"primary": "credit-limit", "credit_check": "credit-check"}  # [B]
REFUSED_WORDS = ("has been refused", "already exists", "cannot supersede")  # [B]
STEP = 1000  # "a multiple of 1000" [B]
LARGEST_LIST = 256 * MEGABYTE


class Atradius(Adapter):
    """One adapter per connection; see the field map above."""

    key = "atradius"
    name = "Atradius"
    hosts = {
        "production": "https://api.atradius.com",
        "sandbox": "https://api-uat.atradius.com",
    }
    credentials = ("client_id", "client_secret", "app_key")
    has_own_reference = True
    is_search_billed = True
    replayable = frozenset({*LISTS, "portfolio"})
    capabilities = frozenset(
        {
            "resolve_buyer",
            "request_cover",
            "change_cover",
            "find_request",
            "poll_request",
            "decisions",
            "portfolio",
            "policy",
            "grades",
        }
    )

    # === DIALECT === #

    def login_call(self):
        given = self.settings.credentials
        return Call(
            "POST",
            f"{self.base}/authenticate/v2/tokens",
            "login",
            basic=(given.get("client_id", ""), given.get("client_secret", "")),
            headers={"Atradius-App-Key": given.get("app_key", "")},
            is_login=True,
        )

    def read_token(self, reply):
        data = (reply.data or {}).get("data") or {}
        return data.get("access_token"), data.get("expires_in") or 0

    def headers(self, token, correlation_id):
        return {
            "Authorization": f"Bearer {token}",
            "Atradius-App-Key": self.settings.credentials.get("app_key", ""),
            "Atradius-Correlation-Id": correlation_id,
        }

    def judge(self, call, reply):
        """The gateway answers 403 to an unknown route, before it looks at who asks."""
        if reply.status == 403:
            raise WrongRoute("403: the gateway does not know this route", status=403)
        judge_status(call, reply)
        if reply.data is not None and not isinstance(reply.data, dict):
            raise Garbled(
                "the answer has no envelope",
                status=reply.status,
                is_maybe_done=not call.may_repeat,
            )

    # === BUYERS AND POLICY === #

    def resolve_buyer(self, country, identifiers, name="", address=None):
        """Only by number, one after the other: there is no search by name. May be billed."""
        for identifier in identifiers:
            uid_type = UID_TYPES.get(identifier.kind)
            if not uid_type:
                continue
            params = {
                "country": to_alpha3(country),
                "uid": identifier.value,
                "uidType": uid_type,
            }
            call = self._get(BUYERS, "buyers", params, is_billed=True)
            reply = self.channel.send(call)
            found = [self._read_buyer(row, identifier) for row in self._rows(reply)]
            if found:
                return found
        return []

    def _read_buyer(self, row, identifier):
        buyer_id = read_text(row.get("buyerId"))
        if not buyer_id:
            raise Garbled("a buyer without number")
        numbers = [
            Identifier(kind, read_text(item.get("uid")), identifier.country)
            for item in read_rows(row.get("uniqueIdentifiers"))
            for kind, uid_type in UID_TYPES.items()
            if item.get("uidType") == uid_type
        ]
        is_same = any(number.value == identifier.value for number in numbers)
        return BuyerCandidate(
            external_id=buyer_id,
            name=read_text(row.get("buyerName")),
            identifiers=tuple(numbers),
            country=identifier.country,
            score=100 if is_same else 60,
            matched_on=identifier.kind if is_same else "",
            trading_status=read_text(row.get("tradingStatus")),
            grade=read_text(row.get("currentBuyerRating")),
            grade_scale="atradius",
            grade_previous=read_text(row.get("previousBuyerRating")),
        )

    def get_policy(self, policy):
        params = {"policyId": policy.number}
        reply = self.channel.send(self._get(POLICY, "policy", params))
        [row] = self._rows(reply)[:1] or [{}]
        is_live = read_text(row.get("policyStatus")).lower() == "live"
        return PolicyFact(
            policy_number=read_text(row.get("policyId")),
            state="live" if is_live else "unknown",
            currency=read_text(row.get("policyCurrency")),
            date_start=read_date(row.get("policyStartDate")),
            date_end=read_date(row.get("policyExpiryDate")),
            raw=row,
        )

    # === REQUESTS === #

    def check_order(self, order):
        if order.layer not in COVER_TYPES:
            return f"layer {order.layer}"
        if order.request_type not in ("new", *ACTIONS):
            return f"type {order.request_type}"
        if not order.buyer_external_id.isdigit():
            return f"buyer number {order.buyer_external_id!r}"
        if order.request_type == "cancel" or order.layer == "credit_check":
            return ""
        if not order.amount or order.amount % STEP:
            return f"an amount greater than zero and a multiple of {STEP}"
        return ""

    def request_cover(self, order):
        self._require_sendable(order)
        return self._ask("POST", self._prepare_cover(order))

    def change_cover(self, order):
        self._require_sendable(order)
        body = {**self._prepare_cover(order), "action": ACTIONS[order.request_type]}
        body.pop("effectFromDate", None)
        return self._ask("PUT", body)

    def _require_sendable(self, order):
        trouble = self.check_order(order)
        if trouble:
            raise Refused(trouble)

    def _prepare_cover(self, order):
        body = {
            "customerId": self._number(order.customer_reference),
            "policyId": order.policy_number,
            "buyerId": self._number(order.buyer_external_id),
            "coverType": COVER_TYPES[order.layer],
            "customerRefNumber": order.reference,
        }
        # A credit check has its amount in the policy, a cancellation none [B].
        if order.layer == "primary" and order.request_type != "cancel":
            body["creditLimitAmount"] = f"{order.amount:f}"
            body["currencyCode"] = order.currency
        if order.date_from:
            body["effectFromDate"] = order.date_from.isoformat()
        return body

    def _ask(self, method, body):
        """201 and 202 both mean: taken in. What is granted, only the lists say."""
        call = Call(method, self.base + COVERS, "request", body=body)
        reply = self.channel.send(call)
        try:
            [row] = self._rows(reply)[:1] or [{}]
        except Garbled as error:
            error.is_maybe_done = True
            raise
        words = read_text(row.get("response"))
        if any(word in words.lower() for word in REFUSED_WORDS):
            return RequestAnswer("rejected", reason=words, raw=row)
        cover_id = read_text(row.get("coverId"))
        return RequestAnswer("referred", external_request_id=cover_id, raw=row)

    def find_request(self, order, since):
        """Search all lists for our reference. In none of them: it did not arrive."""
        return self._search(order, "")

    def poll_request(self, order, job_id, request_id):
        """A request that is in no list at all is nobody's guess: unknown."""
        return self._search(order, request_id) or RequestAnswer("unknown")

    def _search(self, order, request_id):
        policy = to_key(order)
        of_buyer = {"buyerId": order.buyer_external_id}
        for purpose, path, extra in (
            ("portfolio", COVERS, of_buyer),
            ("applications", f"{COVERS}/applications", {}),
            ("decisions", f"{COVERS}/decisions", {}),
            ("historic", f"{COVERS}/historic", {}),
        ):
            for row in self._list(path, purpose, policy, extra):
                is_it = (
                    read_text(row.get("customerRefNumber")) == order.reference
                    if row.get("customerRefNumber")
                    else request_id and read_text(row.get("coverId")) == request_id
                )
                if is_it:
                    return self._to_answer(row, policy)
        return None

    def _to_answer(self, row, policy):
        cover_id = read_text(row.get("coverId"))
        historic = read_text(row.get("historicCode"))
        facts = tuple(read_cover(row, policy.number, policy.currency))
        if historic in ("RCLA", "CCLA", "SCLA", "TCLA"):
            return RequestAnswer("rejected", external_request_id=cover_id, raw=row)
        is_open = not facts or facts[0].outcome == "referred"
        return RequestAnswer(
            "referred" if is_open else "decided",
            external_request_id=cover_id,
            decisions=() if is_open else facts,
            raw=row,
        )

    # === DECISIONS === #

    def iter_decisions(self, policy, since=None, cursor=""):
        """First what was decided, then what ended. Filtered here: they have no filter."""
        for index, name in enumerate(LISTS):
            if cursor and name < cursor:
                continue
            rows = self._list(f"{COVERS}/{name}", name, policy)
            after = LISTS[index + 1] if index + 1 < len(LISTS) else ""
            yield self._to_page(
                [row for row in rows if is_since(row, since)], policy, after
            )

    def iter_portfolio(self, policy, cursor=""):
        yield self._to_page(self._list(COVERS, "portfolio", policy), policy, "")

    def read_again(self, purpose, data, policy):
        if purpose in self.replayable:
            return self._to_page(read_rows(data, "data"), policy, "")
        return Page()

    def _to_page(self, rows, policy, cursor):
        facts, problems = read_each(
            rows,
            lambda row: read_cover(row, policy.number, policy.currency),
            "coverId",
        )
        buyers = (self._read_grade(row) for row in rows)
        return Page(facts, problems, tuple(filter(None, buyers)), cursor)

    @staticmethod
    def _read_grade(row):
        """The grade that came along with a cover."""
        buyer_id = read_text(row.get("buyerId"))
        grade = read_text(row.get("currentBuyerRating"))
        if not buyer_id or not grade:
            return None
        return BuyerCandidate(buyer_id, grade=grade, grade_scale="atradius")

    # === CALLS === #

    def _list(self, path, purpose, policy, extra=None):
        params = {
            "customerId": policy.customer_reference,
            "policyId": policy.number,
            **(extra or {}),
        }
        call = self._get(path, purpose, params, max_bytes=LARGEST_LIST)
        return self._rows(self.channel.send(call))

    def _get(self, path, purpose, params, **values):
        return Call("GET", self.base + path, purpose, params=params, **values)

    @staticmethod
    def _rows(reply):
        """The envelope: data, an array even for one, or a single object [B]."""
        return read_rows((reply.data or {}).get("data"))

    @staticmethod
    def _number(value):
        """customerId and buyerId are numbers [B]."""
        if not str(value).isdigit():
            raise Refused(f"{value!r} is no number of Atradius")
        return int(value)


def is_since(row, since):
    """Whether a row may have changed since a date; without any date it may."""
    names = ("decisionDate", "withdrawalDate", "effectiveToDate", "applicationDate")
    dates = [str(row[name])[:10] for name in names if row.get(name)]
    return not since or not dates or max(dates) >= since.isoformat()
