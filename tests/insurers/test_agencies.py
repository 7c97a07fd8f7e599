# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Registers and agencies, asked over loopback with everything that may go wrong."""

from datetime import date
from decimal import Decimal

import pytest
from insurance_link.agencies import (
    bodacc,
    coface_icon,
    creditsafe,
    dnb,
    recherche,
    sirene,
)
from insurance_link.agencies.pace import Pace
from insurance_link.insurers import adapter, errors
from insurance_link.insurers.coface_icon import CofaceIcon
from insurance_link.insurers.http import Channel
from simulators import agencies, coface, registers
from simulators.base import BROKEN, BUSY, Fault

PLUME, OTHER, THIRD = "552008443", "443121975", "732829320"
SINCE = date(2026, 1, 1)
OPENING = "Jugement d'ouverture d'une procédure de redressement judiciaire"


@pytest.fixture
def register():
    with registers.RegisterSimulator() as simulator:
        yield simulator


@pytest.fixture
def agency():
    with agencies.AgencySimulator() as simulator:
        yield simulator


def channel(dialect, **options):
    made = Channel(dialect, name="test", trust_env=False, **options)
    made.sleep = lambda _seconds: None
    return made


def quick():
    return Pace(10_000)


def notices(simulator, *sirens, **options):
    line = channel(bodacc.BodaccDialect())
    client = bodacc.Client(line, simulator.url, pace=quick(), **options)
    return list(client.iter_events(sirens, SINCE))


# === BODACC === #


def test_an_opening_is_found_by_number(register):
    key = register.add_notice(PLUME, nature=OPENING)
    register.add_notice(OTHER, nature=OPENING)
    (fact,) = notices(register, PLUME)
    assert fact.external_id == key
    assert fact.kind == "receivership"
    assert fact.sirens == (PLUME,)
    assert fact.published_on == date(2026, 3, 15)
    assert fact.happened_on == date(2026, 3, 10)
    assert fact.notice == "new"


@pytest.mark.parametrize(
    "nature, kind",
    [
        ("Jugement d'ouverture de liquidation judiciaire", "liquidation"),
        ("Jugement d’ouverture d’une procédure de sauvegarde", "safeguard"),
        ("Jugement de conversion en liquidation judiciaire", "conversion"),
        ("Jugement arrêtant le plan de redressement judiciaire", "plan"),
        ("Jugement de clôture pour insuffisance d'actif", "closure"),
        ("Jugement prononçant la liquidation judiciaire", "liquidation"),
        (
            "Jugement prononçant la résolution du plan de redressement et la "
            "liquidation judiciaire",
            "liquidation",
        ),
        ("Dépôt de l'état des créances", "proceedings_other"),
        ("", "proceedings_other"),
    ],
)
def test_judgments_are_told_apart(register, nature, kind):
    register.add_notice(PLUME, jugement=f'{{"nature": "{nature}"}}')
    assert [fact.kind for fact in notices(register, PLUME)] == [kind]


@pytest.mark.parametrize("judgment", [None, "", "not JSON", "[1]", '"x"'])
def test_a_judgment_that_cannot_be_read_is_for_a_person(register, judgment):
    register.add_notice(PLUME, jugement=judgment)
    assert [fact.kind for fact in notices(register, PLUME)] == ["proceedings_other"]


def test_a_sale_names_both_parties(register):
    register.add_notice(PLUME, OTHER, familleavis="vente", jugement=None)
    (fact,) = notices(register, OTHER)
    assert (fact.kind, fact.sirens) == ("sale", (PLUME, OTHER))


def test_a_cancellation_names_the_notice_it_takes_back(register):
    former = '{"nomPublication": "BODACC A", "numeroParution": "20260051"'
    former += ', "numeroAnnonce": 1}'
    first = register.add_notice(PLUME, nature=OPENING)
    register.add_notice(PLUME, typeavis="annulation", parutionavisprecedent=former)
    _opening, taken_back = notices(register, PLUME)
    assert (taken_back.notice, taken_back.replaces) == ("cancellation", first)


def test_many_companies_take_few_calls_and_all_pages_are_read(register):
    numbers = [f"{number:09d}" for number in range(100_000_000, 100_002_000)]
    numbers = [number for number in numbers if bodacc.to_siren(number)][:90]
    for number in numbers[:3]:
        for _turn in range(40):
            register.add_notice(number, nature=OPENING)
    assert len(notices(register, *numbers)) == 120
    # 90 companies make 3 questions; the first one has two pages.
    assert len(register.calls) == 4


def test_only_valid_numbers_are_asked(register):
    assert notices(register, '552008443" OR 1=1 --', "552008444", "", None) == []
    assert register.calls == []


