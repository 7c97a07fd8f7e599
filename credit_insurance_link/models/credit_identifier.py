# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.credit_control.models.debtors import DEBTORS

from . import identifier_check as checks


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
    stdnum_country = fields.Char(
        string="Check: Country",
        help="With the name: which check of python-stdnum applies, such as “ch” and “uid”.",
    )
    stdnum_name = fields.Char(string="Check: Name")
    pattern = fields.Char(
        help="Regular expression for the whole number, without blanks and dots, where "
        "there is no check. A number that does not fit is reported as invalid."
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "The code must be unique.")

    @api.constrains("pattern")
    def _check_pattern(self):
        for kind in self.filtered("pattern"):
            try:
                re.compile(kind.pattern)
            except re.error as error:
                raise ValidationError(
                    self.env._(
                        "%(pattern)s is no regular expression: %(error)s",
                        pattern=kind.pattern,
                        error=error,
                    )
                ) from error

    def _examine(self, number, country=""):
        """Normalise and check a number of this kind.

        :param str number: as somebody typed it
        :param str country: ISO code, where the kind itself names none
        :return: tuple (compact number, state, entity key or False)
        """
        self.ensure_one()
        country = self.country_id.code or country or ""
        value = checks.compact(self.code, number, country)
        module = (self.stdnum_country, self.stdnum_name)
        state = checks.check(self.code, value, country, module, self.pattern)
        key = False
        if state == checks.VALID and self.is_entity:
            key = checks.get_entity_key(self.code, value, country)
        return value, state, key

    @api.model
    def _get_by_code(self):
        """All kinds, by their code."""
        kinds = self.with_context(active_test=False).search([("code", "!=", False)])
        return {kind.code: kind for kind in kinds}


class CreditIdentifier(models.Model):
    """A national number of a debtor, kept as it is compared.

    What is wrong is kept and marked: history has wrong numbers. Only right ones match.
    """

    _name = "credit.identifier"
    _description = "National Number"
    _order = "partner_id, type_id, id"
    _rec_name = "value"

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="cascade",
        domain=DEBTORS,
    )
    type_id = fields.Many2one(
        "credit.identifier.type", required=True, index=True, ondelete="restrict"
    )
    country_id = fields.Many2one(
        "res.country",
        help="Where the number was given, if not in the debtor's country.",
    )
    value = fields.Char(
        string="Number",
        required=True,
        help="Kept without blanks and dots, as text: leading zeros belong to it.",
    )
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
    is_derived = fields.Boolean(
        string="From the Contact",
        readonly=True,
        help="Taken from the contact's VAT number or company registry, and kept in step.",
    )

    _value_uniq = models.Constraint(
        "UNIQUE(partner_id, type_id, value)", "This number is there already."
    )
    _value_idx = models.Index("(type_id, value)")

    @api.constrains("partner_id")
    def _check_partner(self):
        for identifier in self:
            partner = identifier.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s belongs to %(company)s: enter the number there.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        kinds = self.env["credit.identifier.type"].browse(
            {vals["type_id"] for vals in vals_list if vals.get("type_id")}
        )
        kinds.fetch(["code"])
        return super().create([self._prepare_number(vals) for vals in vals_list])

    def write(self, vals):
        if not {"value", "type_id", "country_id", "partner_id"}.intersection(vals):
            return super().write(vals)
        for identifier in self:
            whole = {
                "value": identifier.value,
                "type_id": identifier.type_id.id,
                "country_id": identifier.country_id.id,
                "partner_id": identifier.partner_id.id,
                **vals,
            }
            super(CreditIdentifier, identifier).write(identifier._prepare_number(whole))
        return True

    @api.model
    def _prepare_number(self, vals):
        """Values with the number normalised and its state."""
        kind = self.env["credit.identifier.type"].browse(vals.get("type_id"))
        if not (kind and vals.get("value")):
            return vals
        country = self.env["res.country"].browse(vals.get("country_id"))
        if not country:
            country = self.env["res.partner"].browse(vals.get("partner_id")).country_id
        value, state, key = kind._examine(vals["value"], country.code or "")
        return {**vals, "value": value, "state": state, "entity_key": key}
