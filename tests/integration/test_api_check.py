# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API for other systems: credit.profile.check through /json/2 with an API key."""

import pytest
from house.wire import Refused

MODEL = "credit.profile"
KEYS = {
    "outcome",
    "currency",
    "limit",
    "exposure",
    "available",
    "uncovered",
    "reasons",
    "ways_out",
}


@pytest.fixture
def ask(shop):
    return lambda **asked: shop.person("sales").json2(MODEL, "check", **asked)


def refuse(ask, **asked):
    with pytest.raises(Refused) as caught:
        ask(**asked)
    assert not caught.value.technical, f"{asked}: {caught.value.text}"
    assert caught.value.text.strip(), asked
    return caught.value


def test_api_passes_what_fits(shop, ask):
    debtor = shop.new_debtor(limit=1000)
    answer = ask(partner_id=debtor, amount=999.99)
    assert set(answer) == KEYS
    assert answer["outcome"] == "pass" and answer["reasons"] == []
    assert (answer["limit"], answer["exposure"], answer["available"]) == (1000, 0, 1000)


def test_api_explains_what_does_not_fit(shop, ask):
    debtor = shop.new_debtor(limit=1000)
    answer = ask(partner_id=debtor, amount=1500)
    assert set(answer) == KEYS
    assert (answer["outcome"], answer["uncovered"]) == ("hold", 500.0)
    (reason,) = answer["reasons"]
    assert set(reason) == {"code", "effect", "text", "amount"}
    assert (reason["code"], reason["effect"]) == ("uncovered", "hold")
    assert all(set(way) == {"code", "text", "amount"} for way in answer["ways_out"])
    currency = shop.admin.read("res.currency", shop.currency, "name")
    assert answer["currency"] == currency


def test_api_counts_orders_and_reserves_nothing(shop, ask):
    debtor = shop.new_debtor(limit=1000)
    decisions = shop.admin.call("credit.decision", "search_count", [])
    order = shop.new_order(debtor, 700)
    assert ask(partner_id=debtor, amount=1000)["outcome"] == "pass"
    shop.person("sales").call("sale.order", "action_confirm", [order])
    answer = ask(partner_id=debtor, amount=301)
    assert (answer["outcome"], answer["available"]) == ("hold", 300.0)
    assert shop.admin.call("credit.decision", "search_count", []) == decisions + 1


def test_api_same_answer_by_every_protocol(shop, ask):
    debtor = shop.new_debtor(limit=1000)
    person = shop.person("sales")
    answer = ask(partner_id=debtor, amount=1500)
    assert person.call(MODEL, "check", debtor, 1500) == answer
    assert person.web(MODEL, "check", debtor, 1500) == answer


NAN, INFINITE = float("nan"), float("inf")
BAD_AMOUNTS = [-1, -0.01, NAN, INFINITE, -INFINITE, 1e12, 1e300, 10**30]
BAD_AMOUNTS += ["100", "", "abc", True, None, [], [5], {}, {"amount": 5}]
BAD_PARTNERS = [0, -1, 10**9, 10**12, "abc", "", None, [], [1], {}, 1.5, True]
BAD_COMPANIES = [-1, 10**9, 10**12, "abc", [1], {}, 1.5, True]
BAD_CURRENCIES = ["XXX", "eur", "' OR 1=1", 5, [5], {}, True, "EUR" * 1000]
BAD_LINES = ["abc", 5, [5], ["x"], [[]], [{"product_id": "x", "amount": 1}], {"a": 1}]
BAD_LINES += [[{"product_id": 10**12, "amount": 1}], [{"product_id": -5, "amount": 1}]]
BAD_LINES += [[{"product_id": 1, "amount": amount}] for amount in (-1, NAN, "1", None)]
BAD_LINES += [[{"product_id": 1}], [{"product_id": 1, "amount": 101}]]


def name(value):
    return repr(value)[:30]


@pytest.mark.parametrize("amount", BAD_AMOUNTS, ids=name)
def test_api_refuses_bad_amounts(shop, ask, amount):
    refuse(ask, partner_id=shop.known, amount=amount)


@pytest.mark.parametrize("partner", BAD_PARTNERS, ids=name)
def test_api_refuses_bad_partners(ask, partner):
    refuse(ask, partner_id=partner, amount=100)


@pytest.mark.parametrize("company", BAD_COMPANIES, ids=name)
def test_api_refuses_bad_companies(shop, ask, company):
    refuse(ask, partner_id=shop.known, amount=100, company_id=company)


@pytest.mark.parametrize("currency", BAD_CURRENCIES, ids=name)
def test_api_refuses_bad_currencies(shop, ask, currency):
    refuse(ask, partner_id=shop.known, amount=100, currency=currency)


@pytest.mark.parametrize("lines", BAD_LINES, ids=name)
def test_api_refuses_bad_lines(shop, ask, lines):
    refuse(ask, partner_id=shop.known, amount=100, lines=lines)


def test_api_refuses_missing_and_unknown_arguments(shop, ask):
    refuse(ask)
    refuse(ask, partner_id=shop.known)
    refuse(ask, partner_id=shop.known, amount=1, surprise=True)


def test_api_refuses_a_company_of_others(shop, ask):
    company = shop.admin.call("res.company", "create", [{"name": "Elsewhere"}])[0]
    refuse(ask, partner_id=shop.known, amount=1, company_id=company)


def test_api_is_not_for_customers(shop):
    portal = shop.person("portal")
    for call in (portal.call, portal.web):
        with pytest.raises(Refused) as caught:
            call(MODEL, "check", shop.known, 100)
        assert not caught.value.technical
    with pytest.raises(Refused):
        portal.key()


def test_api_needs_a_valid_key(shop):
    person = shop.person("sales")
    person.key()
    stranger = type(person)(shop.url, shop.database, "sales", person.password)
    stranger._key = "0" * 40
    with pytest.raises(Refused) as caught:
        stranger.json2(MODEL, "check", partner_id=shop.known, amount=1)
    assert not caught.value.technical
