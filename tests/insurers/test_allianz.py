# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Allianz Trade's adapter against its simulator."""

from datetime import date
from decimal import Decimal

import pytest
from insurers import allianz, errors, facts
from insurers.adapter import PolicyKey, Settings
from insurers.facts import CoverOrder, Identifier
from simulators import allianz as simulator
from simulators.base import Answer, Fault

KEY = PolicyKey(simulator.POLICY, simulator.UNIT, "", "", "EUR")
SIREN = Identifier("siren", "404833048", "FR")


@pytest.fixture
def party():
    with simulator.Allianz() as party:
        party.add_company("900", SIREN.value, "Papeterie du Pont")
        party.add_company("901", "443121975", "Papeterie Lointaine")
        yield party


@pytest.fixture
def adapter(party):
    settings = Settings("sandbox", simulator.CREDENTIALS, party.url)
    adapter = allianz.Allianz(settings)
    adapter.channel.sleep = lambda seconds: None
    yield adapter
    adapter.close()


def order(amount="25000", company="900", **values):
    return CoverOrder(
        reference="uuid-9",
        request_type=values.pop("request_type", "new"),
        policy_number=KEY.number,
        business_unit=KEY.business_unit,
        buyer_external_id=company,
        amount=Decimal(amount),
        currency="EUR",
        **values,
    )


def test_a_buyer_found_by_number_is_told_from_one_found_by_name(adapter):
    found = adapter.resolve_buyer("FR", [SIREN], name="Papeterie du Pont")
    told = {one.external_id: (one.matched_on, one.score) for one in found}
    assert told["900"] == ("siren", 100)
    assert told["901"] == ("", allianz.LIKELY)


def test_p12_a_request_is_a_job_then_a_cover(party, adapter):
    party.patience = 1
    answer = adapter.request_cover(order())
    assert (answer.state, answer.decisions) == ("referred", ())
    job_id = answer.external_job_id
    assert adapter.poll_request(order(), job_id, "").state == "referred"
    told = adapter.poll_request(order(), job_id, "")
    assert told.state == "decided"
    assert told.decisions[0].amount == Decimal("25000.0")
    assert told.decisions[0].external_id == told.external_request_id


def test_the_policy_keeps_its_zeros_and_has_three_parts(party, adapter):
    adapter.request_cover(order())
    sent = party.calls[-1].body["policy"]
    assert sent == {
        "businessUnitCode": "EHSE",
        "policyId": "0123456",
        "extensionId": "",
    }


def test_the_address_of_a_cover_leads_nowhere_else(party, adapter):
    answer = adapter.request_cover(order())
    adapter.poll_request(order(), answer.external_job_id, "")
    assert party.calls[-1].path.startswith(simulator.ROOT + "/covers/")


def test_a_second_request_for_a_buyer_is_refused(party, adapter):
    party.patience = 9
    adapter.request_cover(order())
    with pytest.raises(errors.Refused, match="pending"):
        adapter.request_cover(order("40000"))


def test_a_lost_answer_is_found_by_buyer_and_amount(party, adapter):
    party.patience = 9
    party.go_wrong(None, Fault("lose"))
    with pytest.raises(errors.Unreachable) as caught:
        adapter.request_cover(order())
    assert caught.value.is_maybe_done
    assert adapter.find_request(order(), date.today()).state == "referred"
    assert adapter.find_request(order("99000"), date.today()) is None
    assert not adapter.has_own_reference


def test_p12_a_code_that_nobody_saw_is_unknown(party, adapter):
    party.add_cover("900", 30000, code="Granted")
    [page] = adapter.iter_portfolio(KEY)
    [fact] = page.facts
    assert (fact.outcome, fact.amount, fact.code) == ("unknown", None, "Granted")
    assert fact.outcome not in facts.GRANTING


def test_a_portfolio_is_read_page_by_page(party, adapter, monkeypatch):
    monkeypatch.setattr(allianz, "PAGE_SIZE", 2)
    for amount in range(1000, 6000, 1000):
        party.add_cover("900", amount)
    pages = list(adapter.iter_portfolio(KEY))
    assert [len(page.facts) for page in pages] == [2, 2, 1]
    assert [page.cursor for page in pages] == ["2", "3", ""]
    rest = list(adapter.iter_portfolio(KEY, cursor="3"))
    assert rest[0].facts == pages[2].facts


def test_a_row_that_cannot_be_read_does_not_stop_the_others(party, adapter):
    bad, good = party.add_cover("900", "lots"), party.add_cover("901", 7000)
    [page] = adapter.iter_portfolio(KEY)
    assert [problem.external_id for problem in page.problems] == [bad]
    assert [fact.external_id for fact in page.facts] == [good]


def test_a_top_up_is_a_layer_of_its_own(party, adapter):
    party.add_cover("900", 7000)
    [page] = adapter.iter_portfolio(PolicyKey(KEY.number, "EHSE", "CAP", "", "EUR"))
    assert page.facts[0].layer == "topup"


def test_environments_have_paths_of_their_own():
    for name, path in allianz.PATHS["production"].items():
        assert "uatm" not in path
        if name != "login":
            assert "uatm" in allianz.PATHS["sandbox"][name]


def test_p12_an_answer_that_is_no_job_may_have_been_done(party, adapter):
    party.go_wrong(None, Fault("answer", Answer(202, {"job": 1})))
    with pytest.raises(errors.Garbled) as caught:
        adapter.request_cover(order())
    assert caught.value.is_maybe_done


@pytest.mark.parametrize("name", ["change_cover", "report_overdue", "submit_claim"])
def test_what_is_not_verified_is_not_offered(adapter, name):
    with pytest.raises(errors.Unsupported):
        getattr(adapter, name)(None)


def test_a_number_that_is_a_path_is_refused(adapter):
    with pytest.raises(errors.Refused):
        adapter.poll_request(order(), "../../v1/idp", "")