def test_a_family_that_bodacc_does_not_have_is_refused():
    with pytest.raises(ValueError, match="collectives"):
        bodacc.Client(None, families=["collectives"])


@pytest.mark.parametrize("fault", [BUSY, BROKEN, Fault("half"), Fault("drop")])
def test_one_trouble_is_got_over(register, fault):
    register.add_notice(PLUME, nature=OPENING)
    register.go_wrong(fault)
    assert len(notices(register, PLUME)) == 1


def test_no_answer_is_never_taken_for_no_notice(register):
    register.go_wrong(*[Fault("garbage")] * 9)
    with pytest.raises(errors.Garbled):
        notices(register, PLUME)


# === REGISTERS === #


def test_the_search_answers_neighbours_and_only_the_number_counts(register):
    register.add_company("552008369", "Voisine SA")
    line = channel(recherche.SearchDialect())
    client = recherche.Client(line, register.url, quick())
    assert client.get_company(PLUME) is None
    register.add_company(PLUME, "Plume SA", state="C", closed="2026-02-01")
    found = client.get_company(PLUME)
    assert (found.name, found.is_active) == ("Plume SA", False)
    assert found.closed_on == date(2026, 2, 1)


def test_a_name_proposes_each_company_once(register):
    register.add_company(PLUME, "Plume SA")
    register.add_company(OTHER, "Plume et fils", state="C")
    register.add_company("123456789", "Plume sans numéro")
    client = recherche.Client(channel(recherche.SearchDialect()), register.url, quick())
    found = client.find_companies("plume")
    assert {one.siren: one.is_active for one in found} == {PLUME: True, OTHER: False}
    assert client.find_companies("Voisine") == []
    with pytest.raises(errors.Refused):
        client.find_companies("pl")


def test_sirene_reads_the_current_period(register):
    register.add_company(PLUME, "Plume SA", state="C", closed="2026-02-01")
    line = channel(sirene.SireneDialect(register.key))
    client = sirene.Client(line, register.url, quick())
    found = client.get_company(PLUME)
    assert (found.is_active, found.closed_on) == (False, date(2026, 2, 1))
    assert client.get_company(OTHER) is None


def test_a_wrong_key_is_told_and_not_repeated(register):
    line = channel(sirene.SireneDialect("wrong"))
    with pytest.raises(errors.BadCredentials):
        sirene.Client(line, register.url, quick()).get_company(PLUME)
    assert len(register.calls) <= 2


# === PAID AGENCIES === #


def creditsafe_client(simulator, **options):
    dialect = creditsafe.CreditsafeDialect(simulator.url, "me", "secret")
    return creditsafe.Client(channel(dialect, **options), simulator.url)


def test_creditsafe_scores_the_company_with_this_number_only(agency):
    agency.add_company("FR-1", f"{PLUME}00017", agencies.SCORE)
    agency.add_company("FR-2", "552008369", agencies.SCORE)
    score = creditsafe_client(agency).get_score(PLUME)
    assert (score.external_id, score.position, score.grade) == ("FR-1", 64, "B")
    assert (score.recommended_limit, score.probability) == (25000, Decimal("1.25"))
    assert (score.scored_on, score.previous) == (date(2026, 2, 1), "A")


def test_creditsafe_without_score_is_no_score(agency):
    agency.add_company("FR-1", PLUME, None)
    assert creditsafe_client(agency).get_score(PLUME) is None
    assert creditsafe_client(agency).get_score(OTHER) is None


def test_two_companies_with_one_number_are_nobodys(agency):
    agency.add_company("FR-1", PLUME, agencies.SCORE)
    agency.add_company("FR-2", PLUME, agencies.SCORE)
    assert creditsafe_client(agency).get_score(PLUME) is None


def test_a_token_that_ran_out_is_renewed_once(agency):
    agency.add_company("FR-1", PLUME, agencies.SCORE)
    client = creditsafe_client(agency)
    assert client.get_score(PLUME)
    agency.expire_tokens()
    assert client.get_score(PLUME)


def test_what_is_billed_is_not_asked_for_twice(agency):
    agency.add_company("FR-1", PLUME, agencies.SCORE)
    agency.assessments["123456789"] = agencies.ASSESSMENT
    line = channel(dnb.DnbDialect(agency.url, "key", "secret"))
    for client, number, before in (
        (creditsafe_client(agency), PLUME, 2),  # login and search
        (dnb.Client(line, agency.url), "123456789", 1),
    ):
        agency.calls.clear()
        agency.go_wrong(*[None] * before, Fault("lose"))
        with pytest.raises(errors.Unreachable) as caught:
            client.get_score(number)
        assert caught.value.is_maybe_done
        assert len(agency.calls) == before + 1
        assert client.get_score(number)


