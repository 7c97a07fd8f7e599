# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.credit_control.tests.dunning_common import DunningCommon


class FollowupCommon(DunningCommon):
    """A live company whose plan drives Odoo's follow-up levels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_followup_plan_id = cls.plan
        cls.followups = cls.env["account_followup.followup.line"].with_user(
            cls.accountant
        )

    @classmethod
    def _go_live(cls):
        default = cls.env.ref("credit_control.credit_dunning_plan_default")
        cls.company.credit_followup_plan_id = default
        return super()._go_live()

    def _lines(self, company=None):
        domain = [("company_id", "=", (company or self.company).id)]
        return self.followups.sudo().search(domain, order="delay")

    def _reached(self, move):
        return self._receivable(move).followup_line_id
