# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P3, no race: two servers with four worker processes each, one database."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from house.wire import Refused
from scene import Scene

THREADS = 16


@pytest.fixture(scope="module")
def servers(serve, alone):
    with serve(alone, "race", workers=4, count=2) as (database, urls):
        yield Scene(urls[0], database), urls


@pytest.fixture(autouse=True)
def quiet(error_lines):
    """No server logs an error, whatever the users were told."""
    before = len(error_lines("race"))
    yield
    assert error_lines("race")[before:] == []


def confirm_all(scene, urls, orders):
    """Confirm orders from many threads, in turn on each server.

    :return: list of (order, None or the refusal, seconds)
    """
    sellers = [scene.person("sales").at(url) for url in urls]

    def confirm(job):
        number, order = job
        start, refused = time.monotonic(), None
        try:
            sellers[number % len(sellers)].call("sale.order", "action_confirm", [order])
        except Refused as refusal:
            refused = refusal
        return order, refused, time.monotonic() - start

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(confirm, enumerate(orders)))


def say(title, results):
    waits = sorted(seconds for _order, _refused, seconds in results)
    confirmed = sum(refused is None for _order, refused, _seconds in results)
    print(
        f"{title}: {confirmed} of {len(results)} confirmed,"
        f" median {waits[len(waits) // 2]:.2f} s, slowest {waits[-1]:.2f} s"
    )


def test_p3_sixty_at_once_exactly_what_fits(servers):
    scene, urls = servers
    debtor = scene.new_debtor(limit=5000)
    orders = scene.new_orders(debtor, 1000, count=60)
    results = confirm_all(scene, urls, orders)
    say("60 orders of 1,000, limit 5,000", results)
    refusals = [refused for _order, refused, _seconds in results if refused]
    assert Counter(scene.states(*orders)) == {"sale": 5, "draft": 55}
    assert len(refusals) == 55
    assert [refused.text for refused in refusals if refused.technical] == []
    assert all("exceeds the credit of Debtor" in refused.text for refused in refusals)
    holds = scene.holds(*orders)
    held = {order for order, refused, _seconds in results if refused}
    assert {hold["res_id"] for hold in holds} == held
    assert len(holds) == 55
    assert {(hold["state"], hold["tries"]) for hold in holds} == {("open", 1)}


def test_p3_far_from_the_limit_all_are_confirmed(servers):
    scene, urls = servers
    debtor = scene.new_debtor(limit=1_000_000)
    orders = scene.new_orders(debtor, 1000, count=120)
    results = confirm_all(scene, urls, orders)
    say("120 orders of 1,000, limit 1,000,000", results)
    assert [str(refused) for _order, refused, _seconds in results if refused] == []
    assert Counter(scene.states(*orders)) == {"sale": 120}
    assert scene.holds(*orders) == []


def test_p3_several_debtors_at_once_each_has_his_own_limit(servers):
    scene, urls = servers
    debtors = [scene.new_debtor(limit=2000) for _number in range(10)]
    batches = [scene.new_orders(debtor, 1000, count=4) for debtor in debtors]
    orders = [order for batch in zip(*batches, strict=True) for order in batch]
    results = confirm_all(scene, urls, orders)
    say("10 debtors, 4 orders each, 2 fit", results)
    for batch in batches:
        assert Counter(scene.states(*batch)) == {"sale": 2, "draft": 2}
    assert not any(refused.technical for _o, refused, _s in results if refused)


def test_p3_members_of_a_group_exceed_the_shared_limit_together_never(servers):
    scene, urls = servers
    debtors = [scene.new_debtor(limit=10_000) for _number in range(4)]
    files = scene.admin.call(
        "credit.profile", "search", [("partner_id", "in", debtors)]
    )
    group = {"name": "Group", "amount": 5000, "profile_ids": [(6, 0, files)]}
    scene.admin.call("credit.group", "create", [group])
    batches = [scene.new_orders(debtor, 1000, count=10) for debtor in debtors]
    orders = [order for batch in zip(*batches, strict=True) for order in batch]
    results = confirm_all(scene, urls, orders)
    say("4 members, 40 orders of 1,000, 5 fit in all", results)
    assert Counter(scene.states(*orders)) == {"sale": 5, "draft": 35}
    assert not any(refused.technical for _o, refused, _s in results if refused)


def test_p3_one_held_order_tried_by_many_has_one_hold(servers):
    scene, urls = servers
    debtor = scene.new_debtor(limit=500)
    order = scene.new_order(debtor, 1000)
    results = confirm_all(scene, urls, [order] * 16)
    assert all(refused and not refused.technical for _o, refused, _s in results)
    (hold,) = scene.holds(order)
    assert (hold["state"], hold["tries"]) == ("open", 16)
