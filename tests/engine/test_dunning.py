# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which reminder a debtor gets: steps, one message, netting, reasons."""

from datetime import date, timedelta

import pytest
from engine.dunning import Item, Level, Plan, choose, next_step
from hypothesis import given
from hypothesis import strategies as st

LEVELS = (
    Level(1, 0, -10),
    Level(2, 0, -5),
    Level(3, 1, 10, quiet=7, minimum=10),
    Level(4, 2, 20, quiet=7, minimum=10),
    Level(5, 3, 30, quiet=3, minimum=10),
)
STEPS, LATEST = Plan(LEVELS), Plan(LEVELS, "latest")
AGAIN, AFTER_END = Plan(LEVELS, restart="pause"), Plan(LEVELS, restart="end")

plans = st.sampled_from((STEPS, LATEST, AGAIN, AFTER_END, Plan()))
lates = st.integers(-20, 80)
items = st.lists(
    st.builds(
        lambda late, amount, plan, rank, since, skip: (
            late,
            amount,
            plan,
            rank,
            since,
            skip,
        ),
        lates,
        st.integers(1, 100),
        plans,
        st.integers(0, 3),
        st.one_of(st.none(), st.integers(0, 90)),
        st.sampled_from(("", "", "", "disputed")),
    ),
    min_size=1,
    max_size=6,
).map(
    lambda rows: [
        Item(key, late, amount, plan, rank, since=since, skip=skip)
        for key, (late, amount, plan, rank, since, skip) in enumerate(rows, 1)
    ]
)
credit_sums = st.one_of(st.just(0), st.integers(-300, 0))
contacts = st.one_of(st.none(), st.integers(0, 30))


def item(late, rank=0, plan=STEPS, amount=100, key=1, **values):
    return Item(key, late, amount, plan, rank, **values)


@pytest.mark.parametrize(
    "found, level",
    (
        (item(-11), None),
        (item(-10), 1),
        (item(-7), 1),
        (item(-7, before=-10), None),
        (item(-3, before=-10), 2),
        (item(-3), 2),
        (item(-1, before=-5), None),
        (item(0), None),
        (item(9), None),
        (item(10), 3),
        (item(70), 3),
        (item(70, rank=1), 4),
        (item(19, rank=1), None),
        (item(70, rank=3), None),
        (item(25, plan=LATEST), 4),
        (item(70, plan=LATEST), 5),
        (item(25, rank=2, plan=LATEST), None),
        (item(35, rank=2, plan=AGAIN, paused=True), 3),
        (item(35, rank=2, plan=AGAIN), 5),
        (item(90, rank=3, plan=AFTER_END, since=2), None),
        (item(90, rank=3, plan=AFTER_END, since=3), 3),
    ),
)
def test_the_step_of_an_item(found, level):
    step, why = next_step(found)
    assert (step and step.key) == level
    assert bool(why) is (level is None)


def test_a_debtor_follows_all_steps_even_when_nobody_looked_for_weeks():
    due, rank, last, sent = date(2026, 1, 1), 0, None, []
    for day in (due + timedelta(days) for days in range(40, 80)):
        late = (day - due).days
        contact = last and (day - last).days
        outcome = choose([item(late, rank)], contact=contact)
        if outcome.message:
            rank, last = outcome.message.level.rank, day
            sent.append((rank, late))
    assert sent == [(1, 40), (2, 47), (3, 50)]


def test_the_oldest_step_leads_and_the_rest_is_listed():
    owed = [item(12, key=1), item(25, 1, key=2), item(3, key=3), item(-8, key=4)]
    message = choose(owed).message
    assert (message.lead, message.level.key) == (2, 4)
    assert {key: level.key for key, level in message.steps.items()} == {1: 3, 2: 4}
    assert message.listed == (3,)
    assert message.total == 300


def test_nobody_is_reminded_twice_a_day():
    assert [skip.reason for skip in choose([item(35, 2)], contact=0).skips] == ["quiet"]
    assert choose([item(35, 2)], contact=3).message


def test_the_whole_debtor_is_left_in_peace():
    outcome = choose([item(12), item(40, key=2)], skip="insolvent")
    assert not outcome.message
    assert [(skip.reason, skip.items) for skip in outcome.skips] == [
        ("insolvent", (1, 2))
    ]


@given(items, credit_sums, contacts)
def test_every_overdue_item_is_on_the_message_or_has_a_reason(owed, credit, contact):
    outcome = choose(owed, credit, contact)
    told = [key for skip in outcome.skips for key in skip.items]
    sent = []
    if outcome.message:
        sent = [*outcome.message.steps, *outcome.message.listed]
    assert len(told) == len(set(told))
    assert not set(told) & set(sent)
    overdue = {found.key for found in owed if found.late > 0}
    assert overdue <= set(told) | set(sent)


@given(items, credit_sums, contacts)
def test_a_message_is_never_wrong(owed, credit, contact):
    message = choose(owed, credit, contact).message
    if not message:
        return
    by_key = {found.key: found for found in owed}
    keys = [*message.steps, *message.listed]
    assert all(not by_key[key].skip for key in keys)
    assert message.total == sum(by_key[key].amount for key in keys) + credit
    assert message.total >= max(message.level.minimum, 1)
    assert contact is None or contact >= max(message.level.quiet, 1)
    assert message.steps[message.lead] is message.level
    assert by_key[message.lead].late == max(by_key[key].late for key in message.steps)
    for key, level in message.steps.items():
        assert level.delay <= by_key[key].late
    if not message.level.rank:
        assert all(found.late <= 0 for found in owed)


@given(items, credit_sums, contacts)
def test_no_step_is_left_out_unless_the_plan_says_so(owed, credit, contact):
    message = choose(owed, credit, contact).message
    for found in owed:
        level = message and message.steps.get(found.key)
        if level and level.rank and found.plan is STEPS:
            assert level.rank == found.rank + 1


@given(items, credit_sums, st.integers(0, 300))
def test_more_credit_never_makes_a_message(owed, credit, more):
    if choose(owed, credit - more).message:
        assert choose(owed, credit).message
