# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditIdentifierType(models.Model):
    """A kind of number that names a company, and how it is checked."""

    _name = "credit.identifier.type"
    _description = "Kind of National Number"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Technical name: siren, siret, vat, lei, duns …"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one(
        "res.country", help="Empty: the number exists in every country."
    )
    is_entity = fields.Boolean(
        string="Names a Legal Entity",
        default=True,
        help="Off: it names only one establishment or one customer file. Cover is shared "
        "by all customers with the same number of a legal entity.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "The code must be unique.")


class CreditIdentifier(models.Model):
    """A national number of a debtor, kept as it is compared."""

    _name = "credit.identifier"
    _description = "National Number"
    _order = "partner_id, type_id, id"
    _rec_name = "value"

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, ondelete="cascade"
    )
    type_id = fields.Many2one(
        "credit.identifier.type", required=True, index=True, ondelete="restrict"
    )
    country_id = fields.Many2one("res.country")
    value = fields.Char(string="Number", required=True)
    state = fields.Selection(
        [("valid", "Valid"), ("invalid", "Invalid"), ("unchecked", "Not Checked")],
        readonly=True,
        default="unchecked",
    )
    entity_key = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="The same for all numbers of one legal entity that can be derived "
        "from each other, such as SIREN, SIRET and French VAT number.",
    )

    _value_uniq = models.Constraint(
        "UNIQUE(partner_id, type_id, value)", "This number is there already."
    )
    _value_idx = models.Index("(type_id, value)")
