# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditInsuranceTold(models.AbstractModel):
    """What the insurer of one policy is told, in the policy's currency."""

    _name = "credit.insurance.told"
    _description = "What an Insurer Is Told"
    _inherit = ["credit.insurance.step"]

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="restrict"
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True, index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")


class CreditInsuranceCase(models.AbstractModel):
    """What the insurer is told of one debtor: a notice, a claim."""

    _name = "credit.insurance.case"
    _description = "What an Insurer Is Told of a Customer"
    _inherit = ["credit.insurance.told"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', id)]",
    )
