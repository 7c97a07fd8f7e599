# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..credit_authority import ANALYST, MANAGER

INVOICING = "account.group_account_invoice"


class CreditDisputeAuthority(models.Model):
    """Up to which amount somebody may credit to end a dispute.

    It works as the ladder of releases does: what is said about a person replaces what is
    said about his groups, and the rung for the risk class or policy the general one.
    """

    _name = "credit.dispute.authority"
    _inherit = ["credit.authority"]
    _description = "Authority in Disputes"

    amount = fields.Monetary(
        string="Credits Alone Up To",
        help="Taxes included, in the company's currency. Zero: credits nothing.",
    )
    level = fields.Integer(
        help="A dispute that is not settled in time goes to the lowest level above, whose "
        "authority suffices.",
    )

    @api.constrains("user_id", "group_id", "active")
    def _check_subject(self):
        """Override: accountants settle disputes as well as analysts."""
        for rung in self.filtered(lambda rung: rung.active and rung.user_id):
            if not any(map(rung.user_id.has_group, (ANALYST, INVOICING))):
                raise ValidationError(
                    self.env._(
                        "%s is neither a credit analyst nor in accounting and could not "
                        "settle anything.",
                        rung.user_id.name,
                    )
                )

    @api.model
    def _get_amount(self, user, dispute):
        """Up to which amount a user may credit in a dispute.

        A rung that speaks of him counts, else what the company gives his group.

        :return: float, in the company's currency
        """
        rung = self._get_ladder_of(dispute)._get_rung(user)
        if rung:
            return rung.amount
        company = dispute.company_id.sudo()
        if user.has_group(MANAGER):
            return company.credit_authority_manager
        if user.has_group(ANALYST) or user.has_group(INVOICING):
            return company.credit_dispute_authority
        return 0.0

    @api.model
    def _get_ladder_of(self, dispute):
        # sudo: how a customer is rated decides who decides, whoever asks.
        profile = dispute.sudo().profile_id
        policy = profile.policy_id or profile.company_id._get_credit_policy()
        return self._get_ladder(profile.company_id, policy, profile.risk_class_id)

    @api.model
    def _may_credit(self, user, dispute, amount):
        """Whether a user may credit so much alone to end a dispute.

        :param user: ``res.users``
        :param float amount: company currency, taxes included
        """
        authority = self._get_amount(user, dispute)
        return dispute.currency_id.compare_amounts(amount, authority) <= 0

    @api.model
    def _check(self, dispute, amount):
        """Refuse what the user may not credit alone.

        :raise AccessError: for who settles no disputes
        :raise UserError: above his authority, with its amount
        """
        if self.env.su:
            return
        if not any(map(self.env.user.has_group, (ANALYST, INVOICING))):
            raise AccessError(self.env._("You settle no disputes."))
        if not self._may_credit(self.env.user, dispute, amount):
            authority = self._get_amount(self.env.user, dispute)
            raise UserError(
                self.env._(
                    "You may credit up to %(authority)s alone; this is %(amount)s. Give the "
                    "dispute to somebody who may, or agree on less.",
                    authority=dispute.currency_id.format(authority),
                    amount=dispute.currency_id.format(amount),
                )
            )

    @api.model
    def _get_next_person(self, dispute):
        """Who is on the next rung above the owner's, and may credit what is disputed.

        :return: ``res.users``, at most one
        """
        ladder = self._get_ladder_of(dispute)
        own = ladder._get_rung(dispute.user_id).level if dispute.user_id else 0
        above = ladder.filtered(
            lambda rung: (
                rung.level > own
                and dispute.currency_id.compare_amounts(rung.amount, dispute.amount)
                >= 0
            )
        )
        for rung in above.sorted(lambda rung: (rung.level, rung.amount)):
            people = rung.user_id or rung.group_id.all_user_ids
            people = people.filtered(
                lambda user: (
                    user.active
                    and not user._is_superuser()
                    and dispute.company_id in user.company_ids.root_id
                    and user != dispute.user_id
                )
            )
            if people:
                return people[0]
        return self.env["res.users"]
