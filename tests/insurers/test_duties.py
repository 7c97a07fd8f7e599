# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The dates of a policy's duties: worked examples, then properties of all of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from insurance_engine import duties
from insurance_engine.duties import Clock, Debt, Facts, Terms

DUE = date(2026, 1, 10)
BELGIAN = Terms(
    extension_days=60,
    stop=Clock(0, "extension_end"),
    notice=Clock(30, "extension_end"),
    handover=Clock(30, "extension_end"),
    waiting=Clock(150),
    claim=Clock(30, "loss"),
)
BRAZILIAN = Terms(
    stop=Clock(60),
    notice=Clock(90),
    waiting=Clock(180),
    claim=Clock(182, "loss"),
)


def dated(terms, *debts, **facts):
    found = duties.get_duties(terms, debts, Facts(**facts))
    return {duty.kind: duty for duty in found}


def deadlines(terms, *debts, **facts):
    return {
        kind: (duty.deadline - DUE).days
        for kind, duty in dated(terms, *debts, **facts).items()
    }


def test_belgian_policy_counts_from_the_end_of_the_extension():
    assert deadlines(BELGIAN, Debt(1, DUE)) == {
        "stop": 60,
        "notice": 90,
        "handover": 90,
        "claim": 180,
    }


def test_brazilian_policy_counts_from_the_due_date():
    assert deadlines(BRAZILIAN, Debt(1, DUE)) == {
        "stop": 60,
        "notice": 90,
        "claim": 362,
    }


def test_the_oldest_item_drives_the_buyer():
    debts = [Debt(number, DUE + timedelta(days=number)) for number in (30, 0, 5)]
    found = dated(BELGIAN, *debts)
    assert {duty.key for duty in found.values()} == {0}


def test_an_accepted_extension_moves_the_dates_and_is_not_extended_again():
    later = Debt(1, DUE, accepted_to=DUE + timedelta(days=75))
    assert deadlines(BELGIAN, later) == {
        "stop": 75,
        "notice": 105,
        "handover": 105,
        "claim": 75 + 150 + 30,
    }


def test_an_extension_that_is_only_asked_moves_nothing():
    asked = Debt(1, DUE, asked_to=DUE + timedelta(days=90))
    found = dated(BELGIAN, asked)
    assert found["extension"].deadline == DUE + timedelta(days=60)
    assert found["stop"].deadline == DUE + timedelta(days=60)


def test_an_extension_within_our_own_right_need_not_be_asked():
    assert "extension" not in dated(BELGIAN, replace(Debt(1, DUE), asked_to=DUE))


def test_insolvency_takes_over():
    judged = {
        "judged_on": DUE + timedelta(days=10),
        "known_on": DUE + timedelta(days=14),
    }
    terms = replace(BELGIAN, insolvency_days=5)
    found = dated(terms, Debt(1, DUE), **judged)
    assert (found["notice"].anchor, found["stop"].anchor) == ("known",) * 2
    assert deadlines(terms, Debt(1, DUE), **judged) == {
        "stop": 14,
        "notice": 19,
        "handover": 90,
        "claim": 40,
    }


def test_insolvency_never_lengthens_a_deadline():
    late = DUE + timedelta(days=100)
    found = deadlines(BELGIAN, Debt(1, DUE), judged_on=late, known_on=late)
    assert (found["stop"], found["notice"]) == (60, 90)


def test_a_waiting_period_from_the_receipt_waits_for_the_receipt():
    terms = replace(BELGIAN, waiting=Clock(150, "notice_received"))
    assert "claim" not in dated(terms, Debt(1, DUE))
    received = DUE + timedelta(days=80)
    assert deadlines(terms, Debt(1, DUE), received_on=received)["claim"] == 260
    facts = Facts(received_on=received)
    loss = duties.get_loss_date(terms, [Debt(1, DUE)], facts)
    assert loss == received + timedelta(days=150)


@pytest.mark.parametrize(
    ("anchor", "day"),
    [("due", 0), ("extension_end", 60), ("stop_cover", 60), ("notice_sent", 70)]
    + [("notice_received", 71), ("handover", 72), ("loss", 150)],
)
def test_every_anchor_of_a_policy(anchor, day):
    terms = replace(BELGIAN, claim=Clock(7, anchor))
    happened = [DUE + timedelta(days=day) for day in (70, 71, 72)]
    facts = dict(zip(("sent_on", "received_on", "handed_on"), happened, strict=True))
    assert deadlines(terms, Debt(1, DUE), **facts)["claim"] == day + 7


def test_anchors_in_a_circle_never_come_to_a_day():
    circle = Terms(waiting=Clock(5, "handover"), handover=Clock(5, "loss"))
    assert dated(circle, Debt(1, DUE)) == {}
    assert duties.get_loss_date(circle, [Debt(1, DUE)]) is None


