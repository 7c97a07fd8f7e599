# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Late interest (Code de commerce, L441-10): worked examples, and a slow second opinion."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from engine.interest import (
    Debt,
    Method,
    MissingRateError,
    contractual_rate,
    half_year,
    round_half_up,
    round_together,
    slices,
    total,
)
from hypothesis import given
from hypothesis import strategies as st

# ECB + 10 points.
RATES = {
    date(2023, 7, 1): Decimal("14.00"),
    date(2024, 1, 1): Decimal("14.50"),
    date(2024, 7, 1): Decimal("14.25"),
    date(2025, 1, 1): Decimal("13.15"),
    date(2025, 7, 1): Decimal("12.15"),
}
JULY = date(2025, 7, 1)


def interest(debt, until, rate_on, method=Method()):  # noqa: B008 (frozen)
    return round_half_up(total(slices(debt, until, rate_on, method)))


def rate_on(since):
    if since not in RATES:
        raise MissingRateError(since)
    return RATES[since]


def test_ten_thousand_paid_in_august_cost_335_49():
    debt = Debt(1_000_000, date(2025, 5, 15), ((date(2025, 8, 20), -1_000_000),))
    cut = slices(debt, date(2025, 12, 31), rate_on)
    assert [(part.days, part.rate) for part in cut] == [
        (46, Decimal("13.15")),
        (51, Decimal("12.15")),
    ]
    assert [round(float(part.amount) / 100, 4) for part in cut] == [165.7260, 169.7671]
    assert interest(debt, date(2025, 12, 31), rate_on) == 33_549


def test_twelve_hundred_over_the_turn_of_the_year_cost_12_97():
    debt = Debt(120_000, date(2024, 12, 31), ((date(2025, 1, 30), -120_000),))
    (cut,) = slices(debt, date(2025, 6, 1), rate_on)
    assert (cut.first, cut.last, cut.days) == (
        date(2025, 1, 1),
        date(2025, 1, 30),
        30,
    )
    assert interest(debt, date(2025, 6, 1), rate_on) == 1_297


def test_the_due_day_and_payments_before_it_cost_nothing():
    debt = Debt(10_000, JULY)
    assert interest(debt, JULY, rate_on) == 0
    paid = Debt(10_000, JULY, ((date(2025, 6, 1), -10_000),))
    assert slices(paid, date(2025, 12, 1), rate_on) == ()
    in_time = Debt(10_000, JULY, ((JULY, -10_000),))
    assert slices(in_time, date(2025, 12, 1), rate_on) == ()


def test_partial_payments_and_credit_notes_split_the_periods():
    debt = Debt(
        100_000, JULY, ((date(2025, 7, 11), -40_000), (date(2025, 7, 21), -10_000))
    )
    cut = slices(debt, date(2025, 7, 31), rate_on)
    assert [(part.days, part.balance) for part in cut] == [
        (10, 100_000),
        (10, 60_000),
        (10, 50_000),
    ]


def test_disputed_amounts_bear_no_interest():
    whole = Debt(100_000, JULY)
    part = Debt(100_000, JULY, withheld=60_000)
    assert slices(part, date(2025, 8, 1), rate_on)[0].balance == 40_000
    assert not slices(Debt(100_000, JULY, withheld=100_000), JULY, rate_on)
    assert slices(whole, date(2025, 8, 1), rate_on)[0].balance == 100_000


def test_proceedings_stop_the_interest_and_a_late_start_delays_it():
    stopped = Debt(100_000, JULY, stop=date(2025, 7, 12))
    assert slices(stopped, date(2025, 9, 1), rate_on)[-1].last == date(2025, 7, 11)
    assert not slices(Debt(100_000, JULY, stop=JULY), date(2025, 9, 1), rate_on)
    late = Debt(100_000, JULY, start=date(2025, 8, 1))
    assert slices(late, date(2025, 9, 1), rate_on)[0].first == date(2025, 8, 2)
    early = Debt(100_000, JULY, start=date(2025, 6, 1))
    assert slices(early, date(2025, 9, 1), rate_on)[0].first == date(2025, 7, 2)


