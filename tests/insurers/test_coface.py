# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Coface's two adapters against their simulators: what is verified, and no more."""

import pytest
from insurers import adapter as contract
from insurers import coface, coface_icon, errors
from insurers.facts import Identifier
from simulators import coface as simulator

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


def test_icon_rates_a_company(icon):
    icon.assessments["c-1"] = [
        {
            "assessmentSlug": "debtor-risk-assessment",
            "debtorRiskValue": "4",
            "releaseDate": "2026-02-03T10:00:00Z",
            "isCurrent": True,
        },
        {"assessmentSlug": "credit-opinion", "rating": "@@", "isCurrent": True},
        {
            "assessmentSlug": "debtor-risk-assessment",
            "debtorRiskValue": "9",
            "isCurrent": False,
        },
        {"assessmentSlug": "late-payment-index", "paymentIndexValue": "7"},
    ]
    grades = connect(coface_icon.CofaceIcon, icon).get_grades("c-1")
    assert [(one.grade_scale, one.grade) for one in grades] == [
        ("coface_dra", "4"),
        ("coface_opinion", "@@"),
    ]


def test_p12_202_is_not_success(icon):
    with pytest.raises(errors.NotReady):
        connect(coface_icon.CofaceIcon, icon).get_grades("c-1")


def test_200_with_a_code_of_trouble_is_not_success(icon):
    adapter = connect(coface_icon.CofaceIcon, icon)
    adapter.base += "/elsewhere"
    with pytest.raises(errors.Refused, match="wrong_product"):
        adapter.get_grades("c-1")
