# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Other add-ons bring their own rule kinds; P5 holds for them as well."""

import ast
from pathlib import Path

import engine
import pytest
from engine import (
    Document,
    Item,
    Line,
    Reason,
    Rule,
    RuleKind,
    WayOut,
    decide,
    rule_kind,
)
from engine_cases import EVERYTHING, situation, ways


@pytest.fixture
def overdue_rule(monkeypatch):
    monkeypatch.setattr("engine.rules._KINDS", dict(engine.rules._KINDS))

    @rule_kind("overdue")
    class Overdue(RuleKind):
        def reasons(self, rule, case):
            overdue = case.situation.facts.get("overdue", 0)
            if overdue > rule.threshold:
                yield Reason("overdue", rule.effect, {"amount": overdue})

        def ways_out(self, rule, case):
            yield WayOut("pay_open", case.situation.facts["overdue"])

    return Rule(5, "overdue", "hold", threshold=10)


def decide_order(rules, amount=20, before=0, **kwargs):
    parts = (Item(amount, EVERYTHING),)
    document = Document("d", parts, (Item(before, EVERYTHING),), total=amount)
    owed = (Item(90, EVERYTHING),)
    case = situation((Line(1, 100),), owed, (document,), rules=rules, **kwargs)
    return decide(case)[0]


@pytest.mark.parametrize("overdue, payment", ((70, 70), (11, 20)))
@pytest.mark.parametrize("order", (1, -1))
def test_p9_a_kind_adds_its_reasons_and_ways_out(overdue_rule, overdue, payment, order):
    rules = (Rule(1, "uncovered", "hold"), overdue_rule)[::order]
    verdict = decide_order(rules, amount=30, facts={"overdue": overdue})
    found = [reason.code for reason in verdict.reasons]
    assert found == ["uncovered", "overdue"][::order]
    # the larger of what both kinds ask for satisfies both
    assert ways(verdict)["pay_open"] == payment


def test_p9_a_kind_that_has_nothing_to_say_proposes_nothing(overdue_rule):
    rules = (Rule(1, "uncovered", "hold", threshold=50), overdue_rule)
    verdict = decide_order(rules, facts={"overdue": 70})
    assert [reason.code for reason in verdict.reasons] == ["overdue"]
    assert ways(verdict) == {"pay_open": 70, "release": 10}


def test_p5_no_kind_is_asked_about_a_document_that_does_not_grow(overdue_rule):
    facts = {"overdue": 70}
    assert decide_order((overdue_rule,), 20, before=20, facts=facts).outcome == "pass"
    assert decide_order((overdue_rule,), 20, before=19, facts=facts).outcome == "hold"


def test_a_kind_is_registered_once():
    assert "uncovered" in engine.rule_kinds()
    with pytest.raises(ValueError, match="exists already"):
        rule_kind("uncovered")(RuleKind)


def test_the_engine_needs_neither_odoo_nor_a_database():
    allowed = {"dataclasses", "datetime", "functools"}
    allowed |= {"decimal", "fractions", "itertools"}
    for path in Path(engine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= allowed, path.name
            elif isinstance(node, ast.ImportFrom) and not node.level:
                assert node.module in allowed, path.name