def test_the_rate_may_stay_that_of_the_first_day_late():
    fixed = Method(sliced=False)
    debt = Debt(1_000_000, date(2025, 6, 30))
    assert {s.rate for s in slices(debt, date(2025, 8, 1), rate_on, fixed)} == {
        Decimal("12.15")
    }
    debt = Debt(1_000_000, date(2025, 6, 29))
    (cut,) = slices(debt, date(2025, 8, 1), rate_on, fixed)
    assert (cut.rate, cut.days) == (Decimal("13.15"), 33)


def test_days_of_a_leap_year_may_be_366ths():
    debt = Debt(3_660_000, date(2023, 12, 30))
    cut = slices(debt, date(2024, 1, 1), rate_on, Method(actual=True))
    assert [(part.days, part.year) for part in cut] == [(1, 365), (1, 366)]
    fixed = slices(debt, date(2024, 1, 1), rate_on, Method(False, True))
    assert [part.year for part in fixed] == [365, 366]
    assert {part.year for part in slices(debt, date(2024, 1, 1), rate_on)} == {365}


def test_the_floor_lifts_a_contractual_rate_only():
    assert contractual_rate(Decimal("5"), Decimal("8.28")) == Decimal("8.28")
    assert contractual_rate(Decimal("15"), Decimal("8.28")) == Decimal("15")
    # The default rate of the first half of 2024 is below the floor of 15.21, lawfully.
    assert rate_on(date(2024, 1, 1)) < Decimal("15.21")


def test_a_missing_half_year_is_named():
    with pytest.raises(MissingRateError) as caught:
        interest(Debt(100, date(2025, 12, 1)), date(2026, 1, 15), rate_on)
    assert caught.value.since == date(2026, 1, 1)


def test_amounts_are_whole():
    with pytest.raises(TypeError):
        Debt(10.5, JULY)


@pytest.mark.parametrize(
    "exact, rounded",
    ((Fraction(1, 2), 1), (Fraction(149, 100), 1), (Fraction(-1, 2), -1), (7, 7)),
)
def test_a_half_goes_up(exact, rounded):
    assert round_half_up(exact) == rounded


def test_the_cents_of_instalments_add_up():
    thirds = [Fraction(10, 3)] * 3
    assert sum(round_together(thirds)) == 10
    assert round_together([Fraction(1, 2), Fraction(1, 2)]) == [1, 0]


DAYS = st.dates(date(2023, 12, 1), date(2025, 12, 31))
MOVES = st.lists(st.tuples(DAYS, st.integers(-5_000_000, -1)), max_size=5)


def day_by_day(debt, until, method):
    """Each day on its own, its balance from scratch: slow, and another way."""
    sum_, first = Decimal(0), debt.due + timedelta(1)
    day = first
    while day <= until:
        if not debt.stop or day < debt.stop:
            owed = debt.amount - debt.withheld
            owed += sum(amount for moved, amount in debt.movements if day > moved)
            rate = RATES[half_year(day if method.sliced else first)]
            leap = method.actual and date(day.year, 12, 31).timetuple().tm_yday == 366
            sum_ += max(owed, 0) * rate / (100 * (366 if leap else 365))
        day += timedelta(1)
    return sum_


@given(
    st.integers(1, 10_000_000),
    DAYS,
    DAYS,
    MOVES,
    st.integers(0, 1_000_000),
    st.none() | DAYS,
    st.builds(Method, st.booleans(), st.booleans()),
)
def test_slices_are_the_sum_of_single_days(
    amount, due, until, moves, withheld, stop, method
):
    debt = Debt(amount, due, tuple(moves), withheld, stop=stop)
    cut = slices(debt, until, rate_on, method)
    slow = day_by_day(debt, until, method)
    assert abs(Decimal(float(total(cut))) - slow) < Decimal("0.001")
    cents = slow.quantize(Decimal(1), ROUND_HALF_UP)
    off = abs(interest(debt, until, rate_on, method) - cents)
    assert off == 0 or abs(slow % 1 - Decimal("0.5")) < Decimal("1e-15")


@given(st.integers(1, 10_000_000), DAYS, DAYS, DAYS)
def test_a_claim_now_and_one_later_are_one_claim(amount, due, middle, until):
    debt = Debt(amount, due)
    first = total(slices(debt, min(middle, until), rate_on))
    rest = Debt(amount, due, start=min(middle, until))
    assert first + total(slices(rest, until, rate_on)) == total(
        slices(debt, until, rate_on)
    )
