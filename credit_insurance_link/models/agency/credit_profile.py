# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

VIEWER = "credit_control.credit_control_group_viewer"


class CreditProfile(models.Model):
    """What agencies told about the debtor of a credit file."""

    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    insolvency_event_id = fields.Many2one(
        "credit.agency.event",
        string="Insolvency",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=VIEWER,
        help="Debts from before the judgment are not followed up: they may not be paid "
        "(L622-7 C. com.) and are declared to the court's agent.",
    )
    agency_score_ids = fields.One2many(
        "credit.agency.score", compute="_compute_agency", groups=VIEWER
    )
    agency_event_ids = fields.One2many(
        "credit.agency.event", compute="_compute_agency", groups=VIEWER
    )

    needs_siren = fields.Boolean(compute="_compute_needs_siren", groups=VIEWER)

    def _compute_agency(self):
        partners = [("partner_id", "in", self.partner_id.ids)]
        scores = self.env["credit.agency.score"].search(partners).grouped("partner_id")
        events = self.env["credit.agency.event"].search(partners).grouped("partner_id")
        for profile in self:
            profile.agency_score_ids = scores.get(profile.partner_id)
            profile.agency_event_ids = events.get(profile.partner_id)

    def _compute_needs_siren(self):
        for profile in self:
            # sudo: whether a number is there; the numbers themselves have a group.
            partner = profile.partner_id.sudo()
            french = partner.country_id.code in (False, "FR")
            profile.needs_siren = french and not partner._get_credit_sirens()

    def action_find_siren(self):
        """Open the dialog that looks for the SIREN of this customer."""
        self.ensure_one()
        return self.env["credit.siren.search"]._open_for(self.partner_id)

    def action_ask_score(self):
        """Open the dialog that asks an agency for a score."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_agency_ask_action"
        )
        return {**action, "context": {"default_profile_id": self.id}}
