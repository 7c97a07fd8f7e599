# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditPolicy(models.Model):
    _inherit = "credit.policy"

    delivery_check = fields.Selection(
        [
            ("validation", "When the goods leave"),
            ("reservation", "Before goods are reserved, and when they leave"),
        ],
        string="Deliveries Are Checked",
        required=True,
        default="validation",
        tracking=True,
        help="Where a rule looks at deliveries. Before goods are reserved: a held delivery "
        "keeps no goods from other customers.",
    )

    def _reserves_late(self):
        """Whether any policy asks before goods are reserved: else nothing is measured."""
        # sudo: whoever moves goods need not read policies.
        found = self.sudo().search([("delivery_check", "=", "reservation")], limit=1)
        return bool(found)