def test_creditsafe_changes_are_all_read(agency):
    for number in range(101):
        agency.add_event(number + 1, "FR-1", "A", "B")
    facts = list(creditsafe_client(agency).iter_changes())
    assert len(facts) == 101
    assert (facts[0].old_value, facts[0].new_value) == ("A", "B")


def test_dnb_assesses_a_duns_number(agency):
    agency.assessments["123456789"] = agencies.ASSESSMENT
    line = channel(dnb.DnbDialect(agency.url, "key", "secret"))
    client = dnb.Client(line, agency.url)
    score = client.get_score("123456789")
    assert (score.raw_score, score.position, score.recommended_limit) == (
        "3A3",
        71,
        40000,
    )
    assert client.get_score("987654321") is None


def test_secrets_are_in_no_log(agency):
    kept = []
    agency.add_company("FR-1", PLUME, agencies.SCORE)
    client = creditsafe_client(agency, secrets=["secret"], on_exchange=kept.append)
    client.get_score(PLUME)
    told = " ".join(f"{e.url} {e.request} {e.response} {e.error}" for e in kept)
    assert kept and "secret" not in told and "token-" not in told


def test_the_pace_is_kept():
    now, waited = [0.0], []

    def sleep(seconds):
        waited.append(seconds)
        now[0] += seconds

    pace = Pace(2, clock=lambda: now[0], sleep=sleep)
    for _turn in range(3):
        pace.wait()
    assert waited == [0.5, 0.5]


# === COFACE ICON === #


@pytest.fixture
def icon():
    with coface.Icon() as party:
        party.companies[f"registration-number#{PLUME}"] = [{"id": "c-1"}]
        party.assessments["c-1"] = [
            {
                "assessmentSlug": "debtor-risk-assessment-package",
                "companyId": "c-1",
                "debtorRiskValue": value,
                "releaseDate": day,
                "isCurrent": day == "2026-02-03",
                "probabilityOfDefault": 2.0,
            }
            for value, day in (
                ("7", "2024-01-09"),
                ("4", "2026-02-03"),
                ("6", "2025-01-09"),
            )
        ]
        party.assessments["c-1"].append(
            {
                "assessmentSlug": "credit-opinion",
                "companyId": "c-1",
                "rating": "@@",
                "releaseDate": "2026-01-30",
                "maxCreditAmount": {"currency": "EUR", "value": 20000.5},
            }
        )
        yield party


def rate(party, number=PLUME):
    settings = adapter.Settings("sandbox", coface.CREDENTIALS, party.url)
    client = coface_icon.Client(CofaceIcon(settings))
    client.channel.sleep = lambda _seconds: None
    company_id = client.find_company(number)
    order = client.order(company_id, "r-1", "EUR")
    return client.get_score(order.publications, company_id)


def test_icon_gives_risk_opinion_and_what_it_was_before(icon):
    fact = rate(icon)
    assert (fact.raw_score, fact.position, fact.grade) == ("4", 40, "@@")
    assert (fact.previous, fact.scored_on) == ("6", date(2026, 2, 3))
    assert fact.probability == Decimal(2)
    assert fact.recommended_limit == Decimal("20000.5")
    assert icon.calls[1].query["countryCode"] == "FR"


def test_icon_gives_the_opinion_alone(icon):
    icon.assessments["c-1"] = icon.assessments["c-1"][-1:]
    fact = rate(icon)
    assert (fact.raw_score, fact.position, fact.probability) == ("@@", None, None)


@pytest.mark.parametrize("companies", [[], [{"id": "c-1"}, {"id": "c-2"}]])
def test_icon_takes_no_company_that_is_not_the_only_one(icon, companies):
    icon.companies[f"registration-number#{PLUME}"] = companies
    settings = adapter.Settings("sandbox", coface.CREDENTIALS, icon.url)
    assert coface_icon.Client(CofaceIcon(settings)).find_company(PLUME) == ""


@pytest.mark.parametrize(
    "change",
    [{"debtorRiskValue": "11"}, {"debtorRiskValue": ""}, {"companyId": "c-9"}],
)
def test_icon_tells_nothing_of_what_is_no_risk_value(icon, change):
    icon.assessments["c-1"] = [{**icon.assessments["c-1"][1], **change}]
    assert rate(icon) is None


def test_p12_icon_that_is_not_ready_has_no_score(icon):
    del icon.assessments["c-1"]
    with pytest.raises(errors.NotReady):
        rate(icon)


def test_icon_that_breaks_is_asked_again(icon):
    icon.go_wrong(None, BROKEN, BUSY, None, None, BROKEN)
    assert rate(icon).raw_score == "4"
    assert icon.billed == 2
