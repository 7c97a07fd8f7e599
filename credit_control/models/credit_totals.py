# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class CreditMeasure(models.AbstractModel):
    """All debtors at once, for filtering and sorting lists in the database."""

    _inherit = "credit.measure"

    def _get_exposure_action(self, debtor, company):
        """Open the items that a debtor's exposure is made of, no more and no less (P1).

        :param debtor: commercial partner
        :param company: any company of the tree
        """
        root = company.root_id
        # sudo: the policy decides what counts, whoever looks.
        position = self.sudo()._get_positions([debtor.id], root)[debtor.id]
        domain = Domain("partner_id", "=", debtor.id)
        domain &= self._get_counted_domain(position.policy, position.today, root)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_exposure_action"
        )
        return {
            **action,
            "domain": list(domain),
            "context": {"search_default_group_component": 1},
        }

    def _get_counted_domain(self, policy, today, root):
        """The items of ``credit.exposure`` that a policy counts.

        :param dict policy: ``components`` (codes) and ``uncleared_days``
        :param date today: the root company's
        """
        domain = Domain("company_id", "=", root.id)
        domain &= Domain("component_id.code", "in", policy["components"])
        if policy["uncleared_days"]:
            first = today - timedelta(days=policy["uncleared_days"])
            cleared = Domain("component_id.code", "!=", "uncleared")
            domain &= cleared | Domain("date", ">", first)
        return domain

    def _query_totals(self, company):
        """Limit, counted exposure and what is available, one row per debtor.

        For filtering and sorting lists. Scoped lines count in full here; ``is_scoped``
        tells whose figures the engine has to work out.

        :return: SQL, partner_id, policy_id, is_managed, is_scoped, has_line, limit_total,
            exposure, available
        """
        root = company.root_id
        today = root._credit_today()
        policy = root._get_credit_policy().id or None
        self.env.flush_all()
        return SQL(
            """WITH stack AS (%(stack)s), owed AS (%(owed)s)
            SELECT t.*,
                CASE WHEN is_managed THEN limit_total - exposure ELSE 0 END AS available
            FROM (
                SELECT COALESCE(s.partner_id, o.partner_id) AS partner_id,
                    y.id AS policy_id, COALESCE(s.has_line, FALSE) AS has_line,
                    COALESCE(s.has_line, FALSE) OR y.no_line <> 'unmanaged' AS is_managed,
                    COALESCE(s.is_scoped, FALSE) AS is_scoped,
                    CASE WHEN s.has_line THEN s.worth
                        WHEN y.no_line = 'default' THEN COALESCE(y.default_amount, 0)
                        ELSE 0 END AS limit_total,
                    COALESCE(o.exposure, 0) AS exposure
                FROM stack s FULL JOIN owed o ON o.partner_id = s.partner_id
                JOIN credit_policy y ON y.id = COALESCE(s.policy_id, %(policy)s)
            ) t""",
            policy=policy,
            stack=self._query_all_stacks(root, policy, today),
            owed=self._query_all_owed(root, policy, today),
        )

    def _get_totals_of_nothing(self, company):
        """The figures of a debtor without file and without items: not in the query.

        :return: dict, column of ``_query_totals`` -> amount
        """
        policy = company._get_credit_policy()
        limit = policy.default_amount if policy.no_line == "default" else 0.0
        return {"limit_total": limit, "exposure": 0.0, "available": limit}

    def _query_all_stacks(self, root, policy, today):
        return SQL(
            """SELECT f.partner_id, COALESCE(f.policy_id, %(policy)s) AS policy_id,
                COUNT(l.id) > 0 AS has_line,
                COALESCE(BOOL_OR(l.is_scoped AND l.counts), FALSE) AS is_scoped,
                COALESCE(SUM(l.worth) FILTER (WHERE l.counts), 0) AS worth
            FROM credit_profile f
            LEFT JOIN (%(lines)s) l ON l.profile_id = f.id
            WHERE f.company_id = %(root)s GROUP BY f.id""",
            policy=policy,
            lines=self._query_all_lines(root, today),
            root=root.id,
        )

    def _query_all_owed(self, root, policy, today):
        return SQL(
            """SELECT e.partner_id, SUM(e.amount) AS exposure
            FROM (%(exposure)s) e
            LEFT JOIN credit_profile f
                ON f.partner_id = e.partner_id AND f.company_id = e.company_id
            JOIN credit_exposure_component_credit_policy_rel r
                ON r.credit_exposure_component_id = e.component_id
                AND r.credit_policy_id = COALESCE(f.policy_id, %(policy)s)
            JOIN credit_policy y ON y.id = r.credit_policy_id
            JOIN credit_exposure_component m ON m.id = e.component_id
            WHERE e.company_id = %(root)s AND (m.code <> 'uncleared'
                OR COALESCE(y.uncleared_days, 0) = 0
                OR e.date > %(today)s::date - y.uncleared_days)
            GROUP BY e.partner_id""",
            policy=policy,
            exposure=self.env["credit.exposure"]._table_query,
            root=root.id,
            today=today,
        )

    def _query_all_lines(self, root, today):
        return SQL(
            """SELECT l.profile_id, l.is_scoped, %(worth)s AS worth,
                l.state = 'active' AND %(worth)s IS NOT NULL
                    AND (l.date_to IS NULL OR l.date_to >= %(today)s) AS counts, l.id
            FROM credit_line l
            JOIN res_company c ON c.id = %(root)s
            JOIN res_currency u ON u.id = c.currency_id
            WHERE l.state <> 'draft' AND (l.date_from IS NULL OR l.date_from <= %(today)s)""",
            worth=self._sql_worth(root.id, today),
            today=today,
            root=root.id,
        )
