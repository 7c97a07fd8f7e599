# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P3, no race: who comes while another is at the gate waits, and then counts him."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import inside
import pytest
from steps import END, GATE, MEASURE, UNIT, Light

DEADLINE = 30


@pytest.fixture
def debtors(registry):
    with registry.cursor() as cr:
        return inside.new_debtors(inside.environment(cr), 1000, 2, count=2)


@contextmanager
def begun(registry, debtor, order):
    session = Light(registry, debtor, order)
    session.step(MEASURE, True)
    try:
        yield session
    finally:
        session.close()


def is_waiting(registry):
    with registry.cursor() as cr:
        cr.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND wait_event = 'advisory'"
        )
        return bool(cr.fetchone()[0])


def test_p3_who_comes_second_waits_and_counts_the_first(registry, debtors):
    debtor, orders = debtors[0]
    with begun(registry, debtor, orders[0]) as first:
        with begun(registry, debtor, orders[1]) as second:
            other = threading.Thread(target=second.step, args=(GATE, True))
            eligible = first.positions[debtor].eligible()
            reservation = first.env["credit.reservation"]
            with reservation._locked(first.env.company, [debtor]) as desk:
                other.start()
                deadline = time.monotonic() + DEADLINE
                while not (waits := is_waiting(registry)):
                    assert other.is_alive() and time.monotonic() < deadline
                desk.reserve(debtor, eligible, UNIT)
            other.join(DEADLINE)
            assert waits and not other.is_alive()
            assert second.accepted is False


def test_p3_another_debtor_does_not_wait(registry, debtors):
    (debtor, orders), (stranger, strange_orders) = debtors
    with begun(registry, debtor, orders[0]) as first:
        with begun(registry, stranger, strange_orders[0]) as second:
            reservation = first.env["credit.reservation"]
            with reservation._locked(first.env.company, [debtor]):
                other = threading.Thread(target=second.step, args=(GATE, True))
                other.start()
                other.join(DEADLINE)
                assert not other.is_alive()
            assert second.accepted


def test_p3_the_gate_is_free_while_the_first_has_not_ended(registry, debtors):
    debtor, orders = debtors[0]
    with begun(registry, debtor, orders[0]) as first:
        first.step(GATE, True)
        with begun(registry, debtor, orders[1]) as second:
            other = threading.Thread(target=second.step, args=(GATE, True))
            other.start()
            other.join(DEADLINE)
            assert not other.is_alive()
            assert second.accepted is False
        first.step(END, False)


def test_p3_batches_in_any_order_never_block_each_other(registry):
    """Sixteen debtors' locks, taken in different orders by four threads at once."""

    def enter(seed):
        chance = random.Random(seed)
        numbers = list(range(10**6, 10**6 + 16))
        for _round in range(25):
            chance.shuffle(numbers)
            with registry.cursor() as cr:
                env = inside.environment(cr)
                with env["credit.reservation"]._locked(env.company, numbers):
                    entered.append(seed)

    entered = []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(enter, range(4)))
    assert len(entered) == 100
