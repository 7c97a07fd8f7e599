# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

FIGURE_READERS = (
    "sales_team.group_sale_salesman",
    "credit_control.credit_control_group_viewer",
    "account.group_account_invoice",
    "account.group_account_readonly",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    credit_own_authority = fields.Boolean(
        help="This user's authority differs from that of his group.",
        prefetch="credit",
    )
    credit_authority = fields.Float(
        digits=(16, 2),
        help="Up to this amount, in the company's currency, the user changes credit lines "
        "and releases documents alone.",
        prefetch="credit",
    )

    def _may_see_credit(self):
        """Whether this user is told what customers owe: sales, credit and accounting."""
        self.ensure_one()
        return any(map(self.has_group, FIGURE_READERS))

    def _get_credit_authority(self, company, policy=None, risk_class=None):
        """Up to which amount this user decides alone.

        A rung of the approval ladder that speaks of him counts, else his own
        authority, else his groups' rungs, else what the company gives his group.

        :param company: any company of the tree
        :param policy: ``credit.policy`` of the debtor, if one is concerned
        :param risk_class: ``credit.risk.class`` of the debtor
        :return: float, in the root company's currency
        """
        self.ensure_one()
        ladder = self.env["credit.authority"]._get_ladder(company, policy, risk_class)
        user, root = self.sudo(), company.sudo().root_id
        rung = ladder._get_rung(user)
        if rung:
            return rung.amount
        if user.credit_own_authority:
            return user.credit_authority
        if user.has_group("credit_control.credit_control_group_manager"):
            return root.credit_authority_manager
        if user.has_group("credit_control.credit_control_group_analyst"):
            return root.credit_authority_analyst
        return 0.0
