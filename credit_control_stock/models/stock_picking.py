# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.credit_control.engine.position import Claim, Part


class StockPicking(models.Model):
    """A transfer that hands out goods of orders passes the gate.

    What the goods owe is counted already by their orders. So the question is whether what
    left before and what leaves now is covered; what is only ordered, by this order or
    another one, keeps nothing back. Only the last step to the customer
    is looked at; returns, receipts, internal steps and point of sale never are (P5).
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "credit.document.mixin"]

    _credit_lane = "delivery"

    credit_hold_note = fields.Char(
        string="Waits for Credit", compute="_compute_credit_hold_note"
    )

    @api.depends("credit_hold_id")
    @api.depends_context("lang")
    def _compute_credit_hold_note(self):
        for picking in self:
            # sudo: why a delivery waits is told to the warehouse, without any figure.
            reasons = picking.sudo().credit_hold_id.reason_ids
            picking.credit_hold_note = ", ".join(reasons.mapped("name"))

    @api.depends("state", "move_ids.quantity", "move_ids.picked")
    @api.depends_context("lang", "uid")
    def _compute_credit_preview(self):
        waiting = self.filtered(lambda p: p.state not in ("draft", "done", "cancel"))
        waiting = waiting.move_ids._get_credit_pickings()
        (self - waiting).credit_preview = False
        return super(StockPicking, waiting)._compute_credit_preview()

    # === WHAT A DELIVERY HANDS OUT === #

    def _get_credit_claims(self, proposed=False):
        claims = dict.fromkeys(self)
        # sudo: warehouse workers read no prices; what is owed depends on nobody (P7).
        moves = self.sudo().move_ids._filter_credit_handing()
        # Speed: read at once what each transfer looks at.
        orders = moves.sale_line_id.order_id
        orders.order_line.invoice_lines.move_id.mapped("amount_residual_signed")
        orders.partner_invoice_id.mapped("commercial_partner_id")
        for picking, handed in moves.grouped("picking_id").items():
            left = handed.filtered(lambda move: move.state == "done")
            if proposed and not left:
                left = handed.filtered(lambda move: move.state != "cancel")
            if left:
                claims[picking] = picking._prepare_credit_claim(left)
        return claims

    def _prepare_credit_claim(self, moves):
        """What these moves hand out, never more than their orders still owe.

        :param moves: outgoing, of orders
        """
        by_order = moves.grouped(lambda move: move.sale_line_id.order_id)
        parts = []
        for order, handed in by_order.items():
            term = order.payment_term_id.id or None
            method = order.preferred_payment_method_line_id.id or None
            split = order._get_credit_handed(handed)
            parts += [Part(cents, term, method, key) for key, cents in split.items()]
        first = next(iter(by_order))
        total = sum(part.amount for part in parts)
        if not total:
            return None
        return Claim(
            partner_id=first.partner_invoice_id.commercial_partner_id.id,
            company_id=self.company_id._get_credit_root().id,
            parts=tuple(parts),
            total=total,
            checkpoint="delivery",
            team=first.team_id.id or None,
            sources=self._get_credit_sources(by_order, total),
        )

    def _get_credit_sources(self, orders, total):
        """Whose release counts here: the orders', or that of a transfer now in parts."""
        groups = [tuple((("sale.order", o.id), o._get_credit_total()) for o in orders)]
        parent = self.backorder_id
        while parent:
            done = parent.move_ids.filtered(lambda move: move.state == "done")
            total += sum(move._get_credit_worth() for move in done if move.sale_line_id)
            groups.append(((("stock.picking", parent.id), total),))
            parent = parent.backorder_id
        return tuple(groups)

    # === THE GATE === #

    def _is_credit_point_of_sale(self):
        """Hook: goods over the counter are taken along, and paid or booked there."""
        names = ("pos_order_id", "pos_session_id")
        return any(name in self._fields and bool(self[name]) for name in names)

    def _get_credit_component(self):
        """Override of the mixin: what left is owed by its order already.

        What has not left is left out together with all that is only ordered.
        """
        moves = self.sudo().move_ids
        return "order" if "done" in moves.mapped("state") else "none"

    def _get_credit_checkpoint(self, before):
        return "delivery"

    def _get_credit_paid(self):
        orders = self.sudo().move_ids.sale_line_id.order_id
        return sum(order._get_credit_paid() for order in orders)

    @api.model
    def _query_credit_taken(self, record_ids):
        return SQL(
            """SELECT DISTINCT m.picking_id FROM stock_move m
            JOIN sale_order_line l ON l.id = m.sale_line_id
            JOIN sale_order_transaction_rel r ON r.sale_order_id = l.order_id
            JOIN payment_transaction t ON t.id = r.transaction_id
            WHERE m.picking_id = ANY(%s::int[]) AND t.state IN ('authorized', 'done')""",
            record_ids,
        )

    def _get_credit_salesperson(self):
        return self.sudo().sale_id.user_id

    def _may_request_credit_release(self, user):
        """Override of the mixin: who stands before the shelf may ask as well."""
        return user.has_group(
            "stock.group_stock_user"
        ) or super()._may_request_credit_release(user)

    @api.model
    def _word_credit_part(self, amount):
        return self.env._("Deliver only %s of it now.", amount)

    def unlink(self):
        self._credit_void_holds()
        return super().unlink()
