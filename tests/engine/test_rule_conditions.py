# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Scopes, exceptions and the kinds of rules: who is asked, what is found, what helps."""

import json
from dataclasses import replace

import engine
import pytest
from engine import (
    Document,
    Exemption,
    Item,
    Line,
    Rule,
    Situation,
    decide,
    replay,
    rule_kinds,
)
from engine_cases import (
    EVERYTHING,
    TODAY,
    amounts,
    items,
    situation,
    stacks,
    total,
    ways,
)
from hypothesis import assume, given
from hypothesis import strategies as st

STACK = (Line(1, 100_00),)
# Every fact that any kind asks for, with figures within every usual threshold.
CALM = {
    "late_days": 0,
    "price_cut": 0,
    "dunning_level": 0,
    "broken_promises": 0,
    "line_expired": None,
    "line_expiring": None,
    "review_overdue": -10,
    "opening_missing": 0,
    "score": None,
    "first_orders": 50,
    "status": "normal",
    "line_terms": [],
    "term_days": 30,
    "term_days_before": 30,
    "term_beyond_legal": 0,
    "term_discount": 0,
    "default_term_days": 30,
    "default_term_discount": 0,
}


def order(amount=50_00, **kwargs):
    options = dict(
        items=(Item(amount, EVERYTHING),), total=amount, checkpoint="confirmation"
    )
    return Document("d", **options | kwargs)


def ask(*rules, document=None, facts=None, owed=(), lines=STACK, **kwargs):
    facts = {**CALM, **(facts or {})}
    case = situation(lines, owed, (document or order(),), rules=rules, facts=facts)
    return decide(replace(case, **kwargs))[0]


def overdue(days=20, amount=30_00, older=30_00, limit=15, floor=0):
    """The facts about overdue items, as rules with a threshold and floor ask for them."""
    return {
        f"overdue_days:{floor}": days,
        f"overdue_amount:{floor}": amount,
        f"overdue_older:{limit}:{floor}": older,
    }


# kind -> (threshold, facts at the threshold, facts just beyond it)
EDGES = {
    "overdue_days": (15, overdue(15, older=0), overdue(16)),
    "overdue_amount": (20_00, overdue(amount=20_00), overdue(amount=20_01)),
    "overdue_share": (10_00, overdue(amount=10_00), overdue(amount=10_01)),
    "late_days": (30, {"late_days": 30}, {"late_days": 31}),
    "dunning_level": (2, {"dunning_level": 2}, {"dunning_level": 3}),
    "broken_promises": (0, {"broken_promises": 0}, {"broken_promises": 1}),
    "term_days": (60, {"term_days": 60}, {"term_days": 61}),
    "term_legal": (0, {"term_beyond_legal": 0}, {"term_beyond_legal": 1}),
    "term_line": (
        0,
        {"term_days": 60, "line_terms": [[1, 60]]},
        {"term_days": 61, "line_terms": [[1, 60]]},
    ),
    "term_better": (10, {"term_days": 40}, {"term_days": 41}),
    "discount_better": (1_00, {"term_discount": 1_00}, {"term_discount": 1_01}),
    "price_cut": (5_00, {"price_cut": 5_00}, {"price_cut": 5_01}),
    "line_expired": (0, {"line_expired": 0}, {"line_expired": 1}),
    "line_expiring": (15, {"line_expiring": 15}, {"line_expiring": 14}),
    "review_overdue": (0, {"review_overdue": 0}, {"review_overdue": 1}),
    "opening_missing": (0, {"opening_missing": 0}, {"opening_missing": 1}),
    "score": (30, {"score": 30}, {"score": 29}),
    "first_orders": (3, {"first_orders": 3}, {"first_orders": 2}),
    "status_watch": (0, {"status": "hold"}, {"status": "watch"}),
    "status_hold": (0, {"status": "stop"}, {"status": "hold"}),
    "status_stop": (0, {"status": "hold"}, {"status": "stop"}),
}


@pytest.mark.parametrize("kind", EDGES)
def test_each_kind_speaks_beyond_its_threshold_only(kind):
    threshold, within, beyond = EDGES[kind]
    rule = Rule(9, kind, "hold", threshold)
    assert ask(rule, facts=within).outcome == "pass"
    verdict = ask(rule, facts=beyond)
    assert verdict.outcome == "hold"
    assert verdict.reasons[0].values["rule"] == 9
    assert "release" in ways(verdict)


