# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P3, no race: every order in which transactions can pass the gate, one step at a time.

A transaction has three steps: take its snapshot and measure; pass the gate and write;
commit or roll back. Three of them can be interleaved in 1,680 ways and end in 8: 13,440
runs. They differ by their names only, which leaves 280 ways, and who is held can only
roll back: 742 runs cover all. CREDIT_ALL_INTERLEAVINGS=1 plays each of the 13,440.
"""

import itertools
import os
import random
from collections import Counter

import inside
import psycopg2
import pytest
from steps import END, GATE, MEASURE, Light, Whole


def predict(order, commits, fits):
    """Say whom the gate must let through, and what stands at the end.

    Held is who comes when ``fits`` others were accepted and did not roll back; nobody
    else. In particular the first at the gate never is.

    :param order: numbers of sessions, one for each step
    :return: (dict of number -> accepted, set of the numbers that committed)
    """
    accepted, alive, steps = {}, set(), Counter()
    for number in order:
        if steps[number] == GATE:
            accepted[number] = len(alive) < fits
            if accepted[number]:
                alive.add(number)
        elif steps[number] == END and not commits[number]:
            alive.discard(number)
        steps[number] += 1
    return accepted, alive


def play(sessions, order, commits, fits):
    """Run the steps in an order and compare each answer of the gate.

    :return: how many documents must stand
    """
    accepted, alive = predict(order, commits, fits)
    steps = Counter()
    for number in order:
        sessions[number].step(steps[number], commits[number])
        steps[number] += 1
        if steps[number] == END:
            answer = sessions[number].accepted
            assert answer == accepted[number], (order, commits, number)
    assert len(alive) <= fits
    return len(alive)


def play_light(registry, debtor, orders, order, commits, fits):
    sessions = [Light(registry, debtor, record) for record in orders]
    try:
        stands = play(sessions, order, commits, fits)
        assert count_confirmed(registry, orders) == stands
    finally:
        for session in sessions:
            session.close()
        reset(registry, orders)


def count_confirmed(registry, orders):
    with registry.cursor() as cr:
        cr.execute(
            "SELECT COUNT(*) FROM sale_order WHERE state = 'sale' AND id = ANY(%s)",
            [list(orders)],
        )
        return cr.fetchone()[0]


def reset(registry, orders):
    with registry.cursor() as cr:
        cr.execute(
            "UPDATE sale_order SET state = 'draft', credit_open_company = 0"
            " WHERE state = 'sale' AND id = ANY(%s)",
            [list(orders)],
        )
        cr.execute("DELETE FROM credit_reservation")


def new_debtor(registry, limit, orders):
    with registry.cursor() as cr:
        return inside.new_debtors(inside.environment(cr), limit, orders)[0]


def all_runs():
    """Yield every (order, commits) of three sessions of three steps."""
    ends = list(itertools.product((True, False), repeat=3))
    for order in sorted(set(itertools.permutations([0, 0, 0, 1, 1, 1, 2, 2, 2]))):
        for commits in ends:
            yield order, commits


def different_runs():
    """Yield one of all runs that are the same but for names or ends that cannot be."""
    for order, commits in all_runs():
        first = [order.index(number) for number in range(3)]
        accepted, _alive = predict(order, commits, fits=1)
        possible = all(accepted[n] or not commits[n] for n in range(3))
        if first == sorted(first) and possible:
            yield order, commits


def test_p3_all_interleavings_of_three_keep_a_limit_for_one(registry):
    everything = bool(os.environ.get("CREDIT_ALL_INTERLEAVINGS"))
    debtor, records = new_debtor(registry, 1000, 3)
    runs = list(all_runs() if everything else different_runs())
    assert len(runs) == (13_440 if everything else 742)
    for order, commits in runs:
        play_light(registry, debtor, records, order, commits, fits=1)


@pytest.mark.parametrize("fits", [1, 3])
def test_p3_random_interleavings_of_five(registry, fits):
    chance = random.Random(5 + fits)
    debtor, records = new_debtor(registry, 1000 * fits, 5)
    for _run in range(60):
        order = [number for number in range(5) for _step in range(3)]
        chance.shuffle(order)
        commits = [chance.random() < 0.6 for _number in range(5)]
        play_light(registry, debtor, records, order, commits, fits)


def test_p3_random_interleavings_of_whole_confirmations(registry):
    chance = random.Random(3)
    with registry.cursor() as cr:
        debtors = inside.new_debtors(inside.environment(cr), 1000, 3, count=20)
    for debtor, records in debtors:
        order = [0, 0, 0, 1, 1, 1, 2, 2, 2]
        chance.shuffle(order)
        commits = [chance.random() < 0.6 for _number in range(3)]
        sessions = [Whole(registry, debtor, record) for record in records]
        try:
            stands = play(sessions, order, commits, fits=1)
        finally:
            for session in sessions:
                session.close()
        assert count_confirmed(registry, records) == stands


def test_p3_killed_session_leaves_no_reservation_behind(registry):
    debtor, records = new_debtor(registry, 1000, 3)
    first, second, third = (Light(registry, debtor, record) for record in records)
    for session in (first, second, third):
        session.step(MEASURE, True)
    first.step(GATE, True)
    second.step(GATE, True)
    assert (first.accepted, second.accepted) == (True, False)
    kill(registry, first)
    third.step(GATE, True)
    third.step(END, True)
    second.step(END, False)
    assert third.accepted
    assert count_confirmed(registry, records) == 1


def kill(registry, session):
    """Let a connection break, as when a server process dies."""
    process = session.cr._cnx.info.backend_pid
    with registry.cursor() as cr:
        cr.execute("SELECT pg_terminate_backend(%s, 10000)", [process])
        assert cr.fetchone()[0]
    with pytest.raises(psycopg2.OperationalError):
        session.close()
