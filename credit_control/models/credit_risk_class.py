# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditRiskClass(models.Model):
    """How risky a debtor is held to be; rules and authority may depend on it."""

    _name = "credit.risk.class"
    _description = "Risk Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "The code of a risk class must be unique."
    )
