# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The kit of this add-on's tests; other add-ons may import it."""

from decimal import Decimal

from odoo.addons.credit_control.tests.common import CreditCommon

from ..insurers.facts import DecisionFact, Identifier

# Numbers with the right check digits, of nobody in particular.
SIREN, OTHER_SIREN = "404833048", "443121975"


class InsuranceCommon(CreditCommon):
    """An insurer, a policy in force, and a debtor with a SIREN."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls.env.ref("base.fr")
        cls.insurer = cls.env["credit.insurer"].create(
            {"name": "Alpha Insurance", "code": "alpha"}
        )
        cls.cover_policy = cls.env["credit.insurance.policy"].create(
            {
                "insurer_id": cls.insurer.id,
                "policy_number": "0012345",
                "state": "live",
                "user_id": cls.manager.id,
                "currency_id": cls.currency.id,
            }
        )
        cls.debtor.write(
            {"country_id": cls.france.id, "company_registry": SIREN, "is_company": True}
        )

    @classmethod
    def _new_buyer(cls, partner=None, number="B1", **values):
        """A buyer of the insurer that somebody confirmed."""
        buyer = cls.env["credit.insurer.buyer"].create(
            {
                "name": "BUYER",
                "insurer_id": cls.insurer.id,
                "insurer_buyer_id": number,
                **values,
            }
        )
        buyer.confirm_match((partner or cls.debtor).id)
        return buyer

    @classmethod
    def _fact(cls, amount=None, outcome="granted", **values):
        """What the insurer tells of the debtor, today."""
        numbers = (Identifier("siren", SIREN, "FR"),)
        return DecisionFact(
            **{
                "external_id": "C1",
                "policy_number": cls.cover_policy.policy_number,
                "buyer_external_id": "B1",
                "outcome": outcome,
                "amount": None if amount is None else Decimal(amount),
                "currency": cls.currency.name,
                "decided_at": cls._today(),
                "identifiers": numbers,
                **values,
            }
        )

    @classmethod
    def _tell(cls, *facts, source="api", policy=None):
        return cls.env["credit.cover.decision"]._ingest(
            policy or cls.cover_policy, list(facts), source
        )

    @classmethod
    def _insured(cls, partner=None, **domain):
        """The lines in force that follow the insurer."""
        return cls.env["credit.line"].search(
            [
                ("partner_id", "=", (partner or cls.debtor).id),
                ("cover_policy_id", "!=", False),
                ("in_force", "=", "now"),
            ]
        )
