# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where people ask for more credit: the order, the hold, the customer, the credit file."""

from odoo import fields, models

TEMPORARY_DAYS = 30  # proposed, to be changed at will


class CreditLineRequest(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.request"

    def _get_ask_action(self, partner, company, amount=0.0, order=None):
        """The dialog that asks for more credit, filled in.

        :param partner: any contact of the debtor
        :param company: any company of the tree
        :param float amount: proposed, in the root company's currency
        :param order: the quotation that needs it
        """
        root = company.root_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_line_request_action_temporary"
        )
        return {
            **action,
            "name": self.env._("More Credit"),
            "context": {
                "default_partner_id": partner.id,
                "default_company_id": root.id,
                "default_amount": max(amount, 0.0),
                "default_date_to": fields.Date.add(
                    root._credit_today(), days=TEMPORARY_DAYS
                ),
                "default_order_id": order.id if order else False,
            },
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def action_credit_ask_more(self):
        """Ask for the credit that this order lacks."""
        self.ensure_one()
        facts = self.credit_preview or {}
        return self.env["credit.line.request"]._get_ask_action(
            self.partner_invoice_id,
            self.company_id,
            facts.get("over") or 0.0,
            self,
        )


class CreditHold(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.hold"

    def action_ask_more(self):
        """Ask for the credit that the held document lacks."""
        self.ensure_one()
        self.check_access("read")
        order = self.env["sale.order"]
        if self.res_model == order._name:
            order = order.browse(self.res_id).exists()
        facts = self.explanation_shown or {}
        return self.env["credit.line.request"]._get_ask_action(
            self.partner_id,
            self.company_id,
            facts.get("over") or self.uncovered,
            order,
        )


class CreditProfile(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.profile"

    request_ids = fields.One2many(
        "credit.line.request", compute="_compute_request_ids", string="Requests"
    )

    def _compute_request_ids(self):
        for profile in self:
            profile.request_ids = self.env["credit.line.request"].search(
                [
                    ("debtor_id", "=", profile.partner_id.id),
                    ("company_id", "=", profile.company_id.id),
                    ("state", "=", "waiting"),
                ]
            )

    def action_temporary_limit(self):
        """Give, or ask for, an extra line with an end date."""
        self.ensure_one()
        action = self.env["credit.line.request"]._get_ask_action(
            self.partner_id, self.company_id
        )
        return {**action, "name": self.env._("Temporary Limit")}


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def action_credit_ask_more(self):
        """Ask for more credit for this customer."""
        self.ensure_one()
        return self.env["credit.line.request"]._get_ask_action(self, self.env.company)
