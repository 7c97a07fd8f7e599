# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ...engine.figures import expected_on

WEEKS = 12
OLD = 90  # days late


class CreditFiguresCash(models.AbstractModel):
    """When the open items are expected, and which of them may never come."""

    _inherit = "credit.figures.query"

    def _fetch_open(self, filters):
        """The open items with what is known of each payer.

        :return: list of dicts, id, amount, due, habit (days late on average), promised
            (day or None), planned (whether a payment plan replaces the guess), disputed,
            broken, stopped
        """
        partner_ids = self._fetch_owing(filters)
        return self.env.execute_query_dict(self._query_expected(filters, partner_ids))

    def _fetch_owing(self, filters):
        """The ids of the debtors who count and have something open."""
        root = filters["root"]
        open_items = self.env["credit.open.item"]._query_open(
            root._credit_today(), self._get_companies(root)
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT o.partner_id FROM (%s) o
                JOIN res_partner d ON d.id = o.partner_id WHERE %s""",
                open_items,
                self._sql_debtors(filters),
            )
        )
        return [row[0] for row in rows]

    def _query_expected(self, filters, partner_ids):
        root = filters["root"]
        today = root._credit_today()
        return SQL(
            """SELECT o.id, o.amount::float AS amount, o.date_due AS due,
                GREATEST(ROUND(COALESCE(h.days_late_avg, 0)), 0)::int AS habit,
                promise.date AS promised, plan.id IS NOT NULL AS planned,
                LEAST(COALESCE(dispute.amount, 0), o.amount)::float AS disputed,
                broken.id IS NOT NULL AS broken,
                COALESCE(f.status = 'stop' OR f.insolvency_date IS NOT NULL, FALSE)
                    AS stopped
            FROM (%(open)s) o
            JOIN res_partner d ON d.id = o.partner_id
            LEFT JOIN (%(behaviour)s) h ON h.partner_id = o.partner_id
            LEFT JOIN credit_profile f ON f.partner_id = o.partner_id
                AND f.company_id = %(root)s
            LEFT JOIN LATERAL (%(promises)s AND q.state = 'open' AND q.date >= %(today)s
                ORDER BY q.date LIMIT 1) promise ON TRUE
            LEFT JOIN LATERAL (%(promises)s AND q.state IN ('open', 'broken')
                AND q.date < %(today)s LIMIT 1) broken ON TRUE
            LEFT JOIN LATERAL (SELECT g.id FROM credit_instalment_plan g
                JOIN account_move_credit_instalment_plan_rel r
                    ON r.credit_instalment_plan_id = g.id
                WHERE r.account_move_id = o.move_id AND g.state = 'running'
                LIMIT 1) plan ON TRUE
            LEFT JOIN LATERAL (SELECT SUM(q.amount) AS amount FROM credit_dispute q
                WHERE q.move_id = o.move_id AND q.state = 'open') dispute ON TRUE
            WHERE o.amount > 0 AND %(debtors)s""",
            open=self.env["credit.open.item"]._query_open(
                today, self._get_companies(root)
            ),
            behaviour=self.env["credit.behaviour"]._query_figures(partner_ids, root),
            root=root.id,
            promises=self._query_promises(root),
            today=today,
            debtors=self._sql_debtors(filters),
        )

    def _query_promises(self, root):
        """The promises that are about an item ``o``: its invoice's, or the whole debt's."""
        return SQL(
            """SELECT q.id, q.date FROM credit_promise q
            WHERE q.partner_id = o.partner_id AND q.company_id = %s
            AND (NOT EXISTS (SELECT FROM account_move_credit_promise_rel r
                    WHERE r.credit_promise_id = q.id)
                OR EXISTS (SELECT FROM account_move_credit_promise_rel r
                    WHERE r.credit_promise_id = q.id
                    AND r.account_move_id = o.move_id))""",
            root.id,
        )

    def _fetch_instalments(self, filters):
        """What running payment plans bring: dicts with id, date and amount.

        In the company's currency, at the rate of the invoices of each plan.
        """
        return self.env.execute_query_dict(
            SQL(
                """SELECT i.id, i.date,
                    ((i.amount - COALESCE(i.paid_amount, 0))
                        * COALESCE(own.rate, 1))::float AS amount
                FROM credit_instalment i
                JOIN credit_instalment_plan g ON g.id = i.plan_id AND g.state = 'running'
                JOIN res_partner d ON d.id = g.partner_id
                CROSS JOIN LATERAL (SELECT SUM(m.amount_residual_signed)
                        / NULLIF(SUM(m.amount_residual), 0) AS rate
                    FROM account_move m
                    JOIN account_move_credit_instalment_plan_rel r
                        ON r.account_move_id = m.id
                    WHERE r.credit_instalment_plan_id = g.id) own
                WHERE g.company_id = %(root)s AND %(debtors)s
                AND i.amount > COALESCE(i.paid_amount, 0)""",
                root=filters["root"].id,
                debtors=self._sql_debtors(filters),
            )
        )

    # === CASH === #

    def _get_weeks(self, root):
        """The Mondays of the weeks shown; what comes later is one row more."""
        today = root._credit_today()
        monday = today - timedelta(days=today.weekday())
        return [monday + timedelta(weeks=week) for week in range(WEEKS)]

    def _split_weeks(self, filters, items):
        """Open items by the week in which they are expected, unless a plan replaces them.

        Disputed parts, and debtors on the stop list or insolvent, are not expected.

        :param items: see ``_fetch_open``
        :return: list, one for each week and one for later, of dicts with amount and ids
        """
        today = filters["root"]._credit_today()
        expected = []
        for item in items:
            amount = item["amount"] - item["disputed"]
            if not (item["planned"] or item["stopped"] or amount <= 0):
                day = item["promised"] or expected_on(item["due"], item["habit"], today)
                expected.append((day, amount, item["id"]))
        return self._sum_weeks(filters, expected)

    def _split_plans(self, filters):
        """Instalments of running payment plans by week, as ``_split_weeks``."""
        return self._sum_weeks(
            filters,
            [
                (part["date"], part["amount"], part["id"])
                for part in self._fetch_instalments(filters)
            ],
        )

    def _sum_weeks(self, filters, expected):
        root = filters["root"]
        today, first = root._credit_today(), self._get_weeks(root)[0]
        weeks = [{"amount": 0.0, "ids": []} for _week in range(WEEKS + 1)]
        for day, amount, record_id in expected:
            week = weeks[min((max(day, today) - first).days // 7, WEEKS)]
            week["amount"] += amount
            week["ids"].append(record_id)
        return weeks

    # === RISK === #

    def _get_risk(self, item, today):
        """Hook: why an open item may not come, the gravest reason; None without."""
        if item["stopped"]:
            return "stopped"
        if item["disputed"]:
            return "disputed"
        if item["broken"]:
            return "broken"
        if (today - item["due"]).days > OLD:
            return "old"
        return None

    def _split_risks(self, filters, items):
        """Receivables at risk by reason: code -> amount and ids of items."""
        today = filters["root"]._credit_today()
        risks = defaultdict(lambda: {"amount": 0.0, "ids": []})
        for item in items:
            reason = self._get_risk(item, today)
            if reason:
                amount = item["disputed" if reason == "disputed" else "amount"]
                risks[reason]["amount"] += amount
                risks[reason]["ids"].append(item["id"])
        return risks