@pytest.mark.parametrize(
    "kind", ("late_days", "line_expired", "line_expiring", "review_overdue", "score")
)
def test_what_nobody_knows_holds_nobody(kind):
    rule = Rule(9, kind, "hold", EDGES[kind][0])
    assert ask(rule, facts={kind: None}).outcome == "pass"


def test_the_edges_cover_every_kind():
    measured_by_hand = {"uncovered", "limit_used", "document_amount", "always"}
    measured_by_hand.add("group_limit")  # see test_pool.py
    assert set(rule_kinds()) == measured_by_hand | set(EDGES)


@pytest.mark.parametrize("amount, outcome", ((50_00, "pass"), (50_01, "hold")))
def test_the_amount_of_the_document_and_the_share_of_the_limit(amount, outcome):
    owed = (Item(30_00, EVERYTHING),)
    for rule in (
        Rule(1, "document_amount", "hold", 50_00),
        Rule(1, "limit_used", "hold", 80_00),
    ):
        assert ask(rule, document=order(amount), owed=owed).outcome == outcome


def test_a_limit_of_zero_is_used_by_whatever_is_owed():
    rule = Rule(1, "limit_used", "hold", 500_00)
    assert ask(rule, lines=()).outcome == "hold"
    assert ask(rule, lines=(), document=order(paid=50_00)).outcome == "pass"


def test_what_nobody_measured_lets_nothing_through():
    with pytest.raises(ValueError, match="Nobody measured"):
        ask(Rule(1, "overdue_days", "hold", 15))


# === SCOPES === #


def test_a_rule_is_for_those_who_meet_every_criterion_of_its_scope():
    rule = Rule(1, "always", "hold", scope={"tag": {3, 4}, "team": {7}})
    for tags, team, expected in (
        ({4, 5}, {7}, "hold"),
        ({5}, {7}, "pass"),
        ({4}, {8}, "pass"),
        ({4}, set(), "pass"),
        (set(), {7}, "pass"),
    ):
        verdict = ask(
            rule, document=order(belongs={"team": team}), belongs={"tag": tags}
        )
        assert verdict.outcome == expected, (tags, team)


# === EXCEPTIONS === #

LATE = Rule(1, "overdue_days", "hold", 15)
LARGE = Rule(2, "document_amount", "warn", 10_00)


def test_an_exception_lifts_the_rule_it_names_and_no_other():
    exemption = Exemption(5, lifts=frozenset({1}), scope={"tag": {3}})
    free = dict(exemptions=(exemption,), belongs={"tag": {3}}, facts=overdue())
    verdict = ask(LATE, LARGE, **free)
    assert verdict.outcome == "warn"
    by_code = {reason.code: reason.values for reason in verdict.reasons}
    assert by_code["excepted"] == {"exemption": 5, "of": "overdue_days"}
    other = ask(LATE, LARGE, **free | {"belongs": {"tag": {9}}})
    assert other.outcome == "hold"


def test_an_exception_without_rules_frees_the_document_altogether():
    small = Exemption(5, kind="document_amount", threshold=50_00)
    free = dict(exemptions=(small,), facts=overdue())
    assert ask(LATE, LARGE, **free).outcome == "pass"
    assert ask(LATE, document=order(50_01), **free).outcome == "hold"


def test_an_exception_may_ask_for_more_instead_of_less():
    good = Exemption(5, kind="first_orders", beyond=False, threshold=10)
    facts = overdue() | {"first_orders": 10}
    assert ask(LATE, exemptions=(good,), facts=facts).outcome == "pass"
    new = Exemption(5, kind="first_orders", beyond=True, threshold=10)
    assert ask(LATE, exemptions=(new,), facts=facts).outcome == "hold"


def test_what_nobody_knows_frees_nobody():
    for beyond in (True, False):
        exemption = Exemption(5, kind="score", beyond=beyond, threshold=50)
        verdict = ask(LATE, exemptions=(exemption,), facts=overdue())
        assert verdict.outcome == "hold"


def test_no_exception_lifts_what_somebody_set_by_hand():
    everything = Exemption(5)
    assert ask(LATE, exemptions=(everything,), facts=overdue()).outcome == "pass"
    stopped = Rule(-2, "status_stop", "stop")
    verdict = ask(stopped, exemptions=(everything,), facts={"status": "stop"})
    assert (verdict.outcome, verdict.stopped) == ("hold", True)


