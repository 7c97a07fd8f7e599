# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .credit_exposure import Branch


class CreditExposure(models.Model):
    """Disputed amounts, for the policies that leave them out."""

    _inherit = "credit.exposure"  # pylint: disable=consider-merging-classes-inherited

    def _get_branches(self):
        """Override: what is disputed, below zero, as far as it is still open."""
        return {**super()._get_branches(), "disputed": self._get_disputed_branch()}

    def _get_disputed_branch(self):
        return Branch.of(
            5,
            {
                "contact": "m.partner_id",
                "company": "m.company_id",
                "id": "q.id",
                "name": "m.name",
                "amount": "-LEAST(q.amount, o.residual)",
                "date": "m.date",
                "date_due": "COALESCE(m.invoice_date_due, m.date)",
                "user": "m.invoice_user_id",
                "term": "m.invoice_payment_term_id",
                "method": "m.preferred_payment_method_line_id",
                "model": "'account.move'",
                "record": "m.id",
            },
            SQL(
                """(SELECT move_id, MIN(id) AS id, SUM(amount) AS amount
                    FROM credit_dispute WHERE state = 'open' GROUP BY move_id) q
                JOIN account_move m ON m.id = q.move_id AND m.state = 'posted'
                CROSS JOIN LATERAL (SELECT SUM(l.amount_residual) AS residual
                    FROM account_move_line l
                    JOIN account_account a ON a.id = l.account_id
                    WHERE l.move_id = m.id AND l.reconciled IS NOT TRUE
                    AND a.account_type = 'asset_receivable') o"""
            ),
            SQL("o.residual > 0"),
            guard=SQL(
                """credit_dispute q JOIN account_move m ON m.id = q.move_id
                WHERE q.state = 'open'"""
            ),
        )
