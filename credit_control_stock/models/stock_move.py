# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_cancel(self):
        """Override of `stock`: let waiting holds be looked at again."""
        result = super()._action_cancel()
        # sudo: whoever may cancel the delivery need not see the order.
        self.sudo().sale_line_id.order_id._credit_changed()
        return result
