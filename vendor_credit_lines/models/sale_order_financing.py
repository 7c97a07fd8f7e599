# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError


class SaleOrder(models.Model):
    """An order that a third party pays is checked against his credit."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    credit_financing_ids = fields.One2many(
        "credit.financing", "order_id", string="Financing"
    )
    credit_financier_id = fields.Many2one(
        "res.partner",
        string="Financed by",
        compute="_compute_credit_financier_id",
        compute_sudo=True,
        store=True,
        help="Who owes this order instead of the customer.",
    )

    @api.depends("credit_financing_ids.is_off", "credit_financing_ids.financier_id")
    def _compute_credit_financier_id(self):
        for order in self:
            financing = order.credit_financing_ids.filtered("is_off")[:1]
            order.credit_financier_id = financing.financier_id

    def _credit_refuse_forged(self, *vals_list):
        """Override of `credit_control`: nor does anybody enter who finances."""
        if any("credit_financier_id" in vals for vals in vals_list):
            raise AccessError(self.env._("Who finances an order is computed."))
        return super()._credit_refuse_forged(*vals_list)

    def _get_credit_claims(self, proposed=False):
        """Override of `credit_control`: the financier owes what he accepted to pay."""
        claims = super()._get_credit_claims(proposed=proposed)
        for order, claim in claims.items():
            if claim and order.credit_financier_id:
                debtor = order.credit_financier_id.commercial_partner_id
                claims[order] = replace(claim, partner_id=debtor.id)
        return claims

    def action_credit_financing(self):
        """Open the financing of this order, or ask for one."""
        self.ensure_one()
        financing = self.credit_financing_ids[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Financing"),
            "res_model": "credit.financing",
            "res_id": financing.id,
            "views": [(False, "form")],
            "context": {"default_order_id": self.id},
        }
