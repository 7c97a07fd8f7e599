# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Allianz Trade. Login, search, covers v3, jobs: several clients agree [A + B].

FIELD MAP, all of it here. Tags: [A] vendor's page, [B] client code that calls the real
interface, [C] secondary, [G] our own guess, to be confirmed with a contract.

===============================  ==============================================
ours                             theirs
===============================  ==============================================
policy                           businessUnitCode + policyId (text, keeps zeros) +
                                 extensionId ("" main, CAP top-up, DCL) [B]
buyer_external_id                companyId [B]
external_id                      coverId [B]; in a row of covers/search [G]
amount (granted)                 creditLimitsAggregation.creditLimits[].amount [B]
outcome                          technicalDecisionStatusCode: AlreadyAgreed [B],
                                 Agreement [B, v2]; every other word is unknown
effective_from                   creditLimits[].startDate [B]; endDate [G]
requested_amount                 creditLimitDetails.requestedAmount [B]
layer                            extensionId CAP is a top-up [B]
===============================  ==============================================

Unverified, so not offered: changing and cancelling cover, the list of decision codes,
overdues, claims, grades, the type of a national number (idTypeCode), and a reference of
our own: after a broken sending only a human can tell (one request per buyer at a time
[C] shows what is under way). Paging of covers/search [B], its rows [G].
"""

from .adapter import (
    Adapter,
    Page,
    read_amount,
    read_date,
    read_each,
    read_rows,
    read_text,
    to_key,
)
from .errors import Garbled, Refused
from .facts import BuyerCandidate, DecisionFact, RequestAnswer
from .http import MEGABYTE, Call
from .reading import judge_status

# Paths differ by more than the host between environments [B].
PATHS = {
    "production": {
        "login": "/v1/idp/oauth2/authorize",
        "match": "/search/v2/companies/matching",
        "covers": "/riskinfo/v3/covers",
        "cover_search": "/riskinfo/v3/covers/search",
        "request_search": "/riskinfo/v3/coverRequests/search",
        "jobs": "/riskinfo/v3/jobs",
    },
    "sandbox": {
        "login": "/v1/idp/oauth2/authorize",
        "match": "/search/uatm-v2/companies/matching",
        "covers": "/uatm/riskinfo/v3/covers",
        "cover_search": "/uatm/riskinfo/v3/covers/search",
        "request_search": "/uatm/riskinfo/v3/coverRequests/search",
        "jobs": "/uatm/riskinfo/v3/jobs",
    },
}
OUTCOMES = {"AlreadyAgreed": "granted", "Agreement": "granted"}  # [B]; no others seen
PAGE_SIZE = 5000  # 10000 was seen in use [B]
DONE = "PROCESSED"  # compared in capitals [B]
LARGEST_LIST = 128 * MEGABYTE
LIKELY = 60  # a score of theirs below which a company is not proposed


class Allianz(Adapter):
    """One adapter per connection; see the field map above."""

    key = "allianz"
    name = "Allianz Trade"
    hosts = {
        "production": "https://api.allianz-trade.com",
        "sandbox": "https://api-services.uat.1placedessaisons.com",
    }
    credentials = ("api_key",)
    replayable = frozenset({"portfolio", "cover"})
    capabilities = frozenset(
        {
            "resolve_buyer",
            "request_cover",
            "find_request",
            "poll_request",
            "portfolio",
            "webhook",
        }
    )

    # === DIALECT === #

    def login_call(self):
        key = self.settings.credentials.get("api_key", "")
        url = self._url("login")
        return Call("POST", url, "login", body={"apiKey": key}, is_login=True)

    def read_token(self, reply):
        return reply.data["access_token"], reply.data.get("expires_in") or 0

    def headers(self, token, correlation_id):
        return {"Authorization": f"Bearer {token}"}

    def judge(self, call, reply):
        judge_status(call, reply)
        expected = EXPECTED.get(call.purpose)
        if expected and not isinstance(reply.data, expected):
            raise Garbled(
                "the answer has another shape than expected",
                status=reply.status,
                is_maybe_done=not call.may_repeat,
            )

    # === BUYERS === #

    def resolve_buyer(self, country, identifiers, name="", address=None):
        """By national number and name. What type of number they mean is unverified, so a
        company only counts as found by number when the number comes back with it."""
        body = {
            "requestedSize": 10,
            "companyName": name,
            "companyIdentifiers": [{"idValue": one.value} for one in identifiers],
            "countryCode": country,
            "minimumScore": LIKELY,
            **self._prepare_address(address or {}),
        }
        call = Call("POST", self._url("match"), "buyers", body=body, is_safe=True)
        rows = read_rows(self.channel.send(call).data, "results")
        return [self._read_company(row, country, identifiers) for row in rows]

    @staticmethod
    def _prepare_address(address):
        names = {"street": "streetName", "city": "town", "zip": "postalCode"}
        return {
            theirs: address[ours] for ours, theirs in names.items() if ours in address
        }

    def _read_company(self, row, country, identifiers):
        company = row.get("company") or {}
        company_id = read_text(company.get("companyId"))
        if not company_id:
            raise Garbled("a company without companyId")
        told = {
            read_text(item.get("idValue"))
            for item in read_rows(company.get("companyIdentifiers"))
        }
        same = [one for one in identifiers if one.value in told]
        return BuyerCandidate(
            external_id=company_id,
            name=read_text((company.get("legalData") or {}).get("companyName")),
            identifiers=tuple(same),
            country=country,
            score=100 if same else LIKELY,
            matched_on=same[0].kind if same else "",
        )

    # === REQUESTS === #

    def check_order(self, order):
        if order.request_type not in ("new", "increase"):
            return f"type {order.request_type}"
        if not order.buyer_external_id or not order.amount:
            return "a companyId and an amount"
        return ""

    def request_cover(self, order):
        trouble = self.check_order(order)
        if trouble:
            raise Refused(trouble)
        body = {
            "requestTypeCode": "Primary",
            "policy": self._prepare_policy(to_key(order)),
            "creditLimitDetails": {
                "requestedAmount": f"{order.amount:f}",
                "currencyCode": order.currency,
            },
            "companyId": order.buyer_external_id,
            "isRequestUrgent": order.is_urgent,
        }
        call = Call("POST", self._url("covers"), "request", body=body)
        # The answer is a bare JSON text: the number of a job, not a decision [B].
        job_id = self.channel.send(call).data
        return RequestAnswer("referred", external_job_id=job_id.strip())

    def find_request(self, order, since):
        """What is under way for this buyer: there is at most one [C]. Without it nothing
        is certain: it may be decided already, or never have arrived."""
        for row in self._search_requests(to_key(order)):
            same_buyer = read_text(row.get("companyId")) in (
                "",
                order.buyer_external_id,
            )
            details = row.get("creditLimitDetails") or {}
            same_amount = read_amount(details.get("requestedAmount")) == order.amount
            created = read_date(row.get("creationDate"))
            if same_buyer and same_amount and created and created >= since:
                return RequestAnswer(
                    "referred",
                    external_request_id=read_text(row.get("coverId")),
                    raw=row,
                )
        return None

    def _search_requests(self, policy):
        body = {
            "policies": [self._prepare_policy(policy)],
            "requestStatusCode": "InProgress",
            "pagination": {"page": 1, "pageSize": PAGE_SIZE},
        }
        call = Call(
            "POST", self._url("request_search"), "requests", body=body, is_safe=True
        )
        return read_rows(self.channel.send(call).data, "results", "coverRequests")

    def poll_request(self, order, job_id, request_id):
        """pending, then processed with the address of the cover [A + B]."""
        cover_id = request_id
        if job_id and not cover_id:
            job = self.channel.send(self._get("jobs", job_id, "job")).data
            if read_text(job.get("jobStatusCode")).upper() != DONE:
                return RequestAnswer("referred", external_job_id=job_id, raw=job)
            # Only its last part is used: the address itself might lead elsewhere.
            cover_id = read_text(job.get("resourceUrl")).rstrip("/").rpartition("/")[2]
        if not cover_id:
            return RequestAnswer("unknown", external_job_id=job_id)
        cover = self.channel.send(self._get("covers", cover_id, "cover")).data
        row = {"coverId": cover_id, "companyId": order.buyer_external_id, **cover}
        facts = read_cover(row, to_key(order), order.reference)
        return RequestAnswer(
            "decided" if facts else "referred",
            external_job_id=job_id,
            external_request_id=cover_id,
            decisions=tuple(facts),
            raw=cover,
        )

    # === PORTFOLIO === #

    def iter_portfolio(self, policy, cursor=""):
        """Page by page; a page that is not full is the last one."""
        page = int(cursor or 1)
        while page:
            body = {
                "policies": [self._prepare_policy(policy)],
                "pagination": {"page": page, "pageSize": PAGE_SIZE},
            }
            call = Call(
                "POST",
                self._url("cover_search"),
                "portfolio",
                body=body,
                is_safe=True,
                max_bytes=LARGEST_LIST,
            )
            rows = read_rows(self.channel.send(call).data, "results", "covers")
            page = page + 1 if len(rows) >= PAGE_SIZE else 0
            yield self._to_page(rows, policy, str(page or ""))

    def read_again(self, purpose, data, policy):
        if purpose == "portfolio":
            return self._to_page(read_rows(data, "results", "covers"), policy, "")
        if purpose == "cover":
            return self._to_page(read_rows(data), policy, "")
        return Page()

    def _to_page(self, rows, policy, cursor):
        facts, problems = read_each(
            rows, lambda row: read_cover(row, policy), "coverId"
        )
        return Page(facts, problems, cursor=cursor)

    # === CALLS === #

    def _url(self, name):
        return self.base + PATHS[self.settings.environment][name]

    def _get(self, name, number, purpose):
        if not str(number).replace("-", "").isalnum():
            raise Refused(f"{number!r} is no number of Allianz Trade")
        return Call("GET", f"{self._url(name)}/{number}", purpose)

    @staticmethod
    def _prepare_policy(policy):
        return {
            "businessUnitCode": policy.business_unit,
            "policyId": policy.number,
            "extensionId": policy.extension,
        }


EXPECTED = {
    "login": dict,
    "request": str,
    "job": dict,
    "cover": dict,
    "buyers": dict,
    "portfolio": dict | list,
    "requests": dict | list,
}


def read_cover(row, policy, reference=""):
    """Return the facts of a cover: one per limit of its aggregation, none when open.

    :raise ValueError: the row cannot be read
    """
    if not read_text(row.get("coverId")) or not read_text(row.get("companyId")):
        raise ValueError("a cover without number or company")
    aggregation = row.get("creditLimitsAggregation") or {}
    return [
        read_limit(row, limit, index, policy, reference)
        for index, limit in enumerate(read_rows(aggregation.get("creditLimits")))
        if read_text(limit.get("technicalDecisionStatusCode")) not in ("", "InProgress")
    ]


def read_limit(row, limit, index, policy, reference):
    """One limit of a cover; a second one is a layer of its own [G]."""
    code = read_text(limit.get("technicalDecisionStatusCode"))
    amount = read_amount(limit.get("amount"))
    is_granted = code in OUTCOMES and amount is not None
    layer = "topup" if policy.extension == "CAP" else "primary"
    cover_id = read_text(row["coverId"])
    return DecisionFact(
        external_id=f"{cover_id}/{index}" if index else cover_id,
        policy_number=policy.number,
        buyer_external_id=read_text(row["companyId"]),
        outcome=OUTCOMES[code] if is_granted else "unknown",
        layer="temporary" if index else layer,
        amount=amount if is_granted else None,
        currency=read_text(limit.get("currencyCode")) or policy.currency,
        decided_at=read_date(limit.get("startDate")),
        effective_from=read_date(limit.get("startDate")),
        expires_on=read_date(limit.get("endDate")),
        own_reference=reference,
        code=code,
        raw=row,
    )
