# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from . import national_numbers as numbers
from .credit_opening import OPEN


class CreditOpening(models.Model):
    """Who the customer is: numbers that prove it, and who else carries them."""

    _inherit = "credit.opening"  # pylint: disable=consider-merging-classes-inherited

    duplicate_ids = fields.Many2many(
        "res.partner",
        string="Same Number",
        compute="_compute_duplicates",
        context={"active_test": False},
        help="Customers who carry the SIREN or VAT number of this sheet.",
    )
    twin_ids = fields.Many2many(
        "credit.opening",
        string="Other Sheets",
        compute="_compute_duplicates",
        help="Sheets with the same number that wait for an answer or were refused.",
    )
    bank_owner_ids = fields.Many2many(
        "res.partner",
        string="Same Bank Account",
        compute="_compute_duplicates",
        context={"active_test": False},
        help="Others who pay from this account: a mistake, a group, or a fraud.",
    )

    @api.model
    def _prepare_numbers(self, vals):
        """Numbers as they are kept: without blanks, VAT with its country.

        :param dict vals: of ``create`` or ``write``
        :return: dict, the values to change
        """
        country = self.env["res.country"].browse(vals.get("country_id"))
        if isinstance(vals.get("country_id"), models.BaseModel):
            country = vals["country_id"]
        code = (country or self[:1].country_id or self.env.company.country_id).code
        found = {
            name: numbers.compact(vals[name])
            for name in ("registry_number", "iban")
            if vals.get(name)
        }
        if vals.get("vat"):
            found["vat"] = numbers.compact_vat(vals["vat"], code or "")
        return found

    def _get_numbers(self):
        """The compact numbers of this sheet: (registry, vat, siren, iban)."""
        code = self.country_id.code or ""
        registry = numbers.compact(self.registry_number)
        vat = numbers.compact_vat(self.vat, code)
        siren = numbers.get_siren(registry, vat, code)
        return registry, vat, siren, numbers.compact(self.iban)

    @api.constrains("registry_number", "vat", "iban", "country_id")
    def _check_numbers(self):
        for opening in self:
            problems = opening._get_number_problems()
            if problems:
                raise ValidationError("\n".join(problems))

    def _get_number_problems(self):
        """Hook: what is wrong with the numbers, in the reader's words.

        :return: list, of sentences, empty when all is well
        """
        registry, vat, siren, iban = self._get_numbers()
        code, problems = self.country_id.code or "", []
        if registry and not numbers.is_registry_number(registry, code):
            problems.append(
                self.env._(
                    "%s is no SIREN (9 digits) or SIRET (14 digits): a digit is wrong.",
                    registry,
                )
            )
        if vat and not numbers.is_vat(vat, code):
            problems.append(self.env._("%s is no valid VAT number.", vat))
        elif vat.startswith("FR") and siren and not vat.endswith(siren):
            problems.append(
                self.env._(
                    "The VAT number %(vat)s belongs to the SIREN %(other)s, not %(siren)s.",
                    vat=vat,
                    other=vat[4:],
                    siren=siren,
                )
            )
        if iban and not numbers.is_iban(iban):
            problems.append(
                self.env._("%s is no valid IBAN: check it with the customer.", iban)
            )
        return problems

    @api.depends(
        "registry_number", "vat", "iban", "country_id", "partner_id", "company_id"
    )
    def _compute_duplicates(self):
        for opening in self:
            registry, vat, siren, iban = opening._get_numbers()
            opening.duplicate_ids = opening._find_same_number(registry, vat, siren)
            opening.twin_ids = opening._find_twins(registry, vat, siren)
            opening.bank_owner_ids = opening._find_bank_owners(iban)

    def _find_same_number(self, registry, vat, siren):
        """Customers, archived ones too, who carry one of these numbers.

        :return: ``res.partner``, main addresses that the caller may read
        """
        partners = self.env["res.partner"]
        if not (registry or vat):
            return partners
        partners.flush_model(
            ["vat", "company_registry", "company_id", "commercial_partner_id"]
        )
        own = self.partner_id.commercial_partner_id
        root = self.company_id or self.env.company
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT p.commercial_partner_id FROM res_partner p
                WHERE (%(registry)s OR %(vat)s) AND (p.company_id IS NULL OR EXISTS (
                    SELECT FROM res_company c WHERE c.id = p.company_id
                    AND split_part(c.parent_path, '/', 1)::int = %(root)s))
                AND p.commercial_partner_id <> %(own)s LIMIT 10""",
                registry=self._sql_same("p.company_registry", siren or registry),
                vat=self._sql_same("p.vat", siren or vat, ends=bool(siren)),
                root=root.root_id.id,
                own=own._origin.id or 0,
            )
        )
        found = partners.with_context(active_test=False).browse(row[0] for row in rows)
        return found._filtered_access("read")

    def _sql_same(self, column, number, ends=False):
        """Compare with a number that may be stored with blanks.

        :param str column: SQL of the column
        :param str number: compact; a SIREN stands at the start of a SIRET
        :param bool ends: the SIREN stands at the end, as in a French VAT number
        """
        if not number:
            return SQL("FALSE")
        pattern = f"FR__{number}" if ends else f"{number}%"
        return SQL(
            "upper(regexp_replace(%s, '[^[:alnum:]]', '', 'g')) LIKE %s",
            SQL(column),
            pattern,
        )

    def _find_twins(self, registry, vat, siren):
        if not (registry or vat):
            return self.browse()
        # sudo: that a sheet exists is told, so that two salespeople do not both ask.
        twins = self.sudo().search(
            [
                ("id", "!=", self._origin.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", (*OPEN, "refused")),
                "|",
                ("registry_number", "=like", f"{siren or registry or '-'}%"),
                ("vat", "=", vat or "-"),
            ],
            limit=5,
        )
        return twins.sudo(False)._filtered_access("read")

    def _find_bank_owners(self, iban):
        if not iban:
            return self.env["res.partner"]
        # sudo: salespeople may not read bank accounts; the owner's name is all they see.
        accounts = (
            self.env["res.partner.bank"]
            .sudo()
            .search([("sanitized_acc_number", "=", iban)], limit=10)
        )
        owners = accounts.partner_id.commercial_partner_id
        others = owners - self.partner_id.commercial_partner_id._origin
        return others.sudo(False)._filtered_access("read")
