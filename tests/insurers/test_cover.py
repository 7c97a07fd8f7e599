# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The cover in force on any day, whatever order decisions arrive in."""

import random
from datetime import date, timedelta

import pytest
from insurance_engine.cover import (
    END,
    GRANT,
    SUPERSEDE,
    Ruling,
    combine,
    get_counting,
    get_cover,
    get_spans,
    share_out,
)

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))


def ruling(key, effect, decided, amount=0, **values):
    given = {
        "cover": "C1",
        "layer": "primary",
        "order": (),
        "effective": decided,
        **values,
    }
    return Ruling(key=key, effect=effect, decided=decided, amount=amount, **given)


def cover(rulings, day, discretionary=0):
    return get_cover(get_spans(rulings), day, discretionary)


def test_p12_a_cut_bites_from_its_effective_date_on():
    told = [
        ruling(1, GRANT, JAN, 100),
        ruling(2, GRANT, FEB, 40, effective=MAR),
    ]
    assert cover(told, JAN - timedelta(1)) == 0
    assert cover(told, FEB) == 100
    assert cover(told, MAR - timedelta(1)) == 100
    assert cover(told, MAR) == 40


def test_p12_the_order_of_arrival_does_not_matter():
    told = [
        ruling(1, GRANT, JAN, 100),
        ruling(2, GRANT, FEB, 60, expires=MAR),
        ruling(3, END, MAR, effective=APR),
        ruling(4, GRANT, JAN, 30, layer="topup", cover="T", expires=FEB),
        ruling(5, GRANT, FEB, 80, cover="C2", order=(1,)),
    ]
    expected = get_spans(told)
    dice = random.Random(7)
    for _try in range(50):
        dice.shuffle(told)
        assert get_spans(told) == expected


def test_the_end_of_an_old_cover_spares_the_one_that_took_its_place():
    told = [
        ruling(1, GRANT, JAN, 100),
        ruling(2, GRANT, FEB, 150, cover="C2"),
        ruling(3, SUPERSEDE, FEB, order=(1,)),
        ruling(4, END, MAR),
    ]
    assert cover(told, APR) == 150


def test_p12_the_end_of_an_unknown_cover_ends_the_layer():
    told = [ruling(1, GRANT, JAN, 100), ruling(2, END, FEB, cover="other")]
    assert cover(told, FEB) == 0


def test_a_superseded_cover_that_nobody_knows_changes_nothing():
    told = [ruling(1, GRANT, JAN, 100), ruling(2, SUPERSEDE, FEB, cover="other")]
    assert cover(told, FEB) == 100


def test_layers_add_up_and_end_by_themselves():
    told = [
        ruling(1, GRANT, JAN, 100),
        ruling(2, GRANT, JAN, 50, layer="temporary", cover="T", expires=FEB),
        ruling(3, GRANT, FEB, 25, layer="topup", cover="U"),
    ]
    assert [cover(told, day) for day in (JAN, FEB, FEB + timedelta(1))] == [
        150,
        175,
        125,
    ]


@pytest.mark.parametrize("effect", [GRANT, END])
def test_any_decision_displaces_the_discretionary_cover(effect):
    told = [ruling(1, effect, FEB, 0)]
    assert cover(told, JAN, discretionary=10) == 10
    assert cover(told, FEB, discretionary=10) == 0


def test_an_expired_cover_does_not_fall_back_to_discretionary():
    told = [ruling(1, GRANT, JAN, 100, expires=FEB)]
    assert cover(told, MAR, discretionary=10) == 0


def test_p6_no_decision_is_not_a_decision_of_zero():
    assert get_spans([]) == []
    assert [span.amount for span in get_spans([ruling(1, END, JAN)])] == [0]


def test_what_gives_credit_from_today_on():
    told = [
        ruling(1, GRANT, JAN, 100),
        ruling(2, GRANT, JAN, 40, effective=MAR),
        ruling(3, GRANT, JAN, 9, layer="temporary", cover="T", expires=JAN),
    ]
    counting = get_counting(get_spans(told), FEB)
    assert [(s.amount, s.start, s.end) for s in counting] == [
        (100, JAN, MAR - timedelta(1)),
        (40, MAR, None),
    ]


def test_discretionary_runs_until_the_first_decision():
    told = [ruling(1, END, JAN, effective=MAR)]
    counting = get_counting(get_spans(told), FEB, discretionary=10)
    assert [(s.layer, s.amount, s.end) for s in counting] == [
        ("primary", 0, None),
        ("discretionary", 10, MAR - timedelta(1)),
    ]


def test_discretionary_cover_begins_on_its_day():
    assert [get_cover([], day, 10, begins=FEB) for day in (JAN, FEB)] == [0, 10]
    [span] = get_counting([], JAN, 10, begins=FEB)
    assert (span.amount, span.start) == (10, FEB)


def test_spans_and_cover_agree_on_every_day():
    dice = random.Random(11)
    days = [JAN + timedelta(offset) for offset in range(60)]
    for _try in range(200):
        told = [
            ruling(
                key,
                dice.choice([GRANT, GRANT, END, SUPERSEDE]),
                dice.choice(days[:40]),
                dice.randrange(5) * 10,
                cover=dice.choice("AB"),
                layer=dice.choice(["primary", "topup", "discretionary"]),
                effective=dice.choice(days),
                expires=dice.choice([None, None, dice.choice(days)]),
            )
            for key in range(6)
        ]
        spans = get_spans(told)
        own = dice.choice([0, 7])
        begins = dice.choice([None, *days])
        for day in days:
            counting = get_counting(spans, day, own, begins)
            counted = sum(span.amount for span in counting if span.holds(day))
            assert counted == get_cover(spans, day, own, begins)


def test_one_cover_for_several_customer_files_is_never_multiplied():
    dice = random.Random(5)
    for _try in range(500):
        wants = [dice.randrange(-20, 200) for _file in range(dice.randrange(1, 6))]
        amount = dice.randrange(0, 400)
        wanted = [dice.randrange(-20, 200) for _file in wants]
        held = [dice.randrange(100) for _file in wants]
        more = dice.choice([(), (wanted,), (wanted, held)])
        parts = share_out(amount, wants, *more)
        assert sum(parts) == amount
        assert min(parts) >= 0
        if sum(max(want, 0) for want in wants) <= amount:
            assert all(p >= w for p, w in zip(parts, wants, strict=True))


@pytest.mark.parametrize(
    "mode, total",
    [("sum", 190), ("insured", 100), ("greater", 100)],
)
def test_insured_and_own_parts_together(mode, total):
    assert 100 + sum(combine(mode, 100, [60, 30])) == total


def test_the_greater_of_the_two_is_own_when_own_is_greater():
    assert combine("greater", 70, [60, 30]) == [0, 20]


def test_what_is_owed_is_covered_before_what_is_wanted():
    assert share_out(100, [10, 60], [0, 50]) == [10, 90]
    assert share_out(100, [10, 60], [50, 50]) == [25, 75]


def test_cover_moves_only_where_it_is_needed():
    assert share_out(100, [0, 0], [0, 40], [100, 0]) == [60, 40]
    assert share_out(100, [0, 0], [0, 0], [60, 40]) == [60, 40]
    assert share_out(120, [0, 0], [0, 0], [60, 40]) == [80, 40]
    assert share_out(50, [0, 0], [0, 0], [60, 40]) == [30, 20]
