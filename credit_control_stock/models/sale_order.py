# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.credit_control.engine.scope import split_exactly

CONFIRMING = "credit_control_stock.confirming"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """Override of `sale`: an order that is reopened owes all of it again.

        Its deliveries were cancelled with it, and the new ones come after the gate. The
        mark lives in the server's memory, where no caller can put it.
        """
        if vals.get("state") != "sale":
            return super().write(vals)
        cache = self.env.cr.cache
        before = cache.get(CONFIRMING, ())
        confirmed = self.filtered(lambda order: order.state != "sale")
        cache[CONFIRMING] = (*before, *confirmed.ids)
        try:
            result = super().write(vals)
            confirmed.mapped("credit_open_split")  # what is stored is the whole
        finally:
            cache[CONFIRMING] = before
        return result

    def _is_credit_confirming(self):
        return self.id in self.env.cr.cache.get(CONFIRMING, ())

    @api.depends("order_line.move_ids.state")
    def _compute_credit_open(self):
        """Override of `credit_control`: cancelling a delivery frees credit."""
        return super()._compute_credit_open()

    # === WHAT A DELIVERY HANDS OUT === #

    def _get_credit_handed(self, moves):
        """Of which products goods are handed out, not more than the order still owes.

        :param moves: of this order
        :return: dict, product id -> cents of the company's currency
        """
        self.ensure_one()
        worth = {}
        for move in moves:
            product = move.sale_line_id.product_id.id or None
            worth[product] = worth.get(product, 0) + move._get_credit_worth()
        cents = min(sum(worth.values()), self._get_credit_unpaid())
        return split_exactly(cents, worth) if cents > 0 else {}

    def _get_credit_unpaid(self):
        """Cents that this order owes still: to be invoiced, or open on its invoices."""
        invoices = self.order_line.invoice_lines.move_id.filtered(
            lambda move: move.state == "posted"
        )
        unit = 10**self.company_id.currency_id.decimal_places
        residual = sum(invoices.mapped("amount_residual_signed"))
        return round((self.credit_open_company + max(residual, 0.0)) * unit)

    def _get_credit_total(self):
        """Cents that the whole order comes to, as its release sees it."""
        if self.order_line.invoice_lines:
            return sum(self._get_credit_split(remaining=False).values())
        # Speed: nothing is invoiced, so what is open is the whole.
        return sum((self.credit_open_split or {}).values())
