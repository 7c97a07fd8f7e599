# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random situations and independent answers to compare with."""

from datetime import date

import networkx
from engine import Document, Item, Line, Rule, Situation
from hypothesis import strategies as st

TODAY = date(2026, 3, 15)
HOLD = (Rule(1, "uncovered", "hold"),)
EVERYTHING = frozenset(range(1, 6))

# Small and huge amounts: ties and zeros on the one hand, no rounding on the other.
amounts = st.one_of(st.integers(0, 12), st.integers(0, 10**15))
eligibles = st.one_of(st.just(EVERYTHING), st.frozensets(st.integers(1, 6), max_size=4))
stacks = st.lists(amounts, max_size=5).map(
    lambda sizes: tuple(Line(key, size) for key, size in enumerate(sizes, 1))
)


def items(credits=True, max_size=7, sizes=amounts):
    signs = st.sampled_from((1, 1, 1, -1) if credits else (1,))
    item = st.builds(
        lambda size, sign, eligible: Item(size * sign, eligible, "receivable"),
        sizes,
        signs,
        eligibles,
    )
    return st.lists(item, max_size=max_size).map(tuple)


def documents(**kwargs):
    return st.builds(
        lambda after, before, paid: Document(
            "d", after, before, total=total(after), paid=paid
        ),
        items(max_size=3),
        st.one_of(st.just(()), items(max_size=3)),
        st.one_of(st.just(0), amounts),
        **kwargs,
    )


def situations(documents):
    batches = st.lists(documents, min_size=1, max_size=3)
    return st.builds(situation, stacks, items(), batches)


def situation(lines=(), items=(), documents=(), **kwargs):
    options = dict(rules=HOLD, managed=True, observe=False, today=TODAY)
    return Situation(tuple(lines), tuple(items), tuple(documents), **(options | kwargs))


def total(parts):
    return sum(item.amount for item in parts)


def is_same_numbers(verdict, other):
    """Whether two verdicts agree on everything but the choice of items."""
    return (
        verdict.outcome == other.outcome
        and verdict.reasons == other.reasons
        and verdict.fits == other.fits
        and verdict.before == other.before
        and verdict.after == other.after
        and ways(verdict) == ways(other)
    )


def ways(verdict):
    return {way.code: way.amount for way in verdict.ways_out}


def graph_cover(parts, lines):
    """Return the maximum flow of the same case, computed by networkx."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(("source", "sink"))
    graph.add_edge("credit", "sink", capacity=-sum(min(i.amount, 0) for i in parts))
    for line in lines:
        graph.add_edge(("line", line.key), "sink", capacity=line.amount)
    keys = {line.key for line in lines}
    for index, item in enumerate(parts):
        if item.amount > 0:
            graph.add_edge("source", index, capacity=item.amount)
            graph.add_edge(index, "credit")
            for key in item.eligible & keys:
                graph.add_edge(index, ("line", key))
    return networkx.maximum_flow_value(graph, "source", "sink")


def enumerated_usage(parts, lines):
    """Return the best usage of credits and lines by trying all placements."""
    sizes = [-sum(min(i.amount, 0) for i in parts), *(line.amount for line in lines)]
    states = {(0,) * len(sizes)}
    for item in parts:
        usable = (n for n, line in enumerate(lines, 1) if line.key in item.eligible)
        places = [0, *usable]
        for _unit in range(max(item.amount, 0)):
            states |= {
                (*used[:place], used[place] + 1, *used[place + 1 :])
                for used in states
                for place in places
                if used[place] < sizes[place]
            }
    return max(states, key=lambda used: (sum(used), used))
