# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    credit_default_policy_id = fields.Many2one(
        related="company_id.credit_default_policy_id", readonly=False
    )
    credit_authority_analyst = fields.Monetary(
        related="company_id.credit_authority_analyst", readonly=False
    )
    credit_authority_manager = fields.Monetary(
        related="company_id.credit_authority_manager", readonly=False
    )
    credit_opening_keep_months = fields.Integer(
        related="company_id.credit_opening_keep_months", readonly=False
    )
