# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P5, P6, P10: who passes, who is held, and what a release is worth."""

from dataclasses import replace
from datetime import timedelta

import pytest
from engine import Document, Item, Line, Reason, Release, Rule, allocate, decide
from engine_cases import (
    EVERYTHING,
    HOLD,
    TODAY,
    amounts,
    documents,
    is_same_numbers,
    items,
    situation,
    situations,
    stacks,
    total,
)
from hypothesis import given
from hypothesis import strategies as st

STACK = (Line(1, 100), Line(2, 50))


def order(amount, key="d", **kwargs):
    return Document(key, (Item(amount, EVERYTHING),), total=amount, **kwargs)


def decide_one(document, owed=0, lines=STACK, **kwargs):
    open_items = (Item(owed, EVERYTHING, "receivable"),) if owed else ()
    return decide(situation(lines, open_items, (document,), **kwargs))[0]


def codes(verdict):
    return [reason.code for reason in verdict.reasons]


def test_p9_a_document_within_the_lines_passes_without_reasons():
    verdict = decide_one(order(50), owed=100)
    assert (verdict.outcome, verdict.reasons, verdict.ways_out) == ("pass", (), ())
    assert (verdict.added, verdict.fits) == (0, 50)
    assert verdict.before.used == {1: 100, 2: 0}
    assert verdict.after.used == {1: 100, 2: 50}


def test_p9_a_document_beyond_the_lines_is_held_with_its_figures():
    verdict = decide_one(order(51), owed=120)
    assert (verdict.outcome, codes(verdict)) == ("hold", ["uncovered"])
    assert verdict.reasons[0].values["added"] == verdict.added == 21
    assert (verdict.uncovered_before, verdict.uncovered_after) == (0, 21)
    assert verdict.fits == 30


@given(situations(documents()))
def test_p8_verdicts_agree_with_a_plain_recomputation(case):
    owed = [document.before for document in case.documents]
    for index, verdict in enumerate(decide(case)):
        others = sum(owed[:index] + owed[index + 1 :], case.items)
        before = allocate(others + owed[index], case.lines)
        assert verdict.before == before
        after = verdict.after.uncovered - before.uncovered
        assert verdict.added == max(after, 0)
        assert (verdict.outcome == "hold") == (verdict.added > 0)
        owed_after = case.documents[index].items
        if case.documents[index].paid:
            break  # what money pays is not for this plain recomputation to choose
        assert verdict.after == allocate(others + owed_after, case.lines)
        if verdict.outcome == "pass":
            owed[index] = owed_after


@given(stacks, items(), documents())
def test_p5_paying_is_as_good_as_the_money_can_be(lines, owed, document):
    paid = min(document.paid, max(total(document.items), 0))
    verdict = decide(situation(lines, owed, (document,)))[0]
    unpaid = allocate(owed + document.items, lines).uncovered
    credits = tuple(item for item in document.items if item.amount < 0)
    least = allocate(owed + credits, lines).uncovered
    assert verdict.uncovered_after == max(unpaid - paid, least)
    assert verdict.after.net == total(owed + document.items) - paid


@given(stacks, items(), items(max_size=3), amounts)
def test_p5_a_paid_document_is_never_held(lines, owed, parts, extra):
    paid = max(total(parts), 0) + extra
    document = Document("d", parts, paid=paid)
    assert decide(situation(lines, owed, (document,)))[0].outcome == "pass"


def test_p5_money_pays_first_what_no_line_would_carry():
    lines = (Line(1, 100), Line(2, 0))
    for paid, part in ((1, 2), (2, 1)):
        parts = (Item(50, frozenset({part})), Item(50, frozenset({paid})))
        verdict = decide(situation(lines, (), (Document("d", parts, paid=50),)))[0]
        assert (verdict.outcome, verdict.after.used[1]) == ("pass", 50)


@given(stacks, items(), items(credits=False, max_size=4), st.data())
def test_p5_a_document_that_only_shrinks_is_never_held(lines, owed, before, data):
    after = tuple(
        replace(item, amount=data.draw(st.integers(0, item.amount))) for item in before
    )
    credit = Item(-data.draw(amounts), frozenset())
    document = Document("d", (*after, credit), before)
    verdict = decide(situation(lines, owed, (document,)))[0]
    assert (verdict.outcome, verdict.added, verdict.reasons) == ("pass", 0, ())


