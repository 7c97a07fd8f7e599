# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cells of insurers' files: exact, and told where they cannot be read."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from insurance_link.files import cells


def refusal(reader, *arguments):
    with pytest.raises(cells.CellError) as caught:
        reader(*arguments)
    return caught.value.args[0]


@pytest.mark.parametrize(
    "cell, decimal, expected",
    [
        ("12 500,00", "", "12500.00"),
        ("12\u00a0500,00", "", "12500.00"),
        ("12\u202f500,5 €", "", "12500.5"),
        ("1.234.567,89", "", "1234567.89"),
        ("1,234,567.89", "", "1234567.89"),
        ("12.500", ",", "12500"),
        ("12.500", ".", "12.500"),
        ("1,234", ".", "1234"),
        ("12'500.00 CHF", "", "12500.00"),
        ("0,125", "", "0.125"),
        (12500.1, "", "12500.1"),
        (0, "", "0"),
        ("EUR 7000", "", "7000"),
    ],
)
def test_amounts_are_exact(cell, decimal, expected):
    assert cells.amount(cell, decimal) == Decimal(expected)


@pytest.mark.parametrize(
    "cell, code",
    [
        ("12.500", "ambiguous"),
        ("1,234", "ambiguous"),
        ("(1 000)", "negative"),
        (-5, "negative"),
        ("12k€", "number"),
        ("1.23.456", "number"),
        ("1,5,2", "number"),
        (float("nan"), "number"),
        (float("inf"), "number"),
        (True, "number"),
        ("=1+1", "number"),
    ],
)
def test_amounts_that_are_refused(cell, code):
    assert refusal(cells.amount, cell) == code


def test_an_empty_amount_is_not_zero():
    assert cells.amount("") is None
    assert cells.amount(None) is None
    assert cells.amount("-") is None
    assert cells.amount("0,00") == 0


def test_the_column_tells_its_decimals():
    assert cells.find_decimal(["12.500", "7 000,50"]) == ","
    assert cells.find_decimal(["12,500", "1.5"]) == "."
    assert cells.find_decimal(["12.500", "13.000"]) == ""
    assert cells.find_decimal(["1.5", "1,5"]) == ""


@pytest.mark.parametrize(
    "cell, length, expected",
    [
        ("341003327", 14, "00000341003327"),
        (341003327, 14, "00000341003327"),
        (341003327.0, 14, "00000341003327"),
        ("00000341003327", 14, "00000341003327"),
        ("'00000341003327", 14, "00000341003327"),
        ('="00000341003327"', 14, "00000341003327"),
        ("5 520 081 443"[2:], 9, "520081443"),
        ("52008144", 9, "052008144"),
        ("FR 40 303 265 045", 0, "FR40303265045"),
        ("", 9, ""),
    ],
)
def test_identifiers_get_their_zeros_back(cell, length, expected):
    assert cells.identifier(cell, length) == expected


@pytest.mark.parametrize(
    "cell, length, code",
    [
        ("1,23E+13", 14, "mangled"),
        ("1.23457E+13", 0, "mangled"),
        ("3E10", 0, "mangled"),
        (12345678901234567, 0, "mangled"),
        (1.5, 9, "mangled"),
        ("5520081443", 9, "length"),
    ],
)
def test_mangled_identifiers_are_reported(cell, length, code):
    assert refusal(cells.identifier, cell, length) == code


@pytest.mark.parametrize(
    "cell, order, expected",
    [
        ("31/12/2026", "dmy", date(2026, 12, 31)),
        ("12/31/2026", "mdy", date(2026, 12, 31)),
        ("03/04/2026", "dmy", date(2026, 4, 3)),
        ("2026-12-31T10:00:00", "dmy", date(2026, 12, 31)),
        ("20261231", "dmy", date(2026, 12, 31)),
        ("31.12.26", "dmy", date(2026, 12, 31)),
        (46387, "dmy", date(2026, 12, 31)),
        ("46387", "dmy", date(2026, 12, 31)),
        (46387.5, "dmy", date(2026, 12, 31)),
        (datetime(2026, 12, 31, 9), "dmy", date(2026, 12, 31)),
        ("31/12/9999", "dmy", None),
        ("00/00/0000", "dmy", None),
        ("", "dmy", None),
    ],
)
def test_days(cell, order, expected):
    assert cells.day(cell, order) == expected


@pytest.mark.parametrize("cell", ["31/02/2026", "12/31/2026", "soon", "999999", True])
def test_days_that_are_none(cell):
    assert refusal(cells.day, cell) == "date"


def test_percentages():
    assert cells.percent("90 %") == 90
    assert cells.percent("90,00") == 90
    assert cells.percent(0.9) == 90
    assert cells.percent("") is None
    assert refusal(cells.percent, "120") == "percent"


def test_days_of_terms():
    assert cells.days("60 jours") == 60
    assert cells.days(60.0) == 60
    assert cells.days("") is None
    assert refusal(cells.days, "45 fin de mois") == "days"
