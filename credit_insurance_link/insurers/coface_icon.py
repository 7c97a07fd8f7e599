# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coface ICON, business information: ratings of companies. Official documents [A].

FIELD MAP, all of it here. [A] unless tagged otherwise.

===============================  ==============================================
ours                             theirs
===============================  ==============================================
external_id of a company         id in the list of companies, companyId elsewhere; it
                                 may change with the provider of the data, so it is
                                 resolved anew every time
identifiers                      externalId repositorySlug#value, percent-encoded,
                                 always with countryCode (ISO alpha-2); SIREN as
                                 registration-number is [G]
assessments                      a list, each with assessmentSlug; the package holds
                                 its history, isCurrent false
grade                            debtorRiskValue "0".."10" (higher is safer), credit
                                 opinion X @ @@ @@@ @@@@ NA
probability of default           probabilityOfDefault in per cent (2.0 is 2 %)
largest credit advised           maxCreditAmount of the opinion: currency, value
grade_scale                      coface_dra, coface_opinion
===============================  ==============================================

200 is not success: the body's code decides (order_not_finished, order_cancelled);
202 means not finished, 205 cancelled, 429 "Server is busy".
"""

from .adapter import Adapter, read_date, read_rows, read_text
from .errors import Garbled, NotFound, NotReady, Refused
from .facts import BuyerCandidate
from .http import Call
from .reading import judge_status

SLUGS = {
    "siren": "registration-number",
    "vat": "vat-number",
    "easy": "easy",
    "national": "national-id",
}
NOT_READY = {"order_not_finished"}
NOT_THERE = {"resource_not_found"}
TOKEN_SECONDS = 3600  # [C]
SCALES = {
    "debtor-risk-assessment": ("coface_dra", "debtorRiskValue"),
    "debtor-risk-assessment-package": ("coface_dra", "debtorRiskValue"),
    "credit-opinion": ("coface_opinion", "rating"),
}


class CofaceIcon(Adapter):
    """Ratings only: ICON grants no cover."""

    key = "coface_icon"
    name = "Coface ICON"
    hosts = {
        "production": "https://api.coface.com/bi/icon-data/v1",
        "sandbox": "https://icon-api-test.coface.com/dataapi-v1",
    }
    # Where the test environment logs in was not seen [G]; never at the other one.
    logins = {
        "production": "https://api.coface.com",
        "sandbox": "https://icon-api-test.coface.com",
    }
    credentials = ("api_key", "username", "password")
    capabilities = frozenset({"resolve_buyer", "grades", "webhook"})

    def login_call(self):
        given = self.settings.credentials
        host = self.settings.base_url or self.logins[self.settings.environment]
        return Call(
            "POST",
            f"{host}/authentication/v1/token",
            "login",
            body={
                "grantType": "password",
                "username": given.get("username", ""),
                "password": given.get("password", ""),
            },
            headers={"x-api-key": given.get("api_key", "")},
            is_login=True,
        )

    def read_token(self, reply):
        data = reply.data
        token = data.get("idToken") or data.get("accessToken")
        return token, data.get("expiresIn") or TOKEN_SECONDS

    def headers(self, token, correlation_id):
        key = self.settings.credentials.get("api_key", "")
        return {"authorization": token, "x-api-key": key}

    def judge(self, call, reply):
        """By the body's code first; 202 and 205 are no success."""
        code = read_text(reply.data.get("code")) if isinstance(reply.data, dict) else ""
        if reply.status == 202 or code in NOT_READY:
            raise NotReady(code or "the order is not finished", status=reply.status)
        if reply.status == 205:
            raise Refused(code or "the order was cancelled", status=reply.status)
        if code in NOT_THERE:
            raise NotFound(code, status=reply.status)
        judge_status(call, reply)
        if code:
            raise Refused(code, status=reply.status)

    def resolve_buyer(self, country, identifiers, name="", address=None):
        """By number; a company found by its name only is proposed, never taken."""
        for identifier in identifiers:
            if identifier.kind not in SLUGS:
                continue
            external_id = f"{SLUGS[identifier.kind]}#{identifier.value}"
            found = self._find({"externalId": external_id, "countryCode": country})
            if found:
                return [
                    self._read_company(row, country, 100, identifier) for row in found
                ]
        if not name:
            return []
        found = self._find({"companyName": name, "countryCode": country})
        return [self._read_company(row, country, 40, None) for row in found]

    def _find(self, params):
        call = Call("GET", f"{self.base}/companies", "buyers", params=params)
        try:
            return read_rows(self.channel.send(call).data, "companies")
        except NotFound:
            return []

    @staticmethod
    def _read_company(row, country, score, identifier):
        company_id = read_text(row.get("id") or row.get("companyId"))
        if not company_id:
            raise Garbled("a company without id")
        return BuyerCandidate(
            external_id=company_id,
            name=read_text(row.get("companyName") or row.get("name")),
            identifiers=(identifier,) if identifier else (),
            country=country,
            score=score,
            matched_on=identifier.kind if identifier else "",
        )

    def get_assessments(self, company_id):
        """What ICON says of a company, and what it said before.

        :return: list of (scale, row), of the scales that are known here
        """
        params = {"companyId": company_id}
        call = Call("GET", f"{self.base}/assessments", "grades", params=params)
        rows = read_rows(self.channel.send(call).data, "assessments")
        slugs = [
            read_text(row.get("assessmentSlug") or row.get("slug")) for row in rows
        ]
        return [
            (SCALES[slug][0], row)
            for slug, row in zip(slugs, rows, strict=True)
            if slug in SCALES and read_text(row.get("companyId")) in ("", company_id)
        ]

    def get_grades(self, company_id):
        """What ICON says of a company now.

        :return: list of BuyerCandidate, one per assessment that is current
        """
        names = dict(SCALES.values())
        return [
            BuyerCandidate(
                external_id=company_id,
                grade=read_text(row.get(names[scale])),
                grade_scale=scale,
                grade_date=read_date(row.get("releaseDate")),
            )
            for scale, row in self.get_assessments(company_id)
            if row.get("isCurrent") is not False
        ]
