# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class CreditExposure(models.Model):
    """Which policy the debtor of an item is under, for filters."""

    _inherit = "credit.exposure"

    policy_id = fields.Many2one(
        "credit.policy",
        compute="_compute_policy_id",
        search="_search_policy_id",
        groups="credit_control.credit_control_group_viewer",
        help="Of the debtor's credit file; without one, the company's default.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_policy_id(self):
        for company, items in self.grouped("company_id").items():
            # sudo: the field is read by those who may read policies (see its groups).
            default = company._get_credit_policy()
            files = (
                self.env["credit.profile"]
                .sudo()
                .with_context(active_test=False)
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("partner_id", "in", items.partner_id.ids),
                    ]
                )
            )
            policy_of = {file.partner_id: file.policy_id for file in files}
            for item in items:
                item.policy_id = policy_of.get(item.partner_id) or default

    def _search_policy_id(self, operator, value):
        """Debtors by policy; the default one is asked of the current main company."""
        if operator != "in":
            return NotImplemented
        root = self.env.company.root_id
        # sudo: as above.
        files = self.env["credit.profile"].sudo().with_context(active_test=False)
        mine = Domain("company_id", "=", root.id)
        named = mine & Domain("policy_id", "in", list(value))
        found = Domain("partner_id", "in", files._search(named).subselect("partner_id"))
        if root._get_credit_policy().id in value:
            other = files._search(mine & Domain("policy_id", "!=", False))
            found |= Domain("partner_id", "not in", other.subselect("partner_id"))
        return found
