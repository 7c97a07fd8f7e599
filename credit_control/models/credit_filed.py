# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditFiled(models.AbstractModel):
    """What belongs to one credit file, and so to one debtor in one root company."""

    _name = "credit.filed"
    _description = "Part of a Credit File"

    profile_id = fields.Many2one(
        "credit.profile",
        string="Credit File",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(
        related="profile_id.company_id", store=True, index=True
    )
