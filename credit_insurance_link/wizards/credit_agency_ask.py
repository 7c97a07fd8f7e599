# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..insurers.errors import InsurerError
from ..models.agency.credit_agency import ANALYST, ORDERED, SCORING
from ..models.agency.credit_agency_order import OPEN

ASKED = [("state", "=", "on"), ("kind", "in", SCORING)]


class CreditAgencyAsk(models.TransientModel):
    """Ask an agency for the score of a debtor, knowing what it costs."""

    _name = "credit.agency.ask"
    _description = "Ask for a Score"

    profile_id = fields.Many2one("credit.profile", required=True, readonly=True)
    partner_id = fields.Many2one(related="profile_id.partner_id")
    agency_id = fields.Many2one(
        "credit.agency",
        required=True,
        domain=ASKED,
        default=lambda self: self._default_agency_id(),
    )
    cost = fields.Monetary(related="agency_id.cost")
    currency_id = fields.Many2one(related="agency_id.currency_id")
    is_ordered = fields.Boolean(compute="_compute_is_ordered")
    order_id = fields.Many2one("credit.agency.order", compute="_compute_is_ordered")
    last_score_id = fields.Many2one(
        "credit.agency.score", compute="_compute_last_score_id"
    )
    last_age = fields.Integer(related="last_score_id.age_days")

    @api.model
    def _default_agency_id(self):
        return self.env["credit.agency"].search(ASKED, limit=1)

    @api.depends("agency_id", "partner_id")
    def _compute_is_ordered(self):
        for ask in self:
            ask.is_ordered = ask.agency_id.kind in ORDERED
            ask.order_id = ask.is_ordered and self.env["credit.agency.order"].search(
                [
                    ("agency_id", "=", ask.agency_id.id),
                    ("partner_id", "=", ask.partner_id.id),
                    ("state", "in", OPEN),
                ],
                limit=1,
            )

    @api.depends("agency_id", "partner_id")
    def _compute_last_score_id(self):
        for ask in self:
            ask.last_score_id = self.env["credit.agency.score"].search(
                [
                    ("agency_id", "=", ask.agency_id.id),
                    ("partner_id", "=", ask.partner_id.id),
                ],
                limit=1,
            )

    def action_ask(self):
        """Ask; the answer is kept in the history of the debtor."""
        self.ensure_one()
        if not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts ask for scores."))
        self.profile_id.check_access("write")
        if self.is_ordered:
            order = self.agency_id._order_score(self.partner_id)
            name = self.env._("Order of a Score")
            return order._get_records_action(target="new", name=name)
        try:
            score = self.agency_id._ask_score(self.partner_id)
        except InsurerError as error:
            # Not raised: what the agency noted, such as a refused login, must stay.
            return self._tell_error(self.agency_id, error)
        # The answer is read there; the dialog offers no further score to be typed.
        return score._get_records_action(
            target="new", name=self.env._("Score"), context={"create": False}
        )

    @api.model
    def _tell_error(self, agency, error):
        """Say that an agency gave no answer.

        :param agency: who was asked
        :param error: InsurerError
        :return: dict, an action
        """
        told = self.env._("No answer: %s", error.message)
        if error.is_maybe_done:
            told = self.env._(
                "%s. The agency may bill it all the same: look there before you ask again.",
                told,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": agency.display_name,
                "message": told,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
