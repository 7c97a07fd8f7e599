# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P3, no race: members of one group confirm at once, each within its own lines."""

import random
import threading

import inside
import pytest
from steps import GATE, Light, Whole
from test_p3_interleavings import count_confirmed, different_runs, play, reset
from test_p3_lock import DEADLINE, begun


def new_group(registry, shared, members=3):
    """Debtors with a large line each and one shared limit.

    :return: list of (debtor, id of one order of 1,000)
    """
    with registry.cursor() as cr:
        env = inside.environment(cr)
        found = inside.new_debtors(env, 100_000, 1, count=members)
        profiles = env["credit.profile"].search(
            [("partner_id", "in", [debtor for debtor, _orders in found])]
        )
        env["credit.group"].create(
            {
                "name": "Group",
                "amount": shared,
                "profile_ids": [(6, 0, profiles.ids)],
            }
        )
        return [(debtor, orders[0]) for debtor, orders in found]


def play_members(registry, kind, members, order, commits, fits):
    sessions = [kind(registry, debtor, record) for debtor, record in members]
    records = [record for _debtor, record in members]
    try:
        stands = play(sessions, order, commits, fits)
    finally:
        for session in sessions:
            session.close()
    assert count_confirmed(registry, records) == stands


def test_p3_interleavings_of_three_members_keep_the_shared_limit(registry):
    members = new_group(registry, 1000)
    runs = list(different_runs())
    random.Random(8).shuffle(runs)
    for order, commits in runs[:120]:
        try:
            play_members(registry, Light, members, order, commits, fits=1)
        finally:
            reset(registry, [record for _debtor, record in members])


@pytest.mark.parametrize("fits", [1, 2])
def test_p3_random_interleavings_of_whole_confirmations_of_members(registry, fits):
    chance = random.Random(fits)
    for _run in range(6):
        members = new_group(registry, 1000 * fits)
        order = [number for number in range(3) for _step in range(3)]
        chance.shuffle(order)
        commits = [chance.random() < 0.6 for _number in range(3)]
        play_members(registry, Whole, members, order, commits, fits)


def test_p3_who_comes_second_waits_for_another_member(registry):
    (first_debtor, first_order), (second_debtor, second_order) = new_group(
        registry, 1000, members=2
    )
    with begun(registry, first_debtor, first_order) as first:
        with begun(registry, second_debtor, second_order) as second:
            position = first.positions[first_debtor]
            reservation = first.env["credit.reservation"]
            with reservation._locked(
                first.env.company, [first_debtor], pools=[position.pool]
            ) as desk:
                other = threading.Thread(target=second.step, args=(GATE, True))
                other.start()
                other.join(0.5)
                waits = other.is_alive()
                desk.reserve(first_debtor, position.eligible(), 100_000)
            other.join(DEADLINE)
            assert waits and not other.is_alive()
            assert second.accepted is False
