# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from ...files.columns import plain
from ...insurers.facts import Identifier

LONGEST_PROPOSAL = 200


class CreditInsuranceImport(models.Model):
    """Whose cover a row speaks of.

    In this order: the insurer's own number of the buyer, national number with its
    country, VAT number, our reference; then a person. A name only proposes.
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.import"

    def _match(self, rows):
        """Find the customers of all rows; a few statements for any number.

        :param list rows: of ``files.portfolio.Row``
        :return: list of dict, values of ``match_state``, ``partner_id``, ``proposal``
        """
        known = self._get_known_buyers(rows)
        countries = self._get_countries({row.country for row in rows})
        numbers = [self._get_identifiers(row, countries) for row in rows]
        buyers = self.env["credit.insurer.buyer"]
        by_number = buyers._find_by_numbers(numbers)
        references = self._get_by_reference(rows)
        names = self._get_by_name(rows)
        return [
            self._choose(row, known, match, references, names)
            for row, match in zip(rows, by_number, strict=True)
        ]

    def _choose(self, row, known, match, references, names):
        found = {"match_state": "none", "partner_id": False, "proposal": False}
        if partner_id := known.get(row.buyer_id):
            return {**found, "match_state": "number", "partner_id": partner_id}
        if match["match_state"] == "confirmed":
            partner_id = match["partner_id"]
            return {**found, "match_state": "number", "partner_id": partner_id}
        if match["match_state"] == "ambiguous":
            return {**found, "match_state": "ambiguous"}
        ours = references.get(row.own_reference, ())
        if len(ours) == 1:
            return {**found, "match_state": "reference", "partner_id": ours[0]}
        if len(ours) > 1:
            return {**found, "match_state": "ambiguous"}
        alike = names.get(plain(row.name), ())
        if alike:
            proposal = ", ".join(alike)[:LONGEST_PROPOSAL]
            return {**found, "match_state": "name", "proposal": proposal}
        return found

    def _get_known_buyers(self, rows):
        """Customers by the insurer's number, where the match is confirmed."""
        numbers = list({row.buyer_id for row in rows if row.buyer_id})
        found = self.env["credit.insurer.buyer"].search(
            [
                *self.policy_id._get_buyers_domain(),
                ("insurer_buyer_id", "in", numbers),
                ("match_state", "=", "confirmed"),
            ]
        )
        return {buyer.insurer_buyer_id: buyer.partner_id.id for buyer in found}

    @api.model
    def _get_countries(self, words):
        """Country codes by what a file calls the countries, in any language of ours."""
        countries = self.env["res.country"].search([("code", "!=", False)])
        known = {country.code: country.code for country in countries}
        for lang, _name in self.env["res.lang"].get_installed():
            for country in countries.with_context(lang=lang):
                known[plain(country.name)] = country.code
        return {
            word: known.get(word.upper()) or known.get(plain(word)) for word in words
        }

    def _get_identifiers(self, row, countries):
        """The numbers of a row; their kind is the mapping's, never their length's."""
        country = countries.get(row.country) or self.mapping_id.country_id.code or ""
        kind = self.mapping_id.national_id_kind_id.code or "siren"
        found = []
        if row.national_id:
            found.append(Identifier(kind, row.national_id, country))
        if row.vat:
            found.append(Identifier("vat", row.vat, country))
        return tuple(found)

    def _get_by_reference(self, rows):
        """Ids of customers by our own reference."""
        wanted = {row.own_reference for row in rows if row.own_reference}
        return self._find_partners("ref", wanted)

    def _get_by_name(self, rows):
        """Names of customers that are written like a buyer's name, for a person."""
        names = {plain(row.name): row.name for row in rows if row.name}
        found = self._find_partners("name", set(names.values()))
        partners = self.env["res.partner"].browse(
            {key for group in found.values() for key in group}
        )
        shown = {partner.id: partner.display_name for partner in partners}
        return {
            key: [shown[partner_id] for partner_id in found[name.lower()]]
            for key, name in names.items()
            if name.lower() in found
        }

    def _find_partners(self, column, words):
        """Debtors of our company by a column of theirs, without regard to capitals.

        :param str column: "ref" or "name"
        :return: dict, what was asked (names in lower case) -> list of ids
        """
        if not words:
            return {}
        asked = {word.lower(): word for word in words}
        rows = self.env.execute_query(
            SQL(
                """SELECT lower(%(column)s), array_agg(DISTINCT p.commercial_partner_id)
                FROM res_partner p JOIN res_partner d ON d.id = p.commercial_partner_id
                WHERE lower(%(column)s) = ANY(%(words)s) AND p.active
                AND (d.company_id IS NULL OR d.company_id = ANY(%(companies)s))
                GROUP BY 1""",
                column=SQL.identifier("p", column),
                words=list(asked),
                companies=self.env["res.company"]
                .search([("id", "child_of", self.company_id.id)])
                .ids,
            )
        )
        return {asked[key] if column == "ref" else key: ids for key, ids in rows}
