# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.credit_control.models.debtors import DEBTORS


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

    def _get_contact(self):
        """Who is written to: the broker of the policy, else the insurer.

        :raise UserError: when nobody can be written to
        """
        contact = self.policy_id.broker_id or self.insurer_id.partner_id
        if not contact.email:
            raise UserError(
                self.env._(
                    "Neither the insurer nor the broker has a mail address; enter one, or "
                    "send it by hand."
                )
            )
        return contact


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
        domain=DEBTORS,
    )
    buyer_id = fields.Many2one(
        "credit.insurer.buyer", compute="_compute_buyer_id", compute_sudo=True
    )

    @api.depends("partner_id", "policy_id")
    def _compute_buyer_id(self):
        for case in self:
            case.buyer_id = self.env["credit.insurer.buyer"].search(
                [
                    ("partner_id", "=", case.partner_id.id),
                    ("insurer_id", "=", case.insurer_id.id),
                    ("company_id", "=", case.company_id.id),
                    ("environment", "=", case.policy_id.environment),
                    ("match_state", "=", "confirmed"),
                ],
                limit=1,
            )

    def _get_customer_numbers(self):
        """Hook: the customer's national numbers, as insurers look them up.

        :return: str, empty where none is known to be right
        """
        # sudo: numbers of the customer whom the insurer is told of.
        numbers = self.sudo().partner_id.credit_identifier_ids
        valid = numbers.filtered(lambda number: number.state == "valid")
        return " · ".join(f"{one.type_id.name} {one.value}" for one in valid)
