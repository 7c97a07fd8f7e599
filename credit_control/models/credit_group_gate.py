# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The shared limit where it counts: in the measurement, the words and the events."""

from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..engine import Pool
from .credit_measure_query import PROFILES


class CreditMeasure(models.AbstractModel):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.measure"

    def _get_positions(self, partner_ids, company, *args, **options):
        """Override: who shares a limit is measured with all members of the group.

        No statement more for debtors without group; one measuring more, of the members
        that were not asked for, otherwise.
        """
        measure = super()._get_positions
        positions = measure(partner_ids, company, *args, **options)
        pools = {p.pool.key: p.pool for p in positions.values() if p.pool}
        if not pools:
            return positions
        members = {member for pool in pools.values() for member in pool.owed}
        # What is left out of the exposure must not count for the others either.
        but = options.get("but") or (args[1] if len(args) > 1 else ())
        missing = members - set(positions)
        others = measure(list(missing), company, (), but) if missing else {}
        for position in positions.values():
            # One object for all: what one member takes is gone for the next.
            position.pool = position.pool and pools[position.pool.key]
        for pool in pools.values():
            for member in pool.owed:
                pool.owed[member] = (positions.get(member) or others[member]).net
        return positions

    def _sql_special(self):
        """Override: a group is looked for only where a member is measured."""
        return SQL("%s OR f.group_id IS NOT NULL", super()._sql_special())

    def _query_pools(self):
        """The groups of the credit files."""
        return SQL(
            """SELECT f.partner_id, g.id, g.name, %s AS limit, g.date_from, g.date_to,
                ARRAY(SELECT m.partner_id FROM credit_profile m
                    WHERE m.group_id = g.id) AS members
            FROM credit_profile f JOIN credit_group g ON g.id = f.group_id AND g.active
            WHERE f.id = ANY(%s)""",
            self._sql_cents(SQL("g.amount")),
            PROFILES,
        )

    def _prepare_position(self, row, common):
        position = super()._prepare_position(row, common)
        position.pool = self._prepare_pool(row["pool"], position.today)
        return position

    def _prepare_pool(self, row, today):
        """The shared limit, or None on days on which it does not count."""
        if not row:
            return None
        start, end = row["date_from"], row["date_to"]
        if start and date.fromisoformat(start) > today:
            return None
        if end and date.fromisoformat(end) < today:
            return None
        owed = dict.fromkeys(row["members"], 0)
        return Pool(row["id"], row["name"], row["limit"], owed)


class CreditExplanation(models.AbstractModel):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.explanation"

    def _explain(self, company, position, verdict, asked, document):
        """Override: what goes beyond a shared limit is not covered either."""
        facts = super()._explain(company, position, verdict, asked, document)
        over = [r["amount"] for r in facts["reasons"] if r["code"] == "group_limit"]
        facts["uncovered"] = max(facts["uncovered"], *over, 0.0)
        return facts

    def _get_figures(self, company, position, scale):
        facts = super()._get_figures(company, position, scale)
        facts["group"] = bool(position.pool) and self._explain_pool(
            position.pool, scale
        )
        return facts

    def _explain_pool(self, pool, scale):
        left = pool.limit - pool.total
        values = {
            "group": pool.name,
            "limit": scale.format(self.env, pool.limit),
            "left": scale.format(self.env, abs(left)),
        }
        text = (
            self.env._(
                "%(group)s: %(left)s left of the shared limit of %(limit)s", **values
            )
            if left >= 0
            else self.env._(
                "%(group)s: %(left)s over the shared limit of %(limit)s", **values
            )
        )
        return {
            "id": pool.key,
            "name": pool.name,
            "limit": scale(pool.limit),
            "exposure": scale(pool.total),
            "available": scale(left),
            "text": text,
        }

    def _word_reason_by_code(self, reason, scale):
        """Override: the sentence about a shared limit."""
        if reason.code != "group_limit":
            return super()._word_reason_by_code(reason, scale)
        values = reason.values
        return self.env._(
            "The group %(group)s would owe %(total)s together, %(added)s more than its "
            "shared limit of %(limit)s leaves.",
            group=values["group"],
            total=scale.format(self.env, values["total"]),
            added=scale.format(self.env, values["added"]),
            limit=scale.format(self.env, values["limit"]),
        )

    def _word_other(self, company, position, way, scale):
        if way.code != "group_pay":
            return super()._word_other(company, position, way, scale)
        amount = scale.format(self.env, way.amount)
        return [
            {"text": self.env._("Ask other members of the group to pay %s.", amount)}
        ]


class CreditRuleKind(models.AbstractModel):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.rule.kind"

    @api.model
    def _get_words(self):
        return {
            **super()._get_words(),
            "group_limit": {
                "title": self.env._("Beyond the shared limit of the group"),
                "help": self.env._(
                    "Groups are checked without any rule, and hold. Add this rule to warn "
                    "only, or to allow a little more."
                ),
                "beyond": self.env._(
                    "it goes more than %(threshold)s beyond the shared limit"
                ),
                "within": self.env._(
                    "it goes at most %(threshold)s beyond the shared limit"
                ),
                "found": self.env._(
                    "%(added)s more than the shared limit of %(limit)s leaves; the group "
                    "would owe %(total)s."
                ),
            },
        }


class CreditHold(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.hold"

    @api.model
    def _reevaluate(self, causes):
        """Override: what one member of a group pays, another may buy."""
        rows = self.env.execute_query(
            SQL(
                """SELECT mate.partner_id, me.partner_id FROM credit_profile me
                JOIN credit_profile mate ON mate.group_id = me.group_id
                WHERE me.partner_id = ANY(%s) AND me.group_id IS NOT NULL""",
                list(causes),
            )
        )
        mates = {mate: causes[partner_id] for mate, partner_id in rows}
        return super()._reevaluate({**mates, **causes})
