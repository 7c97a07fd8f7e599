# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""P11: a recorded situation gives the same verdicts again."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
from engine import (
    ENGINE_VERSION,
    Document,
    Item,
    Line,
    Release,
    Situation,
    decide,
    replay,
)
from engine_cases import EVERYTHING, documents, situation, situations
from hypothesis import given
from hypothesis import strategies as st

releases = st.builds(
    Release,
    key=st.integers(1, 9),
    amount=st.integers(0, 10**15),
    tolerance_bp=st.integers(0, 10_000),
    tolerance=st.integers(0, 100),
    until=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
)
released_documents = st.builds(
    lambda document, release: replace(document, release=release), documents(), releases
)


@given(situations(released_documents), st.booleans(), st.booleans())
def test_p11_a_recorded_situation_replays_to_the_same_verdicts(case, managed, observe):
    case = replace(case, managed=managed, observe=observe, facts={"overdue": 10**15})
    recorded = json.dumps(case.to_json(), sort_keys=True)
    assert Situation.from_json(json.loads(recorded)) == case
    assert replay(json.loads(recorded)) == decide(case)


@given(situations(released_documents))
def test_p11_verdicts_are_recorded_as_plain_types(case):
    for verdict in decide(case):
        data = verdict.to_json()
        assert json.loads(json.dumps(data)) == data
        assert data["after"]["used"] == [[k, v] for k, v in verdict.after.used.items()]


def test_p11_the_record_names_the_engine_and_does_not_depend_on_set_order():
    lines = (Line(9, 5), Line(1, 5))
    cases = [
        situation(lines, (Item(7, frozenset(keys)),), ()) for keys in ((9, 1), (1, 9))
    ]
    assert cases[0].to_json() == cases[1].to_json()
    assert cases[0].to_json()["engine"] == ENGINE_VERSION
    assert cases[0].to_json()["items"][0]["eligible"] == [1, 9]


@pytest.mark.parametrize("version", (None, "", "99", 1))
def test_p11_a_record_of_an_unknown_engine_is_refused(version):
    data = situation().to_json() | {"engine": version}
    with pytest.raises(ValueError, match="engine version"):
        replay(data)


def test_p11_nothing_can_be_changed_afterwards():
    document = Document("d", (Item(9, EVERYTHING),), total=9)
    verdict = decide(situation((), (), (document,)))[0]
    with pytest.raises(FrozenInstanceError):
        verdict.outcome = "pass"
    with pytest.raises(FrozenInstanceError):
        verdict.reasons[0].effect = "inform"
