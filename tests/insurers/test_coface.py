# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coface's two adapters against their simulators: what is verified, and no more."""

import pytest
from insurers import adapter as contract
from insurers import coface, coface_icon, errors
from insurers.facts import Identifier
from simulators import coface as simulator
from simulators.base import Answer, Fault

SIREN = Identifier("siren", "404833048", "FR")


@pytest.fixture
def party():
    with simulator.Cofaserve() as party:
        party.companies["SIREN_FRA", SIREN.value] = [
            {"easyNumber": "341003327", "name": "Papeterie du Pont"}
        ]
        yield party


@pytest.fixture
def icon():
    with simulator.Icon() as party:
        company = {"id": "c-1", "companyName": "Papeterie du Pont"}
        party.companies[f"registration-number#{SIREN.value}"] = [company]
        party.companies["Papeterie"] = [company]
        yield party


def connect(kind, party, **credentials):
    given = {**simulator.CREDENTIALS, **credentials}
    adapter = kind(contract.Settings("sandbox", given, party.url))
    adapter.channel.sleep = lambda seconds: None
    return adapter


def test_a_company_is_looked_up_by_number(party):
    adapter = connect(coface.Coface, party)
    [found] = adapter.resolve_buyer("FR", [Identifier("duns", "1"), SIREN])
    assert (found.external_id, found.matched_on) == ("00000341003327", "siren")
    assert party.calls[-1].query["countryCode"] == "FRA"
    assert adapter.resolve_buyer("FR", [Identifier("siren", "0")]) == []


def test_a_wrong_password_is_sent_once_and_never_locks_the_account(party):
    adapter = connect(coface.Coface, party, password="wrong-pass")
    with pytest.raises(errors.BadCredentials):
        adapter.resolve_buyer("FR", [SIREN])
    for _time in range(9):
        with pytest.raises(errors.BreakerOpen):
            adapter.resolve_buyer("FR", [SIREN])
    assert party.failures == 1


@pytest.mark.parametrize(
    "name",
    ["request_cover", "change_cover", "report_overdue", "submit_claim", "get_policy"],
)
def test_what_is_not_public_is_not_offered(party, name):
    adapter = connect(coface.Coface, party)
    assert adapter.capabilities == {"resolve_buyer"}
    with pytest.raises(errors.Unsupported):
        getattr(adapter, name)(None)
    assert party.calls == []


def test_a_sandbox_that_nobody_knows_is_not_replaced_by_production():
    with pytest.raises(errors.WrongRoute, match="sandbox"):
        coface.Coface(contract.Settings("sandbox", simulator.CREDENTIALS))


def test_a_number_that_is_no_easy_number_is_refused(party):
    party.companies["SIREN_FRA", SIREN.value][0]["easyNumber"] = "A1"
    with pytest.raises(errors.Garbled):
        connect(coface.Coface, party).resolve_buyer("FR", [SIREN])


def test_icon_finds_by_number_and_proposes_by_name(icon):
    adapter = connect(coface_icon.CofaceIcon, icon)
    [sure] = adapter.resolve_buyer("FR", [SIREN])
    assert (sure.external_id, sure.matched_on) == ("c-1", "siren")
    [maybe] = adapter.resolve_buyer("FR", [Identifier("siren", "0")], name="Papeterie")
    assert (maybe.matched_on, maybe.score) == ("", 40)
    assert adapter.resolve_buyer("FR", [Identifier("siren", "0")]) == []


def test_icon_hash_signs_are_encoded(icon):
    connect(coface_icon.CofaceIcon, icon).resolve_buyer("FR", [SIREN])
    assert icon.calls[-1].query["externalId"] == f"registration-number#{SIREN.value}"


DRA, OPINION = "debtor-risk-assessment-package", "credit-opinion"


def order(adapter, reference="r-1"):
    products = [{"slug": DRA}, {"slug": OPINION, "currency": "EUR"}]
    return adapter.order("c-1", reference, products)


def test_icon_publishes_what_was_ordered(icon):
    icon.assessments["c-1"] = [
        {"assessmentSlug": DRA, "debtorRiskValue": "4", "isCurrent": True},
        {"assessmentSlug": OPINION, "rating": "@@"},
        {"assessmentSlug": DRA, "debtorRiskValue": "9", "companyId": "c-2"},
    ]
    adapter = connect(coface_icon.CofaceIcon, icon)
    placed = order(adapter)
    told = [adapter.get_publication(one, "c-1") for one in placed.publications]
    assert [[scale for scale, _row in rows] for rows in told] == [
        ["coface_dra"],
        ["coface_opinion"],
    ]
    assert icon.billed == 2
    assert icon.calls[-1].query == {"format": "json", "id": f"o-1-{OPINION}"}


def test_p12_202_is_not_success(icon):
    adapter = connect(coface_icon.CofaceIcon, icon)
    [publication, _other] = order(adapter).publications
    with pytest.raises(errors.NotReady):
        adapter.get_publication(publication, "c-1")
    icon.cancelled.add("o-1")
    with pytest.raises(errors.Refused):
        adapter.get_publication(publication, "c-1")


@pytest.mark.parametrize("kind", ["lose", "half", "garbage"])
def test_an_order_whose_answer_is_lost_is_found_and_not_repeated(icon, kind):
    adapter = connect(coface_icon.CofaceIcon, icon)
    assert adapter.find_order("r-1") is None
    icon.go_wrong(Fault(kind))
    with pytest.raises(errors.InsurerError) as caught:
        order(adapter)
    assert caught.value.is_maybe_done
    assert adapter.find_order("r-1").publications == (f"o-1-{DRA}", f"o-1-{OPINION}")
    assert adapter.find_order("r-2") is None
    assert icon.billed == 2


def test_a_list_without_references_is_not_taken_for_our_order(icon):
    adapter = connect(coface_icon.CofaceIcon, icon)
    nameless = [{"id": f"o-{n}", "publications": [{"id": f"p-{n}"}]} for n in (1, 2)]
    icon.go_wrong(None, Fault("answer", Answer(200, nameless)))
    assert adapter.find_order("r-1") is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(202, {"code": "order_not_finished"}),
        Answer(202),
        Answer(201, {"id": "o-1", "publications": []}),
        Answer(503, {"message": "broken"}),
    ],
)
def test_an_order_that_nobody_confirmed_may_have_arrived(icon, answer):
    icon.go_wrong(None, Fault("answer", answer))
    with pytest.raises(errors.InsurerError) as caught:
        order(connect(coface_icon.CofaceIcon, icon))
    assert caught.value.is_maybe_done
    assert [call.method for call in icon.calls].count("POST") == 2  # with the login


def test_200_with_a_code_of_trouble_is_not_success(icon):
    adapter = connect(coface_icon.CofaceIcon, icon)
    with pytest.raises(errors.Refused, match="wrong_product") as caught:
        adapter.order("c-1", "r-1", [{"slug": "weather"}])
    assert not caught.value.is_maybe_done
    assert icon.billed == 0
