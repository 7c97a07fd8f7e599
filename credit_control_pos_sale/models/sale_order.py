# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .pos_order import AT_THE_TILL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _is_credit_money_taken(self):
        """Override of `credit_control`: settled at the till in this very call."""
        return super()._is_credit_money_taken() or (
            self.env.cr.cache.get(AT_THE_TILL, False) and self._is_credit_settled()
        )

    def _is_credit_settled(self):
        # sudo: a cashier need not see the lines of other tills.
        order = self.sudo()
        lines = order.pos_order_line_ids | order.order_line.pos_order_line_ids
        return any(line.order_id.state not in ("draft", "cancel") for line in lines)
