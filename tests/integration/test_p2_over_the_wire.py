# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P2, no way around: a salesman with just his groups tries everything from outside."""

import base64
import shutil

import pytest
from house.wire import Refused, Session

HOLD_ERROR = "odoo.addons.credit_control.exceptions.CreditHoldError"
STATE = {"state": "sale"}
PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
).decode()

WAYS = {
    "xmlrpc confirm": lambda p, i: p.call("sale.order", "action_confirm", [i]),
    "xmlrpc write": lambda p, i: p.call("sale.order", "write", [i], STATE),
    "json2 confirm": lambda p, i: p.json2("sale.order", "action_confirm", ids=[i]),
    "json2 write": lambda p, i: p.json2("sale.order", "write", ids=[i], vals=STATE),
    "web confirm": lambda p, i: p.web("sale.order", "action_confirm", [i]),
    "web save": lambda p, i: p.web(
        "sale.order", "web_save", [i], STATE, specification={}
    ),
    "create copy": lambda p, i: p.call("sale.order", "copy", [i], STATE),
}

FORGED = [
    {"bypass_risk": True},
    {"credit_release": True, "credit_released": True, "release": True},
    {"credit_control.gate": {"before": {}}, "credit_gate": True},
    {"credit_control.paid_orders": [1, 2, 3]},
    {"su": True, "sudo": True, "uid": 1, "superuser": True},
    {"install_mode": True, "module": "credit_control", "import_file": True},
    {"skip_credit": True, "no_credit": True, "force": True, "credit_control": False},
    {"tracking_disable": True, "mail_notrack": True, "test_mode": True},
    {"default_state": "sale", "default_credit_open_company": 0},
    {"active_test": False, "prefetch_fields": False, "lang": "fr_FR", "tz": "Mars"},
]


@pytest.fixture
def sales(shop):
    return shop.person("sales")


@pytest.fixture
def held(shop):
    """An order of 1,000 for a debtor with a line of 400, not tried yet."""
    return shop.new_order(shop.new_debtor(limit=400), 1000)


def refuse(call, *arguments, **options):
    """Call, and return the refusal, which must be one that a user may see."""
    with pytest.raises(Refused) as caught:
        call(*arguments, **options)
    assert not caught.value.technical, caught.value.text
    return caught.value


def still_held(shop, order):
    assert shop.states(order) == ["draft"]
    (hold,) = shop.holds(order)
    assert hold["state"] in ("open", "requested")
    return hold


# === CONFIRMING === #


@pytest.mark.parametrize("way", WAYS)
def test_p2_every_way_to_confirm_is_held(shop, sales, held, way):
    before = shop.admin.call("sale.order", "search_count", [("state", "=", "sale")])
    refusal = refuse(WAYS[way], sales, held)
    assert "600.00" in refusal.text and "exceeds the credit" in refusal.text
    assert shop.states(held) == ["draft"]
    after = shop.admin.call("sale.order", "search_count", [("state", "=", "sale")])
    assert after == before


def test_p2_no_context_lets_a_document_through(shop, sales, held):
    for context in [
        *FORGED,
        {key: v for keys in FORGED[:-1] for key, v in keys.items()},
    ]:
        calls = (
            (sales.call, ("sale.order", "action_confirm", [held]), {}),
            (sales.call, ("sale.order", "write", [held], STATE), {}),
            (sales.json2, ("sale.order", "action_confirm"), {"ids": [held]}),
        )
        for call, arguments, options in calls:
            refuse(call, *arguments, context=context, **options)
            assert shop.states(held) == ["draft"], context
    assert still_held(shop, held)["tries"] == 3 * (len(FORGED) + 1)


def test_p2_companies_of_others_in_the_context_are_refused(shop, sales, held):
    other = shop.admin.call("res.company", "create", [{"name": f"Other {held}"}])[0]
    context = {"allowed_company_ids": [other]}
    refuse(sales.call, "sale.order", "action_confirm", [held], context=context)
    assert shop.states(held) == ["draft"]