def test_nothing_open_means_no_duty():
    assert duties.get_duties(BELGIAN, []) == ()


def test_turnover_and_replies():
    period = duties.get_period_duty(date(2026, 3, 31), 30)
    assert period.deadline == date(2026, 4, 30)
    assert duties.get_reply_duty(DUE, 30).deadline == date(2026, 2, 9)


@pytest.mark.parametrize(
    ("left", "alert"),
    [
        (16, None),
        (15, "first"),
        (6, "first"),
        (5, "second"),
        (4, "daily"),
        (0, "daily"),
    ],
)
def test_alerts_ahead_of_a_wednesday(left, alert):
    deadline = date(2026, 7, 15)
    assert duties.get_alert(deadline, deadline - timedelta(days=left)) == alert


def test_a_deadline_on_sunday_is_alerted_before_the_weekend_and_stays_on_sunday():
    sunday = date(2026, 7, 19)
    assert duties.get_warning_day(sunday) == date(2026, 7, 17)
    assert duties.get_alert(sunday, date(2026, 7, 12)) == "second"
    assert duties.get_alert(sunday, sunday) == "daily"
    assert duties.get_alert(sunday, date(2026, 7, 20)) == "missed"
    assert duties.get_warning_day(sunday, {date(2026, 7, 17)}) == date(2026, 7, 16)


# === PROPERTIES === #

days = st.integers(0, 400)
maybe = st.none() | days
dates = st.dates(date(2020, 1, 1), date(2030, 1, 1))
anchors = ["due", "extension_end", "stop_cover", "notice_sent", "notice_received"]
clocks = st.builds(
    Clock, days, st.sampled_from([*anchors, "handover", "loss", "insolvency"])
)
all_terms = st.builds(
    Terms,
    extension_days=days,
    stop=clocks,
    notice=clocks,
    handover=clocks,
    waiting=clocks,
    claim=clocks,
    insolvency_days=st.integers(0, 30),
)
all_debts = st.lists(
    st.builds(
        lambda due, longer: (due, longer and due + timedelta(days=longer)), dates, maybe
    ),
    min_size=1,
    max_size=6,
).map(lambda rows: [Debt(key, *row) for key, row in enumerate(rows)])


@given(all_terms, all_debts, st.randoms())
def test_the_order_of_items_does_not_matter(terms, debts, random):
    shuffled = list(debts)
    random.shuffle(shuffled)
    first, second = duties.get_duties(terms, debts), duties.get_duties(terms, shuffled)
    assert [(duty.kind, duty.deadline) for duty in first] == [
        (duty.kind, duty.deadline) for duty in second
    ]


@given(all_terms, all_debts, dates)
def test_a_further_item_never_moves_a_deadline_back(terms, debts, due):
    before = {d.kind: d.deadline for d in duties.get_duties(terms, debts)}
    more = [*debts, Debt("new", due)]
    after = {d.kind: d.deadline for d in duties.get_duties(terms, more)}
    assert all(after[kind] <= deadline for kind, deadline in before.items())


@given(all_terms, all_debts)
def test_only_an_accepted_extension_gives_time(terms, debts):
    plain = [replace(debt, accepted_to=None) for debt in debts]
    early = {d.kind: d.deadline for d in duties.get_duties(terms, plain)}
    late = {d.kind: d.deadline for d in duties.get_duties(terms, debts)}
    assert all(early[kind] <= deadline for kind, deadline in late.items())


@given(all_terms, all_debts, dates, days)
def test_an_insolvency_never_gives_time_to_stop_or_report(terms, debts, judged, later):
    known = judged + timedelta(days=later)
    found = {
        duty.kind: duty.deadline
        for duty in duties.get_duties(terms, debts, Facts(known_on=known))
    }
    calm = {d.kind: d.deadline for d in duties.get_duties(terms, debts)}
    for kind in {"stop", "notice"} & set(calm):
        assert found[kind] <= calm[kind]
    assert found["stop"] <= known


@given(dates, st.sets(dates, max_size=5))
def test_the_warning_is_on_a_business_day_not_after_the_deadline(deadline, holidays):
    day = duties.get_warning_day(deadline, holidays)
    assert day <= deadline and day.weekday() < 5 and day not in holidays


@given(dates)
def test_alerts_only_ever_get_more_urgent(deadline):
    order = [None, "first", "second", "daily", "missed"]
    ranks = [
        order.index(duties.get_alert(deadline, deadline - timedelta(days=left)))
        for left in range(20, -3, -1)
    ]
    assert ranks == sorted(ranks) and ranks[-1] == 4
