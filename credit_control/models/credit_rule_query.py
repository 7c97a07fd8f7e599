# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL


class CreditMeasure(models.AbstractModel):
    """Read the rules along with the lines, ready for the engine."""

    _inherit = "credit.measure"  # pylint: disable=consider-merging-classes-inherited

    def _query_conditions(self, table, today, unit):
        """The rules or exceptions of the policy ``y`` that are in force today.

        Rules name themselves what the engine reads; amounts are added in cents of the
        root company's currency.

        :param str table: credit_rule or credit_rule_exception
        :param today: the date
        :param SQL unit: how many of the currency's smallest parts make one
        """
        effect = "'effect', r.effect, " if table == "credit_rule" else ""
        return SQL(
            """(SELECT jsonb_agg(jsonb_build_object('key', r.id, %(effect)s
                'threshold', %(threshold)s, 'floor', %(floor)s) || r.definition
                ORDER BY r.sequence, r.id)
            FROM %(table)s r WHERE r.policy_id = y.id AND r.active
            AND (r.date_from IS NULL OR r.date_from <= %(today)s)
            AND (r.date_to IS NULL OR r.date_to >= %(today)s))""",
            effect=SQL(effect),
            table=SQL.identifier(table),
            threshold=self._sql_cents(SQL("COALESCE(r.threshold, 0)"), unit),
            floor=self._sql_cents(SQL("COALESCE(r.floor, 0)"), unit),
            today=today,
        )
