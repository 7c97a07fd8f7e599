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
an order                         POST publications/orders: companyId, customerReference,
                                 assessments[slug, currency]; answered by 201 with
                                 publications[assessmentSlug, status, deliveryId];
                                 its id, and publications[id] in newer answers [B]
an order whose answer was lost   GET publications/orders by customerReference [B]; that
                                 it comes back on the order, or under "orders" [G]
assessments                      GET publications by format json and the number of the
                                 publication, not of the order [B]: a list, each with
                                 assessmentSlug; the package holds its history,
                                 isCurrent false
grade                            debtorRiskValue "0".."10" (higher is safer), credit
                                 opinion X @ @@ @@@ @@@@ NA
probability of default           probabilityOfDefault in per cent (2.0 is 2 %)
largest credit advised           maxCreditAmount of the opinion: currency, value
grade_scale                      coface_dra, coface_opinion
===============================  ==============================================

GET assessments lists what may be ordered in a country [B]: it rates nobody, and is not
called. Which words a finished order has as its status was not seen: the publications
themselves are asked for. Prices were not seen: what an order costs is typed by people.

200 is not success: the body's code decides (order_not_finished, order_cancelled);
202 means not finished, 205 cancelled, 429 "Server is busy".
"""

from dataclasses import dataclass

from .adapter import Adapter, read_rows, read_text
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
ORDERS = "/publications/orders"
RISK, RISK_WITH_HISTORY = "debtor-risk-assessment", "debtor-risk-assessment-package"
OPINION = "credit-opinion"
SCALES = {
    RISK: "coface_dra",
    RISK_WITH_HISTORY: "coface_dra",
    OPINION: "coface_opinion",
}


@dataclass(frozen=True, slots=True)
class PublicationOrder:
    """An order that ICON confirmed, with the numbers of what it will publish."""

    external_id: str
    publications: tuple[str, ...]


class CofaceIcon(Adapter):
    """Ratings only: ICON grants no cover."""

    key = "coface_icon"
    name = "Coface ICON"
    hosts = {
        "production": "https://api.coface.com/bi/icon-data/v1",
        "sandbox": "https://icon-api-test.coface.com/dataapi-v1",
    }
    # Both environments log in here, each with its own user and key [A, sandbox B].
    login_host = "https://api.coface.com"
    credentials = ("api_key", "username", "password")
    capabilities = frozenset({"resolve_buyer", "grades"})

    def login_call(self):
        given = self.settings.credentials
        host = self.settings.base_url or self.login_host
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
        """By the body's code first; 202 and 205 are no success.

        Money: an order answered by 202 may have been taken in. It is read, or searched for.
        """
        code = read_text(reply.data.get("code")) if isinstance(reply.data, dict) else ""
        if call.may_repeat and (reply.status == 202 or code in NOT_READY):
            raise NotReady(code or "the order is not finished", status=reply.status)
        if reply.status == 205:
            raise Refused(code or "the order was cancelled", status=reply.status)
        if code in NOT_THERE:
            raise NotFound(code, status=reply.status)
        judge_status(call, reply)
        if code and code not in NOT_READY:
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

    # === ORDERS === #

    def order(self, company_id, reference, products):
        """Order assessments of a company. Each is billed; nothing is repeated here.

        :param str reference: ours; an order whose answer was lost is found by it
        :param products: objects with ``slug`` and, for opinions, ``currency``
        :return: PublicationOrder
        :raise InsurerError: ``is_maybe_done`` when the order may have arrived
        """
        body = {
            "companyId": company_id,
            "customerReference": reference,
            "assessments": list(products),
        }
        reply = self.channel.send(
            Call("POST", f"{self.base}{ORDERS}", "order", body=body)
        )
        try:
            return self._read_order(reply.data)
        except Garbled as error:
            error.is_maybe_done = True
            raise

    def find_order(self, reference):
        """Look for an order by our reference; None where ICON shows none, or several.

        Money: a list that names no references may be of other orders.
        """
        params = {"customerReference": reference}
        call = Call("GET", f"{self.base}{ORDERS}", "order", params=params)
        try:
            rows = read_rows(self.channel.send(call).data, "orders")
        except NotFound:
            return None
        mine = [
            row for row in rows if row.get("customerReference") in (None, reference)
        ]
        return self._read_order(mine[0]) if len(mine) == 1 else None

    @staticmethod
    def _read_order(row):
        if not isinstance(row, dict):
            raise Garbled("the order was not confirmed")
        publications = tuple(
            read_text(one.get("id") or one.get("deliveryId"))
            for one in read_rows(row.get("publications") or [])
        )
        if not publications or not all(publications):
            raise Garbled("the order was confirmed without numbers")
        return PublicationOrder(read_text(row.get("id")), publications)

    def get_publication(self, publication_id, company_id):
        """What ICON says of a company, and what it said before.

        :return: list of (scale, row), of the scales that are known here
        :raise NotReady: it is not finished yet
        :raise Refused: the order was cancelled
        """
        params = {"format": "json", "id": publication_id}
        call = Call("GET", f"{self.base}/publications", "grades", params=params)
        rows = read_rows(self.channel.send(call).data, "assessments")
        slugs = [read_text(row.get("assessmentSlug")) for row in rows]
        return [
            (SCALES[slug], row)
            for slug, row in zip(slugs, rows, strict=True)
            if slug in SCALES and read_text(row.get("companyId")) in ("", company_id)
        ]
