# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CreditProfile(models.Model):
    """The level that a debtor has reached: what was sent and is open, or typed by hand."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    dunning_level = fields.Integer(
        string="Dunning Level Reached",
        compute="_compute_dunning_level",
        inverse="_inverse_dunning_level",
        search="_search_dunning_level",
        compute_sudo=True,
        help="The highest step that was sent for an item which is still open; zero: none. "
        "It falls when items are paid. Type a level to set at least this one, zero to "
        "follow what was sent.",
    )
    dunning_level_manual = fields.Integer(
        string="Dunning Level Set by Hand",
        tracking=True,
        help="At least this level counts as reached.",
    )

    _dunning_positive = models.Constraint(
        "CHECK(COALESCE(dunning_level_manual, 0) >= 0)",
        "A dunning level is zero or more.",
    )

    @api.depends("dunning_level_manual", "dunning_notice_ids.state")
    def _compute_dunning_level(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT f.id, %s FROM credit_profile f WHERE f.id = ANY(%s)",
                self._sql_dunning_level(),
                self._origin.ids,
            )
        )
        found = dict(rows)
        for profile in self:
            profile.dunning_level = max(
                found.get(profile._origin.id, 0), profile.dunning_level_manual
            )

    def _inverse_dunning_level(self):
        for profile in self:
            profile.dunning_level_manual = profile.dunning_level

    @api.model
    def _search_dunning_level(self, operator, value):
        if operator not in ("=", ">", ">=", "<", "<=", "in"):
            return NotImplemented
        query = SQL(
            "(SELECT f.id FROM credit_profile f WHERE %s %s %s)",
            self._sql_dunning_level(),
            SQL("= ANY" if operator == "in" else operator),
            list(value) if operator == "in" else value,
        )
        return Domain("id", "in", query)

    @api.model
    def _sql_dunning_level(self):
        """The level reached by the credit file "f"."""
        return SQL(
            """GREATEST(COALESCE(f.dunning_level_manual, 0), COALESCE((
                SELECT MAX(i.rank) FROM credit_dunning_item i
                JOIN credit_dunning_notice n ON n.id = i.notice_id
                    AND n.state IN ('sending', 'sent') AND n.is_test IS NOT TRUE
                JOIN account_move_line l ON l.id = i.move_line_id
                    AND l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                    AND l.amount_residual > 0
                WHERE i.profile_id = f.id AND i.counts AND i.kind = 'step'), 0))"""
        )
