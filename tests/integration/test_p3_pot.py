# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P3, no race, for pots: orders of many customers earn lines on two servers at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from house import recipes, templates
from house.wire import Person, Refused
from scene import Scene

THREADS = 16
LINE, POT = 5000, 20000


@pytest.fixture(scope="module")
def servers(house, serve):
    template = templates.ready(house, recipes.alone("vendor_credit_lines"))
    with serve(template, "pot", workers=4, count=2) as (database, urls):
        yield Scene(urls[0], database), urls


def open_programme(scene, tag, **values):
    """Create a programme with a trigger on a brand; two managers open it."""
    admin = scene.admin
    trigger = {
        "name": "Brand",
        "min_amount": 1000,
        "product_tag_ids": [(6, 0, [tag])],
        "same_order": True,
    }
    values = {
        "name": "Licences",
        "sponsor_id": scene.new_debtor(name="Sponsor"),
        "amount": LINE,
        "has_pot": True,
        "pot_amount": POT,
        "line_end": "months",
        "trigger_ids": [(0, 0, trigger)],
        **values,
    }
    programme = scene.person("manager").call("credit.programme", "create", [values])
    scene.person("manager").call("credit.programme", "action_submit", programme)
    groups = [scene.ref("credit_control.credit_control_group_manager")]
    second = {"name": "Second", "login": "second", "password": "second-pass1"}
    admin.call(
        "res.users",
        "create",
        [{**second, "group_ids": [(6, 0, groups)]}],
        context={"no_reset_password": True},
    )
    approver = Person(scene.url, scene.database, "second", "second-pass1")
    approver.call("credit.programme", "action_approve", programme)
    return programme[0]


def confirm(job):
    seller, order = job
    try:
        seller.call("sale.order", "action_confirm", [order])
    except Refused as refusal:
        return refusal
    return None


def test_p3_a_pot_is_never_exceeded_and_no_order_is_lost(servers, error_lines):
    scene, urls = servers
    tag = scene.admin.call("product.tag", "create", [{"name": "Brand"}])[0]
    scene.goods = scene.new_product("Licence", product_tag_ids=[(6, 0, [tag])])
    programme = open_programme(scene, tag)
    debtors = [scene.new_debtor(limit=3000) for _number in range(40)]
    orders = [order for debtor in debtors for order in scene.new_orders(debtor, 1000)]
    sellers = [scene.person("sales").at(url) for url in urls]
    jobs = [(sellers[n % len(sellers)], order) for n, order in enumerate(orders)]
    with ThreadPoolExecutor(THREADS) as pool:
        refusals = [refused for refused in pool.map(confirm, jobs) if refused]
    assert refusals == []
    assert Counter(scene.states(*orders)) == {"sale": 40}
    domain = [("programme_id", "=", programme)]
    grants = scene.admin.call(
        "credit.grant", "search_read", domain, ["amount", "state"]
    )
    assert [(grant["amount"], grant["state"]) for grant in grants] == [
        (LINE, "active")
    ] * (POT // LINE)
    lines = scene.admin.call(
        "credit.line", "search_count", [("grant_id.programme_id", "=", programme)]
    )
    assert lines == POT // LINE
    assert error_lines("pot") == []
