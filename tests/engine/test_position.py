# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents that are part of the exposure already, and releases that go with goods."""

from datetime import date

import pytest
from engine.position import Claim, Part, Position, StackLine
from engine.scope import Goods, Scope
from engine.situation import Item

TODAY = date(2030, 6, 15)
KEY = ("stock.picking", 7)
ORDER = ("sale.order", 1)
ANY, BOXES = frozenset({1}), frozenset({1, 2})


def make_position(items=(), holds=None, components=("order", "receivable")):
    lines = (
        StackLine(1, 1000, Scope()),
        StackLine(2, 500, Scope(products=frozenset({5}))),
    )
    return Position(
        partner_id=3,
        company_id=1,
        profile_id=None,
        policy={"components": components, "rules": (), "mode": "hold"},
        managed=True,
        lines=lines,
        today=TODAY,
        items=tuple(items),
        goods={5: Goods(product=5)},
        holds=holds or {},
    )


def claim_of(*parts, total=None, sources=()):
    amount = sum(part.amount for part in parts) if total is None else total
    return Claim(3, 1, parts, amount, sources=sources)


def release(amount, percent=0, until="2030-06-30", state="released"):
    return {
        "id": 9,
        "state": state,
        "partner_id": 3,
        "release_until": until,
        "release_amount": amount,
        "release_tolerance": 0,
        "release_tolerance_bp": percent * 100,
    }


def amounts(items):
    return sorted((item.amount, sorted(item.eligible)) for item in items)


def test_goods_are_taken_from_what_the_same_lines_may_carry():
    position = make_position([Item(300, ANY, "order"), Item(300, BOXES, "order")])
    handed = position.hand_out((Part(200, product=5),), "x", "order")
    assert amounts(handed) == [(200, [1, 2])]


def test_the_rest_of_the_component_comes_next_then_anything():
    position = make_position(
        [Item(50, BOXES, "order"), Item(40, ANY, "order"), Item(500, ANY, "receivable")]
    )
    handed = position.hand_out((Part(100, product=5),), "x", "order")
    assert amounts(handed) == [(50, [1]), (50, [1, 2])]


def test_never_more_is_handed_out_than_is_owed():
    position = make_position([Item(30, ANY, "order"), Item(-10, BOXES, "receivable")])
    assert amounts(position.hand_out((Part(100),), "x", "order")) == [(30, [1])]


@pytest.mark.parametrize("amount", [1, 299, 300, 301])
def test_what_is_handed_out_and_the_rest_are_the_whole(amount):
    items = [Item(200, ANY, "order"), Item(100, BOXES, "order"), Item(-50, ANY, "")]
    position = make_position(items)
    handed = position.hand_out((Part(amount),), "x", "order")
    rest = position.situation(handed=handed).items
    whole = sum(item.amount for item in (*handed, *rest))
    assert whole == 250
    assert sum(item.amount for item in handed) == min(amount, 300)


def test_a_component_that_is_not_counted_adds_on_top():
    position = make_position([Item(30, ANY, "order")], components=("receivable",))
    document = position.document(KEY, claim_of(Part(100)), component="order")
    assert amounts(document.items) == [(100, [1])]


def test_only_the_growth_of_a_correction_is_handed_out():
    position = make_position([Item(500, ANY, "order")])
    document = position.document(
        KEY, claim_of(Part(300)), claim_of(Part(200)), component="order"
    )
    assert amounts(document.items) == [(100, [1])]


def test_p10_the_release_of_the_source_counts():
    position = make_position(holds={ORDER: release(1000)})
    claim = claim_of(Part(400), sources=(((ORDER, 1000),),))
    document = position.document(KEY, claim)
    assert (document.release.key, document.total) == (9, 400)


def test_p10_a_source_that_outgrew_its_release_tells_so():
    position = make_position(holds={ORDER: release(1000, percent=5)})
    claim = claim_of(Part(400), sources=(((ORDER, 1051),),))
    document = position.document(KEY, claim)
    assert document.total > document.release.ceiling


def test_p10_all_sources_of_a_group_must_be_released():
    other = ("sale.order", 2)
    group = ((ORDER, 100), (other, 100))
    claim = claim_of(Part(200), sources=(group,))
    one = make_position(holds={ORDER: release(100)})
    both = make_position(holds={ORDER: release(100), other: release(100)})
    assert not one._lets_through(*one._release(KEY, claim))
    assert both._lets_through(*both._release(KEY, claim))


def test_p10_any_group_will_do_and_the_own_release_first():
    parent = ("stock.picking", 6)
    claim = claim_of(Part(200), sources=(((ORDER, 999),), ((parent, 500),)))
    position = make_position(holds={parent: release(500)})
    assert position.document(KEY, claim).release.amount == 500
    position = make_position(holds={parent: release(500), KEY: release(200)})
    assert position.document(KEY, claim).release.amount == 200


@pytest.mark.parametrize(
    "hold",
    [
        release(1000, until="2030-06-14"),
        release(1000, state="open"),
        {**release(1000), "partner_id": 4},
    ],
)
def test_p10_a_release_that_is_none_any_more_lets_nothing_through(hold):
    position = make_position(holds={ORDER: hold})
    claim = claim_of(Part(400), sources=(((ORDER, 1000),),))
    assert not position._lets_through(*position._release(KEY, claim))


def test_a_release_of_the_last_day_counts():
    position = make_position(holds={KEY: release(400, until="2030-06-15")})
    assert position._lets_through(*position._release(KEY, claim_of(Part(400))))
