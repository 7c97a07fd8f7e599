# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.credit_control.models import national_numbers as numbers

NUMBER_FIELDS = frozenset({"vat", "company_registry", "country_id", "parent_id"})
GROUP = "credit_control.credit_control_group_viewer"


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_identifier_ids = fields.One2many(
        "credit.identifier", "partner_id", string="National Numbers", groups=GROUP
    )
    credit_buyer_ids = fields.One2many(
        "credit.insurer.buyer", "partner_id", string="Insurers' Files", groups=GROUP
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        numbered = partners.filtered(lambda p: p.vat or p.company_registry)
        numbered._credit_collect_numbers()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if NUMBER_FIELDS.intersection(vals):
            self._credit_collect_numbers()
        if "parent_id" in vals:
            # sudo: whoever moves a contact; the cover must not go along unseen.
            self.sudo()._credit_leave_buyers()
        return result

    def _credit_leave_buyers(self):
        """Take cover from partners that are no debtors of their own any more."""
        moved = self.filtered(lambda p: p.commercial_partner_id != p)
        buyers = self.env["credit.insurer.buyer"].search(
            [("partner_id", "in", moved.ids)]
        )
        buyers._lose_debtor()

    def _credit_collect_numbers(self):
        """Keep national numbers in step with VAT number and company registry."""
        # sudo: who keeps addresses need not see what insurers are told.
        partners = self.sudo()
        kinds = self.env["credit.identifier.type"].sudo()._get_by_code()
        wanted = {
            (partner.id, kinds[code].id, value): partner
            for partner in partners
            for code, value in partner._get_credit_numbers()
            if code in kinds
        }
        known = self.env["credit.identifier"].sudo()
        known = known.search([("partner_id", "in", partners.ids)])
        present = {(n.partner_id.id, n.type_id.id, n.value): n for n in known}
        stale = known.filtered("is_derived").browse(
            number.id
            for key, number in present.items()
            if number.is_derived and key not in wanted
        )
        stale.unlink()
        known.create(
            [
                {
                    "partner_id": partner_id,
                    "type_id": type_id,
                    "value": value,
                    "is_derived": True,
                }
                for partner_id, type_id, value in wanted
                if (partner_id, type_id, value) not in present
            ]
        )

    def _get_credit_numbers(self):
        """Hook: the numbers that a contact's own fields hold.

        :return: list of (code of the type, compact number)
        """
        self.ensure_one()
        if self.commercial_partner_id != self:
            return []
        country = self.country_id.code or ""
        found = []
        if self.vat and len(self.vat) > 1:
            found.append(("vat", numbers.compact_vat(self.vat, country)))
        registry = numbers.compact(self.company_registry)
        if registry and country in numbers.FRENCH:
            found.append(("siret" if len(registry) > 9 else "siren", registry))
        return found

    def _get_credit_sirens(self):
        """The SIREN that the numbers of a debtor hold; SIRET and VAT number hold it too.

        :return: set of str
        """
        keys = self.commercial_partner_id.credit_identifier_ids.mapped("entity_key")
        return {key[3:] for key in keys if key and key.startswith("FR:")}

    def action_find_siren(self):
        """Open the dialog that looks for the SIREN of this customer."""
        self.ensure_one()
        return self.env["credit.siren.search"]._open_for(self)

    def _get_credit_kin(self):
        """All customer files of the same legal entity as each of these.

        Two files are of one entity when they share a number that names it and no number
        of the same kind tells them apart: a SIREN and another SIREN are two entities,
        whatever else they share. Names are never looked at.

        :return: dict, commercial partner -> commercial partners, itself first
        """
        # sudo: whose number it is does not depend on who looks (P7).
        numbers_ = self.env["credit.identifier"].sudo()
        mine = numbers_.search(
            [("partner_id", "in", self.ids), ("entity_key", "!=", False)]
        )
        same = numbers_.search([("entity_key", "in", mine.mapped("entity_key"))])
        others = numbers_.search(
            [("partner_id", "in", same.partner_id.ids), ("entity_key", "!=", False)]
        )
        keys, owners = defaultdict(set), defaultdict(list)
        for number in others:
            keys[number.partner_id].add(number.entity_key)
            owners[number.entity_key].append(number.partner_id)
        kin = {}
        for partner in self:
            near = {o for key in keys[partner] for o in owners[key]} - {partner}
            agreed = [o for o in near if _agree(keys[partner], keys[o])]
            kin[partner] = partner.union(*sorted(agreed, key=lambda o: o.id))
        return kin


def _agree(one, other):
    """Whether no family of numbers tells two files apart."""
    families = defaultdict(lambda: (set(), set()))
    for side, keys in enumerate((one, other)):
        for key in keys:
            families[key.split(":")[0]][side].add(key)
    return all(not (a and b) or a == b for a, b in families.values())
