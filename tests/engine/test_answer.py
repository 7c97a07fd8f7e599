# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Promises and payment plans: what the calendar and the payments make of them."""

from datetime import date, timedelta

import pytest
from engine.answer import Payment, due_dates, fill, in_default, judge, split
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 3, 10)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    "today, payments, still_open, state",
    (
        (DAY, [], 100, "open"),
        (AFTER, [], 100, "broken"),
        (AFTER, [Payment(DAY, 100)], 0, "kept"),
        (AFTER, [Payment(BEFORE, 60), Payment(DAY, 40)], 0, "kept"),
        (AFTER, [Payment(BEFORE, 60), Payment(AFTER, 40)], 0, "late"),
        (AFTER, [Payment(DAY, 99)], 1, "broken"),
        (AFTER, [Payment(DAY, 70)], 0, "kept"),  # the rest was credited
        (DAY, [], 0, "void"),
        (DAY, [], None, "open"),
        (AFTER, [Payment(DAY, 70)], None, "broken"),
    ),
)
def test_a_promise_is_judged_by_the_payments(today, payments, still_open, state):
    assert judge(100, DAY, today, payments, still_open).state == state


def test_the_day_of_the_payment_that_reached_it_is_told():
    payments = [Payment(AFTER, 50), Payment(BEFORE, 50)]
    assert judge(100, DAY, AFTER, payments, 0).settled == AFTER


@given(st.integers(0, 10**9), st.integers(1, 120))
def test_instalments_come_to_the_whole(total, count):
    parts = split(total, count)
    assert sum(parts) == total and len(parts) == count
    assert len(set(parts[:-1])) <= 1 and 0 <= parts[-1] - parts[0] < count


@pytest.mark.parametrize(
    "unit, every, dates",
    (
        ("week", 2, [date(2026, 1, 31), date(2026, 2, 14), date(2026, 2, 28)]),
        ("month", 1, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
        ("month", 6, [date(2026, 1, 31), date(2026, 7, 31), date(2027, 1, 31)]),
    ),
)
def test_instalments_keep_their_day_of_the_month(unit, every, dates):
    assert due_dates(date(2026, 1, 31), 3, every, unit) == dates


@given(st.lists(st.integers(1, 1000), max_size=8), st.integers(-100, 9000))
def test_what_is_paid_fills_the_earliest_first(amounts, paid):
    filled = fill(amounts, paid)
    assert sum(filled) == max(min(sum(amounts), paid), 0)
    started = [amount for amount in filled if amount]
    assert started[:-1] == amounts[: max(len(started) - 1, 0)]


@pytest.mark.parametrize(
    "today, missed",
    ((DAY, None), (DAY + timedelta(days=8), None), (DAY + timedelta(days=9), 1)),
)
def test_a_plan_is_broken_after_the_days_of_grace(today, missed):
    parts = [(BEFORE, 50, 50), (DAY, 50, 49), (DAY + timedelta(days=30), 50, 0)]
    assert in_default(parts, 8, today) == missed
