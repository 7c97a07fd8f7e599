# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Facts are exact, and the same words told twice are one version."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from insurers import facts

FACT = facts.DecisionFact(
    external_id="77",
    policy_number="0012",
    buyer_external_id="55",
    outcome="granted",
    amount=Decimal("30000"),
    currency="EUR",
    decided_at=date(2026, 3, 1),
)


def test_every_outcome_is_granting_ending_or_neutral():
    groups = [facts.GRANTING, facts.ENDING, facts.NEUTRAL]
    assert sum(map(len, groups)) == len(facts.OUTCOMES)
    assert set().union(*groups) == set(facts.OUTCOMES)


def test_the_same_words_are_the_same_version():
    again = replace(FACT, amount=Decimal("30000.00"), raw={"read": "twice"})
    assert again.key == FACT.key


def test_other_words_are_another_version():
    assert replace(FACT, amount=Decimal("20000")).key != FACT.key
    assert replace(FACT, pending_action="withdrawal").key != FACT.key


def test_p12_granted_without_an_amount_is_refused():
    with pytest.raises(ValueError, match="no granted amount"):
        replace(FACT, amount=None, requested_amount=Decimal("30000"))


@pytest.mark.parametrize("amount", [30000.0, Decimal("-1"), Decimal("NaN"), "30000"])
def test_amounts_are_exact_and_never_negative(amount):
    with pytest.raises(ValueError, match="Decimal"):
        replace(FACT, amount=amount)


@pytest.mark.parametrize(
    "change", [{"outcome": "yes"}, {"layer": "cake"}, {"pending_action": "soon"}]
)
def test_words_outside_the_vocabulary_are_refused(change):
    with pytest.raises(ValueError, match="Unknown"):
        replace(FACT, **change)


def test_a_fact_becomes_json():
    told = FACT.to_json()
    assert told["amount"] == "30000"
    assert told["decided_at"] == "2026-03-01"
