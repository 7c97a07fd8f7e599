# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditOpeningReference(models.Model):
    """Another supplier whom the customer named, and what he answered."""

    _name = "credit.opening.reference"
    _description = "Trade Reference"
    _order = "id"

    opening_id = fields.Many2one(
        "credit.opening",
        string="Account Opening",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="opening_id.currency_id")
    name = fields.Char(string="Supplier", required=True)
    contact = fields.Char(help="Whom to ask: name, telephone or e-mail.")
    years = fields.Integer(string="Customer For (years)")
    amount = fields.Monetary(
        string="Credit There", help="What this supplier lets him owe."
    )
    answer = fields.Selection(
        [
            ("good", "Pays on time"),
            ("late", "Pays late"),
            ("bad", "Does not pay"),
            ("none", "No answer"),
        ],
        help="Empty: not asked yet.",
    )
    date_answer = fields.Date(
        string="Answered on", compute="_compute_date_answer", store=True, readonly=False
    )
    note = fields.Char()

    _figures_positive = models.Constraint(
        "CHECK(COALESCE(years, 0) >= 0 AND COALESCE(amount, 0) >= 0)",
        "Years and amounts of a reference cannot be negative.",
    )

    @api.depends("answer")
    def _compute_date_answer(self):
        for reference in self:
            if reference.answer and not reference.date_answer:
                reference.date_answer = fields.Date.context_today(reference)

    @api.model_create_multi
    def create(self, vals_list):
        references = super().create(vals_list)
        references.opening_id._check_editable()
        return references

    def write(self, vals):
        self.opening_id._check_editable()
        result = super().write(vals)
        self.opening_id._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self.opening_id._check_editable()
