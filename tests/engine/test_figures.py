# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of collection, by hand."""

from datetime import date
from fractions import Fraction

import pytest
from engine.figures import (
    Month,
    count_back,
    effectiveness,
    expected_on,
)

# June, May and April: 100,000, 80,000 and 120,000.
MONTHS = (Month(100_000, 30), Month(80_000, 31), Month(120_000, 30))
TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    "receivable, days",
    (
        (0, 0),
        (50_000, 15),
        (100_000, 30),
        (140_000, 30 + Fraction(31, 2)),
        (180_000, 61),
        (240_000, 76),
        (900_000, 91),
        (-5, 0),
    ),
)
def test_sales_are_counted_back(receivable, days):
    assert count_back(receivable, MONTHS) == days


def test_months_without_sales_count_with_all_their_days():
    assert count_back(10, (Month(0, 31), Month(20, 30))) == 31 + 15
    assert count_back(10, (Month(-5, 31), Month(20, 30))) == 31 + 15


def test_effectiveness_compares_with_what_was_due():
    # 200 at first, 100 sold, 150 left of which 90 not due: 150 of 210 collected.
    assert effectiveness(200, 100, 150, 90) == Fraction(150, 210)
    assert effectiveness(200, 100, 90, 90) == 1
    assert effectiveness(0, 50, 50, 50) is None


@pytest.mark.parametrize(
    "due, habit, day",
    (
        (date(2026, 7, 10), 0, date(2026, 7, 10)),
        (date(2026, 7, 10), 5, date(2026, 7, 15)),
        (date(2026, 6, 20), 12, date(2026, 7, 2)),
        (date(2026, 6, 20), 10, date(2026, 6, 30)),
        (date(2026, 6, 20), 8, date(2026, 7, 7)),
        (date(2026, 5, 31), 10, date(2026, 7, 20)),
        (date(2025, 1, 1), 0, date(2026, 9, 22)),
    ),
)
def test_habit_tells_when_money_comes(due, habit, day):
    assert expected_on(due, habit, TODAY) == day
