# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Allianz Trade as five known clients [A + B] found it.

A request is answered by the bare number of a job; the job is pending, then processed
and names a cover; one request per buyer is under way at a time; paths of the test
environment are others than those of production.
"""

import itertools
from datetime import date

from .base import Answer, Simulator

API_KEY = "allianz-key-of-ours"
CREDENTIALS = {"api_key": API_KEY}
POLICY, UNIT = "0123456", "EHSE"
TOKEN_LIFE = 3600
ROOT = "/uatm/riskinfo/v3"
MATCH = "/search/uatm-v2/companies/matching"


class Allianz(Simulator):
    """Decides a job when it was asked about ``patience`` times."""

    def __init__(self, port=0, patience=0):
        super().__init__(port)
        self.patience = patience
        self.companies = {}
        self.covers = {}
        self.jobs = {}
        self.tokens = {}
        self.numbers = itertools.count(5001)

    def add_company(self, company_id, siren, name):
        self.companies[company_id] = {
            "companyId": company_id,
            "legalData": {"companyName": name},
            "companyIdentifiers": [{"idTypeCode": "??", "idValue": siren}],
        }

    def add_cover(self, company_id, amount, code="AlreadyAgreed"):
        cover_id = str(next(self.numbers))
        limit = {
            "technicalDecisionStatusCode": code,
            "amount": amount,
            "currencyCode": "EUR",
            "startDate": date.today().isoformat(),
        }
        self.covers[cover_id] = {
            "coverId": cover_id,
            "companyId": company_id,
            "creditLimitsAggregation": {"creditLimits": [limit]},
        }
        return cover_id

    # === THE WIRE === #

    def answer(self, request):
        if request.path == "/v1/idp/oauth2/authorize":
            return self._log_in(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) <= self.clock():
            return Answer(401, {"message": "Unauthorized"})
        routes = {
            ("POST", MATCH): self._match,
            ("POST", f"{ROOT}/covers"): self._ask,
            ("POST", f"{ROOT}/covers/search"): self._search,
            ("POST", f"{ROOT}/coverRequests/search"): self._search_requests,
        }
        if (request.method, request.path) in routes:
            return routes[request.method, request.path](request.body)
        number = request.path.rpartition("/")[2]
        if request.path.startswith(f"{ROOT}/jobs/") and number in self.jobs:
            return self._tell_job(self.jobs[number])
        if request.path.startswith(f"{ROOT}/covers/") and number in self.covers:
            cover = self.covers[number]
            told = {"creditLimitsAggregation": cover["creditLimitsAggregation"]}
            return Answer(200, told)
        return Answer(404, {"message": "Not Found"})

    def _log_in(self, request):
        if request.body != {"apiKey": API_KEY}:
            return Answer(401, {"message": "Invalid apiKey"})
        token = f"allianz-token-{len(self.tokens)}"
        self.tokens[token] = self.clock() + TOKEN_LIFE
        told = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE}
        return Answer(200, told)

    def _match(self, body):
        """By number, else whatever sounds alike."""
        wanted = {item["idValue"] for item in body["companyIdentifiers"]}
        word = (body.get("companyName") or "").split(" ")[0].lower()
        found = [
            company
            for company in self.companies.values()
            if wanted & {item["idValue"] for item in company["companyIdentifiers"]}
            or (word and word in company["legalData"]["companyName"].lower())
        ]
        return Answer(200, {"results": [{"company": company} for company in found]})

    def _ask(self, body):
        if any(job["open"] == body["companyId"] for job in self.jobs.values()):
            return Answer(409, {"message": "A request is pending for this company"})
        if body["policy"]["policyId"] != POLICY:
            return Answer(400, {"message": "Unknown policy"})
        job_id = f"job-{next(self.numbers)}"
        self.jobs[job_id] = {
            "body": body,
            "open": body["companyId"],
            "asked": 0,
            "cover": str(next(self.numbers)),
        }
        return Answer(202, job_id)

    def _tell_job(self, job):
        job["asked"] += 1
        if job["open"] and job["asked"] <= self.patience:
            return Answer(200, {"jobStatusCode": "PENDING"})
        if job["open"]:
            asked = job["body"]["creditLimitDetails"]
            cover_id = self.add_cover(job["open"], float(asked["requestedAmount"]))
            self.covers[job["cover"]] = {
                **self.covers.pop(cover_id),
                "coverId": job["cover"],
            }
            job["open"] = None
        address = f"https://elsewhere.example{ROOT}/covers/{job['cover']}"
        return Answer(200, {"jobStatusCode": "PROCESSED", "resourceUrl": address})

    def _search(self, body):
        page, size = body["pagination"]["page"], body["pagination"]["pageSize"]
        rows = list(self.covers.values())[(page - 1) * size : page * size]
        return Answer(200, {"results": rows})

    def _search_requests(self, body):
        rows = [
            {
                "requestId": f"r-{job_id}",
                "coverId": job["cover"],
                "companyId": job["open"],
                "creditLimitDetails": job["body"]["creditLimitDetails"],
                "creationDate": date.today().isoformat(),
            }
            for job_id, job in self.jobs.items()
            if job["open"]
        ]
        return Answer(200, {"results": rows})
