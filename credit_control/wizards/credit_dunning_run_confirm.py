# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
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
            rows = self.env["credit.dunning.notice"]._read_group(
                [("run_id", "=", confirm.run_id.id), ("state", "=", "prepared")],
                ["level_id"],
                ["__count", "amount_total:sum"],
            )
            confirm.notice_count = sum(count for _level, count, _amount in rows)
            confirm.amount_total = sum(amount for _level, _count, amount in rows)
            confirm.levels = "\n".join(
                f"{count} × {level.name} ({level.channels})"
                for level, count, _amount in rows
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
