# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What seldom changes: the tree of companies, policies with their rules, kinds.

Speed: kept in the server's memory, as Odoo keeps access rights; whoever changes them
calls ``_forget``, and Odoo tells the other servers.
"""

from odoo import models
from odoo.tools import SQL, ormcache


class CreditMeasure(models.AbstractModel):
    _inherit = "credit.measure"  # pylint: disable=consider-merging-classes-inherited

    @ormcache("root_id")
    def _get_tree(self, root_id):
        """A root company: decimals and id of its currency, companies of its tree.

        :return: tuple, int, int, tuple of ints
        """
        row = self.env.execute_query(
            SQL(
                """SELECT u.decimal_places, u.id, ARRAY(SELECT id FROM res_company
                    WHERE split_part(parent_path, '/', 1)::int = c.id)
                FROM res_company c JOIN res_currency u ON u.id = c.currency_id
                WHERE c.id = %s""",
                root_id,
            )
        )[0]
        return row[0], row[1], tuple(row[2])

    @ormcache("policy_id", "root_id", "today")
    def _get_policy(self, policy_id, root_id, today):
        """A policy as it is on a date, amounts in cents of a root company's currency.

        Kept and shared: never to be changed.

        :param policy_id: id, or None where a company has no policy
        :return: dict, id, mode, no_line, default_amount, components, rules, exemptions,
            uncleared_days, horizon_days
        """
        unit = SQL("%s::numeric", 10 ** self._get_tree(root_id)[0])
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT y.id, COALESCE(y.mode, 'hold') AS mode, y.no_line,
                    COALESCE(y.uncleared_days, 0) AS uncleared_days,
                    COALESCE(y.horizon_days, 0) AS horizon_days,
                    %(default_amount)s AS default_amount,
                    ARRAY(SELECT e.code FROM credit_exposure_component e
                        JOIN credit_exposure_component_credit_policy_rel r
                            ON r.credit_exposure_component_id = e.id
                        WHERE r.credit_policy_id = y.id) AS components,
                    COALESCE(%(rules)s, '[]') AS rules,
                    COALESCE(%(exemptions)s, '[]') AS exemptions
                FROM credit_policy y WHERE y.id = %(policy)s""",
                policy=policy_id,
                default_amount=self._sql_cents(
                    SQL("COALESCE(y.default_amount, 0)"), unit
                ),
                rules=self._query_conditions("credit_rule", today, unit),
                exemptions=self._query_conditions("credit_rule_exception", today, unit),
            )
        )
        return rows[0] if rows else self._get_no_policy()

    def _get_no_policy(self):
        return {
            "id": None,
            "mode": "hold",
            "no_line": "unmanaged",
            "uncleared_days": 0,
            "horizon_days": 0,
            "default_amount": 0,
            "components": [],
            "rules": [],
            "exemptions": [],
        }

    @ormcache()
    def _get_counted(self):
        """The components of exposure that any policy counts; no other is measured.

        :return: list, of codes
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT code FROM credit_exposure_component WHERE id IN (
                    SELECT credit_exposure_component_id
                    FROM credit_exposure_component_credit_policy_rel)"""
            )
        )
        return [row[0] for row in rows]

    @ormcache()
    def _get_kind_ranks(self):
        """The order in which kinds of lines are used up.

        :return: dict, id of a kind -> its rank
        """
        rows = self.env.execute_query(
            SQL("SELECT id FROM credit_line_kind ORDER BY sequence, id")
        )
        return {row[0]: rank for rank, row in enumerate(rows)}

    def _forget(self):
        """Policies, rules, companies or kinds of lines changed."""
        self.env.registry.clear_cache()
