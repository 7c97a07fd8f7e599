# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.credit_control.engine.position import Part


class CreditMeasure(models.AbstractModel):
    _inherit = "credit.measure"

    def _get_positions(self, partner_ids, company, documents=(), but=(), products=()):
        """Override of `credit_control`: what is only ordered keeps no delivery back.

        One more statement, and only where a delivery asks.
        """
        positions = super()._get_positions(
            partner_ids, company, documents, but, products
        )
        if any(model == "stock.picking" for model, _id in documents):
            self._leave_undelivered(positions, company._get_credit_root())
        return positions

    def _leave_undelivered(self, positions, root):
        rows = self.env.execute_query(self._query_undelivered(list(positions), root))
        # The goods are known: the same orders are among the measured items.
        parts = {}
        for partner_id, term, method, product, amount in rows:
            part = Part(int(amount), term, method, product)
            parts.setdefault(partner_id, []).append(part)
        for partner_id, position in positions.items():
            left = ()
            if "order" in position.policy["components"]:
                left = position.hand_out(parts.get(partner_id, ()), "", "order")
            position.left_out["stock.picking"] = left

    def _query_undelivered(self, partner_ids, root):
        """The part of open orders whose goods have not left: cents by product.

        Of each order, the share of what is open that is not delivered; the open amount
        itself is the one of the exposure (P1), so currencies and advances are in it.
        """
        return SQL(
            """SELECT partner_id, payment_term_id, preferred_payment_method_line_id,
                product_id, FLOOR(cents * SUM(price * waiting)
                    FILTER (WHERE waiting > 0) / owed_by_order)
            FROM (SELECT *, SUM(price * GREATEST(owed, 0)) OVER (PARTITION BY order_id)
                AS owed_by_order FROM (%s) line) s
            WHERE owed_by_order > 0
            GROUP BY order_id, partner_id, payment_term_id,
                preferred_payment_method_line_id, product_id, cents, owed_by_order
            HAVING SUM(waiting) FILTER (WHERE waiting > 0) > 0""",
            self._query_order_lines(partner_ids, root),
        )

    def _query_order_lines(self, partner_ids, root):
        """Lines of open orders: what is owed of each, and what waits for its delivery."""
        return SQL(
            """SELECT o.id AS order_id, p.commercial_partner_id AS partner_id,
                o.payment_term_id, o.preferred_payment_method_line_id,
                o.credit_open_company * 10 ^ u.decimal_places AS cents,
                l.product_id, l.price_total / l.product_uom_qty AS price,
                GREATEST(l.product_uom_qty, l.qty_delivered) - i.quantity AS owed,
                l.product_uom_qty - GREATEST(l.qty_delivered, i.quantity) AS waiting
            FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_invoice_id
            JOIN res_company c ON c.id = o.company_id
            JOIN res_currency u ON u.id = c.currency_id
            JOIN sale_order_line l ON l.order_id = o.id
            CROSS JOIN LATERAL (%(invoiced)s) i
            WHERE o.state = 'sale' AND o.credit_open_company > 0
            AND p.commercial_partner_id = ANY(%(partners)s)
            AND split_part(c.parent_path, '/', 1)::int = %(root)s
            AND l.product_uom_qty > 0 AND l.price_total > 0""",
            invoiced=SQL(
                """SELECT COALESCE(SUM(
                    CASE WHEN m.move_type = 'out_refund' THEN -a.quantity
                        ELSE a.quantity END), 0) AS quantity
                FROM sale_order_line_invoice_rel r
                JOIN account_move_line a ON a.id = r.invoice_line_id
                JOIN account_move m ON m.id = a.move_id
                WHERE r.order_line_id = l.id AND a.parent_state = 'posted'"""
            ),
            partners=partner_ids,
            root=root.id,
        )
