# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditCoverFact(models.AbstractModel):
    """Something that is so about the cover of one buyer under one policy.

    Nobody types it: decisions come in by their door, the rest is worked out from them.
    """

    _name = "credit.cover.fact"
    _description = "Fact about Cover"

    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    buyer_id = fields.Many2one(
        "credit.insurer.buyer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="policy_id.currency_id")
    insured_percent = fields.Float(string="Insured (%)", readonly=True)
    max_terms_days = fields.Integer(string="Longest Terms (days)", readonly=True)
