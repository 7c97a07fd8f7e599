# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a national number is written, whether it is right, and whom it names.

Facts about python-stdnum 2.2 that this relies on were run, not read: ``eu.vat`` takes
both EL and GR, ``get_cc_module`` knows Greece as ``gr`` only, Monaco's VAT numbers
begin with FR and hold no SIREN, La Poste's SIRETs fail Luhn and are right all the same.
A type is never inferred from a number's length: SIREN and DUNS have nine digits both.
"""

import re

from stdnum import get_cc_module, lei
from stdnum.fr import siren

from odoo.addons.credit_control.models import national_numbers as numbers

VALID, INVALID, UNCHECKED = "valid", "invalid", "unchecked"
MONACO = "000"  # where a SIREN would stand in a French VAT number


def compact(kind, number, country=""):
    """A number as it is kept and compared.

    :param str kind: code of the type
    :param str number: as somebody typed it
    :param str country: ISO 3166 alpha-2; "EL" is understood as Greece
    :return: str
    """
    number = numbers.compact(number)
    if kind != "vat":
        return number
    if number.startswith("GR"):
        number = number[2:]
    return numbers.compact_vat(number, "GR" if country == "EL" else country)


def check(kind, number, country="", module=("", ""), pattern=""):
    """Whether a compact number is right.

    :param module: (country, name) for ``stdnum.get_cc_module``
    :param str pattern: a regular expression, where no check digits are known
    :return: "valid", "invalid" or, where nothing is known, "unchecked"
    """
    checks = {
        "vat": lambda: _is_vat(number, country),
        "lei": lambda: lei.is_valid(number),
    }
    if kind in checks:
        return _verdict(checks[kind]())
    found = get_cc_module(*module) if all(module) else None
    if found and hasattr(found, "is_valid"):
        try:
            return _verdict(found.is_valid(number))
        except OSError:
            # stdnum opens some tables in a way that fails under Odoo's import hook.
            return UNCHECKED
    if pattern:
        return _verdict(re.fullmatch(pattern, number))
    return UNCHECKED


def _verdict(right):
    return VALID if right else INVALID


def _is_vat(number, country):
    # Without a country nobody knows how to read it: eu.vat would guess by its shape.
    prefix = number[:2] in numbers.VAT_PREFIXES
    return (prefix or bool(country)) and numbers.is_vat(number, country)


def get_entity_key(kind, number, country=""):
    """The same for all numbers of one legal entity that follow from each other.

    SIRET and French VAT numbers hold the SIREN.

    :param str number: compact and valid
    :return: str, such as ``FR:443121975`` or ``VAT:DE136695976``
    """
    held = ""
    if kind == "siren":
        held = number
    elif kind == "siret":
        held = number[:9]
    elif kind == "vat" and number.startswith("FR"):
        held = "" if number[4:].startswith(MONACO) else number[4:]
    if held and siren.is_valid(held):
        return f"FR:{held}"
    scope = "" if kind in ("vat", "lei") else f"{country}:"
    return f"{kind.upper()}:{scope}{number}"
