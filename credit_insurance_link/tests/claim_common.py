# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .duty_common import InsuranceCommon


class ClaimCommon(InsuranceCommon):
    """A debtor who does not pay what was covered, and how his claim goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["credit.cover.layer"].sudo().search([]).unlink()
        cls._cover(800)
        cls.invoice = cls._late_invoice(1000, 200)

    def _claim(self, **values):
        return (
            self.env["credit.insurance.claim"]
            .with_user(self.analyst)
            .create(
                {
                    "policy_id": self.insured_policy.id,
                    "partner_id": self.debtor.id,
                    **values,
                }
            )
        )

    def _complete(self, claim):
        claim.document_ids.explanation = "Not needed"
        claim.document_ids[0].attachment_ids = self._paper("../../order\\1.pdf")

    def _say(self, claim, way, **values):
        dialog = self.env["credit.insurance.claim.answer"].with_user(self.analyst)
        dialog.create(
            {
                "claim_id": claim.id,
                "way": way,
                "number": "S-77",
                "attachment_ids": [Command.set(self._paper().ids)],
                **values,
            }
        ).action_apply()

    def _paid_claim(self, **values):
        claim = self._claim(**values)
        self._complete(claim)
        claim.action_file()
        self._say(claim, "received")
        self._say(claim, "accepted")
        self._say(claim, "paid")
        return claim

    def _steps(self, claim):
        return {step.code: step.amount for step in claim.step_ids if step.amount}
