# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from .skip_branch import SkipBranch


class CreditDunningRun(models.Model):
    """Who is left in peace (P13)."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

    @api.model
    def _get_skip_branches(self, company, day):
        """Hook: who is left in peace on a day, by the code of the reason, first one wins.

        Asked when a run is prepared, for its day, and again for the debtors of a notice
        at the moment of sending, for that day (P13). Add branches by ``super()``.

        :param company: ``res.company``, a root company
        :param date day: the day of the messages
        :return: dict, code of a ``credit.reason`` -> SkipBranch
        """
        companies = self._get_tree_ids(company)
        return {
            "dunning_insolvent": SkipBranch(self._query_insolvent(company)),
            "dunning_no_followup": SkipBranch(self._query_no_followup(companies)),
            "dunning_in_payment": SkipBranch(
                self._query_in_payment(companies), "account.payment"
            ),
            "dunning_started_payment": SkipBranch(
                self._query_started_payment(companies), "payment.transaction"
            ),
            "dunning_bank_unmatched": SkipBranch(
                self._query_bank_unmatched(companies), "account.bank.statement.line"
            ),
        }

    def _query_insolvent(self, company):
        # Law: claims from before the opening judgment may not be paid (C. com. L622-7);
        # later ones are due as agreed (L622-17). Without a date, all are left alone.
        return SQL(
            """SELECT f.partner_id, l.id, NULL::date, NULL::int
            FROM credit_profile f
            LEFT JOIN credit_reason r ON r.id = f.status_reason_id
            JOIN res_partner p ON p.commercial_partner_id = f.partner_id
            JOIN account_move_line l ON l.partner_id = p.id
                AND l.amount_residual > 0 AND l.parent_state = 'posted'
            JOIN account_move m ON m.id = l.move_id
            WHERE f.company_id = %s
            AND (COALESCE(m.invoice_date, m.date) <= f.insolvency_date
                OR f.insolvency_date IS NULL AND f.status <> 'normal'
                    AND r.code = 'status_insolvency')""",
            company.id,
        )

    def _query_no_followup(self, companies):
        return SQL(
            """SELECT p.commercial_partner_id, l.id, NULL::date, NULL::int
            FROM account_move_line l JOIN res_partner p ON p.id = l.partner_id
            WHERE l.no_followup AND l.amount_residual > 0 AND l.reconciled IS NOT TRUE
            AND l.parent_state = 'posted' AND l.company_id = ANY(%s)""",
            companies,
        )

    def _query_in_payment(self, companies):
        """Payments without an entry leave their invoice open until they clear."""
        return SQL(
            """SELECT p.commercial_partner_id, l.id, NULL::date, MAX(y.id)
            FROM account_payment y
            JOIN account_move__account_payment r ON r.payment_id = y.id
            JOIN account_move_line l ON l.move_id = r.invoice_id
                AND l.amount_residual > 0 AND l.parent_state = 'posted'
            JOIN res_partner p ON p.id = l.partner_id
            WHERE y.state IN ('in_process', 'paid') AND y.move_id IS NULL
            AND y.payment_type = 'inbound' AND l.company_id = ANY(%s)
            GROUP BY 1, 2""",
            companies,
        )

    def _query_started_payment(self, companies):
        return SQL(
            """SELECT p.commercial_partner_id, l.id, NULL::date, MAX(t.id)
            FROM payment_transaction t
            JOIN account_invoice_transaction_rel r ON r.transaction_id = t.id
            JOIN account_move_line l ON l.move_id = r.invoice_id
                AND l.amount_residual > 0 AND l.parent_state = 'posted'
            JOIN res_partner p ON p.id = l.partner_id
            WHERE t.state IN ('pending', 'authorized') AND l.company_id = ANY(%s)
            GROUP BY 1, 2""",
            companies,
        )

    def _query_bank_unmatched(self, companies):
        """Money on the bank statement that nobody has matched yet: whose it is is known."""
        return SQL(
            """SELECT p.commercial_partner_id, NULL::int, NULL::date, MAX(b.id)
            FROM account_bank_statement_line b
            JOIN account_move m ON m.id = b.move_id AND m.state = 'posted'
            JOIN res_partner p ON p.id = b.partner_id
            WHERE b.is_reconciled IS NOT TRUE AND b.amount > 0
            AND b.company_id = ANY(%s) GROUP BY 1""",
            companies,
        )
