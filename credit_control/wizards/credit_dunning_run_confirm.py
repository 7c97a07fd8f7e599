# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import api, fields, models


class CreditDunningRunConfirm(models.TransientModel):
    """Say how many messages would leave before somebody lets them (P13)."""

    _name = "credit.dunning.run.confirm"
    _description = "Confirm Sending Follow-ups"

    run_id = fields.Many2one(
        "credit.dunning.run", required=True, readonly=True, ondelete="cascade"
    )
    ask = fields.Selection(
        [("live", "Switch Test Mode Off"), ("send", "Send")],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="run_id.company_id")
    currency_id = fields.Many2one(related="run_id.currency_id")
    daily = fields.Selection(related="run_id.company_id.credit_dunning_daily")
    notice_count = fields.Integer(string="Customers", compute="_compute_leaving")
    amount_total = fields.Monetary(string="To Pay", compute="_compute_leaving")
    levels = fields.Text(compute="_compute_leaving")

    @api.depends("run_id.notice_ids.state")
    def _compute_leaving(self):
        for confirm in self:
            notices = confirm.run_id.notice_ids.filtered(
                lambda notice: notice.state == "prepared"
            )
            kinds = Counter((notice.level_id, notice.channels) for notice in notices)
            confirm.notice_count = len(notices)
            confirm.amount_total = sum(notices.mapped("amount_total"))
            confirm.levels = "\n".join(
                f"{count} × {level.name} ({channels})"
                for (level, channels), count in kinds.most_common()
            )

    def action_confirm(self):
        """Do it; the run checks who asks.

        :raise AccessError: for who may not
        """
        self.ensure_one()
        if self.ask == "live":
            self.run_id.action_go_live()
        else:
            self.run_id.action_send()
        return {"type": "ir.actions.act_window_close"}
