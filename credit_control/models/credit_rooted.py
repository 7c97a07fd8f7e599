# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditRooted(models.AbstractModel):
    """What belongs to a main company: its branches share one credit with it."""

    _name = "credit.rooted"
    _description = "Belongs to a Main Company"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )

    @api.constrains("company_id")
    def _check_root(self):
        for branch in self.company_id.filtered("parent_id"):
            raise ValidationError(
                self.env._(
                    "Credit belongs to the main company, not to a branch: choose %s.",
                    branch.root_id.display_name,
                )
            )
