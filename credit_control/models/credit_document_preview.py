# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from .credit_hold import CURRENT


class CreditDocumentMixin(models.AbstractModel):
    """What people see of credit on a document: the preview, its hold, the ways out."""

    _inherit = "credit.document.mixin"

    credit_preview = fields.Json(
        string="Credit", compute="_compute_credit_preview", compute_sudo=True
    )
    credit_hold_id = fields.Many2one("credit.hold", compute="_compute_credit_hold")
    credit_hold_state = fields.Selection(
        selection="_selection_credit_hold_state",
        compute="_compute_credit_hold",
        search="_search_credit_hold_state",
    )

    @api.model
    def _selection_credit_hold_state(self):
        return self.env["credit.hold"]._fields["state"]._description_selection(self.env)

    # === BEFORE === #

    def _credit_explain(self, company, verdict, position):
        """Put a verdict into the reader's words (see ``credit.explanation``)."""
        self.ensure_one()
        claim = self._get_credit_claims(proposed=True).get(self)
        asked = self._credit_ask(position, claim)
        document = {
            "model": self._name,
            "id": self._origin.id or 0,
            "name": self._get_credit_name(verdict.outcome == "hold"),
            "amount": claim.total,
        }
        facts = self.env["credit.explanation"]._explain(
            company, position, verdict, asked, document
        )
        hold, user = self.credit_hold_id, self.env.user
        facts.update(
            hold={"id": hold.id, "state": hold.state} if hold else False,
            can_request=self._may_request_credit_release(user),
            can_open=self.env["credit.hold"].with_user(user).has_access("read"),
            can_release=user.has_group("credit_control.credit_control_group_analyst"),
        )
        return facts

    def _compute_credit_preview(self):
        # Computed as superuser: customers on the portal are told nothing.
        told = self.env.user._may_see_credit()
        for document in self:
            document.credit_preview = told and document._credit_simulate()

    def _credit_simulate(self, checkpoint=""):
        """What the gate would say now, without asking other sessions or recording.

        :param str checkpoint: code of the step; default: the document's next one
        :return: dict, an explanation, or False when there is nothing to tell
        """
        self.ensure_one()
        claim = self._get_credit_claims(proposed=True).get(self)
        if not claim:
            return False
        claim = replace(claim, checkpoint=checkpoint or claim.checkpoint)
        company = self.env["res.company"].browse(claim.company_id)
        position = self._credit_measure(company, {self: claim})[claim.partner_id]
        key = (self._name, self._origin.id or 0)
        self._credit_know([position], [claim], [key])
        asked = self._credit_ask(position, claim)
        [(_situation, verdict)] = self._credit_judge(
            position, [asked], [self._get_credit_component()]
        )
        return self._credit_explain(company, verdict, position)

    @api.model
    def _credit_know(self, positions, claims, documents):
        """Let positions know the facts that rules ask for.

        :param positions: of one root company
        :param claims: what is asked for, and what was owed before
        :param documents: (model, id) pairs that are being decided
        """
        self.env["credit.measure"]._learn(positions, claims, documents)

    # === THE HOLD === #

    def _compute_credit_hold(self):
        # sudo: whoever may read the document may know that it is held.
        holds = (
            self.env["credit.hold"].sudo()._get_current(self._name, self._origin.ids)
        )
        for document in self:
            hold = holds.get(document._origin.id)
            document.credit_hold_id = hold
            document.credit_hold_state = hold.state if hold else False

    def _search_credit_hold_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as above; the documents found are still subject to their own rules.
        holds = self.env["credit.hold"].sudo()
        found = holds.search([("res_model", "=", self._name), ("state", "in", CURRENT)])
        wanted = found.filtered(lambda hold: hold.state in value)
        domain = Domain("id", "in", wanted.mapped("res_id"))
        if False in value:
            domain |= ~Domain("id", "in", found.mapped("res_id"))
        return domain

    def action_credit_open_hold(self):
        self.ensure_one()
        return self.env["credit.hold"].open_for(self._name, self.id)

    def action_credit_request_release(self):
        self.ensure_one()
        self.env["credit.hold"].request_release(self._name, self.id)
        return True
