# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

PENDING = "credit_control_account_followup.spared"


class CreditProfile(models.Model):
    """An answer of a debtor shows in Odoo's follow-ups when it is committed."""

    _inherit = "credit.profile"

    def _credit_changed(self, cause):
        result = super()._credit_changed(cause)
        # sudo: which companies follow a plan, nothing more.
        driven = self.sudo().filtered("company_id.credit_followup_plan_id")
        if driven:
            precommit = self.env.cr.precommit
            if PENDING not in precommit.data:
                precommit.add(self.sudo()._sync_followup_pending)
            precommit.data.setdefault(PENDING, set()).update(
                (profile.company_id.id, profile.partner_id.id) for profile in driven
            )
        return result

    def _sync_followup_pending(self):
        pending = self.env.cr.precommit.data.pop(PENDING, set())
        companies = self.env["res.company"].browse({key for key, _id in pending})
        for company in companies:
            self.env["credit.dunning.run"]._sync_followup_exclusions(
                company, [partner for key, partner in pending if key == company.id]
            )
