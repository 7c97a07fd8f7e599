# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import models

from odoo.addons.credit_control.engine.scope import split_exactly


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_credit_deliveries(self):
        """Override of `credit_control`: one invoice may charge several deliveries.

        Odoo's own delivery date is that of the first one. What has not left yet counts
        from the invoice on, until it leaves.
        """
        unit = 10**self.currency_id.decimal_places
        worth = defaultdict(int)
        for line in self.invoice_line_ids.filtered(lambda one: one.price_total > 0):
            for day, share in line._get_credit_shares().items():
                worth[day] += round(line.price_total * share * unit)
        if not any(worth.values()):
            return super()._get_credit_deliveries()
        parts = split_exactly(round(self.amount_total * unit), worth)
        return {day: cents / unit for day, cents in parts.items() if cents}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_credit_shares(self):
        """Which parts of this line left when.

        The goods that left first are on the first invoice.

        :return: dict, date -> share; together 1
        """
        move, ordered = self.move_id, self.sale_line_ids
        deliveries = ordered._get_credit_deliveries()
        if not deliveries or self.quantity <= 0:
            return {move._get_credit_delivery(): 1.0}
        before, wanted = self._get_credit_charged_before(), self._get_credit_quantity()
        shares, left = defaultdict(float), wanted
        for day, quantity in deliveries:
            mine = min(max(quantity - before, 0.0), left)
            before, left = max(before - quantity, 0.0), left - mine
            shares[day] += mine / wanted
        shares[move.invoice_date or move.date] += left / wanted
        return {day: share for day, share in shares.items() if round(share, 9)}

    def _get_credit_quantity(self):
        """The quantity in the unit of the order."""
        unit = self.sale_line_ids[:1].product_uom_id
        if not (unit and self.product_uom_id):
            return self.quantity
        return self.product_uom_id._compute_quantity(self.quantity, unit, round=False)

    def _get_credit_charged_before(self):
        """What earlier invoices charged of the same goods, less what was refunded."""

        def rank(move):
            return move.invoice_date or move.date, move.id

        charged = 0.0
        for line in self.sale_line_ids.invoice_lines:
            move = line.move_id
            if move.state != "posted" or rank(move) >= rank(self.move_id):
                continue
            sign = -1 if move.move_type == "out_refund" else 1
            charged += sign * line._get_credit_quantity()
        return max(charged, 0.0)
