# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.credit_control.models.credit_exposure import Branch

RANK = 12  # of the component among all branches of the view


class CreditExposure(models.Model):
    """What a financier took over is owed by him, not by the reseller."""

    _inherit = "credit.exposure"

    def _get_branches(self):
        """Override of `credit_control`: financed orders change their debtor."""
        branches = super()._get_branches()
        branches["order"] = branches["order"].limited(
            SQL(
                """NOT EXISTS (SELECT FROM credit_financing f
                WHERE f.order_id = o.id AND f.is_off)"""
            )
        )
        # Speed: worked out once, not for each item; few orders are financed.
        branches["receivable"] = branches["receivable"].limited(
            SQL(
                "l.move_id <> ALL(ARRAY(SELECT move_id FROM (%s) y))",
                self._query_financed_moves(),
            )
        )
        branches["financed"] = self._get_financed_branch()
        return branches

    def _query_financed_moves(self):
        """Invoices of a single financed order; mixed ones stay with the reseller."""
        return SQL(
            """SELECT l.move_id, MIN(s.order_id) AS order_id
            FROM credit_financing f
            JOIN sale_order_line s ON s.order_id = f.order_id
            JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
            JOIN account_move_line l ON l.id = r.invoice_line_id
            WHERE f.is_off GROUP BY l.move_id
            HAVING COUNT(DISTINCT s.order_id) = 1 AND COUNT(DISTINCT l.id) = (
                SELECT COUNT(*) FROM account_move_line a
                WHERE a.move_id = l.move_id AND a.display_type = 'product')"""
        )

    def _get_financed_branch(self):
        return Branch.of(
            RANK,
            {
                "contact": "f.financier_id",
                "company": "o.company_id",
                "id": "f.id",
                "name": "o.name",
                "amount": "o.credit_open_company + due.amount",
                "date": "f.accepted_on::date",
                "date_due": "f.deadline::date",
                "user": "o.user_id",
                "term": "NULL::int",
                "method": "NULL::int",
                "model": "'sale.order'",
                "record": "o.id",
            },
            SQL(
                """credit_financing f
                JOIN sale_order o ON o.id = f.order_id AND o.state = 'sale'
                CROSS JOIN LATERAL (
                    SELECT COALESCE(SUM(i.amount_residual), 0) AS amount
                    FROM (%s) m JOIN account_move_line i ON i.move_id = m.move_id
                    JOIN account_account t ON t.id = i.account_id
                    WHERE m.order_id = o.id AND t.account_type = 'asset_receivable'
                    AND i.parent_state = 'posted' AND i.reconciled IS NOT TRUE
                ) due""",
                self._query_financed_moves(),
            ),
            SQL("f.is_off AND o.credit_open_company + due.amount <> 0"),
            guard=SQL("credit_financing f WHERE f.is_off"),
        )
