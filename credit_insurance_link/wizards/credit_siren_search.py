# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..insurers.errors import InsurerError
from ..models.agency.credit_agency import ANALYST


class CreditSirenSearch(models.TransientModel):
    """Companies that bear a customer's name; a person says which one he is.

    Nothing is taken from a name: the register proposes, and what is kept is the number
    that a person picked.
    """

    _name = "credit.siren.search"
    _description = "Find a SIREN"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True
    )
    agency_id = fields.Many2one(
        "credit.agency", compute="_compute_agency_id", string="Register"
    )
    name = fields.Char(
        string="Name to Look For",
        required=True,
        help="At least three letters. The register is asked by these words only.",
    )
    zip = fields.Char(string="Postcode", help="Seats at this postcode come first.")
    is_asked = fields.Boolean(readonly=True)
    candidate_ids = fields.One2many(
        "credit.siren.candidate", "search_id", readonly=True
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        return {"name": partner.name or "", "zip": partner.zip or "", **values}

    def _compute_agency_id(self):
        self.agency_id = self.env["credit.agency"].search(
            [("kind", "=", "recherche"), ("state", "=", "on")], limit=1
        )

    @api.model
    def _open_for(self, partner):
        """The dialog for a customer; it asks nobody yet.

        :param partner: any contact of a customer
        :return: dict, an action
        """
        debtor = partner.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_siren_search_action"
        )
        wide = {"dialog_size": "extra-large"}
        return {**action, "context": {"default_partner_id": debtor.id, **wide}}

    def action_search(self):
        """Ask the register for companies of this name; nothing is kept of them."""
        self.ensure_one()
        self._check_analyst()
        if len((self.name or "").strip()) < 3:
            raise UserError(self.env._("Type at least three letters of the name."))
        if not self.agency_id:
            raise UserError(
                self.env._("No register is switched on: see Configuration, Agencies.")
            )
        try:
            with self.agency_id._open() as client:
                found = client.find_companies(self.name.strip())
        except InsurerError as error:
            # Not raised: what the register noted, such as an open circuit, must stay.
            return self.env["credit.agency.ask"]._tell_error(self.agency_id, error)
        found.sort(key=lambda one: (one.postcode != self.zip, not one.is_active))
        lines = [Command.create(self._prepare_candidate(one)) for one in found]
        self.write({"is_asked": True, "candidate_ids": [Command.clear(), *lines]})
        return self._reopen()

    @api.model
    def _prepare_candidate(self, company):
        return {
            "siren": company.siren,
            "name": company.name,
            "address": company.address,
            "activity": company.activity,
            "created_on": company.created_on,
            "is_active": company.is_active,
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find a SIREN"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _check_analyst(self):
        if not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts say who a customer is."))


class CreditSirenCandidate(models.TransientModel):
    """One company of the register, as it was proposed."""

    _name = "credit.siren.candidate"
    _description = "Company of the Register"
    _order = "id"

    search_id = fields.Many2one(
        "credit.siren.search", required=True, index=True, ondelete="cascade"
    )
    siren = fields.Char(string="SIREN", readonly=True)
    name = fields.Char(readonly=True)
    address = fields.Char(string="Seat", readonly=True)
    activity = fields.Char(string="Activity (NAF)", readonly=True)
    created_on = fields.Date(string="Founded", readonly=True)
    is_active = fields.Boolean(string="In Business", readonly=True)

    def action_choose(self):
        """Give the customer this number: a person has read who it is."""
        self.ensure_one()
        self.search_id._check_analyst()
        partner = self.search_id.partner_id
        partner.check_access("read")
        self._check_no_other(partner)
        kind = self.env.ref("credit_insurance_link.credit_identifier_type_siren")
        numbers = self.env["credit.identifier"]
        numbers.create(
            {"partner_id": partner.id, "type_id": kind.id, "value": self.siren}
        )
        # sudo: who chose the number is told on the customer, whoever may write there.
        partner.sudo().message_post(body=self._word_choice())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._word_choice(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_no_other(self, partner):
        """One legal entity has one SIREN: another one is a mistake, here or there."""
        held = partner._get_credit_sirens()
        if held:
            raise UserError(
                self.env._(
                    "%(customer)s has the SIREN %(siren)s already.",
                    customer=partner.display_name,
                    siren=", ".join(sorted(held)),
                )
            )

    def _word_choice(self):
        return self.env._(
            "SIREN %(siren)s was chosen from the register: %(name)s, %(address)s.",
            siren=self.siren,
            name=self.name,
            address=self.address or "-",
        )
