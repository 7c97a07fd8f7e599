# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditReason(models.Model):
    """The one catalogue of reasons why a document is warned about or held."""

    _name = "credit.reason"
    _description = "Credit Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(help="Colour of the tag in lists and cards.")
    description = fields.Text(
        translate=True,
        help="What a colleague should know before he talks to the customer.",
    )

    is_status = fields.Boolean(
        string="Explains a Status",
        help="May be chosen when a credit file is put on watch, on hold or on the stop "
        "list.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "The code of a reason must be unique."
    )
