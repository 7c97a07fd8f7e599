# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The length of payment terms, and the legal ceiling (Code de commerce, L441-10)."""

from datetime import date

import pytest
from engine.terms import TermLine, beyond_ceiling, longest

NET, END, NEXT, THE = (
    "days_after",
    "days_after_end_of_month",
    "days_after_end_of_next_month",
    "days_end_of_month_on_the",
)


@pytest.mark.parametrize(
    "line, due",
    (
        (TermLine(NET, 60), date(2026, 3, 16)),
        (TermLine(END, 45), date(2026, 3, 17)),
        (TermLine(THE, 45, 0), date(2026, 3, 31)),
        (TermLine(NEXT, 0), date(2026, 2, 28)),
        (TermLine(THE, 30, 10), date(2026, 3, 10)),
        (TermLine(THE, 16, 31), date(2026, 2, 28)),
    ),
)
def test_an_invoice_of_15_january_2026_is_due(line, due):
    assert line.due(date(2026, 1, 15)) == due


@pytest.mark.parametrize(
    "line, days, lawful",
    (
        (TermLine(NET, 0), 0, True),
        (TermLine(NET, 30), 30, True),
        (TermLine(NET, 60), 60, True),
        (TermLine(NET, 61), 61, False),
        (TermLine(END, 30), 60, True),
        (TermLine(END, 45), 75, True),
        (TermLine(END, 46), 76, False),
        (TermLine(END, 60), 90, False),
        (TermLine(THE, 45, 0), 75, True),
        (TermLine(THE, 60, 0), 90, False),
        (TermLine(NEXT, 0), 61, True),
    ),
)
def test_how_long_a_term_is_and_whether_the_law_allows_it(line, days, lawful):
    assert longest([line]) == days
    assert (beyond_ceiling([line]) == 0) is lawful


def test_the_worst_instalment_counts():
    assert longest([TermLine(NET, 10), TermLine(NET, 90)]) == 90
    assert beyond_ceiling([TermLine(NET, 10), TermLine(NET, 90)]) == 30
    assert (longest([]), beyond_ceiling([])) == (0, 0)