@given(stacks, items(), documents(), amounts)
def test_p5_more_credit_more_lines_or_less_document_never_hurts(lines, owed, doc, size):
    def is_held(stack=lines, document=doc):
        return decide(situation(stack, owed, (document,)))[0].outcome == "hold"

    smaller = (*doc.items, Item(-size, frozenset()))
    if not is_held():
        assert not is_held(document=replace(doc, items=smaller))
        assert not is_held(document=replace(doc, paid=doc.paid + size))
        owed_more = (*doc.before, Item(size, EVERYTHING))
        assert not is_held(document=replace(doc, before=owed_more))


def test_p5_a_debtor_over_his_lines_may_shrink_and_not_grow():
    before = (Item(60, EVERYTHING),)
    for amount, outcome in ((59, "pass"), (60, "pass"), (61, "hold")):
        verdict = decide_one(order(amount, before=before), owed=900)
        assert verdict.outcome == outcome


@given(situations(documents()), st.randoms(use_true_random=False))
def test_p7_order_of_items_does_not_matter(case, shuffler):
    def shuffled(parts):
        return tuple(shuffler.sample(parts, len(parts)))

    other = replace(
        case,
        items=shuffled(case.items),
        documents=tuple(
            replace(d, items=shuffled(d.items), before=shuffled(d.before))
            for d in case.documents
        ),
    )
    for verdict, same in zip(decide(case), decide(other), strict=True):
        assert is_same_numbers(verdict, same)


def test_p3_what_passed_counts_for_the_next_and_what_was_held_does_not():
    batch = (order(100, "a"), order(60, "b"), order(50, "c"), order(1, "d"))
    verdicts = decide(situation(STACK, (), batch))
    assert [v.outcome for v in verdicts] == ["pass", "hold", "pass", "hold"]


@given(situations(st.builds(order, st.integers(1, 10**15))))
def test_p3_a_batch_never_exceeds_the_lines_by_more_than_before(case):
    verdicts = decide(case)
    pairs = zip(case.documents, verdicts, strict=True)
    passed = [d.items for d, v in pairs if v.outcome == "pass"]
    start = allocate(case.items, case.lines).uncovered
    assert allocate(sum(passed, case.items), case.lines).uncovered == start


def test_p3_a_held_change_keeps_what_the_document_owed_before():
    change = order(160, "a", before=(Item(90, EVERYTHING),))
    verdicts = decide(situation(STACK, (), (change, order(60, "b"), order(61, "c"))))
    assert [v.outcome for v in verdicts] == ["hold", "pass", "hold"]
    assert verdicts[1].after.demand == 150


@pytest.mark.parametrize("lines", ((), (Line(1, 0), Line(2, 0))))
def test_p6_no_line_with_an_amount_means_no_credit(lines):
    verdict = decide_one(order(1), lines=lines)
    assert (verdict.outcome, codes(verdict)) == ("hold", ["no_credit"])


def test_p6_no_credit_still_ships_what_is_paid_or_owed_to_the_debtor():
    assert decide_one(order(40), owed=-40, lines=()).outcome == "pass"
    assert decide_one(order(40, paid=40), lines=()).outcome == "pass"
    assert decide_one(order(40, paid=39), lines=()).outcome == "hold"


@given(situations(documents()))
def test_p6_a_debtor_who_is_not_managed_passes_and_is_still_measured(case):
    for verdict in decide(replace(case, managed=False)):
        assert (verdict.outcome, verdict.reasons, verdict.ways_out) == ("pass", (), ())
        assert verdict.after.demand == verdict.after.covered + verdict.after.uncovered


def test_p4_observing_warns_with_the_reasons_of_the_hold():
    held = decide_one(order(200))
    seen = decide_one(order(200), observe=True)
    assert (held.outcome, held.observed) == ("hold", False)
    assert (seen.outcome, seen.observed) == ("warn", True)
    assert (seen.reasons, seen.ways_out) == (held.reasons, held.ways_out)


