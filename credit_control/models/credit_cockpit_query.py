# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..engine import allocate
from .credit_cockpit_lists import HOLD_AGES, OVERDUE_AGES
from .credit_hold import WAITING

TOP = 10  # rows of a list on the cockpit
EXPIRY_DAYS = 30


class CreditCockpit(models.AbstractModel):
    """The figures of all debtors together: six statements, however many debtors.

    Plain SQL over the same exposure and lines as the gate (P1), whoever looks (P7).
    """

    _name = "credit.cockpit"
    _inherit = ["credit.cockpit.lists"]
    _description = "Credit Cockpit"

    # === LINES AND DEBTORS === #

    def _fetch_book(self, root):
        """Use of the lines, by kind and by policy, and the greatest risks.

        Where everything may use every line, lines are filled in SQL in the engine's
        order; debtors with lines for certain goods are handed to the engine.

        :param root: root company
        :return: dict, ``kinds`` and ``policies`` (id -> figures), ``risks`` (figures of
            debtors, worst first), ``unmanaged`` (exposure); main units of its currency
        """
        row = self.env.execute_query_dict(self._query_book(root))[0]
        kinds = {kind.pop("id"): kind for kind in row["kinds"] or ()}
        policies = {policy.pop("id"): policy for policy in row["policies"] or ()}
        scoped = {risk["partner_id"]: risk for risk in row["scoped"] or ()}
        self._add_scoped(root, kinds, policies, scoped)
        risks = [*(row["risks"] or ()), *scoped.values()]
        risks = [risk for risk in risks if risk["uncovered"] + risk["overdue"] > 0]
        risks.sort(key=lambda risk: -(risk["uncovered"] + risk["overdue"]))
        return {
            "kinds": kinds,
            "policies": policies,
            "risks": risks[:TOP],
            "unmanaged": row["unmanaged"] or 0.0,
        }

    def _add_scoped(self, root, kinds, policies, scoped):
        """Let the engine allocate what debtors with scoped lines owe."""
        unit = 10**root.currency_id.decimal_places
        positions = self.env["credit.measure"]._get_positions(list(scoped), root)
        kind_of = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, kind_id FROM credit_line WHERE id = ANY(%s)",
                    [line.key for p in positions.values() for line in p.lines],
                )
            )
        )
        for partner_id, position in positions.items():
            allocation = allocate(position.items, position.engine_lines)
            for key, amount in allocation.used.items():
                kinds[kind_of[key]]["used"] += amount / unit
            risk, policy = scoped[partner_id], policies[position.policy["id"]]
            risk["uncovered"] = allocation.uncovered / unit
            policy["uncovered"] += risk["uncovered"]
            policy["over"] += bool(allocation.uncovered)

    def _query_book(self, root):
        measure, today = self.env["credit.measure"], root._credit_today()
        return SQL(
            """WITH totals AS MATERIALIZED (%(totals)s),
            late AS MATERIALIZED (%(late)s),
            debtor AS MATERIALIZED (
                SELECT t.partner_id, t.policy_id, t.is_managed, t.is_scoped, t.has_line,
                    t.limit_total, t.exposure, COALESCE(l.overdue, 0) AS overdue,
                    CASE WHEN t.is_managed AND NOT t.is_scoped
                        THEN GREATEST(t.exposure - t.limit_total, 0)
                        ELSE 0 END AS uncovered
                FROM totals t LEFT JOIN late l ON l.partner_id = t.partner_id),
            line AS (%(lines)s)
            SELECT (%(kinds)s) AS kinds, (%(policies)s) AS policies,
                (%(risks)s) AS risks, (%(scoped)s) AS scoped,
                (SELECT SUM(exposure)::float FROM debtor WHERE NOT is_managed)
                    AS unmanaged""",
            totals=measure._query_totals(root),
            late=self._query_late(root, today),
            lines=self._query_used_lines(root, today),
            kinds=self._query_kinds(),
            policies=self._query_policies(),
            risks=self._query_risks(),
            scoped=self._query_scoped(),
        )

    def _query_late(self, root, today):
        return SQL(
            """SELECT e.partner_id, SUM(e.amount) AS overdue FROM (%s) e
            WHERE e.company_id = %s AND e.amount > 0 AND e.date_due < %s
            GROUP BY e.partner_id""",
            self.env["credit.exposure"]._query_component("receivable"),
            root.id,
            today,
        )

    def _query_used_lines(self, root, today):
        """Lines in force with what they carry; those of scoped debtors carry nothing."""
        return SQL(
            """SELECT w.kind_id, w.worth, CASE WHEN d.is_scoped THEN 0
                ELSE GREATEST(LEAST(d.exposure - w.before, w.worth), 0) END AS used
            FROM (
                SELECT f.partner_id, l.kind_id, s.worth,
                    SUM(s.worth) OVER (PARTITION BY s.profile_id
                        ORDER BY k.sequence, k.id, l.date_to, l.id) - s.worth AS before
                FROM (%(lines)s) s
                JOIN credit_line l ON l.id = s.id
                JOIN credit_line_kind k ON k.id = l.kind_id
                JOIN credit_profile f ON f.id = s.profile_id
                WHERE s.counts AND f.company_id = %(root)s) w
            JOIN debtor d ON d.partner_id = w.partner_id
            UNION ALL
            SELECT 0, limit_total, GREATEST(LEAST(exposure, limit_total), 0)
            FROM debtor WHERE is_managed AND NOT has_line AND limit_total > 0""",
            lines=self.env["credit.measure"]._query_all_lines(root, today),
            root=root.id,
        )

    def _query_kinds(self):
        return SQL(
            """SELECT jsonb_agg(t) FROM (SELECT kind_id AS id, SUM(worth)::float AS limit,
                SUM(used)::float AS used, COUNT(*) AS count
            FROM line GROUP BY kind_id) t"""
        )

    def _query_policies(self):
        return SQL(
            """SELECT jsonb_agg(t) FROM (SELECT policy_id AS id, COUNT(*) AS count,
                SUM(exposure)::float AS exposure, SUM(limit_total)::float AS limit,
                SUM(uncovered)::float AS uncovered,
                COUNT(*) FILTER (WHERE uncovered > 0) AS over
            FROM debtor GROUP BY policy_id) t"""
        )

    def _query_risks(self):
        return SQL(
            """SELECT jsonb_agg(t) FROM (%s AND NOT is_scoped AND uncovered + overdue > 0
            ORDER BY uncovered + overdue DESC, partner_id LIMIT %s) t""",
            self._query_debtors(),
            TOP,
        )

    def _query_scoped(self):
        return SQL(
            "SELECT jsonb_agg(t) FROM (%s AND is_scoped) t", self._query_debtors()
        )

    def _query_debtors(self):
        return SQL(
            """SELECT partner_id, exposure::float, limit_total::float AS limit,
                overdue::float, uncovered::float FROM debtor WHERE is_managed"""
        )

    # === WHAT IS LATE === #

    def _fetch_ages(self, root):
        """What debtors owe on posted entries, by days overdue.

        :return: list, (amount, number of items) for each of ``OVERDUE_AGES``
        """
        today = root._credit_today()
        buckets = [
            SQL(
                "COALESCE(SUM(e.amount) FILTER (WHERE %(age)s), 0)::float,"
                " COUNT(*) FILTER (WHERE %(age)s)",
                age=self._sql_age(SQL("%s - e.date_due", today), first, last),
            )
            for first, last in OVERDUE_AGES
        ]
        row = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s) e WHERE e.company_id = %s AND e.amount > 0",
                SQL(", ").join(buckets),
                self.env["credit.exposure"]._query_component("receivable"),
                root.id,
            )
        )[0]
        return list(zip(row[::2], row[1::2], strict=True))

    def _sql_age(self, age, first, last):
        if first is None:
            return SQL("%s <= %s", age, last)
        if last is None:
            return SQL("%s >= %s", age, first)
        return SQL("%s BETWEEN %s AND %s", age, first, last)

    def _fetch_oldest(self, root):
        """The items of posted entries that are overdue longest."""
        return self.env.execute_query_dict(
            SQL(
                """SELECT e.name, e.partner_id, e.amount::float, e.date_due,
                    e.res_model, e.res_id, %(today)s - e.date_due AS days
                FROM (%(items)s) e
                WHERE e.company_id = %(root)s AND e.amount > 0
                    AND e.date_due < %(today)s
                ORDER BY e.date_due, e.amount DESC LIMIT %(top)s""",
                items=self.env["credit.exposure"]._query_component("receivable"),
                root=root.id,
                today=root._credit_today(),
                top=TOP,
            )
        )

    # === HOLDS AND LINES THAT END === #

    def _fetch_holds(self, root):
        """Waiting holds by age and by reason.

        :return: tuple, list of (amount, count) for each of ``HOLD_AGES``, dict of
            reason id -> (amount, count)
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT h.date_held::date, h.amount::float, h.state,
                    ARRAY(SELECT r.credit_reason_id FROM credit_hold_credit_reason_rel r
                        WHERE r.credit_hold_id = h.id)
                FROM credit_hold h
                WHERE h.company_id = %s AND h.state = ANY(%s)""",
                root.id,
                list(WAITING),
            )
        )
        ages, reasons = [[0.0, 0] for _age in HOLD_AGES], {}
        for date, amount, _state, reason_ids in rows:
            places = [ages[self._get_hold_age(root, date)]]
            places += [reasons.setdefault(key, [0.0, 0]) for key in reason_ids]
            for place in places:
                place[0] += amount or 0.0
                place[1] += 1
        return ages, reasons

    def _get_hold_age(self, root, date):
        days = (root._credit_today() - date).days
        return next(
            index
            for index, (_first, last) in enumerate(HOLD_AGES)
            if last is None or days <= last
        )

    def _fetch_expiring(self, root):
        """Lines in force that end soon, the next ones first.

        :return: tuple, ids of the first, sum of all in main units, number of all
        """
        today = root._credit_today()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id, COALESCE(SUM(s.worth) OVER (), 0)::float,
                    COUNT(*) OVER ()
                FROM credit_line l
                JOIN (%(lines)s) s ON s.id = l.id AND s.counts
                WHERE l.company_id = %(root)s AND l.date_to <= %(last)s
                    AND l.state = 'active'
                ORDER BY l.date_to, s.worth DESC LIMIT %(top)s""",
                lines=self.env["credit.measure"]._query_all_lines(root, today),
                root=root.id,
                last=today + timedelta(days=EXPIRY_DAYS),
                top=TOP,
            )
        )
        if not rows:
            return [], 0.0, 0
        return [row[0] for row in rows], rows[0][1], rows[0][2]
