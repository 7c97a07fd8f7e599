# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..engine import decide
from ..engine.position import Claim, Part
from ..engine.scope import split_exactly
from .callers import is_amount, is_id


class CreditProfile(models.Model):
    """The question of other systems: may this customer buy for so much?"""

    _inherit = "credit.profile"

    @api.model
    @api.readonly
    def check(
        self,
        partner_id: int,
        amount: float,
        currency: str | None = None,
        company_id: int | None = None,
        lines: list | None = None,
    ):
        """May this customer buy for this amount? Nothing is reserved or recorded.

        :param partner_id: any contact of the debtor
        :param amount: taxes included, not negative
        :param currency: ISO code, e.g. "EUR"; default: the company's
        :param company_id: default: the caller's company; the root company counts
        :param lines: optional split by product: dicts with ``product_id`` and
            ``amount`` (same currency); what they leave of ``amount`` is for no product
        :return: dict, ``{outcome, currency, limit, exposure, available, uncovered,
            reasons: [{code, effect, text, amount}], ways_out: [{code, text, amount}]}``,
            amounts in the root company's currency
        :raise AccessError: for callers without sales or credit rights
        :raise UserError: for unknown records or amounts that make no sense
        """
        self._check_api_rights()
        company = self._get_api_company(company_id)
        partner = self._get_api_partner(partner_id)
        source = self._get_api_currency(currency, company)
        weights = self._get_api_weights(amount, source, lines)
        claim = self._prepare_api_claim(partner, amount, source, company, weights)
        # sudo: exposure must not depend on the caller's record rules (P7).
        return self.sudo()._check_claim(company, claim)

    def _check_api_rights(self):
        user = self.env.user
        if not (
            user.has_group("sales_team.group_sale_salesman")
            or user.has_group("credit_control.credit_control_group_viewer")
        ):
            raise AccessError(self.env._("Only salespeople and credit staff may ask."))

    def _get_api_company(self, company_id):
        if company_id is None or company_id is False:
            company_id = self.env.company.id
        companies = self.env.user.company_ids
        if not is_id(company_id) or company_id not in companies.ids:
            raise AccessError(self.env._("You do not work for this company."))
        return self.env["res.company"].browse(company_id).sudo().root_id

    def _get_api_partner(self, partner_id):
        partners = self.env["res.partner"]
        partner = (
            partners.browse(partner_id).exists() if is_id(partner_id) else partners
        )
        if not partner:
            raise UserError(self.env._("There is no customer %.20s.", partner_id))
        partner.check_access("read")
        return partner

    def _get_api_currency(self, code, company):
        if code is None or code is False:
            return company.currency_id
        known = self.env["res.currency"]
        found = known.search([("name", "=", code)]) if isinstance(code, str) else known
        if not found:
            raise UserError(self.env._("Unknown or inactive currency: %.20s", code))
        return found

    def _get_api_weights(self, amount, source, lines):
        """Split the amount by product; what remains is for no product.

        :return: dict, product id or None -> smallest units of the source currency
        """
        whole = self._get_api_units(amount, source)
        weights = {}
        for line in [] if lines is None else self._get_api_lines(lines):
            product = line.get("product_id") or None
            units = self._get_api_units(line.get("amount"), source)
            weights[product] = weights.get(product, 0) + units
        self._check_api_products(
            {product for product in weights if product is not None}
        )
        rest = whole - sum(weights.values())
        if rest < 0:
            raise UserError(self.env._("The lines add up to more than the amount."))
        weights[None] = weights.get(None, 0) + rest
        return weights

    def _get_api_units(self, amount, currency):
        if not is_amount(amount):
            raise UserError(
                self.env._("The amount must be a number between 0 and 10¹².")
            )
        return round(amount * 10**currency.decimal_places)

    def _get_api_lines(self, lines):
        if isinstance(lines, list) and all(isinstance(line, dict) for line in lines):
            return lines
        raise UserError(
            self.env._("The lines must be a list of product_id and amount each.")
        )

    def _check_api_products(self, product_ids):
        valid = [product_id for product_id in product_ids if is_id(product_id)]
        # sudo: whether a product exists is all that is told.
        found = self.env["product.product"].sudo().browse(valid).exists()
        unknown = [
            product_id for product_id in product_ids if product_id not in found.ids
        ]
        if unknown:
            raise UserError(self.env._("There is no product %.20s.", unknown[0]))

    def _prepare_api_claim(self, partner, amount, source, company, weights):
        target = company.currency_id
        worth = source._convert(amount, target, company, company._credit_today())
        total = round(worth * 10**target.decimal_places)
        # Money: converted once and then split, so that no cent comes from rounding.
        parts = [
            Part(cents, product=product)
            for product, cents in split_exactly(total, weights).items()
            if cents
        ]
        debtor = partner.commercial_partner_id.id
        return Claim(debtor, company.id, tuple(parts), total, checkpoint="confirmation")

    def _check_claim(self, company, claim):
        measure = self.env["credit.measure"]
        position = measure._get_positions(
            [claim.partner_id], company, products=claim.products
        )[claim.partner_id]
        measure._learn([position], [claim])
        asked = position.document(("credit.profile", 0), claim)
        verdict = decide(position.situation([asked]))[0]
        document = {"model": False, "id": False, "name": "", "amount": claim.total}
        explanation = self.env["credit.explanation"]
        facts = explanation._explain(company, position, verdict, asked, document)
        keys = ("outcome", "currency", "limit", "exposure", "available", "uncovered")
        answer = {key: facts[key] for key in keys}
        answer["reasons"] = facts["reasons"]
        answer["ways_out"] = [
            {key: way[key] for key in ("code", "text", "amount")}
            for way in facts["ways_out"]
        ]
        return answer
