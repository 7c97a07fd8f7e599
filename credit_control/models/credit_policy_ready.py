# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditPolicy(models.Model):
    """Rules that most companies want, to be switched on one by one."""

    _inherit = "credit.policy"  # pylint: disable=consider-merging-classes-inherited

    def action_add_ready_rules(self):
        """Add the usual rules, switched off; those whose kind is there are left out."""
        self.check_access("write")
        self._add_ready_rules()
        return True

    def _add_ready_rules(self):
        for policy in self:
            present = set(policy.rule_ids.mapped("kind"))
            policy.rule_ids = [
                fields.Command.create({**values, "sequence": 100, "active": False})
                for values in self._get_ready_rules()
                if values["kind"] not in present
            ]

    def _get_ready_rules(self):
        """Hook: values of the rules that are offered.

        :return: list, of dicts for ``credit.rule``
        """
        return [
            {
                "kind": "overdue_days",
                "effect": "hold",
                "threshold_days": 15,
                "floor": 50,
            },
            {"kind": "overdue_share", "effect": "warn", "threshold_percent": 10},
            {"kind": "limit_used", "effect": "warn", "threshold_percent": 80},
            {"kind": "broken_promises", "effect": "hold"},
            {"kind": "dunning_level", "effect": "hold", "threshold_number": 2},
            {"kind": "late_days", "effect": "warn", "threshold_days": 30},
            {"kind": "term_better", "effect": "warn"},
            {"kind": "term_legal", "effect": "warn"},
            {"kind": "term_line", "effect": "hold"},
            {"kind": "line_expiring", "effect": "inform", "threshold_days": 15},
            {"kind": "review_overdue", "effect": "warn"},
            {"kind": "opening_missing", "effect": "hold"},
            {"kind": "first_orders", "effect": "inform", "threshold_number": 3},
            {"kind": "score", "effect": "hold", "threshold_number": 30},
        ]
