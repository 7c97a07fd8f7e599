# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

MONTHS = 12  # how far back payments are looked at


class CreditBehaviour(models.AbstractModel):
    """How debtors paid, worked out in one place from what was matched with what.

    A payment is a credit of a bank, cash or card journal on a receivable account; it
    counts for the part that is matched with an invoice, against that part's due date.
    Credit notes, write-offs, exchange differences and payments that were taken back are
    no payments. Early money counts as on time: one deposit must not hide ten late
    invoices. What is not paid yet says nothing here: see ``credit.exposure``.
    """

    _name = "credit.behaviour"
    _description = "Payment Behaviour"

    def _get_figures(self, partner_ids, company, months=MONTHS):
        """How these debtors paid. One statement; plain SQL, whoever looks (P7).

        :param partner_ids: ids of commercial partners
        :param company: any company of the tree; the root counts, with its branches
        :param int months: only payments of the last months count
        :return: dict, partner id -> dict, for every id that was asked for, with

            - ``days_late_avg``: float, mean days after the due date, weighted by amount;
              None without payments
            - ``days_to_pay_avg``: float, the same from the invoice date; None without
            - ``paid_count``: number of payments matched with an invoice
            - ``paid_amount``: what they paid of invoices, root company's currency
            - ``worst_days_late``: int, the latest of all; None without payments
            - ``last_payment_date``, ``last_payment_amount``: the last payment received,
              matched or not, however long ago; None and 0.0 without
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            self._query_figures(list(partner_ids), company.root_id, months)
        )
        return {row.pop("partner_id"): row for row in rows}

    def _get_trend(self, partner_id, company, quarters=6):
        """The same figures quarter by quarter, the current one last.

        :param int partner_id: commercial partner
        :param company: any company of the tree
        :param int quarters: how many calendar quarters
        :return: list, dicts with ``date`` (first day), ``days_late_avg`` (float or None)
            and ``paid_amount`` (root company's currency)
        """
        self.env.flush_all()
        root = company.root_id
        return self.env.execute_query_dict(
            SQL(
                """SELECT q.day::date AS date, SUM(s.amount * s.late)::float
                    / NULLIF(SUM(s.amount), 0)::float AS days_late_avg,
                    COALESCE(SUM(s.amount), 0)::float AS paid_amount
                FROM generate_series(
                    date_trunc('quarter', %(today)s::date)
                        - %(back)s * interval '3 months',
                    date_trunc('quarter', %(today)s::date), interval '3 months') q(day)
                LEFT JOIN (%(settled)s) s ON date_trunc('quarter', s.date) = q.day
                GROUP BY q.day ORDER BY q.day""",
                today=root._credit_today(),
                back=quarters - 1,
                settled=self._query_settled(self._query_received([partner_id], root)),
            )
        )

    def _query_figures(self, partner_ids, root, months=MONTHS):
        """The statement behind ``_get_figures``: one row per debtor, to be joined.

        :param list partner_ids: ids of commercial partners
        :param root: root company
        :return: SQL, partner_id and the columns described there
        """
        first = fields.Date.subtract(root._credit_today(), months=months)
        return SQL(
            """WITH received AS MATERIALIZED (%(received)s),
            settled AS (%(settled)s)
            SELECT d.partner_id, paid.days_late_avg, paid.days_to_pay_avg,
                COALESCE(paid.paid_count, 0) AS paid_count,
                COALESCE(paid.paid_amount, 0)::float AS paid_amount,
                paid.worst_days_late, last.date AS last_payment_date,
                COALESCE(last.amount, 0)::float AS last_payment_amount
            FROM unnest(%(partners)s::int[]) AS d(partner_id)
            LEFT JOIN (
                SELECT s.partner_id,
                    (SUM(s.amount * s.late) / NULLIF(SUM(s.amount), 0))::float
                        AS days_late_avg,
                    (SUM(s.amount * s.taken) / NULLIF(SUM(s.amount), 0))::float
                        AS days_to_pay_avg,
                    COUNT(DISTINCT s.move_id) AS paid_count,
                    SUM(s.amount) AS paid_amount, MAX(s.late) AS worst_days_late
                FROM settled s WHERE s.date >= %(first)s GROUP BY s.partner_id
            ) paid ON paid.partner_id = d.partner_id
            LEFT JOIN (
                SELECT DISTINCT ON (r.partner_id) r.partner_id, r.date,
                    SUM(r.amount) AS amount
                FROM received r GROUP BY r.partner_id, r.date, r.move_id
                ORDER BY r.partner_id, r.date DESC, r.move_id DESC
            ) last ON last.partner_id = d.partner_id""",
            received=self._query_received(partner_ids, root),
            settled=self._query_settled(SQL("SELECT * FROM received")),
            partners=partner_ids,
            first=first,
        )

    def _query_received(self, partner_ids, root):
        # What the bank returned was reversed: it was no payment.
        return SQL(
            """SELECT p.commercial_partner_id AS partner_id, c.id, c.move_id, c.date,
                -c.balance AS amount
            FROM res_partner p
            JOIN account_move_line c ON c.partner_id = p.id
            JOIN account_account a ON a.id = c.account_id
            JOIN account_journal j ON j.id = c.journal_id
            JOIN res_company k ON k.id = c.company_id
            WHERE p.commercial_partner_id = ANY(%(partners)s)
            AND split_part(k.parent_path, '/', 1)::int = %(root)s
            AND c.parent_state = 'posted' AND c.balance < 0
            AND a.account_type = 'asset_receivable'
            AND j.type IN ('bank', 'cash', 'credit')
            AND NOT EXISTS (SELECT FROM account_move b
                WHERE b.reversed_entry_id = c.move_id AND b.state = 'posted')""",
            partners=partner_ids,
            root=root.id,
        )

    def _query_settled(self, received):
        """What the payments paid of which invoice, and how late."""
        return SQL(
            """SELECT r.partner_id, r.move_id, r.date, x.amount,
                GREATEST(r.date - COALESCE(d.date_maturity, d.date), 0) AS late,
                GREATEST(r.date - COALESCE(m.invoice_date, d.date), 0) AS taken
            FROM (%s) r
            JOIN account_partial_reconcile x ON x.credit_move_id = r.id
            JOIN account_move_line d ON d.id = x.debit_move_id
            JOIN account_move m ON m.id = d.move_id
                AND m.move_type IN ('out_invoice', 'out_receipt')""",
            received,
        )
