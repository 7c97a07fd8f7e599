# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from odoo.addons.credit_control.models.credit_exposure import Branch

RANK = 13  # of the component among all branches of the view
OFF = SQL("f.state = 'sold' AND f.with_recourse IS NOT TRUE")


class CreditExposure(models.Model):
    """What a factor bought without recourse is his risk, as far as he approved it."""

    _inherit = "credit.exposure"

    def _get_branches(self):
        """Override of `credit_control`: sold invoices, below zero."""
        return {**super()._get_branches(), "factored": self._get_factored_branch()}

    def _get_factored_branch(self):
        return Branch.of(
            RANK,
            {
                "contact": "m.partner_id",
                "company": "m.company_id",
                "id": "f.id",
                "name": "m.name",
                "amount": "-LEAST(o.residual, room.amount - earlier.amount)",
                "date": "m.date",
                "date_due": "COALESCE(m.invoice_date_due, m.date)",
                "user": "m.invoice_user_id",
                "term": "m.invoice_payment_term_id",
                "method": "m.preferred_payment_method_line_id",
                "model": "'account.move'",
                "record": "m.id",
            },
            self._query_factored_tables(),
            SQL("%s AND o.residual > 0 AND room.amount > earlier.amount", OFF),
            guard=SQL(
                """credit_factoring f JOIN account_move m ON m.id = f.move_id
                WHERE %s""",
                OFF,
            ),
        )

    def _query_factored_tables(self):
        """A factor's approval carries the invoices of a customer as they were sold.

        The one in force at the sale counts: ending it does not touch what was sold.
        """
        return SQL(
            """credit_factoring f
            JOIN account_move m ON m.id = f.move_id AND m.state = 'posted'
            JOIN res_partner fp ON fp.id = m.partner_id
            CROSS JOIN LATERAL (%(own)s) o
            CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(v.amount), 0) AS amount
                FROM credit_factor_approval v
                WHERE v.factor_id = f.factor_id
                AND v.partner_id = fp.commercial_partner_id
                AND v.date_from <= f.sold_on
                AND (v.date_to IS NULL OR v.date_to >= f.sold_on)) room
            CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(GREATEST(b.residual, 0)), 0) AS amount
                FROM credit_factoring e
                JOIN account_move n ON n.id = e.move_id AND n.state = 'posted'
                JOIN res_partner ep ON ep.id = n.partner_id
                CROSS JOIN LATERAL (%(other)s) b
                WHERE e.state = 'sold' AND e.with_recourse IS NOT TRUE
                AND e.factor_id = f.factor_id
                AND ep.commercial_partner_id = fp.commercial_partner_id
                AND (e.sold_on, e.id) < (f.sold_on, f.id)) earlier""",
            own=self._query_residual(SQL("m.id")),
            other=self._query_residual(SQL("n.id")),
        )

    def _query_residual(self, move):
        return SQL(
            """SELECT COALESCE(SUM(l.amount_residual), 0) AS residual
            FROM account_move_line l JOIN account_account a ON a.id = l.account_id
            WHERE l.move_id = %s AND l.parent_state = 'posted'
            AND l.reconciled IS NOT TRUE AND a.account_type = 'asset_receivable'""",
            move,
        )

    def _query_factored(self, ids):
        """What is left out of some sold invoices: (id of ``credit.factoring``, amount)."""
        branch = self._get_factored_branch()
        return SQL(
            "SELECT f.id, -(%s) FROM %s WHERE %s AND f.id = ANY(%s)",
            branch.columns["amount"],
            branch.tables,
            branch.where,
            list(ids),
        )


class CreditMeasure(models.AbstractModel):
    _inherit = "credit.measure"  # pylint: disable=consider-merging-classes-inherited

    def _query_open_items(self, ask):
        """Override of `credit_control`: what a factor bears is not paid late to us.

        Sold with recourse or beyond the approval it stays; of an invoice with several
        due dates the factor bears a part of each.
        """
        items = super()._query_open_items(ask)
        debtors = ask.counted["factored"]
        if not debtors:
            return items
        return SQL(
            """SELECT i.partner_id, i.id, i.move_id, i.date_due, i.currency_id,
                CASE WHEN i.amount > 0 AND b.amount < 0 THEN GREATEST(0, i.amount
                    + b.amount * i.amount / SUM(GREATEST(i.amount, 0)) OVER (
                        PARTITION BY i.move_id))
                ELSE i.amount END AS amount
            FROM (%(items)s) i
            LEFT JOIN (SELECT f.res_id, SUM(f.amount) AS amount FROM (%(borne)s) f
                WHERE f.partner_id = ANY(%(debtors)s) AND f.company_id = %(root)s
                GROUP BY f.res_id) b ON b.res_id = i.move_id""",
            items=items,
            borne=self.env["credit.exposure"]._query_component("factored"),
            debtors=debtors,
            root=ask.root.id,
        )