def test_p3_an_observed_hold_counts_for_the_next_document():
    batch = (order(200, "a"), order(1, "b"))
    verdicts = decide(situation(STACK, (), batch, observe=True))
    assert [v.observed for v in verdicts] == [True, True]


@pytest.mark.parametrize(
    "effect, outcome", (("inform", "pass"), ("warn", "warn"), ("hold", "hold"))
)
def test_p9_the_effect_of_the_rule_decides(effect, outcome):
    rules = (Rule(1, "uncovered", effect, threshold=20),)
    assert decide_one(order(170), rules=rules).outcome == "pass"
    verdict = decide_one(order(171), rules=rules)
    assert (verdict.outcome, codes(verdict)) == (outcome, ["uncovered"])
    assert not verdict.observed


def test_p9_two_rules_of_one_kind_give_one_reason_the_strongest():
    rules = (Rule(1, "uncovered", "warn"), Rule(2, "uncovered", "hold", threshold=20))
    assert decide_one(order(160), rules=rules).outcome == "warn"
    verdict = decide_one(order(180), rules=rules)
    assert [(r.code, r.effect, r.values["rule"]) for r in verdict.reasons] == [
        ("uncovered", "hold", 2)
    ]


def released(total=200, **kwargs):
    release = Release(**(dict(key=9, amount=200) | kwargs))
    return decide_one(order(total, release=release))


@pytest.mark.parametrize("until", (None, TODAY, TODAY + timedelta(days=1)))
def test_p10_a_valid_release_passes_and_keeps_the_reasons(until):
    verdict = released(until=until)
    assert (verdict.outcome, verdict.released) == ("pass", True)
    assert codes(verdict) == ["uncovered", "released"]
    assert verdict.reasons[0].effect == "hold"
    assert verdict.ways_out == ()


def test_p10_an_expired_release_says_so_and_holds():
    verdict = released(until=TODAY - timedelta(days=1))
    assert (verdict.outcome, verdict.released) == ("hold", False)
    assert codes(verdict) == ["uncovered", "release_expired"]
    assert verdict.reasons[1].values["until"] == "2026-03-14"


@pytest.mark.parametrize(
    "options, ceiling",
    (
        ({}, 200),
        ({"tolerance": 15}, 215),
        ({"tolerance_bp": 1000}, 220),
        ({"tolerance_bp": 1000, "tolerance": 15}, 220),
        ({"tolerance_bp": 49}, 200),
    ),
)
def test_p10_a_release_holds_up_to_amount_and_larger_tolerance(options, ceiling):
    assert released(ceiling, **options).outcome == "pass"
    verdict = released(ceiling + 1, **options)
    assert codes(verdict) == ["uncovered", "release_exceeded"]
    assert verdict.reasons[1].values["ceiling"] == ceiling


def test_p10_a_released_document_counts_for_the_next():
    release = Release(9, 200)
    batch = (order(200, "a", release=release), order(1, "b"))
    assert [v.outcome for v in decide(situation(STACK, (), batch))] == ["pass", "hold"]


def test_p10_a_release_that_is_not_needed_is_not_used():
    verdict = decide_one(order(10, release=Release(9, 10, until=TODAY)))
    assert (verdict.outcome, verdict.released, verdict.reasons) == ("pass", False, ())


def test_p2_a_rule_nobody_understands_lets_nothing_through():
    rules = (*HOLD, Rule(2, "unheard_of", "hold"))
    with pytest.raises(ValueError, match="unheard_of"):
        decide_one(order(1), rules=rules)


def test_p5_taking_a_credit_back_is_growth():
    before = (Item(-30, frozenset()),)
    verdict = decide_one(Document("d", (), before), owed=180)
    assert (verdict.outcome, verdict.added) == ("hold", 30)


def test_p5_growth_in_another_scope_is_growth():
    lines = (Line(1, 100), Line(2, 0))
    moved = Document("d", (Item(50, frozenset({2})),), (Item(50, frozenset({1})),))
    verdict = decide(situation(lines, (), (moved,)))[0]
    assert (verdict.outcome, verdict.added, verdict.fits) == ("hold", 50, 0)
    assert isinstance(verdict.reasons[0], Reason)
