# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditGuaranteeCall(models.TransientModel):
    """The dialog that calls a guarantee, or records what its issuer paid."""

    _name = "credit.guarantee.call"
    _description = "Call a Guarantee"

    guarantee_id = fields.Many2one("credit.guarantee", required=True)
    currency_id = fields.Many2one(related="guarantee_id.currency_id")
    company_currency_id = fields.Many2one(related="guarantee_id.company_currency_id")
    overdue_amount = fields.Monetary(
        related="guarantee_id.overdue_amount", currency_field="company_currency_id"
    )
    way = fields.Selection(
        [("call", "Call"), ("paid", "Paid")], required=True, default="call"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    reason = fields.Text(help="The unpaid invoices, and what was done to collect them.")
    reference = fields.Char(help="Tracking number of the letter, or the issuer's.")
    attachment_ids = fields.Many2many(
        "ir.attachment", "credit_guarantee_call_attachment_rel", string="Letter"
    )

    @api.depends("guarantee_id", "way")
    def _compute_amount(self):
        for wizard in self:
            one = wizard.guarantee_id
            is_paid = wizard.way == "paid"
            wizard.amount = one.called_amount if is_paid else one._get_callable()

    def action_apply(self):
        """Record the call, or the payment."""
        self.ensure_one()
        one = self.guarantee_id
        if self.way == "paid":
            one._pay(self.date, self.amount)
        else:
            one._call(self.date, self.amount, self.reason, self.reference)
        one._adopt(self.attachment_ids)
        one.message_post(
            body=self.reason or self.env._("The issuer paid."),
            attachment_ids=self.attachment_ids.ids,
        )
        return {"type": "ir.actions.act_window_close"}