def test_p2_create_in_state_sale_is_held(shop, sales):
    debtor = shop.new_debtor(limit=400)
    values = {**shop.order_values(debtor, 1000), **STATE}
    refuse(sales.call, "sale.order", "create", [values])
    refuse(sales.json2, "sale.order", "create", vals_list=[values])
    empty = {"partner_id": debtor, **STATE}
    lines = shop.order_values(debtor, 1000)["order_line"]
    order = sales.call("sale.order", "create", [empty])[0]
    refuse(sales.call, "sale.order", "write", [order], {"order_line": lines})
    refuse(
        sales.call, "sale.order.line", "create", [{**lines[0][2], "order_id": order}]
    )
    found = shop.admin.call(
        "sale.order", "search_read", [("partner_id", "=", debtor)], ["amount_total"]
    )
    assert [values["amount_total"] for values in found] == [0.0]


def test_p2_import_is_held(shop, sales, held):
    result = sales.call("sale.order", "load", [".id", "state"], [[str(held), "sale"]])
    assert not result["ids"] and result["messages"][0]["type"] == "error"
    assert "exceeds the credit" in result["messages"][0]["message"]
    still_held(shop, held)


def test_p2_import_of_new_orders_is_held(shop, sales):
    debtor = shop.new_debtor(limit=400)
    names = ["partner_id/.id", "state", "order_line/product_id/.id"]
    names += ["order_line/product_uom_qty", "order_line/price_unit"]
    row = [str(debtor), "sale", str(shop.goods), "10", "100"]
    result = sales.call("sale.order", "load", names, [row])
    assert not result["ids"] and result["messages"]
    domain = [("partner_id", "=", debtor)]
    assert shop.admin.call("sale.order", "search_count", domain) == 0


def test_p2_server_action_of_an_administrator_is_held(shop, held):
    model = shop.ref("sale.model_sale_order")
    states = (
        {"state": "code", "code": "records.sudo().action_confirm()"},
        {"state": "object_write", "update_path": "state", "value": "sale"},
    )
    context = {"active_model": "sale.order", "active_ids": [held], "active_id": held}
    for values in states:
        action = shop.admin.call(
            "ir.actions.server",
            "create",
            [{"name": "Confirm", "model_id": model, **values}],
        )
        refuse(shop.admin.call, "ir.actions.server", "run", action, context=context)
        still_held(shop, held)


def test_p2_list_confirm_counts_what_was_accepted_before(shop, sales):
    debtor = shop.new_debtor(limit=1000)
    orders = shop.new_orders(debtor, 600, count=3)
    refuse(sales.call, "sale.order", "action_confirm", orders)
    assert shop.states(*orders) == ["draft"] * 3
    assert {hold["res_id"] for hold in shop.holds(*orders)} == set(orders[1:])
    sales.call("sale.order", "action_confirm", orders[:1])
    assert shop.states(*orders) == ["sale", "draft", "draft"]


def test_p2_growth_after_the_confirmation_is_held(shop, sales):
    order = shop.new_order(shop.new_debtor(limit=1000), 1000)
    sales.call("sale.order", "action_confirm", [order])
    line = sales.read("sale.order", order, "order_line")[0]
    for values in ({"product_uom_qty": 20}, {"price_unit": 1000.01}):
        refuse(sales.call, "sale.order.line", "write", [line], values)
        command = {"order_line": [(1, line, values)]}
        refuse(sales.call, "sale.order", "write", [order], command)
    poor = shop.new_debtor(limit=10)
    values = {"partner_invoice_id": poor}
    refuse(sales.call, "sale.order", "write", [order], values)
    assert sales.read("sale.order", order, "amount_total") == 1000.0
    sales.call("sale.order.line", "write", [line], {"price_unit": 999})
    assert sales.read("sale.order", order, "amount_total") == 999.0


# === FORGING RECORDS === #


