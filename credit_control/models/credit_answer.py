# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .readers import for_colleagues


class CreditAnswer(models.AbstractModel):
    """What a debtor answered; rules look at it, so holds are looked at again."""

    _name = "credit.answer"
    _description = "Answer of a Debtor"
    _inherit = ["credit.filed", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "profile_id"

    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    contact_id = fields.Many2one(
        "res.partner",
        string="Said by",
        domain="[('id', 'child_of', partner_id)]",
        help="The person at the customer who said it.",
    )
    source = fields.Selection(
        [("staff", "Written down"), ("call", "On the phone"), ("portal", "Portal")],
        required=True,
        default="staff",
        readonly=True,
        help="How it reached us.",
    )
    note = fields.Text()

    @api.model
    def default_get(self, fields_list):
        """Override: whose credit file is known is known himself."""
        values = super().default_get(fields_list)
        profile = self.env["credit.profile"].browse(values.get("profile_id") or [])
        if profile and "partner_id" in fields_list:
            # sudo: accountants name the customer; they need not see its credit file.
            values["partner_id"] = profile.sudo().partner_id.id
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a customer may be named instead of its credit file."""
        answers = super().create([self._name_file(vals) for vals in vals_list])
        answers._tell_holds()
        return answers

    def write(self, vals):
        result = super().write(vals)
        self._tell_holds()
        return result

    def unlink(self):
        self._tell_holds()
        return super().unlink()

    def _name_file(self, vals):
        """The same values with the credit file of ``partner_id``."""
        vals = dict(vals)
        partner = self.env["res.partner"].browse(vals.pop("partner_id", None) or [])
        if not partner or vals.get("profile_id"):
            return vals
        partner.check_access("read")
        company = self.env["res.company"].browse(vals.pop("company_id", None) or [])
        # sudo: who writes down answers need not be allowed to open credit files.
        profiles = self.env["credit.profile"].sudo()
        profile = profiles._get_or_create(partner, company or self.env.company)
        return vals | {"profile_id": profile.id}

    def _tell_holds(self):
        # sudo: accountants write down answers; they need not see credit files.
        self.sudo().profile_id._credit_changed(for_colleagues(self)._get_cause())

    def _get_cause(self):
        """Hook: what is written on holds that are looked at again."""
        raise NotImplementedError
