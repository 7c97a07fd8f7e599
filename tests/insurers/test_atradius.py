# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Atradius' adapter against its simulator."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from insurers import errors, facts
from insurers.adapter import PolicyKey, Settings
from insurers.atradius import Atradius
from insurers.facts import CoverOrder, Identifier
from simulators import atradius as simulator
from simulators.base import Answer, Fault

KEY = PolicyKey(simulator.POLICY, customer_reference=simulator.CUSTOMER, currency="EUR")
SIREN = Identifier("siren", "732829320", "FR")


@pytest.fixture
def party():
    with simulator.Atradius() as party:
        party.add_buyer(55, SIREN.value, "Bureau Clair")
        party.add_buyer(56, "404833048", "Papeterie")
        yield party


@pytest.fixture
def adapter(party):
    settings = Settings("sandbox", dict(simulator.CREDENTIALS), party.url)
    adapter = Atradius(settings)
    adapter.channel.sleep = lambda seconds: None
    yield adapter
    adapter.close()


def order(amount=20000, **values):
    return CoverOrder(
        reference=values.pop("reference", "uuid-1"),
        request_type=values.pop("request_type", "new"),
        policy_number=simulator.POLICY,
        buyer_external_id=values.pop("buyer", "55"),
        amount=None if amount is None else Decimal(amount),
        currency="EUR",
        customer_reference=simulator.CUSTOMER,
        **values,
    )


def decisions(adapter, since=None):
    pages = list(adapter.iter_decisions(KEY, since))
    assert not any(page.problems for page in pages)
    return [fact for page in pages for fact in page.facts]


def test_a_buyer_is_found_by_number(adapter):
    [found] = adapter.resolve_buyer("FR", [Identifier("lei", "X"), SIREN])
    assert (found.external_id, found.matched_on) == ("55", "siren")
    assert adapter.resolve_buyer("FR", [Identifier("siren", "000000000")]) == []


def test_a_policy_is_described(adapter):
    told = adapter.get_policy(KEY)
    assert (told.state, told.currency) == ("live", "EUR")


def test_p12_what_was_asked_is_not_granted(party, adapter):
    party.patience = 3600
    answer = adapter.request_cover(order())
    assert (answer.state, answer.decisions) == ("referred", ())
    assert adapter.poll_request(
        order(), "", answer.external_request_id
    ) == answer.__class__(
        "referred", external_request_id=answer.external_request_id, raw=party_row(party)
    )
    assert decisions(adapter) == []


def party_row(party):
    [row] = party.covers.values()
    return {name: row[name] for name in row if name not in ("due", "replaces")}


def test_a_request_is_decided_by_polling(adapter):
    answer = adapter.request_cover(order(120000))
    told = adapter.poll_request(order(120000), "", answer.external_request_id)
    [fact] = told.decisions
    assert (told.state, fact.outcome) == ("decided", "partial")
    assert (fact.amount, fact.requested_amount) == (Decimal(50000), Decimal(120000))
    assert fact.own_reference == "uuid-1"


def test_a_refusal_with_status_200_is_a_refusal(adapter):
    answer = adapter.change_cover(order(30000, request_type="increase"))
    assert (answer.state, answer.reason) == ("rejected", "Action has been refused.")


def test_an_increase_takes_the_place_of_the_cover(party, adapter):
    first = party.add_cover(55, 20000)
    answer = adapter.change_cover(order(40000, request_type="increase"))
    told = adapter.poll_request(order(), "", answer.external_request_id)
    assert told.decisions[0].amount == 40000
    ended = {fact.external_id: fact.outcome for fact in decisions(adapter)}
    assert ended == {answer.external_request_id: "granted", str(first): "superseded"}


def test_an_increase_that_is_refused_leaves_the_cover(party, adapter):
    party.add_cover(55, 20000)
    asked = order(900000, request_type="increase")
    answer = adapter.change_cover(asked)
    told = adapter.poll_request(asked, "", answer.external_request_id)
    assert (told.state, told.decisions) == ("rejected", ())
    assert [fact.amount for fact in decisions(adapter)] == [Decimal(20000)]


def test_a_cancellation_ends_the_cover(party, adapter):
    party.add_cover(55, 20000)
    adapter.change_cover(order(None, request_type="cancel"))
    [fact] = decisions(adapter)
    assert (fact.outcome, fact.amount) == ("cancelled", None)
    assert fact.effective_from == date.today()


def test_p12_a_lost_answer_is_found_by_our_reference(party, adapter):
    party.go_wrong(None, Fault("lose"))
    with pytest.raises(errors.Unreachable) as caught:
        adapter.request_cover(order())
    assert caught.value.is_maybe_done
    found = adapter.find_request(order(), date.today())
    assert found.external_request_id == str(next(iter(party.covers)))
    assert party.applications_made == 1


def test_a_request_that_never_arrived_is_not_found(party, adapter):
    party.go_wrong(None, Fault("drop"))
    with pytest.raises(errors.Unreachable):
        adapter.request_cover(order())
    assert adapter.find_request(order(), date.today()) is None


