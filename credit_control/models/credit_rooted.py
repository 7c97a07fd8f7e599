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
        if any(record.company_id.parent_id for record in self):
            raise ValidationError(
                self.env._(
                    "Credit belongs to the main company, not to a branch: choose %s.",
                    self.company_id.root_id[:1].display_name,
                )
            )
