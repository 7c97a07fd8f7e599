# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    credit_dispute_authority = fields.Monetary(
        related="company_id.credit_dispute_authority", readonly=False
    )
    credit_portal_promises = fields.Boolean(
        related="company_id.credit_portal_promises", readonly=False
    )
    credit_portal_promise_days = fields.Integer(
        related="company_id.credit_portal_promise_days", readonly=False
    )
    credit_portal_disputes = fields.Boolean(
        related="company_id.credit_portal_disputes", readonly=False
    )
    credit_call_weight_late = fields.Float(
        related="company_id.credit_call_weight_late", readonly=False
    )
    credit_call_weight_amount = fields.Float(
        related="company_id.credit_call_weight_amount", readonly=False
    )
    credit_call_weight_score = fields.Float(
        related="company_id.credit_call_weight_score", readonly=False
    )
    credit_call_minutes = fields.Integer(
        related="company_id.credit_call_minutes", readonly=False
    )
