# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P9: each way out works when it is carried out."""

from dataclasses import replace

import pytest
from engine import Document, Item, Line, Release, Rule, decide
from engine_cases import EVERYTHING, documents, items, situation, stacks, total, ways
from hypothesis import assume, given, settings


def widened(parts):
    """Let every item use one more line, the one that was asked for."""
    return tuple(replace(item, eligible=item.eligible | {99}) for item in parts)


def pay_deposit(case, document, way):
    paid = replace(document, paid=document.paid + way.amount)
    return replace(case, documents=(paid,))


def ship_part(case, document, way):
    kept = tuple(map(Item.from_json, way.values["items"]))
    assert total(kept) - total(document.before) == way.amount
    return replace(case, documents=(replace(document, items=kept, paid=0),))


def pay_open(case, document, way):
    left = list(case.items)
    for paid in map(Item.from_json, way.values["items"]):
        index = next(
            n
            for n, item in enumerate(left)
            if item.eligible == paid.eligible and item.amount >= paid.amount
        )
        left[index] = replace(left[index], amount=left[index].amount - paid.amount)
    assert total(case.items) - total(left) == way.amount
    return replace(case, items=tuple(left))


def pay_on_account(case, document, way):
    return replace(case, items=(*case.items, Item(-way.amount, frozenset())))


def get_line(case, document, way):
    return replace(
        case,
        lines=(*case.lines, Line(99, way.amount)),
        items=widened(case.items),
        documents=(
            replace(
                document, items=widened(document.items), before=widened(document.before)
            ),
        ),
    )


def get_release(case, document, way):
    release = Release(1, max(way.values["total"], 0))
    return replace(case, documents=(replace(document, release=release),))


CARRY_OUT = {
    "deposit": (pay_deposit,),
    "ship_part": (ship_part,),
    "pay_open": (pay_open, pay_on_account),
    "ask_more": (get_line,),
    "release": (get_release,),
}


@given(stacks, items(), documents())
@settings(max_examples=800)
def test_p9_every_way_out_works(lines, owed, document):
    case = situation(lines, owed, (document,))
    verdict = decide(case)[0]
    assume(verdict.outcome == "hold")
    for way in verdict.ways_out:
        assert way.amount > 0
        for carry_out in CARRY_OUT[way.code]:
            assert decide(carry_out(case, document, way))[0].outcome == "pass", way


@given(stacks, items(), items(credits=False, max_size=3))
@settings(max_examples=500)
def test_p9_less_than_proposed_is_not_enough(lines, owed, parts):
    document = Document("d", parts, total=total(parts))
    case = situation(lines, owed, (document,))
    verdict = decide(case)[0]
    assume(verdict.outcome == "hold")
    for way in verdict.ways_out:
        less = replace(way, amount=way.amount - 1)
        if way.code == "deposit":
            assert decide(pay_deposit(case, document, less))[0].outcome == "hold"
        elif way.code == "pay_open":
            assert decide(pay_on_account(case, document, less))[0].outcome == "hold"
        elif way.code == "ask_more":
            assert decide(get_line(case, document, less))[0].outcome == "hold"


@given(stacks, items(), items(credits=False, max_size=3))
def test_p9_a_held_order_always_has_a_deposit_and_a_release(lines, owed, parts):
    document = Document("d", parts, total=total(parts))
    verdict = decide(situation(lines, owed, (document,)))[0]
    assume(verdict.outcome == "hold")
    assert {"deposit", "ask_more", "release"} <= set(ways(verdict))
    assert verdict.fits + verdict.added == total(parts)


def order(amount):
    return Document("d", (Item(amount, EVERYTHING),), total=amount)


def held_ways(owed, limit, amount, **kwargs):
    open_items = (Item(owed, EVERYTHING),)
    lines = (Line(1, limit),)
    return ways(decide(situation(lines, open_items, (order(amount),), **kwargs))[0])


def test_p9_within_the_lines_everything_is_the_added_amount():
    assert held_ways(owed=80, limit=100, amount=50) == {
        "deposit": 30,
        "ship_part": 20,
        "pay_open": 30,
        "ask_more": 30,
        "release": 30,
    }


def test_p9_a_debtor_already_over_has_to_pay_that_as_well():
    assert held_ways(owed=130, limit=100, amount=50) == {
        "deposit": 50,
        "pay_open": 80,
        "ask_more": 80,
        "release": 50,
    }


@pytest.mark.parametrize("owed, limit", ((10, 0), (10, 49)))
def test_p9_paying_is_not_proposed_when_the_order_alone_is_too_large(owed, limit):
    assert "pay_open" not in held_ways(owed, limit, amount=50)


def test_p9_credits_of_the_same_batch_count_before_paying_is_proposed():
    refund = Document("a", (Item(-30, frozenset()),))
    open_items = (Item(40, EVERYTHING),)
    batch = (refund, order(50))
    verdicts = decide(situation((Line(1, 20),), open_items, batch))
    assert [verdict.outcome for verdict in verdicts] == ["pass", "hold"]
    assert ways(verdicts[1])["pay_open"] == 40


def test_p9_no_deposit_is_proposed_beyond_what_the_document_owes():
    parts = (Item(50, EVERYTHING), Item(-30, EVERYTHING))
    document = Document("d", parts, before=(Item(-40, EVERYTHING),), total=20)
    verdict = decide(situation((), (Item(10, EVERYTHING),), (document,)))[0]
    assert verdict.added == 30
    assert "deposit" not in ways(verdict)


def test_p9_a_part_names_what_to_keep():
    lines = (Line(1, 100), Line(2, 5))
    parts = (Item(90, frozenset({1}), "own"), Item(30, frozenset({2}), "vendor"))
    verdict = decide(situation(lines, (), (Document("d", parts, total=120),)))[0]
    (part,) = (way for way in verdict.ways_out if way.code == "ship_part")
    assert [(i["label"], i["amount"]) for i in part.values["items"]] == [
        ("own", 90),
        ("vendor", 5),
    ]


def test_p9_a_warning_shows_the_ways_out_but_needs_no_release():
    found = held_ways(80, 100, 50, rules=(Rule(1, "uncovered", "warn"),))
    assert set(found) == {"deposit", "ship_part", "pay_open", "ask_more"}


def test_p9_an_observed_hold_shows_the_release_it_would_have_needed():
    assert held_ways(80, 100, 50, observe=True)["release"] == 30
