# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditInsuranceTurnoverLine(models.Model):
    """One country of a declaration."""

    _name = "credit.insurance.turnover.line"
    _description = "Country of a Turnover Declaration"
    _inherit = ["credit.insurance.part"]
    _order = "amount desc, id"
    _rec_name = "country_id"

    _whole = "turnover_id"

    turnover_id = fields.Many2one(
        "credit.insurance.turnover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="turnover_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="turnover_id.currency_id")
    country_id = fields.Many2one("res.country", ondelete="restrict")
    amount = fields.Monetary(string="Insurable")
    excluded_amount = fields.Monetary(string="Excluded")
    note = fields.Char(help="Why it differs from the books.")