@pytest.mark.parametrize("amount", [0, 500, None])
def test_what_would_be_refused_is_not_sent(party, adapter, amount):
    with pytest.raises(errors.Refused, match="multiple of 1000"):
        adapter.request_cover(order(amount))
    assert party.calls == []


def test_a_split_limit_has_two_layers(party, adapter):
    cover = party.add_cover(55, 20000)
    until = date.today() + timedelta(days=90)
    party.decide(cover, "DC01", 20000, second=15000, until=until)
    first, second = decisions(adapter)
    assert (first.layer, first.amount, first.expires_on) == ("primary", 20000, None)
    assert (second.layer, second.amount, second.expires_on) == (
        "temporary",
        15000,
        until,
    )
    assert first.external_id != second.external_id


def test_p12_an_announced_withdrawal_does_not_end_the_cover(party, adapter):
    cover = party.add_cover(55, 20000)
    party.announce(cover, days=30)
    [fact] = decisions(adapter)
    assert (fact.outcome, fact.amount) == ("granted", 20000)
    assert fact.pending_action == "withdrawal"
    assert fact.pending_date == date.today() + timedelta(days=30)


@pytest.mark.parametrize("code", ["DC99", "granted", "DC1"])
def test_p12_an_unknown_code_is_never_granted(party, adapter, code):
    party.add_cover(55, 20000, code=code)
    [fact] = decisions(adapter)
    assert (fact.outcome, fact.code) == ("unknown", code)
    assert fact.outcome not in facts.GRANTING


def test_p12_a_grant_without_amount_is_unknown(party, adapter):
    cover = party.add_cover(55, 20000)
    party.decide(cover, "DC01", None)
    assert [fact.outcome for fact in decisions(adapter)] == ["unknown"]


def test_p12_parts_that_do_not_add_up_are_unknown(party, adapter):
    cover = party.add_cover(55, 20000)
    party.covers[cover]["totalDecision"]["decisionAmtInPolicyCurrency"] = "99000.00"
    assert [fact.outcome for fact in decisions(adapter)] == ["unknown"]


@pytest.mark.parametrize(
    "change",
    [
        {"firstAmtDecision": {"decisionAmtInPolicyCurrency": "-5"}},
        {"firstAmtDecision": {"decisionAmtInPolicyCurrency": "12 000"}},
        {"firstAmtDecision": "20000"},
        {"coverType": "cake"},
        {"policyCurrencyCode": "USD"},
        {"policyId": 77},
        {"decisionDate": "31/12/2026"},
        {"buyerId": ""},
    ],
)
def test_a_row_that_cannot_be_read_does_not_stop_the_others(party, adapter, change):
    bad, good = party.add_cover(55, 20000), party.add_cover(56, 30000)
    party.covers[bad].update(change)
    pages = list(adapter.iter_portfolio(KEY))
    assert [fact.external_id for page in pages for fact in page.facts] == [str(good)]
    [problem] = [problem for page in pages for problem in page.problems]
    assert problem.external_id == str(bad)
    assert problem.message


def test_decisions_are_filtered_here(party, adapter):
    party.add_cover(55, 20000)
    assert decisions(adapter, since=date.today())
    assert decisions(adapter, since=date.today() + timedelta(days=1)) == []


def test_a_wrong_route_is_not_a_wrong_password(party, adapter):
    adapter.base += "/old"
    with pytest.raises(errors.WrongRoute):
        adapter.get_policy(KEY)
    assert adapter.channel.breaker.state != "locked"


def test_credentials_can_be_tried(adapter):
    adapter.authenticate()
    adapter.settings.credentials["client_secret"] = "wrong"
    with pytest.raises(errors.BadCredentials):
        adapter.authenticate()


def test_p12_a_strange_answer_to_a_request_may_have_been_done(party, adapter):
    party.go_wrong(None, Fault("answer", Answer(201, {"data": ["coverId"]})))
    with pytest.raises(errors.Garbled) as caught:
        adapter.request_cover(order())
    assert caught.value.is_maybe_done


def test_a_token_that_ran_out_is_renewed(party, adapter):
    party.clock = lambda: 0
    adapter.get_policy(KEY)
    party.clock = lambda: simulator.TOKEN_LIFE + 1
    assert adapter.get_policy(KEY).state == "live"
    assert [call.path for call in party.calls].count("/authenticate/v2/tokens") == 2


def test_an_answer_of_another_shape_is_told(party, adapter):
    party.go_wrong(None, *[Fault("answer", Answer(200, ["no", "envelope"]))] * 4)
    with pytest.raises(errors.Garbled):
        list(adapter.iter_portfolio(KEY))


def test_a_stored_answer_reads_as_it_did(party, adapter):
    party.add_cover(55, 20000)
    [page] = adapter.iter_portfolio(KEY)
    stored = {"data": [party_row(party)]}
    again = adapter.read_again("portfolio", stored, KEY)
    assert [fact.key for fact in again.facts] == [fact.key for fact in page.facts]
    assert adapter.read_again("buyers", stored, KEY).facts == ()
