# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditCheckpoint(models.Model):
    """A step of a document at which rules look; an add-on's documents bring theirs."""

    _name = "credit.checkpoint"
    _description = "Credit Checkpoint"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "The code of a checkpoint must be unique."
    )
