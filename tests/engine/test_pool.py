# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A shared limit: checked with the members' own lines."""

from datetime import date

import pytest
from engine import Document, Item, Line, Pool, Situation, decide, replay

EVERY = frozenset({1})


def decide_one(pool, partner, amount, owed=0, before=0, line=10_000):
    items = (Item(owed, EVERY),) if owed else ()
    document = Document(
        "order,1",
        (Item(amount, EVERY),),
        (Item(before, EVERY),) if before else (),
        total=amount,
        checkpoint="confirmation",
    )
    situation = Situation(
        lines=(Line(1, line),),
        items=items,
        documents=(document,),
        rules=(pool.rule,),
        managed=True,
        observe=False,
        today=date(2030, 1, 1),
        facts=pool.facts(partner),
    )
    (verdict,) = decide(situation)
    assert replay(situation.to_json()) == (verdict,)
    return situation, verdict


@pytest.mark.parametrize(
    ("others", "owed", "amount", "added"),
    [
        (0, 0, 1000, 0),
        (0, 0, 1001, 1),
        (600, 0, 400, 0),
        (600, 0, 401, 1),
        (600, 300, 100, 0),
        (600, 300, 150, 50),
        (2000, 0, 10, 10),
        (-500, 0, 1000, 0),
        (-500, 0, 1001, 1),
        (600, -200, 600, 0),
        (600, -200, 601, 1),
    ],
)
def test_what_goes_beyond_is_held(others, owed, amount, added):
    pool = Pool(7, "Dupont", 1000, {1: owed, 2: others})
    _situation, verdict = decide_one(pool, 1, amount, owed)
    assert verdict.outcome == ("hold" if added else "pass")
    assert [reason.values["added"] for reason in verdict.reasons] == [added] * bool(
        added
    )


def test_each_way_out_works():
    pool = Pool(7, "Dupont", 1000, {1: 0, 2: 900})
    _situation, verdict = decide_one(pool, 1, 300)
    ways = {way.code: way.amount for way in verdict.ways_out}
    assert ways["deposit"] == ways["group_pay"] == 200
    pool.owed[2] -= ways["group_pay"]
    assert decide_one(pool, 1, 300)[1].outcome == "pass"


def test_who_is_decided_first_counts_for_the_next():
    pool = Pool(7, "Dupont", 1000, {1: 0, 2: 0})
    judged = decide_one(pool, 1, 800)
    pool.settle(1, [judged], [None])
    assert decide_one(pool, 2, 300)[1].outcome == "hold"
    pool.settle(2, [decide_one(pool, 2, 300)], [None])
    assert pool.owed == {1: 800, 2: 0}
    assert decide_one(pool, 2, 200)[1].outcome == "pass"


def test_what_is_in_flight_counts_for_members_only():
    pool = Pool(7, "Dupont", 1000, {1: 0, 2: 100})
    pool.add({2: [Item(50, EVERY), Item(25, EVERY)], 9: [Item(999, EVERY)]})
    assert pool.owed == {1: 0, 2: 175}
