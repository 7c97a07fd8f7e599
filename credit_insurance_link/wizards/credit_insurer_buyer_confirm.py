# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditInsurerBuyerConfirm(models.TransientModel):
    """A person says which customer a buyer is; names only propose."""

    _name = "credit.insurer.buyer.confirm"
    _description = "Confirm a Buyer"

    buyer_id = fields.Many2one("credit.insurer.buyer", required=True)
    told = fields.Text(string="What the Insurer Says", compute="_compute_told")
    candidate_ids = fields.Many2many(
        "res.partner", string="Named Alike", compute="_compute_told"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        domain=[("parent_id", "=", False)],
    )
    numbers = fields.Text(string="Our Numbers", compute="_compute_numbers")

    @api.depends("buyer_id")
    def _compute_told(self):
        for confirm in self:
            buyer = confirm.buyer_id
            numbers = [f"{n.kind}: {n.value}" for n in buyer._get_told_numbers()]
            own = buyer.insurer_buyer_id
            confirm.told = "\n".join([buyer.name or "", own or "", *numbers])
            confirm.candidate_ids = buyer._get_named_alike()

    @api.depends("partner_id")
    def _compute_numbers(self):
        for confirm in self:
            confirm.numbers = "\n".join(
                f"{number.type_id.name}: {number.value}"
                for number in confirm.partner_id.credit_identifier_ids
            )

    def action_confirm(self):
        """Confirm, and let the cover reach the customer."""
        self.ensure_one()
        self.buyer_id.confirm_match(self.partner_id.id)
        return {"type": "ir.actions.act_window_close"}
