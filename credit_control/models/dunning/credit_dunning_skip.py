# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditDunningSkip(models.Model):
    """A debtor or an item that a run left out, and why (P13)."""

    _name = "credit.dunning.skip"
    _description = "Skipped in a Follow-up Run"
    _order = "run_id, reason_id, partner_id, id"

    run_id = fields.Many2one(
        "credit.dunning.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(help="The day of the run.")
    profile_id = fields.Many2one("credit.profile", index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Entry")
    date_maturity = fields.Date(string="Due Date")
    days_late = fields.Integer(aggregator="max")
    reason_id = fields.Many2one(
        "credit.reason", required=True, index=True, ondelete="restrict"
    )
    until = fields.Date(help="When the reason ends, if that is known.")
    res_model = fields.Char(string="Because of (model)")
    res_id = fields.Many2oneReference(string="Because of", model_field="res_model")
    pauses = fields.Boolean(
        help="A plan may start again at its first step once this is over."
    )
    amount = fields.Monetary(help="What is left out, in the company's currency.")

    _pause_idx = models.Index("(profile_id, date) WHERE pauses")

    def action_open_source(self):
        """Open the promise, dispute or payment behind a skip.

        Who may not read it is told so by the form.
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
