# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P4, a hold raises: nothing is half confirmed, and the hold survives the rollback."""

import pytest
from house.wire import Refused

TRACES = ("state", "date_order", "write_date", "picking_ids", "message_ids", "locked")


@pytest.fixture
def sales(shop):
    return shop.person("sales")


def be_held(person, *orders):
    with pytest.raises(Refused) as caught:
        person.call("sale.order", "action_confirm", list(orders))
    assert not caught.value.technical
    assert "exceeds the credit" in caught.value.text


def count(shop, model, *domain):
    return shop.admin.call(model, "search_count", list(domain))


def test_p4_a_held_order_leaves_no_trace_but_its_hold(shop, sales):
    order = shop.new_order(shop.new_debtor(limit=400), 1000)
    before = shop.admin.read("sale.order", order, *TRACES)
    moves = count(shop, "stock.move")
    be_held(sales, order)
    assert shop.admin.read("sale.order", order, *TRACES) == before
    assert count(shop, "stock.move") == moves
    (hold,) = shop.holds(order)
    figures = (hold["state"], hold["tries"], hold["amount"], hold["uncovered"])
    assert figures == ("open", 1, 1000.0, 600.0)
    assert hold["user_id"][0] == sales.uid


def test_p4_what_fits_is_wholly_confirmed(shop, sales):
    order = shop.new_order(shop.new_debtor(limit=1000), 1000)
    sales.call("sale.order", "action_confirm", [order])
    found = shop.admin.read("sale.order", order, *TRACES)
    assert found["state"] == "sale" and len(found["picking_ids"]) == 1
    assert shop.holds(order) == []


def test_p4_of_a_batch_nothing_is_confirmed(shop, sales):
    debtor = shop.new_debtor(limit=400)
    small, large = shop.new_order(debtor, 100), shop.new_order(debtor, 1000)
    before = shop.admin.read("sale.order", small, *TRACES)
    be_held(sales, small, large)
    assert shop.admin.read("sale.order", small, *TRACES) == before
    assert [hold["res_id"] for hold in shop.holds(small, large)] == [large]


def test_p4_the_next_try_updates_the_one_hold(shop, sales):
    order = shop.new_order(shop.new_debtor(limit=400), 1000)
    be_held(sales, order)
    (first,) = shop.holds(order)
    line = sales.read("sale.order", order, "order_line")[0]
    sales.call("sale.order.line", "write", [line], {"price_unit": 1200})
    be_held(sales, order)
    (second,) = shop.holds(order)
    figures = (second["id"], second["tries"], second["amount"], second["uncovered"])
    assert figures == (first["id"], 2, 1200.0, 800.0)


def test_p4_the_salesperson_finds_his_hold_on_the_list(shop, sales):
    order = shop.new_order(shop.new_debtor(limit=400), 1000)
    be_held(sales, order)
    domain = [("state", "in", ["open", "requested"]), ("res_id", "=", order)]
    assert sales.call("credit.hold", "search_count", domain) == 1
    assert sales.read("sale.order", order, "credit_hold_state") == "open"


def test_p4_a_cancelled_order_leaves_the_list(shop, sales):
    order = shop.new_order(shop.new_debtor(limit=400), 1000)
    be_held(sales, order)
    sales.web("sale.order", "action_cancel", [order])
    assert [hold["state"] for hold in shop.holds(order)] == ["void"]
