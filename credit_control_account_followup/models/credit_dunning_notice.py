# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

CACHE = "res_partner_all_followup"


class CreditDunningNotice(models.Model):
    """What was sent shows in Odoo's follow-up report as the level it has reached."""

    _inherit = "credit.dunning.notice"

    def _mark_sent(self):
        result = super()._mark_sent()
        for (company, level), notices in self.grouped(
            lambda notice: (notice.company_id, notice.level_id)
        ).items():
            notices._show_followup_level(company, level)
        # Odoo keeps the status of every partner for the whole transaction.
        self.env.cr.cache.pop(CACHE, None)
        return result

    def _show_followup_level(self, company, level):
        # sudo: the accountant who sends sets the level; its line is the plan's.
        lines = self.env["account_followup.followup.line"].sudo()
        line = lines.search(
            [("company_id", "=", company.id), ("credit_level_id", "=", level.id)],
            limit=1,
        )
        if not line:
            return
        steps = self.item_ids.filtered(lambda item: item.kind == "step")
        steps.move_line_id.sudo().followup_line_id = line
        for partner in self.partner_id.sudo().with_company(company):
            partner._update_next_followup_action_date(line)
