# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditRiskClass(models.Model):
    """How risky customers are thought to be, from the best class to the worst."""

    _name = "credit.risk.class"
    _description = "Credit Risk Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="The best class first.")
    color = fields.Integer(help="Colour of the tag in lists and cards.")
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "The code of a risk class must be unique."
    )
