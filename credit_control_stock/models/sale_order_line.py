# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_credit_ordered(self):
        """Override of `credit_control`: a cancelled remainder will not be paid.

        Only where the invoice follows the delivery. What is invoiced as ordered can
        still be invoiced although nothing more is delivered.
        """
        if (
            self.product_id.invoice_policy == "delivery"
            and self._is_credit_delivery_over()
        ):
            return self.qty_delivered
        return super()._get_credit_ordered()

    def _is_credit_delivery_over(self):
        """Whether nothing more of this line will be handed out.

        A quotation is to be delivered in full, also one that was confirmed and cancelled
        before; goods that come back tell nothing about what is still to leave.
        """
        if self.order_id.state != "sale" or self.order_id._is_credit_confirming():
            return False
        moves = self.move_ids.filtered(lambda move: not move._is_credit_return())
        return bool(moves) and all(move.state in ("done", "cancel") for move in moves)

    def _get_credit_deliveries(self):
        """When how much of these lines left and stayed with the customer.

        :return: list of (date, quantity in the line's unit), the first one first
        """
        kept = []
        done = self.move_ids.filtered(lambda move: move.state == "done")
        for move in done.sorted(lambda move: (move.date, move.id)):
            if move._is_credit_return():
                kept = _take_back(kept, move._get_credit_moved())
            elif move.location_dest_id._is_outgoing():
                day = move.company_id._credit_day(move.date)
                kept.append((day, move._get_credit_moved()))
        return kept

    def _get_credit_outgoing_moves(self):
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        return moves._filter_credit_handing()


def _take_back(kept, quantity):
    """What stays of deliveries after a return: the last ones come back first."""
    left = list(kept)
    while left and quantity > 0:
        day, last = left.pop()
        if last > quantity:
            left.append((day, last - quantity))
        quantity -= last
    return left