def test_p2_amounts_that_count_cannot_be_written(shop, sales, held):
    for values in ({"credit_open_company": 0}, {"credit_open_split": {"0": -(10**9)}}):
        for person in (sales, shop.admin):
            refuse(person.call, "sale.order", "write", [held], values)
            refuse(person.json2, "sale.order", "write", ids=[held], vals=values)
        debtor = shop.new_debtor(limit=1)
        refuse(
            sales.call,
            "sale.order",
            "create",
            [{**shop.order_values(debtor, 10), **values}],
        )
    names = [".id", "credit_open_company"]
    assert not sales.call("sale.order", "load", names, [[str(held), "-5000"]])["ids"]


def test_p2_holds_change_by_their_own_methods_only(shop, sales, held):
    refuse(sales.call, "sale.order", "action_confirm", [held])
    hold = still_held(shop, held)["id"]
    for person in (sales, shop.person("analyst"), shop.person("manager"), shop.admin):
        for values in ({"state": "released"}, {"release_amount": 10**6}, {"res_id": 1}):
            refuse(person.call, "credit.hold", "write", [hold], values)
        refuse(person.call, "credit.hold", "unlink", [hold])
        refuse(person.call, "credit.hold", "copy", [hold])
        values = {"res_model": "sale.order", "res_id": held, "state": "released"}
        refuse(person.call, "credit.hold", "create", [values])
    for method in ("_clear", "_record_now", "_void", "_update_try", "sudo"):
        refuse(sales.call, "credit.hold", method, [hold])
    still_held(shop, held)


def test_p2_release_needs_the_group(shop, sales, held):
    refuse(sales.call, "sale.order", "action_confirm", [held])
    hold = still_held(shop, held)["id"]
    methods = ("release", "reject", "action_release", "action_release_and_confirm")
    for method in methods:
        refuse(sales.call, "credit.hold", method, [hold])
        refuse(sales.json2, "credit.hold", method, ids=[hold])
        refuse(shop.person("viewer").call, "credit.hold", method, [hold])
    wizard = {"hold_ids": [(6, 0, [hold])], "answer": "release"}
    refuse(sales.call, "credit.hold.release", "create", [wizard])
    still_held(shop, held)


def test_p2_a_release_cannot_be_stretched(shop, sales, held):
    refuse(sales.call, "sale.order", "action_confirm", [held])
    hold = still_held(shop, held)["id"]
    release = shop.person("analyst").json2
    nan = float("nan")
    bad = [{"amount": value} for value in (-1, nan, 1e13, "1000", True, [], {})]
    bad += [{"tolerance_amount": value} for value in (-1, nan, "1")]
    bad += [{"tolerance_percent": value} for value in (-1, nan, 100.5, "1")]
    bad += [{"until": value} for value in ("2001-01-01", "tomorrow", 5, True)]
    # Beyond the authority of an analyst, 10,000.
    bad += [{"amount": 10_500}, {"tolerance_amount": 10_500}]
    for values in bad:
        refuse(release, "credit.hold", "release", ids=[hold], **values)
    assert still_held(shop, held)["state"] == "open"
    release("credit.hold", "release", ids=[hold], amount=1000, until="2999-12-31")
    line = sales.read("sale.order", held, "order_line")[0]
    sales.call("sale.order.line", "write", [line], {"price_unit": 5000})
    refuse(sales.call, "sale.order", "action_confirm", [held])
    assert shop.states(held) == ["draft"]


def test_p2_lines_need_the_group(shop, sales, held):
    debtor = sales.read("sale.order", held, "partner_id")[0]
    domain = [("partner_id", "=", debtor)]
    line = shop.admin.call("credit.line", "search", domain)[0]
    refuse(sales.call, "credit.line", "write", [line], {"amount": 10**6})
    refuse(sales.call, "credit.line", "copy", [line])
    refuse(sales.call, "credit.line", "unlink", [line])
    profile = shop.admin.call("credit.profile", "search", domain)
    refuse(sales.call, "credit.profile", "write", profile, {"line_ids": [(5,)]})
    refuse(sales.call, "credit.profile", "unlink", profile)
    refuse(sales.call, "credit.policy", "write", [1], {"mode": "observe"})
    refuse(sales.call, "sale.order", "action_confirm", [held])


