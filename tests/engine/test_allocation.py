# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P8: what fits on the lines is exact, whatever the scopes."""

import random

import pytest
from engine import Allocation, Item, Line, allocate, available, room
from engine.network import Network
from engine_cases import (
    EVERYTHING,
    eligibles,
    enumerated_usage,
    graph_cover,
    items,
    stacks,
    total,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

tiny = st.integers(0, 3)
tiny_stacks = st.lists(tiny, max_size=4).map(
    lambda sizes: tuple(Line(key, size) for key, size in enumerate(sizes, 1))
)


def test_p8_example_moves_debts_between_scoped_lines():
    lines = (Line(7, 100), Line(3, 50), Line(5, 0))
    owed = (
        Item(80, frozenset({7, 3})),
        Item(100, frozenset({7})),
        Item(-10, frozenset()),
    )
    assert allocate(owed, lines) == Allocation({7: 100, 3: 50, 5: 0}, 160, 20, 180, 10)


@given(items(), stacks)
@example((Item(5, frozenset()),), ())
@example((), ())
def test_p8_covered_is_the_maximum_flow(owed, lines):
    assert allocate(owed, lines).covered == graph_cover(owed, lines)


@given(items(), stacks)
def test_p8_each_line_is_as_full_as_the_earlier_ones_allow(owed, lines):
    result = allocate(owed, lines)
    for count in range(len(lines) + 1):
        used = result.credit_used + sum(list(result.used.values())[:count])
        assert used == graph_cover(owed, lines[:count])


@given(items(max_size=4, sizes=tiny), tiny_stacks)
@settings(max_examples=200)
def test_p8_usage_is_the_best_of_all_placements(owed, lines):
    result = allocate(owed, lines)
    assert (result.credit_used, *result.used.values()) == enumerated_usage(owed, lines)


@given(items(), stacks)
def test_p8_nothing_is_lost(owed, lines):
    result = allocate(owed, lines)
    assert result.covered + result.uncovered == result.demand
    assert result.demand - result.credit == total(owed) == result.net
    assert list(result.used) == [line.key for line in lines]
    assert all(0 <= result.used[line.key] <= line.amount for line in lines)
    assert 0 <= result.credit_used <= result.credit


@given(items(), stacks)
def test_p8_every_placement_is_allowed_and_adds_up(owed, lines):
    network = Network(lines).plus(owed)
    placed = {mask: network.unmet.get(mask, 0) for mask in network.demand}
    for index, place in enumerate(network.flow):
        assert all(mask >> index & 1 and amount > 0 for mask, amount in place.items())
        assert sum(place.values()) == network.size[index] - network.free[index]
        for mask, amount in place.items():
            placed[mask] += amount
    assert placed == network.demand


@given(items(), items(), stacks)
def test_p8_adding_later_gives_the_same_as_all_at_once(owed, more, lines):
    step = Network(lines).plus(owed).plus(more)
    assert step.allocation() == allocate(owed + more, lines)


@given(items(), stacks, st.randoms(use_true_random=False))
def test_p8_order_of_items_does_not_matter(owed, lines, shuffler):
    shuffled = list(owed)
    shuffler.shuffle(shuffled)
    assert allocate(shuffled, lines) == allocate(owed, lines)


@given(items(), stacks, st.integers(0, 10**15), eligibles)
def test_p8_splitting_an_item_changes_nothing(owed, lines, cut, eligible):
    whole = Item(10**15, eligible)
    parts = (Item(cut, eligible), Item(10**15 - cut, eligible))
    assert allocate((*owed, whole), lines) == allocate((*owed, *parts), lines)


@given(items(), stacks, eligibles)
def test_p8_room_is_exactly_what_still_fits(owed, lines, eligible):
    fits = room(owed, lines, eligible)
    uncovered = allocate(owed, lines).uncovered
    assert allocate((*owed, Item(fits, eligible)), lines).uncovered == uncovered
    assert allocate((*owed, Item(fits + 1, eligible)), lines).uncovered == uncovered + 1


@given(items(), stacks, eligibles)
def test_p8_available_is_the_room_or_what_is_over(owed, lines, eligible):
    fits = room(owed, lines, eligible)
    over = allocate(owed, lines).uncovered
    assert available(owed, lines, eligible) == (fits or -over)


@given(st.lists(st.integers(-(10**15), 10**15)), stacks)
def test_p8_available_is_limit_less_exposure_without_scopes(sizes, lines):
    owed = [Item(size, EVERYTHING) for size in sizes]
    limit = sum(line.amount for line in lines)
    assert available(owed, lines, EVERYTHING) == limit - total(owed)


def test_p8_room_may_exist_on_another_line_while_the_debtor_is_over():
    lines = (Line(1, 100), Line(2, 40))
    owed = (Item(150, frozenset({1})),)
    assert available(owed, lines, frozenset({1})) == -50
    assert available(owed, lines, frozenset({1, 2})) == 40
    assert room(owed, lines, frozenset({1})) == 0


@pytest.mark.parametrize("bad", (1.0, True, "1", None))
def test_p8_only_whole_cents_are_accepted(bad):
    with pytest.raises(TypeError):
        Item(bad, EVERYTHING)
    with pytest.raises(TypeError):
        Line(1, bad)


def test_p6_a_line_is_never_negative_and_never_twice():
    with pytest.raises(ValueError, match="at least 0"):
        Line(1, -1)
    with pytest.raises(ValueError, match="same key"):
        allocate((), (Line(1, 5), Line(1, 6)))


def _count_searches(monkeypatch, owed, lines):
    searches = []
    search = Network._path
    monkeypatch.setattr(
        Network,
        "_path",
        lambda self, index: searches.append(index) or search(self, index),
    )
    covered = allocate(owed, lines).covered
    monkeypatch.undo()
    assert covered == graph_cover(owed, lines)
    return len(searches)


@pytest.mark.parametrize("size", (50, 2_000, 9_000, 40_000))
def test_p3_few_searches_while_the_lock_is_held(monkeypatch, size):
    dice = random.Random(size)
    lines = [Line(key, dice.randrange(size, 3 * size)) for key in range(1, 9)]
    owed = [
        Item(
            dice.randrange(1, 500),
            frozenset(dice.sample(range(1, 9), dice.randrange(5))),
        )
        for _ in range(300)
    ]
    # one search per line at least; each further one shifts debts of many groups
    assert _count_searches(monkeypatch, owed, lines) <= 4 * len(lines)


def test_p3_one_search_per_line_without_scopes(monkeypatch):
    lines = [Line(key, 100) for key in range(1, 9)]
    owed = [Item(7, frozenset(range(1, 9))) for _ in range(1000)]
    assert _count_searches(monkeypatch, owed, lines) == len(lines)


def test_p3_a_long_chain_of_scopes_needs_no_recursion(monkeypatch):
    count = 400
    lines = [Line(key, 1) for key in range(1, count + 1)]
    owed = [Item(1, frozenset({key, key + 1})) for key in range(1, count)]
    owed.append(Item(1, frozenset({1})))
    assert _count_searches(monkeypatch, owed, lines) <= 2 * count
    assert allocate(owed, lines).uncovered == 0
