# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P3, no race, for goods: deliveries of one debtor are validated on two servers at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from house import recipes, templates
from house.wire import Refused
from scene import Scene

THREADS = 16


@pytest.fixture(scope="module")
def servers(house, serve):
    template = templates.ready(house, recipes.alone("credit_control_stock"))
    with serve(template, "goods", workers=3, count=2) as (database, urls):
        scene = Scene(urls[0], database)
        # Orders are confirmed as they come: only goods that leave are looked at.
        delivery = scene.ref("credit_control_stock.credit_checkpoint_delivery")
        rules = scene.admin.call("credit.rule", "search", [])
        values = {"checkpoint_ids": [(6, 0, [delivery])]}
        scene.admin.call("credit.rule", "write", rules, values)
        yield scene, urls


def sell(scene, debtor, count):
    """Confirm orders of 1,000 each.

    :return: ids of their deliveries
    """
    orders = scene.new_orders(debtor, 1000, count=count)
    scene.person("sales").call("sale.order", "action_confirm", orders)
    return scene.admin.call("stock.picking", "search", [("sale_id", "in", orders)])


def deliver_all(scene, urls, pickings):
    """Validate deliveries from many threads, in turn on each server.

    :return: the refusals by delivery
    """
    workers = [scene.person("warehouse").at(url) for url in urls]

    def deliver(job):
        number, picking = job
        worker = workers[number % len(workers)]
        try:
            worker.call("stock.picking", "button_validate", [picking])
        except Refused as refusal:
            return picking, refusal
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        return dict(filter(None, pool.map(deliver, enumerate(pickings))))


def states(scene, pickings):
    found = scene.admin.call("stock.picking", "read", pickings, ["state"])
    return Counter(picking["state"] for picking in found)


def test_p3_deliveries_at_once_exactly_what_fits_leaves(servers, error_lines):
    scene, urls = servers
    held, free = (scene.new_debtor(limit=limit) for limit in (4000, 1_000_000))
    scarce, plenty = sell(scene, held, 14), sell(scene, free, 14)
    both = [picking for pair in zip(scarce, plenty, strict=True) for picking in pair]
    refusals = deliver_all(scene, urls, both)
    assert states(scene, scarce) == {"done": 4, "assigned": 10}
    assert states(scene, plenty) == {"done": 14}
    assert [str(one) for one in refusals.values() if one.technical] == []
    domain = [("res_model", "=", "stock.picking"), ("res_id", "in", both)]
    holds = scene.admin.call("credit.hold", "search_read", domain, ["res_id", "state"])
    assert {hold["res_id"] for hold in holds} == set(refusals)
    assert [hold["state"] for hold in holds] == ["open"] * 10
    assert error_lines("goods") == []
