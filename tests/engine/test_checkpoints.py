# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules look at the steps they name; a stop is opened by nobody."""

from dataclasses import replace

from engine import Document, Item, Line, Release, Rule, decide, replay
from engine_cases import EVERYTHING, documents, situation, situations
from hypothesis import given

STACK = (Line(1, 100),)


def order(amount=150, **kwargs):
    return Document("d", (Item(amount, EVERYTHING),), total=amount, **kwargs)


def outcome(document, *rules, **kwargs):
    return decide(situation(STACK, (), (document,), rules=rules, **kwargs))[0]


def test_a_rule_looks_at_the_steps_it_names_only():
    rule = Rule(1, "uncovered", "hold", checkpoints=frozenset({"invoice", "change"}))
    for step, expected in (("change", "hold"), ("confirmation", "pass"), ("", "pass")):
        assert outcome(order(checkpoint=step), rule).outcome == expected
    everywhere = replace(rule, checkpoints=frozenset())
    assert outcome(order(checkpoint="anything"), everywhere).outcome == "hold"


def test_a_stop_is_a_hold_that_no_release_opens():
    released = order(release=Release(7, 1000))
    held = outcome(released, Rule(1, "uncovered", "hold"))
    assert (held.outcome, held.released, held.stopped) == ("pass", True, False)
    stopped = outcome(
        released, Rule(1, "uncovered", "hold"), Rule(2, "uncovered", "stop")
    )
    assert (stopped.outcome, stopped.released, stopped.stopped) == ("hold", False, True)
    assert "release" not in [way.code for way in stopped.ways_out]
    assert [reason.effect for reason in stopped.reasons] == ["stop"]


def test_a_policy_that_observes_does_not_stop():
    verdict = outcome(order(), Rule(1, "uncovered", "stop"), observe=True)
    assert (verdict.outcome, verdict.observed) == ("warn", True)


@given(situations(documents()))
def test_p11_records_of_the_first_engine_still_replay(case):
    data = case.to_json() | {"engine": "1"}
    for document in data["documents"]:
        del document["checkpoint"]
    for rule in data["rules"]:
        del rule["checkpoints"]
    assert replay(data) == decide(case)
