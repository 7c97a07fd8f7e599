# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from .credit_opening import OPEN


class CreditPolicy(models.Model):
    """Which papers a segment of customers hands in."""

    _inherit = "credit.policy"

    opening_required_ids = fields.Many2many(
        "credit.opening.document.type",
        "credit_policy_opening_required_rel",
        "policy_id",
        "type_id",
        string="Required Documents",
        default=lambda self: self._default_opening_required_ids(),
        help="No account is accepted without them, and rules tell when one is missing or "
        "has expired.",
    )
    opening_optional_ids = fields.Many2many(
        "credit.opening.document.type",
        "credit_policy_opening_optional_rel",
        "policy_id",
        "type_id",
        string="Optional Documents",
        help="Listed on the account opening; their absence stops nothing.",
    )

    @api.model
    def _default_opening_required_ids(self):
        return self.env["credit.opening.document.type"].search(
            [("is_default", "=", True)]
        )


class CreditProfile(models.Model):
    """The papers of a customer, and the sheets that opened its account."""

    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    opening_ids = fields.One2many(
        "credit.opening", "profile_id", string="Account Openings"
    )
    document_ids = fields.One2many(
        "credit.opening.document", "profile_id", string="Documents"
    )
    missing_document_ids = fields.Many2many(
        "credit.opening.document.type",
        string="Missing Documents",
        compute="_compute_missing_document_ids",
        compute_sudo=True,
        help="Required by the policy and not handed in, or expired.",
    )

    @api.depends("policy_id", "document_ids.is_present", "document_ids.date_to")
    def _compute_missing_document_ids(self):
        documents = self.env["credit.opening.document"]
        for company, profiles in self.grouped("company_id").items():
            missing = documents._get_missing(profiles._origin.partner_id.ids, company)
            for profile in profiles:
                profile.missing_document_ids = missing.get(profile.partner_id.id)

    def _join(self, other):
        """Papers and sheets follow to the file of the debtor who took over."""
        # sudo: who moves a partner need not have the right to its papers.
        self.sudo().document_ids.write({"profile_id": other.id})
        self.sudo().opening_ids.write({"profile_id": other.id})
        return super()._join(other)


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def action_open_credit_opening(self):
        """Open the sheet of this customer that waits for an answer, or a new one."""
        self.ensure_one()
        return self.env["credit.opening"]._get_start_action(self)


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def action_open_credit_opening(self):
        """Ask for an account with the terms and the amount of this quotation."""
        self.ensure_one()
        company = self.company_id.root_id
        amount = self.currency_id._convert(
            self.amount_total,
            company.currency_id,
            company,
            company._credit_today(),
        )
        return self.env["credit.opening"]._get_start_action(
            self.partner_invoice_id or self.partner_id,
            default_amount=amount,
            default_payment_term_id=self.payment_term_id.id,
        )


class CreditOpening(models.Model):
    _inherit = "credit.opening"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_start_action(self, partner, **defaults):
        """The open sheet of a debtor, or a new one with what is known.

        :param partner: any contact of the debtor
        :param defaults: ``default_...`` keys of a new sheet
        :raise AccessError: for callers who may not open accounts
        """
        if not self.has_access("create"):
            raise AccessError(
                self.env._("Only salespeople and credit analysts open accounts.")
            )
        partner.check_access("read")
        debtor = partner.commercial_partner_id
        sheet = self.search(
            [("partner_id", "=", debtor.id), ("state", "in", OPEN)], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account Opening"),
            "res_model": "credit.opening",
            "res_id": sheet.id,
            "views": [(False, "form")],
            "context": {"default_partner_id": debtor.id, **defaults},
        }
