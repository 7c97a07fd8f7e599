# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

TREND = 13  # months that are shown
BACK = 36  # months of sales that counting back may use up
ANSWER_DAYS = 14  # how long a payment counts as the answer to a message


class CreditFiguresQuery(models.AbstractModel):
    """What the figures of collection are made of, one statement for each kind of fact."""

    _name = "credit.figures.query"
    _description = "Facts Behind the Figures of Collection"

    def _get_ends(self, root):
        """The last days of the months shown, today in the place of this month's."""
        today = root._credit_today()
        first = today.replace(day=1)
        ends = [
            fields.Date.subtract(first, months=back, days=1) for back in range(TREND)
        ]
        return [*reversed(ends), today]

    def _sql_debtors(self, filters):
        """Which debtors count, as a condition on the commercial partner ``d``."""
        root, where = filters["root"], SQL("TRUE")
        if filters["user_id"]:
            where = SQL("%s AND d.user_id = %s", where, filters["user_id"])
        if filters["policy_id"]:
            where = SQL(
                """%s AND COALESCE((SELECT f.policy_id FROM credit_profile f
                    WHERE f.partner_id = d.id AND f.company_id = %s), %s) = %s""",
                where,
                root.id,
                root._get_credit_policy().id or None,
                filters["policy_id"],
            )
        return where

    def _get_companies(self, root):
        return list(self.env["credit.measure"]._get_tree(root.id)[2])

    def _fetch_sales(self, filters):
        """Sales with their taxes, credit notes taken off, by month: first day -> amount."""
        root = filters["root"]
        return self._fetch_pairs(
            SQL(
                """SELECT date_trunc('month', m.invoice_date)::date,
                    SUM(m.amount_total_signed)::float
                FROM account_move m
                JOIN res_partner p ON p.id = m.partner_id
                JOIN res_partner d ON d.id = p.commercial_partner_id
                WHERE m.state = 'posted' AND m.company_id = ANY(%(companies)s)
                AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                AND m.invoice_date >= %(first)s AND m.invoice_date <= %(today)s
                AND %(debtors)s
                GROUP BY 1""",
                companies=self._get_companies(root),
                first=fields.Date.subtract(
                    root._credit_today().replace(day=1), months=BACK + TREND
                ),
                today=root._credit_today(),
                debtors=self._sql_debtors(filters),
            )
        )

    def _fetch_receivables(self, filters, ends):
        """What was owed at each of these days: day -> amount.

        Speed: what is owed today, less what was booked since; matched items cancel out.
        """
        return self._fetch_pairs(
            SQL(
                """SELECT e.day, (SELECT SUM(o.amount) FROM (%(open)s) o
                    JOIN res_partner d ON d.id = o.partner_id WHERE %(debtors)s)::float
                    - COALESCE(SUM(b.amount) FILTER (WHERE b.date > e.day), 0)::float
                FROM unnest(%(ends)s::date[]) AS e(day)
                LEFT JOIN (SELECT l.date, SUM(l.balance) AS amount
                    FROM account_move_line l
                    JOIN account_account a ON a.id = l.account_id
                        AND a.account_type = 'asset_receivable'
                    JOIN res_partner p ON p.id = l.partner_id
                    JOIN res_partner d ON d.id = p.commercial_partner_id
                    WHERE l.parent_state = 'posted' AND l.date > %(first)s
                    AND l.date <= %(today)s AND l.company_id + 0 = ANY(%(companies)s)
                    AND %(debtors)s
                    GROUP BY l.date) b ON TRUE
                GROUP BY e.day""",
                **self._get_ends_params(filters, ends),
            )
        )

    def _fetch_current(self, filters, ends):
        """What was owed but not due at each of these days: day -> amount."""
        return self._fetch_pairs(
            SQL(
                """SELECT e.day, COALESCE(SUM(l.balance - COALESCE((
                    SELECT SUM(x.amount) FROM account_partial_reconcile x
                    WHERE x.debit_move_id = l.id AND x.max_date <= e.day), 0)), 0)::float
                FROM unnest(%(ends)s::date[]) AS e(day)
                LEFT JOIN (account_move_line l
                    JOIN account_account a ON a.id = l.account_id
                        AND a.account_type = 'asset_receivable'
                    JOIN res_partner p ON p.id = l.partner_id
                    JOIN res_partner d ON d.id = p.commercial_partner_id AND %(debtors)s)
                ON l.parent_state = 'posted' AND l.balance > 0 AND l.date <= e.day
                    AND COALESCE(l.date_maturity, l.date) >= e.day
                    AND COALESCE(l.date_maturity, l.date) >= %(first)s
                    AND l.company_id + 0 = ANY(%(companies)s)
                GROUP BY e.day""",
                **self._get_ends_params(filters, ends),
            )
        )

    def _get_ends_params(self, filters, ends):
        companies = self._get_companies(filters["root"])
        today = filters["root"]._credit_today()
        return {
            "ends": list(ends),
            "first": min(ends),
            "today": today,
            "companies": companies,
            "debtors": self._sql_debtors(filters),
            "open": self.env["credit.open.item"]._query_open(today, companies),
        }

    def _fetch_promises(self, filters):
        """Promises whose day has come: dict with promised and kept amounts, and ids."""
        (found,) = self.env.execute_query_dict(
            SQL(
                """SELECT COALESCE(SUM(q.amount), 0)::float AS promised,
                    COALESCE(SUM(q.amount) FILTER (WHERE q.state = 'kept'), 0)::float
                        AS kept,
                    COALESCE(array_agg(q.id), '{}') AS ids
                FROM credit_promise q JOIN res_partner d ON d.id = q.partner_id
                WHERE q.company_id = %(root)s AND q.date >= %(first)s AND %(debtors)s
                AND (q.state IN ('kept', 'late', 'broken')
                    OR q.state = 'open' AND q.date < %(today)s)""",
                root=filters["root"].id,
                first=self._get_year(filters["root"]),
                today=filters["root"]._credit_today(),
                debtors=self._sql_debtors(filters),
            )
        )
        return found

    def _get_year(self, root):
        return fields.Date.subtract(root._credit_today().replace(day=1), months=12)

    def _fetch_responses(self, filters):
        """What came in within two weeks of a message, by level and channel."""
        return self.env.execute_query_dict(
            SQL(
                """SELECT n.level_id, g.channel, array_agg(DISTINCT n.id) AS ids,
                    SUM(i.amount_residual)::float AS amount,
                    SUM(LEAST(paid.amount, i.amount_residual))::float AS paid
                FROM credit_dunning_notice n
                JOIN credit_dunning_message g ON g.notice_id = n.id
                    AND g.state = 'sent'
                JOIN credit_dunning_item i ON i.notice_id = n.id
                    AND i.amount_residual > 0
                JOIN res_partner d ON d.id = n.partner_id
                CROSS JOIN LATERAL (SELECT COALESCE(SUM(x.amount), 0) AS amount
                    FROM account_partial_reconcile x
                    WHERE x.debit_move_id = i.move_line_id
                    AND x.max_date >= n.date_sent::date
                    AND x.max_date <= n.date_sent::date + %(days)s) paid
                WHERE n.state = 'sent' AND n.is_test IS NOT TRUE
                AND n.company_id = %(root)s AND n.date_sent >= %(first)s AND %(debtors)s
                GROUP BY 1, 2""",
                days=ANSWER_DAYS,
                root=filters["root"].id,
                first=self._get_year(filters["root"]),
                debtors=self._sql_debtors(filters),
            )
        )

    def _fetch_pairs(self, query):
        return dict(self.env.execute_query(query))
