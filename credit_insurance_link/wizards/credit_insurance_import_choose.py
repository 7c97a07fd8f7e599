# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditInsuranceImportChoose(models.TransientModel):
    """A person says which customer rows of a portfolio are about."""

    _name = "credit.insurance.import.choose"
    _description = "Choose the Customer"

    row_ids = fields.Many2many(
        "credit.insurance.import.row", default=lambda self: self._default_row_ids()
    )
    proposal = fields.Char(compute="_compute_proposal")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        domain=[("parent_id", "=", False)],
    )

    @api.model
    def _default_row_ids(self):
        ids = self.env.context.get("active_ids") or []
        return self.env["credit.insurance.import.row"].browse(ids).exists()

    @api.depends("row_ids")
    def _compute_proposal(self):
        for choice in self:
            told = {row.proposal for row in choice.row_ids if row.proposal}
            choice.proposal = ", ".join(sorted(told))

    def action_choose(self):
        """Note the choice on the rows; the buyer is confirmed when they are applied."""
        self.ensure_one()
        return self.row_ids.choose_customer(self.partner_id.id)
