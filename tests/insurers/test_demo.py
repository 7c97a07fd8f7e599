# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration insurer answers anybody, and forgets nothing."""

from decimal import Decimal

import pytest
from insurers import errors
from insurers.adapter import PolicyKey, Settings
from insurers.demo import Demo, is_loopback
from insurers.facts import CoverOrder, Identifier
from simulators import atradius
from simulators.demo import DemoInsurer

KEY = PolicyKey(atradius.POLICY, "", "", atradius.CUSTOMER, "EUR")


def connect(party):
    return Demo(Settings("sandbox", atradius.CREDENTIALS, party.url))


def test_a_newcomer_is_answered_after_some_seconds(tmp_path):
    memory = tmp_path / "memory.json"
    with DemoInsurer(memory, port=0, patience=5) as party:
        adapter = connect(party)
        [found] = adapter.resolve_buyer("FR", [Identifier("siren", "404833048", "FR")])
        order = CoverOrder(
            "uuid-1",
            "new",
            KEY.number,
            found.external_id,
            amount=Decimal(20000),
            currency="EUR",
            customer_reference=KEY.customer_reference,
        )
        request_id = adapter.request_cover(order).external_request_id
        assert adapter.poll_request(order, "", request_id).state == "referred"
        now = party.clock()
        party.clock = lambda: now + 6
        assert adapter.poll_request(order, "", request_id).state == "decided"
    with DemoInsurer(memory, port=0) as again:
        [page] = connect(again).iter_portfolio(KEY)
        assert [fact.amount for fact in page.facts] == [20000]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.com",
        "http://127.0.0.1@example.com",
        "http://user@127.0.0.1",
        "https://127.0.0.1",
        "http://[::1",
    ],
)
def test_it_is_nowhere_but_on_this_machine(url):
    assert not is_loopback(url)
    with pytest.raises(errors.WrongRoute):
        Demo(Settings("sandbox", atradius.CREDENTIALS, url))


def test_it_is_never_production():
    with pytest.raises(errors.WrongRoute):
        Demo(Settings("production", atradius.CREDENTIALS, "http://127.0.0.1:1"))
