# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What would be decided if something were different."""

from datetime import date

import pytest
from engine import Document, Item, Line, Rule, Situation
from engine.position import DEFAULT_LINE, Position, StackLine
from engine.scope import Scope
from engine.what_if import (
    LineChange,
    PolicyChange,
    WhatIf,
    is_held,
    judge_again,
)

RULE = {"key": 7, "kind": "uncovered", "effect": "hold", "threshold": 0}
KNOWN = {1: (11, "Insurer A"), 2: (12, None)}
ALL = frozenset({1, 2})


def make_position(lines=((1, 100), (2, 50)), managed=True, items=()):
    return Position(
        partner_id=5,
        company_id=1,
        profile_id=None,
        policy={"id": 3, "mode": "hold", "components": [], "rules": [RULE]},
        managed=managed,
        lines=tuple(StackLine(key, amount, Scope()) for key, amount in lines),
        today=date(2026, 1, 1),
        items=items,
    )


def make_record(amount, lines=((1, 100), (2, 50))):
    keys = frozenset(key for key, _amount in lines)
    document = Document("d", (Item(amount, keys),), total=amount)
    lines = tuple(Line(*line) for line in lines)
    situation = Situation(
        lines, (), (document,), (Rule.from_json(RULE),), True, False, date(2026, 1, 1)
    )
    return situation.to_json()


def judge(what_if, data, policy_id=3):
    return judge_again(what_if.situation(data, policy_id, KNOWN), "d")


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (LineChange(30), [70, 35]),
        (LineChange(30, kind=11), [70, 50]),
        (LineChange(100, origin="insurer"), [0, 50]),
        (LineChange(33), [67, 33]),
        (LineChange(50, kind=12, origin="insurer"), [100, 50]),
    ],
)
def test_lines_are_cut_where_kind_and_origin_agree(change, left):
    moved = WhatIf(lines=(change,)).position(make_position(), KNOWN, True)
    assert [line.amount for line in moved.lines] == left


def test_what_is_changed_leaves_what_is_as_it_is():
    position = make_position()
    change = PolicyChange(rules={7: None}, observe=True)
    moved = WhatIf({3: change}, (LineChange(100),)).position(position, KNOWN, True)
    assert position.policy["rules"] == [RULE] and position.limit == 150
    assert position.policy["mode"] == "hold"
    assert (moved.policy["rules"], moved.policy["mode"]) == ([], "observe")


def test_rules_change_drop_out_and_come_in():
    other = {**RULE, "key": 8}
    change = PolicyChange(rules={7: {"threshold": 9}}, added=(other, RULE))
    assert change.change_rules([RULE]) == [{**RULE, "threshold": 9}, other]


@pytest.mark.parametrize(
    ("change", "managed", "limit"),
    [
        (PolicyChange(no_line="no_credit"), True, 0),
        (PolicyChange(no_line="default", default=40), True, 40),
        (PolicyChange(default=40), False, 0),
        (PolicyChange(observe=True), False, 0),
    ],
)
def test_p6_who_never_had_a_line_gets_what_the_policy_would_say(change, managed, limit):
    items = (Item(10, frozenset()),)
    position = make_position((), managed=False, items=items)
    moved = WhatIf({3: change}).position(position, {}, False)
    assert (moved.managed, moved.limit) == (managed, limit)
    assert (DEFAULT_LINE in moved.items[0].eligible) == bool(limit)


def test_who_has_a_line_of_his_own_keeps_it():
    change = PolicyChange(no_line="unmanaged")
    moved = WhatIf({3: change}).position(make_position(), KNOWN, True)
    assert moved.managed and moved.limit == 150


@pytest.mark.parametrize(("amount", "held"), [(120, False), (121, True)])
def test_p11_a_recorded_decision_under_smaller_lines(amount, held):
    verdict = judge(WhatIf(lines=(LineChange(30, kind=11),)), make_record(amount))
    assert is_held(verdict) is held


def test_p11_without_changes_a_record_replays_as_it_was():
    for amount in (150, 151):
        assert is_held(judge(WhatIf(), make_record(amount))) is (amount > 150)


def test_another_policy_is_left_alone():
    change = WhatIf({4: PolicyChange(rules={7: None})})
    assert is_held(judge(change, make_record(151)))


def test_what_nobody_measured_has_no_answer():
    late = {"key": 9, "kind": "overdue_days", "effect": "hold", "threshold": 1}
    assert judge(WhatIf({3: PolicyChange(added=(late,))}), make_record(10)) is None


def test_nobody_recorded_who_ever_had_a_line():
    with pytest.raises(ValueError, match="ever had a line"):
        judge(WhatIf({3: PolicyChange(no_line="no_credit")}), make_record(10, ()))
    default = make_record(10, ((DEFAULT_LINE, 20),))
    assert is_held(judge(WhatIf({3: PolicyChange(default=9)}), default))
