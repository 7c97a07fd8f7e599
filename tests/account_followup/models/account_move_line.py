# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    followup_line_id = fields.Many2one(
        "account_followup.followup.line", "Follow-up Level", copy=False
    )
