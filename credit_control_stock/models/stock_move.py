# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

UNRESERVED = ("confirmed", "waiting", "partially_available")


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_cancel(self):
        """Override of `stock`: let waiting holds be looked at again."""
        result = super()._action_cancel()
        # sudo: whoever may cancel the delivery need not see the order.
        self.sudo().sale_line_id.order_id._credit_changed()
        gone = self.picking_id.filtered(lambda picking: picking.state == "cancel")
        if gone:
            gone._credit_void_holds()
        return result

    # === WHAT A MOVE HANDS OUT === #

    def _filter_credit_handing(self):
        """Moves of confirmed orders to the customer, whatever their state."""
        if not self.sale_line_id:
            return self.browse()
        places = self.location_id | self.location_dest_id
        # Speed: each place is asked once, because Odoo looks its transit location up.
        outside = places.filtered(lambda place: place._is_outgoing())
        return self.filtered(lambda move: move._is_credit_handing(outside))

    def _is_credit_handing(self, outside):
        """Hook: whether the gate looks at a move.

        :param outside: locations that are not ours, among those of the moves
        """
        return (
            self.sale_line_id.order_id.state == "sale"
            and self.location_dest_id in outside
            and self.location_id not in outside
            and not self.picking_id._is_credit_point_of_sale()
        )

    def _get_credit_worth(self):
        """Cents of the company's currency that the move is worth, taxes included."""
        line = self.sale_line_id
        order, company = line.order_id, line.company_id
        amount = self._get_credit_share() * line.price_total
        worth = order.currency_id._convert(
            amount, company.currency_id, company, order.date_order.date()
        )
        return max(round(worth * 10**company.currency_id.decimal_places), 0)

    def _get_credit_share(self):
        """Which part of its order line the move hands out; more than 1 when too much."""
        line = self.sale_line_id
        done = self.state == "done" or self.picked
        quantity = self.quantity if done else self.product_uom_qty
        if self.product_id == line.product_id:
            asked = line.product_uom_qty or quantity
            unit, product_unit = self.product_uom, line.product_uom_id
            quantity = unit._compute_quantity(quantity, product_unit, round=False)
        else:
            # A component of a kit: its part of all that the kit takes.
            asked = sum(line._get_credit_outgoing_moves().mapped("product_uom_qty"))
        return quantity / asked if asked else 0.0

    def _get_credit_moved(self):
        """How much of its order line the move brought or took back, in the line's unit."""
        asked = self.sale_line_id.product_uom_qty or 1.0
        return self._get_credit_share() * asked

    def _is_credit_return(self):
        """Whether the customer gives goods back."""
        return self.location_id._is_outgoing() and not (
            self.location_dest_id._is_outgoing()
        )

    def _action_done(self, cancel_backorder=False):
        """Override of `stock`: invoices that were posted before their goods learn of it."""
        done = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: warehouse workers read no invoices.
        invoices = done.sudo().sale_line_id.invoice_lines.move_id
        invoices.filtered(lambda move: move.state == "posted")._credit_delivered()
        return done

    # === THE GATE === #

    def _get_credit_pickings(self):
        """The transfers of these moves that pass the gate; none where nobody looks."""
        # sudo: warehouse workers may not read the orders.
        moves = self.sudo()._filter_credit_handing()
        orders = moves.sale_line_id.order_id
        debtors = orders.partner_invoice_id.commercial_partner_id
        if not moves or not self.env["credit.rule"]._looks_at("delivery", debtors.ids):
            return self.env["stock.picking"]
        return self.env["stock.picking"].browse(moves.picking_id.ids)

    def _get_credit_corrected(self):
        """The deliveries among these done moves, whose quantities are being corrected."""
        done = self.exists().filtered(lambda move: move.state == "done")
        return done._get_credit_pickings()

    def write(self, vals):
        """Override of `stock`: goods leave when a move is done, whoever makes it so."""
        pickings = vals.get("state") == "done" and self._get_credit_pickings()
        if not pickings:
            return super().write(vals)
        with pickings._credit_gate():
            return super().write(vals)

    def _action_assign(self, force_qty=False):
        """Override of `stock`: held deliveries get no goods, and stop no others."""
        asking = self.filtered(lambda move: move.state in UNRESERVED)
        pickings = self.env["stock.picking"]
        if self.env["credit.policy"]._reserves_late():
            pickings = asking._get_credit_pickings()
        held = pickings._get_credit_held()
        if not held:
            return super()._action_assign(force_qty=force_qty)
        pickings._credit_hold_unreserved(held)
        names = self.env["stock.picking"].browse(picking.id for picking in held)
        free = self.filtered(lambda move: move.sudo().picking_id not in names)
        return super(StockMove, free)._action_assign(force_qty=force_qty)
