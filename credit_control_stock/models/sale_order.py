# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.depends("order_line.move_ids.state")
    def _compute_credit_open(self):
        """Override of `credit_control`: cancelling a delivery frees credit."""
        return super()._compute_credit_open()
