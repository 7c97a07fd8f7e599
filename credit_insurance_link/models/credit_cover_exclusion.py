# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .credit_cover_request_flow import ASKING

GROUP = "credit_control.credit_control_group_viewer"
FLAGS = frozenset({"is_public_body", "is_affiliate"})


class CreditInsurancePolicy(models.Model):
    """Whom a policy leaves out: public buyers, affiliates, persons, countries.

    What the insurer decided about such a buyer all the same counts as it is (P12).
    """

    _inherit = "credit.insurance.policy"  # pylint: disable=consider-merging-classes-inherited

    def _get_exclusion(self, partners, country=None):
        """Hook: why the policy leaves a legal entity out.

        :param partners: its customer files, the debtor first
        :param country: ``res.country`` as the insurer knows it; default: the debtor's
        :return: str, a key of :meth:`_get_exclusion_words`, empty when it is not left out
        """
        self.ensure_one()
        # sudo: who is left out does not depend on who asks (P7).
        policy, partners = self.sudo(), partners.sudo()
        country = country or partners[:1].country_id
        files = partners.credit_profile_ids.filtered(
            lambda file: file.company_id == policy.company_id
        )
        person = partners and not any(partners.mapped("is_company"))
        related = partners.ref_company_ids or any(files.mapped("is_affiliate"))
        found = {
            "country": policy._get_country_terms(country)["is_excluded"],
            "person": policy.exclude_persons and person,
            "public": policy.exclude_public and any(files.mapped("is_public_body")),
            "affiliate": policy.exclude_affiliates and related,
        }
        return next((why for why, is_so in found.items() if is_so), "")

    @api.model
    def _get_exclusion_words(self):
        return {
            "country": self.env._("its country is not insured"),
            "person": self.env._("it is a private person"),
            "public": self.env._("it is a public body"),
            "affiliate": self.env._("it belongs to our own group"),
        }

    def _word_exclusions(self, partners, country=None):
        """Which of these policies leave a legal entity out, and why; empty for none."""
        words = self._get_exclusion_words()
        found = [(p, p._get_exclusion(partners, country)) for p in self]
        return "\n".join(
            self.env._(
                "Outside the policy %(policy)s: %(why)s.",
                policy=policy.name,
                why=words[key],
            )
            for policy, key in found
            if key
        )


class CreditInsurancePolicyCountry(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy.country"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered("is_excluded")._follow()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if {"is_excluded", "country_id"}.intersection(vals):
            self._follow()
        return result

    def unlink(self):
        policies = self.filtered("is_excluded").policy_id
        result = super().unlink()
        policies.sudo()._follow_all()
        return result

    def _follow(self):
        # sudo: lines follow the policy; who may change it was checked above.
        self.sudo().policy_id._follow_all()


class CreditInsurerBuyer(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurer.buyer"

    exclusion = fields.Text(compute="_compute_exclusion")

    @api.depends_context("lang")
    @api.depends("partner_id", "country_id")
    def _compute_exclusion(self):
        live = self._get_policies().filtered(lambda policy: policy.state == "live")
        for buyer in self:
            policies = live.filtered(lambda policy, b=buyer: policy._covers(b))
            buyer.exclusion = policies._word_exclusions(
                buyer.partner_ids, buyer.country_id
            )


class CreditCoverRequest(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.cover.request"

    exclusion = fields.Text(compute="_compute_exclusion")

    @api.depends_context("lang")
    @api.depends("policy_id", "buyer_id", "type")
    def _compute_exclusion(self):
        for request in self:
            asking = request.type in ASKING and request.policy_id
            buyer = request.buyer_id
            request.exclusion = asking and asking._word_exclusions(
                buyer.partner_ids, buyer.country_id
            )


class ResPartner(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "res.partner"

    credit_profile_ids = fields.One2many(
        "credit.profile", "partner_id", string="Credit Files", groups=GROUP
    )

    def write(self, vals):
        """Override: who becomes a company or moves abroad may be left out, or in."""
        moves = {"is_company", "country_id"}.intersection(vals)
        result = super().write(vals)  # takes out of the values what it wrote by itself
        if moves:
            self._credit_follow_buyers()
        return result

    def _credit_follow_buyers(self):
        """Let the lines follow of the buyers that these debtors are."""
        # sudo: whoever keeps addresses; the lines follow by themselves.
        debtors = self.sudo().filtered(lambda p: p.commercial_partner_id == p)
        kin = debtors._get_credit_kin()
        files = debtors.union(*kin.values())
        buyers = self.env["credit.insurer.buyer"].sudo()
        buyers.search([("partner_id", "in", files.ids)])._follow_cover()


class CreditProfile(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    is_public_body = fields.Boolean(
        string="Public Body",
        tracking=True,
        groups=GROUP,
        help="A state, a town, a public institution. A policy that leaves public buyers "
        "out gives them no discretionary cover, and asking it is warned of.",
    )
    is_affiliate = fields.Boolean(
        string="Of Our Group",
        tracking=True,
        groups=GROUP,
        help="It belongs to the same group as we do. A policy that leaves affiliates out "
        "gives it no discretionary cover, and asking it is warned of.",
    )
    cover_exclusion = fields.Text(compute="_compute_cover_exclusion", groups=GROUP)

    @api.depends_context("lang")
    @api.depends("partner_id", "is_public_body", "is_affiliate")
    def _compute_cover_exclusion(self):
        policies = self.env["credit.insurance.policy"].search([("state", "=", "live")])
        kin = self.partner_id._get_credit_kin()
        for profile in self:
            mine = policies.filtered(
                lambda policy, p=profile: policy.company_id == p.company_id
            )
            partners = kin.get(profile.partner_id, profile.partner_id)
            profile.cover_exclusion = mine._word_exclusions(partners)

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        flagged = profiles.sudo().filtered(lambda p: p.is_public_body or p.is_affiliate)
        flagged.partner_id._credit_follow_buyers()
        return profiles

    def write(self, vals):
        result = super().write(vals)
        if FLAGS.intersection(vals):
            self.partner_id._credit_follow_buyers()
        return result