# === TERMS === #


def test_p2_a_longer_term_is_looked_at_although_nothing_grows():
    rule = Rule(1, "term_days", "hold", 45)
    same = order(before=(Item(50_00, EVERYTHING),))
    kept = {"term_days": 60, "term_days_before": 60}
    longer = replace(same, facts=kept | {"term_days_before": 30})
    assert ask(rule, document=longer).outcome == "hold"
    assert ask(rule, document=replace(same, facts=kept)).outcome == "pass"


# === WAYS OUT === #


def test_p9_what_is_overdue_can_be_paid():
    verdict = ask(LATE, facts=overdue())
    assert ways(verdict) == {"pay_overdue": 30_00, "deposit": 50_00, "release": 0}
    assert ask(LATE, facts=overdue(days=0, older=0)).outcome == "pass"


def test_p9_ways_out_of_one_reason_among_several_are_marked():
    rules = (Rule(3, "uncovered", "hold"), LATE)
    verdict = ask(*rules, document=order(150_00), facts=overdue())
    values = {way.code: way.values for way in verdict.ways_out}
    assert values["pay_overdue"]["kinds"] == ["overdue_days"]
    assert values["ask_more"]["kinds"] == ["uncovered"]
    assert ways(verdict)["deposit"] == 150_00


@given(stacks, items(), items(credits=False, max_size=3), amounts)
def test_p5_what_is_paid_is_never_held_by_any_rule(lines, owed, parts, extra):
    document = order(items=parts, total=total(parts), paid=total(parts) + extra)
    rules = [
        Rule(n, kind, "stop") for n, kind in enumerate(("always", "limit_used"), 1)
    ]
    assert ask(*rules, document=document, owed=owed, lines=lines).outcome == "pass"


@given(stacks, items(), items(credits=False, max_size=3), st.integers(0, 200_00))
def test_p9_the_deposit_proposed_is_enough_for_all_rules(lines, owed, parts, share):
    rules = (
        Rule(1, "uncovered", "hold"),
        Rule(2, "limit_used", "hold", share),
        Rule(3, "document_amount", "warn", 1),
    )
    document = order(items=parts, total=total(parts))
    verdict = ask(*rules, document=document, owed=owed, lines=lines)
    assume(verdict.outcome == "hold")
    paid = replace(document, paid=ways(verdict)["deposit"])
    assert ask(*rules, document=paid, owed=owed, lines=lines).outcome != "hold"


# === RECORDS === #

conditions = st.fixed_dictionaries(
    {
        "threshold": st.integers(0, 10_000),
        "checkpoints": st.frozensets(st.sampled_from(("confirmation", "change"))),
        "floor": st.integers(0, 3),
        "scope": st.dictionaries(
            st.sampled_from(("tag", "team", "company")),
            st.frozensets(st.integers(1, 3), min_size=1),
        ),
        "version": st.integers(1, 9),
    }
)
# Kinds whose facts have no parameters in their names.
kinds = st.sampled_from(
    sorted(set(rule_kinds()) - {k for k in EDGES if "overdue" in k})
)
belongs = st.fixed_dictionaries(
    {"tag": st.frozensets(st.integers(1, 3)), "company": st.just(frozenset({1}))}
)


@given(
    st.lists(st.tuples(kinds, st.sampled_from(engine.EFFECTS), conditions), max_size=4),
    st.lists(
        st.tuples(st.one_of(st.just(""), kinds), st.booleans(), conditions), max_size=3
    ),
    belongs,
    st.integers(0, 200_00),
)
def test_p11_rules_and_exceptions_replay_from_their_record(rules, exempt, own, amount):
    case = Situation(
        lines=STACK,
        items=(Item(40_00, EVERYTHING),),
        documents=(order(amount, belongs={"team": frozenset({2})}),),
        rules=tuple(Rule(n, k, e, **c) for n, (k, e, c) in enumerate(rules, 1)),
        exemptions=tuple(
            Exemption(n, k, b, frozenset({1}), **c)
            for n, (k, b, c) in enumerate(exempt)
        ),
        managed=True,
        observe=False,
        today=TODAY,
        facts=dict(CALM),
        belongs=own,
    )
    recorded = json.loads(json.dumps(case.to_json(), sort_keys=True))
    assert Situation.from_json(recorded) == case
    assert replay(recorded) == decide(case)
