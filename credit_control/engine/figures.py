# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of collection: how fast money comes in, compared with how fast it could."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from .exact import require_amount

SHORTEST, LONGEST = 7, 84  # days


@dataclass(frozen=True, slots=True)
class Month:
    """The sales of a month, in the smallest unit, and how many days it has."""

    sales: int
    days: int

    def __post_init__(self):
        require_amount("sales", self.sales)


def count_back(receivable, months):
    """Return how many days of sales are still unpaid (days sales outstanding).

    What is owed is set against the sales of the last month, then of the one before, and
    so on: each month that is used up counts with all its days, the last one with its
    share. Seasons do not distort it, unlike an average of the year.

    :param int receivable: what is owed, smallest unit
    :param months: Month, the latest first
    :return: Fraction, at most the days of all months
    """
    days, left = Fraction(0), receivable
    for month in months:
        if left <= 0:
            break
        if month.sales > left:
            return days + Fraction(left * month.days, month.sales)
        days += month.days
        left -= max(month.sales, 0)
    return days


def effectiveness(opening, sales, closing, closing_current):
    """Return the collection effectiveness index, a share of what could be collected.

    What was collected over what was due: (opening + sales - closing) divided by (opening
    + sales - what is not due yet at the end).

    :return: Fraction, 1 is perfect; None where nothing could be collected
    """
    due = opening + sales - closing_current
    if due <= 0:
        return None
    return Fraction(opening + sales - closing, due)


def expected_on(due, habit, today):
    """Return the day on which a payer's habit lets an item be expected.

    Its due date plus the days that the payer is usually late. An item that is later than
    that already is expected after as many days again, between a week and twelve weeks.

    :param date due: due date
    :param int habit: days late on average
    :param date today: no item is expected before
    """
    usual = due + timedelta(habit)
    if usual >= today:
        return usual
    beyond = (today - usual).days
    return today + timedelta(min(max(beyond, SHORTEST), LONGEST))
