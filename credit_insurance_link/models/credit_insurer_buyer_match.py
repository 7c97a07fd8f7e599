# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache

from odoo.addons.credit_control.models.readers import for_reader
from odoo.addons.credit_control.models.turns import take_turn

MANY_NAMES = 8


class CreditInsurerBuyer(models.Model):
    """Whose cover it is: by number, or by a person; a name only proposes."""

    _inherit = "credit.insurer.buyer"  # pylint: disable=consider-merging-classes-inherited

    match_note = fields.Char(
        string="Matched by",
        compute="_compute_match_note",
        help="The number that says who it is, or the person who confirmed it.",
    )

    @api.depends_context("lang")
    @api.depends("matched_on", "matched_value")
    def _compute_match_note(self):
        kinds = self.env["credit.identifier.type"]._get_by_code()
        for buyer in self:
            kind, value = kinds.get(buyer.matched_on), buyer.matched_value or ""
            buyer.match_note = f"{kind.name} {value}" if kind else value

    @api.model
    def _find_by_numbers(self, identifiers):
        """Find the debtor that carries one of these numbers.

        :param identifiers: list of lists of ``insurers.facts.Identifier``
        :return: list, per entry a dict of values for a buyer's match
        """
        kinds = self.env["credit.identifier.type"].sudo()._get_by_code()
        examined = [self._examine_all(kinds, numbers) for numbers in identifiers]
        keys = {key for found in examined for key, _kind, _value in found}
        owners = self._get_owners(keys)
        kin = self.env["res.partner"].union(*owners.values())._get_credit_kin()
        return [self._prepare_match(found, owners, kin) for found in examined]

    def _examine_all(self, kinds, identifiers):
        """The keys of those numbers that are right: (key, kind, value)."""
        found = []
        for identifier in identifiers:
            kind = kinds.get(identifier.kind)
            if not kind:
                continue
            value, _state, key = kind._examine(identifier.value, identifier.country)
            if key:
                found.append((key, identifier.kind, value))
        return found

    def _get_owners(self, keys):
        """Which debtors carry a key.

        :return: dict, key -> commercial partners
        """
        # sudo: numbers are compared whoever imports; the result is shown to the group.
        numbers = self.env["credit.identifier"].sudo()
        found = numbers.search([("entity_key", "in", list(keys))])
        return {
            key: group.partner_id for key, group in found.grouped("entity_key").items()
        }

    def _prepare_match(self, found, owners, kin):
        """Values of a match; two different entities are for a person to tell apart."""
        matching = [entry for entry in found if owners.get(entry[0])]
        if not matching:
            return {"match_state": "unmatched", "partner_id": False}
        key, kind, value = matching[0]
        partners = owners[key].union(*(owners[entry[0]] for entry in matching))
        main = partners.sorted("id")[:1]
        match = {"matched_on": kind, "matched_value": value, "match_score": 100}
        if partners - kin[main]:
            return {**match, "match_state": "ambiguous", "partner_id": False}
        return {**match, "match_state": "confirmed", "partner_id": main.id}

    def _get_named_alike(self):
        """Debtors whose name resembles the buyer's: for a person to look at."""
        self.ensure_one()
        words = sorted((self.name or "").split(), key=len)[-1:]
        if not words or len(words[0]) < 3:
            return self.env["res.partner"]
        return self.env["res.partner"].search(
            [("name", "ilike", words[0]), ("parent_id", "=", False)], limit=MANY_NAMES
        )

    def action_match(self):
        """Look for the debtor by all numbers that the insurer told of."""
        self._check_analyst()
        # sudo: the match is written here only; rights were checked above.
        for buyer in self.sudo().filtered(lambda b: b.match_state != "confirmed"):
            numbers = buyer._get_told_numbers()
            [match] = self._find_by_numbers([numbers])
            if match["partner_id"] or match["match_state"] != buyer.match_state:
                buyer._apply_match(match)
        return True

    def _get_told_numbers(self):
        """The numbers in the last decision that named any."""
        for decision in self.decision_ids.sorted("id", reverse=True):
            numbers = decision._get_identifiers()
            if numbers:
                return numbers
        return ()

    def confirm_match(self, partner_id: int):
        """Say which debtor this buyer is; a person does, and is named in the history.

        :param partner_id: any contact of the debtor
        :return: bool, True
        :raise AccessError: for others than analysts
        :raise UserError: for an unknown contact, or a debtor whose numbers say otherwise
        """
        self._check_analyst()
        self.ensure_one()
        partner = self.env["res.partner"].browse(partner_id).exists()
        partner.check_access("read")
        debtor = partner.commercial_partner_id
        if not debtor or not self._is_of_company(debtor):
            raise UserError(self.env._("Choose a customer of this company."))
        # sudo: rights were checked above.
        self.sudo()._apply_match(
            {
                "partner_id": debtor.id,
                "match_state": "confirmed",
                "matched_on": "person",
                "matched_value": self.env.user.name,
                "match_score": 100,
            }
        )
        return True

    def action_unmatch(self):
        """Take the confirmation back: the cover reaches nobody until somebody decides."""
        self._check_analyst()
        self.sudo()._apply_match(
            {"partner_id": False, "match_state": "unmatched", "matched_on": False}
        )
        return True

    def _lose_debtor(self):
        """The debtor moved or merged: a person says whose cover it is now."""
        for buyer in self:
            former = buyer.partner_id
            buyer._apply_match(
                {"partner_id": False, "match_state": "unmatched", "matched_on": False}
            )
            policy = buyer.decision_ids.policy_id[:1]
            keeper = policy._get_responsible() if policy else self.env.user
            buyer = for_reader(buyer, keeper)
            buyer.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=keeper.id,
                summary=buyer.env._(
                    "%s was moved: whose cover is it now?", former.display_name
                ),
            )

    def _apply_match(self, match):
        self.write(match)
        self._follow_cover()

    def _check_analyst(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "credit_control.credit_control_group_analyst"
        ):
            raise AccessError(self.env._("Only credit analysts match buyers."))

    # === FROM FACTS === #

    @api.model
    def _get_for_facts(self, policy, facts):
        """The buyer of each fact, made where the insurer names a new one.

        In the order of certainty: the insurer's number, a former one, our own reference,
        a national number. A debtor that is known under another number of this insurer
        got a new one.

        :param policy: one ``credit.insurance.policy``
        :param facts: list of DecisionFact
        :return: dict, fact -> buyer; facts are frozen and hashable by identity here
        """
        known = self._get_by_number(policy, facts)
        known.update(self._get_by_reference(policy, facts, known))
        unknown = [
            fact
            for fact in facts
            if (fact.buyer_external_id or _numbers_of(fact)) not in known
        ]
        first = {}
        for fact in unknown:
            first.setdefault(fact.buyer_external_id or _numbers_of(fact), fact)
        matches = self._find_by_numbers([fact.identifiers for fact in first.values()])
        known.update(self._get_renumbered(policy, first, matches))
        missing = {
            key: m for key, m in zip(first, matches, strict=True) if key not in known
        }
        rows = [
            self._prepare_buyer(policy, first[key], missing[key]) for key in missing
        ]
        if rows:
            take_turn(policy)
        # Speed: a first portfolio makes thousands of buyers; their history begins with
        # their decisions.
        silent = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        known.update(zip(missing, silent.create(rows), strict=True))
        return _ByFact(
            (fact, known[fact.buyer_external_id or _numbers_of(fact)]) for fact in facts
        )

    def _get_by_number(self, policy, facts):
        numbers = list({f.buyer_external_id for f in facts if f.buyer_external_id})
        mine = policy._get_buyers_domain()
        former = self.env["credit.insurer.buyer.number"].search(
            [("number", "in", numbers), ("buyer_id", "any", mine)]
        )
        found = {number.number: number.buyer_id for number in former}
        present = self.search([*mine, ("insurer_buyer_id", "in", numbers)])
        found.update({buyer.insurer_buyer_id: buyer for buyer in present})
        return found

    def _get_by_reference(self, policy, facts, known):
        """The buyers that we asked about, by the reference that comes back."""
        asked = {
            fact.own_reference: fact
            for fact in facts
            if fact.own_reference and fact.buyer_external_id not in known
        }
        requests = self.env["credit.cover.request"].search(
            [("policy_id", "=", policy.id), ("uuid", "in", list(asked))]
        )
        found = {}
        for request in requests:
            fact = asked[request.uuid]
            found[fact.buyer_external_id or _numbers_of(fact)] = request.buyer_id
            request.buyer_id._take_number(fact.buyer_external_id)
        return found

    def _get_renumbered(self, policy, first, matches):
        """Buyers that are known already, by their debtor; their new number is noted.

        :return: dict, key of ``first`` -> buyer
        """
        sure = {
            key: self.env["res.partner"].browse(match["partner_id"])
            for key, match in zip(first, matches, strict=True)
            if match["match_state"] == "confirmed"
        }
        kin = self.env["res.partner"].union(*sure.values())._get_credit_kin()
        domain = [
            *policy._get_buyers_domain(),
            ("partner_id", "in", [p.id for partners in kin.values() for p in partners]),
            ("match_state", "=", "confirmed"),
        ]
        by_partner = {buyer.partner_id: buyer for buyer in self.search(domain)}
        found = {}
        for key, partner in sure.items():
            buyers = [by_partner[p] for p in kin[partner] if p in by_partner]
            if buyers:
                found[key] = buyers[0]
                buyers[0]._take_number(first[key].buyer_external_id)
        return found

    def _take_number(self, number):
        if number and number != self.insurer_buyer_id:
            self.insurer_buyer_id = number

    @api.model
    @ormcache(cache="stable")
    def _get_countries(self):
        """Ids of the countries, by their code."""
        countries = self.env["res.country"].search_fetch([], ["code"])
        return {country.code: country.id for country in countries}

    @api.model
    def _prepare_buyer(self, policy, fact, match):
        country = next((n.country for n in fact.identifiers if n.country), "")
        return {
            "name": fact.buyer_name
            or self.env["res.partner"].browse(match["partner_id"] or []).name
            or fact.buyer_external_id
            or _numbers_of(fact)[0],
            "insurer_id": policy.insurer_id.id,
            "company_id": policy.company_id.id,
            "environment": policy.environment,
            "insurer_buyer_id": fact.buyer_external_id or False,
            "country_id": self._get_countries().get(country, False),
            **match,
        }


class _ByFact(dict):
    """Facts hold dicts and cannot be hashed; each is looked up as itself."""

    def __init__(self, pairs):
        super().__init__((id(fact), buyer) for fact, buyer in pairs)

    def __getitem__(self, fact):
        return super().__getitem__(id(fact))


def _numbers_of(fact):
    return tuple(f"{number.kind} {number.value}" for number in fact.identifiers)
