# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

from odoo.addons.credit_control.models.readers import for_reader

ACTIVITY = "credit_insurance_link.mail_activity_claim"
WAITING = ("filed", "in_review", "accepted")


class CreditInsurancePolicy(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    claim_silence_days = fields.Integer(
        string="Ask About a Claim After (days)",
        default=30,
        help="When the insurer has neither answered nor paid for so long, the person in "
        "charge of the claim is told to ask. Zero: nobody is told.",
    )

    _claim_silence_positive = models.Constraint(
        "CHECK(COALESCE(claim_silence_days, 0) >= 0)",
        "The days after which to ask are zero or more.",
    )


class CreditInsuranceClaim(models.Model):
    """Nobody forgets a claim until its indemnity is paid."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.claim"

    def _step(self, *states, **values):
        """Override: each step starts the wait for the insurer anew."""
        result = super()._step(*states, **values)
        # sudo: activities of colleagues as well.
        self.sudo()._follow_up()
        return result

    def _follow_up(self):
        self.activity_unlink([ACTIVITY])
        days = self.policy_id.claim_silence_days
        if self.state not in WAITING or not days:
            return
        user = self.user_id
        if not user.active:
            user = self.policy_id._get_responsible()
        words = for_reader(self, user)
        self.activity_schedule(
            ACTIVITY,
            self.company_id._credit_today() + timedelta(days=days),
            summary=words.env._("The insurer is silent: ask about the claim"),
            user_id=user.id,
        )
