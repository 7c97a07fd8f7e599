# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..const import LIVE


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_grant_ids = fields.One2many(
        "credit.grant", compute="_compute_credit_grant_ids", string="From Programmes"
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_credit_grant_ids(self):
        """What programmes gave or offer this customer, for those who may read it."""
        grants = self.env["credit.grant"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.root_id.id),
                ("state", "in", LIVE),
            ]
        )
        by_debtor = grants.grouped("partner_id")
        for partner in self:
            partner.credit_grant_ids = by_debtor.get(partner.commercial_partner_id)
