# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers that identify a company or a bank account, checked with python-stdnum."""

import re

from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren, siret
from stdnum.iso7064 import mod_97_10

# France and where its register of companies (SIREN) is kept too.
FRENCH = frozenset("FR BL GF GP MF MQ PM RE YT".split())
# VAT numbers begin with the country, except that Greece writes EL.
VAT_PREFIXES = frozenset(map(str.upper, eu_vat.MEMBER_STATES)) - {"GR"} | {"EL"}
# Lengths of the IBANs of Europe's payment area, from SWIFT's register. Not stdnum.iban:
# it opens a data file in a way that fails under Odoo's import hook.
IBAN_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI NL",
    19: "SI",
    20: "AT EE LT LU",
    21: "CH HR LI LV",
    22: "BG DE GB IE",
    23: "GI",
    24: "AD CZ ES RO SE SK VA",
    25: "PT",
    26: "IS",
    27: "FR GR IT MC SM",
    28: "AL CY HU PL",
    31: "MT",
}
IBAN_LENGTH = {
    code: size for size, codes in IBAN_LENGTHS.items() for code in codes.split()
}


def compact(number):
    """A number without blanks and dots, in capitals; empty for nothing."""
    return re.sub(r"[\W_]", "", number or "").upper()


def is_registry_number(number, country):
    """Whether this can be a number of the country's register of companies.

    :param str number: compact; SIREN or SIRET in France
    :param str country: ISO code; where no check is known, every number will do
    """
    if country not in FRENCH:
        return True
    return siren.is_valid(number) or siret.is_valid(number)


def compact_vat(number, country):
    """A VAT number as it is written in the whole of Europe: with its country.

    :param str number: as somebody typed it
    :param str country: ISO code of the address
    """
    number = compact(number)
    prefix = "FR" if country in FRENCH else {"GR": "EL"}.get(country, country)
    if number and prefix in VAT_PREFIXES and number[:2] not in VAT_PREFIXES:
        return prefix + number
    return number


def is_vat(number, country):
    """Whether this is a VAT number: checked where python-stdnum knows how.

    :param str number: of ``compact_vat``
    :param str country: ISO code of the address
    """
    if number[:2] in VAT_PREFIXES:
        return eu_vat.is_valid(number)
    module = get_cc_module(country.lower(), "vat") if country else None
    return module.is_valid(number) if module else True


def get_siren(registry, vat, country):
    """The SIREN that a French company's numbers hold.

    :return: str, nine digits, or empty
    """
    if registry and country in FRENCH:
        return registry[:9]
    if vat.startswith("FR") and siren.is_valid(vat[4:]):
        return vat[4:]
    return ""


def is_iban(number):
    """Whether this is an IBAN: country, length and check digits."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number):
        return False
    expected = IBAN_LENGTH.get(number[:2], len(number))
    return len(number) == expected and mod_97_10.is_valid(number[4:] + number[:4])
