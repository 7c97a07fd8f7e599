# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .readers import for_colleagues


class AccountPayment(models.Model):
    _inherit = "account.payment"

    _credit_uncleared_idx = models.Index(
        "(partner_id) WHERE is_matched IS NOT TRUE AND payment_type = 'inbound'"
    )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["credit.profile"]._debtors_changed(
                self.sudo().partner_id.commercial_partner_id.ids,
                for_colleagues(self).env._("A payment changed."),
            )
        return result
