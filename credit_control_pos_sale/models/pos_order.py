# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

AT_THE_TILL = "credit_control_pos_sale.at_the_till"


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """Override of `pos_sale`: a till never stops because of credit (P5).

        It confirms the quotations that the customer has just settled. The mark lives in
        the server's memory for this call only, where no caller can put it.
        """
        cache = self.env.cr.cache
        before = cache.get(AT_THE_TILL, False)
        cache[AT_THE_TILL] = True
        try:
            return super().sync_from_ui(orders)
        finally:
            cache[AT_THE_TILL] = before
