# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an insurer owes: worked examples, then properties of all of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from insurance_engine.indemnity import (
    Conditions,
    Owed,
    Recovery,
    allocate_oldest,
    get_indemnity,
    part,
    share_oldest,
    share_recovery,
)

DAY = date(2026, 1, 10)
LOSS = date(2026, 7, 1)


def owed(key, amount, cover=None, percent=9000, **values):
    day = DAY + timedelta(days=key)
    return Owed(key, day, day, amount, cover=cover, percent=percent, **values)


def came(amount, day=DAY):
    return Recovery("r", day, amount)


def test_the_percentage_of_what_was_covered_at_delivery():
    result = get_indemnity([owed(1, 100_00, 80_00)], Conditions())
    assert (result.loss, result.amount) == (80_00, 72_00)
    assert {step.code: step.amount for step in result.steps if step.amount} == {
        "owed": 100_00,
        "uncovered": -20_00,
        "own_share": -8_00,
    }


def test_a_cut_does_not_touch_what_was_delivered_before():
    before, after = owed(1, 50_00, 80_00), owed(2, 50_00, 0)
    result = get_indemnity([before, after], Conditions())
    assert [line.covered for line in result.lines] == [50_00, 0]


def test_one_limit_carries_several_invoices():
    result = get_indemnity([owed(1, 50_00, 80_00), owed(2, 50_00, 80_00)], Conditions())
    assert [line.covered for line in result.lines] == [50_00, 30_00]


def test_no_cover_means_no_indemnity():
    assert get_indemnity([owed(1, 50_00)], Conditions()).amount == 0


def test_credits_and_recoveries_go_first():
    invoices = [owed(1, 50_00, 100_00, credit=10_00), owed(2, 50_00, 100_00)]
    result = get_indemnity(invoices, Conditions(), [came(45_00)])
    assert [line.recovered for line in result.lines] == [40_00, 5_00]
    assert result.amount == part(45_00, 9000)


@pytest.mark.parametrize(("first", "amount"), [(False, 80_00), (True, 81_00)])
def test_the_order_of_deductible_and_percentage(first, amount):
    conditions = Conditions(deductible=10_00, deductible_first=first)
    assert get_indemnity([owed(1, 100_00, 100_00)], conditions).amount == amount


def test_the_yearly_first_loss_is_used_up():
    conditions = Conditions(aggregate_left=30_00)
    result = get_indemnity([owed(1, 100_00, 100_00)], conditions)
    assert (result.amount, result.aggregate_used) == (60_00, 30_00)


@pytest.mark.parametrize(("minimum", "amount"), [(100_00, 90_00), (100_01, 0)])
def test_small_losses_are_not_compensated(minimum, amount):
    conditions = Conditions(minimum=minimum)
    assert get_indemnity([owed(1, 100_00, 100_00)], conditions).amount == amount


def test_the_insurers_liability_is_a_bound():
    conditions = Conditions(liability_left=20_00)
    assert get_indemnity([owed(1, 100_00, 100_00)], conditions).amount == 20_00


@pytest.mark.parametrize(
    ("allocation", "amount"), [("oldest", 54_00), ("shares", 64_80)]
)
def test_money_after_the_loss_by_policy(allocation, amount):
    # Covered 90 of 150: oldest first the money pays covered invoices, shared it is
    # divided 81 : 69 between the insurer and us.
    invoices = [owed(1, 90_00, 90_00), owed(2, 60_00)]
    money = [came(30_00, LOSS + timedelta(days=1))]
    conditions = Conditions(allocation=allocation)
    assert get_indemnity(invoices, conditions, money, LOSS).amount == amount


def test_later_recoveries_are_shared_by_what_each_bore():
    assert share_recovery(10_00, 81_00, 150_00) == (5_40, 4_60)
    lines = get_indemnity([owed(1, 90_00, 90_00), owed(2, 60_00)], Conditions()).lines
    assert share_oldest(100_00, lines) == (81_00, 19_00)
    assert share_oldest(50_00, lines, already=60_00) == (81_00 - 54_00, 23_00)


# === PROPERTIES === #

money = st.integers(0, 10**7)
invoices = st.lists(
    st.builds(
        Owed,
        key=st.uuids(),
        date_due=st.dates(DAY, LOSS),
        delivered_on=st.dates(DAY, LOSS),
        amount=money,
        credit=money,
        cover=st.none() | money,
        percent=st.integers(0, 10_000),
    ),
    max_size=6,
)
conditions = st.builds(
    Conditions,
    deductible=money,
    deductible_first=st.booleans(),
    aggregate_left=money,
    minimum=money,
    liability_left=st.none() | money,
    allocation=st.sampled_from(["oldest", "shares"]),
)
recoveries = st.lists(
    st.builds(
        Recovery, key=st.none(), date=st.dates(DAY, date(2027, 1, 1)), amount=money
    ),
    max_size=3,
)


@given(invoices, conditions, recoveries)
def test_the_steps_add_up_and_the_bounds_hold(invoices, conditions, recoveries):
    result = get_indemnity(invoices, conditions, recoveries, LOSS)
    assert sum(step.amount for step in result.steps) == result.amount
    assert (
        0 <= result.amount <= sum(line.insured for line in result.lines) <= result.loss
    )
    assert result.loss <= max((owed.cover or 0 for owed in invoices), default=0)
    if conditions.liability_left is not None:
        assert result.amount <= conditions.liability_left


@given(invoices, recoveries)
def test_nothing_recovered_is_lost(invoices, recoveries):
    paid = sum(allocate_oldest(invoices, recoveries).values())
    came = sum(recovery.amount for recovery in recoveries)
    assert paid == min(came, sum(owed.insurable for owed in invoices))
    for line in get_indemnity(invoices, Conditions(), recoveries).lines:
        parts = line.credit, line.recovered, line.covered, line.uncovered
        assert min(parts) >= 0 and sum(parts) == line.owed


@given(invoices, conditions, recoveries, st.integers(0, 5), money)
def test_a_higher_limit_never_covers_less(invoices, conditions, recoveries, at, more):
    if not invoices:
        return
    raised = list(invoices)
    one = raised[at % len(raised)]
    raised[at % len(raised)] = replace(one, cover=(one.cover or 0) + more)
    before = get_indemnity(invoices, conditions, recoveries, LOSS)
    assert get_indemnity(raised, conditions, recoveries, LOSS).loss >= before.loss


@given(money, money, st.integers(1, 10**7))
def test_a_recovery_is_shared_without_loss(amount, insured, loss):
    insurer, ours = share_recovery(amount, min(insured, loss), loss)
    assert insurer + ours == amount and min(insurer, ours) >= 0


@given(invoices, st.lists(money, max_size=4))
def test_later_recoveries_in_parts_give_the_same_as_at_once(invoices, amounts):
    lines = get_indemnity(invoices, Conditions()).lines
    already, insurer = 0, 0
    for amount in amounts:
        insurer += share_oldest(amount, lines, already)[0]
        already += amount
    assert insurer == share_oldest(already, lines)[0]
    assert insurer <= sum(line.insured for line in lines) + len(lines)