def test_p11_decisions_cannot_be_forged(shop, sales, held):
    refuse(sales.call, "sale.order", "action_confirm", [held])
    domain = [("res_model", "=", "sale.order"), ("res_id", "=", held)]
    decisions = shop.admin.call("credit.decision", "search", domain)
    assert len(decisions) == 1
    for person in (sales, shop.person("manager"), shop.admin):
        refuse(person.call, "credit.decision", "write", decisions, {"outcome": "pass"})
        refuse(person.call, "credit.decision", "unlink", decisions)
        refuse(person.call, "credit.decision", "create", [{"res_id": held}])
    assert shop.admin.read("credit.decision", decisions[0], "outcome") == "hold"


def test_p2_release_is_asked_for_own_orders_only(shop, sales, held):
    foreign = shop.new_order(shop.new_debtor(limit=1), 100, seller=shop.admin)
    refuse(shop.admin.call, "sale.order", "action_confirm", [foreign])
    request = ("credit.hold", "request_release")
    refuse(sales.call, *request, "sale.order", foreign)
    assert still_held(shop, foreign)["state"] == "open"
    bad_models = ("res.partner", "credit.hold", "nowhere", "", None, 5, [], {})
    for model in bad_models:
        refuse(sales.call, *request, model, held)
    for record in (0, -1, 2**31 - 1, "x", "", None, [], [held], {}, 1.5, True):
        refuse(sales.call, *request, "sale.order", record)
    refuse(sales.call, *request, "sale.order", held)
    refuse(sales.call, "sale.order", "action_confirm", [held])
    sales.call(*request, "sale.order", held, "please " * 100_000)
    assert still_held(shop, held)["state"] == "requested"


# === CUSTOMERS === #


def test_p2_portal_signature_is_held(shop):
    order = shop.new_order(
        shop.new_debtor(limit=400),
        1000,
        require_signature=True,
        require_payment=False,
    )
    shop.person("sales").web("sale.order", "action_quotation_sent", [order])
    url = shop.admin.call("sale.order", "get_portal_url", [order])
    token = url.partition("access_token=")[2].partition("&")[0]
    browser = Session(shop.url)
    signed = {"access_token": token, "name": "Customer", "signature": PIXEL}
    answer = browser.ask(f"/my/orders/{order}/accept", **signed)
    assert list(answer) == ["error"]
    names = ("state", "signature", "signed_by", "signed_on")
    found = shop.admin.read("sale.order", order, *names)
    assert [found[name] for name in names] == ["sent", False, False, False]
    assert [hold["state"] for hold in shop.holds(order)] == ["open"]
    # A customer is told that we come back to him, not our figures or our staff.
    assert "400" not in answer["error"] and "Administrator" not in answer["error"]


@pytest.mark.skipif(
    not shutil.which("wkhtmltopdf"), reason="Odoo prints what is signed"
)
def test_p2_portal_signature_within_the_credit_confirms(shop):
    order = shop.new_order(
        shop.new_debtor(limit=1000),
        1000,
        require_signature=True,
        require_payment=False,
    )
    url = shop.admin.call("sale.order", "get_portal_url", [order])
    token = url.partition("access_token=")[2].partition("&")[0]
    signed = {"access_token": token, "name": "Customer", "signature": PIXEL}
    answer = Session(shop.url).ask(f"/my/orders/{order}/accept", **signed)
    assert "error" not in answer
    assert shop.states(order) == ["sale"]


def test_p9_the_web_client_gets_the_explanation_as_data(sales, held):
    refusal = refuse(sales.web, "sale.order", "action_confirm", [held])
    assert refusal.name == HOLD_ERROR
    facts = refusal.context["credit"]
    assert facts["document"]["id"] == held
    figures = [facts[name] for name in ("limit", "exposure", "available", "uncovered")]
    assert figures == [400.0, 0.0, 400.0, 600.0]
    assert [reason["code"] for reason in facts["reasons"]] == ["uncovered"]
    assert {"deposit", "ask_more", "release"} <= {w["code"] for w in facts["ways_out"]}
