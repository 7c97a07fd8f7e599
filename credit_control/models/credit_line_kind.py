# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditLineKind(models.Model):
    """Where the credit of a line comes from; the order of kinds is the order of use."""

    _name = "credit.line.kind"
    _description = "Kind of Credit Line"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Technical name, used by other add-ons and integrations.",
    )
    sequence = fields.Integer(
        default=10,
        help="Lines of the first kinds are used up first.",
    )
    color = fields.Char(
        default="#4c6a92",
        help="Colour of this kind in the bar of the stack.",
    )
    is_secured = fields.Boolean(
        string="Secured",
        help="Somebody else bears the loss: an insurer, a bank, a vendor.",
    )
    needs_end_date = fields.Boolean(
        help="Lines of this kind cannot be activated without an end date.",
    )
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "The code of a kind must be unique.")

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        self.env["credit.measure"]._forget()
        return kinds

    def write(self, vals):
        result = super().write(vals)
        if "sequence" in vals:
            self.flush_recordset(["sequence"])
            self.env["credit.measure"]._forget()
        return result
