# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coface CofaServe, as far as it is verified: login and looking up companies.

FIELD MAP, all of it here. Tags: [A] vendor's page, [B] client code, [C] secondary page.

===============================  ==============================================
ours                             theirs
===============================  ==============================================
login                            POST /authentication/v1/token, x-api-key,
                                 x-cof-policy-number, {username, password,
                                 grant_type} [B]; another source [C] writes grantType
                                 and uses idToken: both tokens are understood
country                          ISO 3166 alpha-3 [C]
identifiers                      identifierType NAME_ISO3 [C]; for France not seen:
                                 SIREN_FRA is [G]
buyer_external_id                EASY number, 14 digits, zero padded [A]
===============================  ==============================================

Ordering products, decisions, notifications and overdues are NOT public: this adapter
does not offer them. Requests leave as files, decisions come as files or by hand. Five
wrong logins lock the account, longer each time [A]: the template never repeats one.
"""

from .adapter import Adapter, read_rows, read_text
from .countries import to_alpha3
from .errors import Garbled
from .facts import BuyerCandidate
from .http import Call

TOKEN_SECONDS = 3600  # where none is told; ICON's lives 60 minutes [C]
# Our type of number -> the first part of identifierType [G].
KINDS = {"siren": "SIREN", "siret": "SIRET", "vat": "VAT"}
EASY_DIGITS = 14


class Coface(Adapter):
    """One adapter per connection; see the field map above."""

    key = "coface"
    name = "Coface"
    # No address of a test environment of CofaServe was seen.
    hosts = {"production": "https://cofaserve-api.coface.com"}
    credentials = ("api_key", "username", "password", "client_id")
    capabilities = frozenset({"resolve_buyer"})

    def login_call(self):
        given = self.settings.credentials
        return Call(
            "POST",
            f"{self.base}/authentication/v1/token",
            "login",
            body={
                "username": given.get("username", ""),
                "password": given.get("password", ""),
                "grant_type": "password",
            },
            headers=self._get_keys(),
            is_login=True,
        )

    def read_token(self, reply):
        """idToken, not accessToken, is what calls carry [C]; else what OAuth names."""
        data = reply.data
        token = (
            data.get("idToken") or data.get("access_token") or data.get("accessToken")
        )
        return token, data.get("expiresIn") or data.get("expires_in") or TOKEN_SECONDS

    def headers(self, token, correlation_id):
        return {**self._get_keys(), "authorization": token}

    def _get_keys(self):
        """Every call carries the key and the number of the contract (our client_id)."""
        given = self.settings.credentials
        return {
            "x-api-key": given.get("api_key", ""),
            "x-cof-policy-number": given.get("client_id", ""),
        }

    def resolve_buyer(self, country, identifiers, name="", address=None):
        three = to_alpha3(country)
        for identifier in identifiers:
            if identifier.kind not in KINDS:
                continue
            params = {
                "countryCode": three,
                "identifierType": f"{KINDS[identifier.kind]}_{three}",
                "identifierValue": identifier.value,
            }
            url = f"{self.base}/companies/identifier"
            reply = self.channel.send(Call("GET", url, "buyers", params=params))
            if not isinstance(reply.data, dict):
                raise Garbled("the answer has another shape than expected")
            found = [
                self._read_company(row, identifier)
                for row in read_rows(reply.data, "companies")
            ]
            if found:
                return found
        return []

    @staticmethod
    def _read_company(row, identifier):
        """Names of the fields of a company were not seen: easyNumber and name are [G]."""
        easy = read_text(row.get("easyNumber"))
        if not easy.isdigit() or len(easy) > EASY_DIGITS:
            raise Garbled(f"{easy!r} is no EASY number")
        return BuyerCandidate(
            external_id=easy.zfill(EASY_DIGITS),
            name=read_text(row.get("name") or row.get("companyName")),
            identifiers=(identifier,),
            country=identifier.country,
            score=100,
            matched_on=identifier.kind,
        )
