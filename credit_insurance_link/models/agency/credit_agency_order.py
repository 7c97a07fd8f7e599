# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .credit_agency import ANALYST

WAITING = ("to_send", "sending", "ordered")
OPEN = (*WAITING, "doubtful")  # money: what may be billed already


class CreditAgencyOrder(models.Model):
    """A score that was ordered from an agency and is billed; at most once."""

    _name = "credit.agency.order"
    _description = "Order of a Score"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    agency_id = fields.Many2one(
        "credit.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    siren = fields.Char(string="SIREN", required=True, readonly=True)
    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        index=True,
        help="Ours; an order whose confirmation was lost is found by it.",
    )
    state = fields.Selection(
        [
            ("to_send", "To Be Ordered"),
            ("sending", "Being Ordered"),
            ("ordered", "Ordered"),
            ("done", "Arrived"),
            ("refused", "Refused"),
            ("doubtful", "Needs a Look"),
        ],
        required=True,
        readonly=True,
        default="to_send",
        copy=False,
        tracking=True,
    )
    is_waiting = fields.Boolean(compute="_compute_is_waiting")
    company_number = fields.Char(string="Agency's Number", readonly=True)
    external_id = fields.Char(string="Agency's Order", readonly=True)
    publications = fields.Json(readonly=True)
    cost = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    is_sandbox = fields.Boolean(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Ordered by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    date_sent = fields.Datetime(string="Ordered on", readonly=True)
    date_next = fields.Datetime(string="Next Look", readonly=True)
    attempts = fields.Integer(readonly=True)
    poll_count = fields.Integer(readonly=True)
    last_error = fields.Char(string="Trouble", readonly=True)
    score_id = fields.Many2one("credit.agency.score", readonly=True, index=True)

    _one_waiting = models.UniqueIndex(
        "(agency_id, siren) WHERE state IN ('to_send', 'sending', 'ordered', 'doubtful')",
        "A score of this company is ordered already.",
    )

    @api.depends("state")
    def _compute_is_waiting(self):
        for order in self:
            order.is_waiting = order.state in WAITING

    # === PLACE === #

    @api.model
    def _place(self, agency, partner, siren):
        """Have a score ordered, in a moment; or return the order that is under way.

        :param agency: one that orders
        :param partner: the debtor, for people
        :param str siren: the number that the agency is asked by
        :return: ``credit.agency.order``
        """
        same = [("agency_id", "=", agency.id), ("siren", "=", siren)]
        found = self.search([*same, ("state", "in", OPEN)], limit=1)
        order = found or self.create(self._prepare_order(agency, partner, siren))
        self._trigger_outbox()
        return order

    @api.model
    def _prepare_order(self, agency, partner, siren):
        return {
            "agency_id": agency.id,
            "partner_id": partner.id,
            "siren": siren,
            "reference": self._new_reference(),
            "cost": agency.cost,
            "currency_id": agency.currency_id.id,
            "is_sandbox": agency.environment == "sandbox",
            "user_id": self.env.uid,
        }

    @api.model
    def _trigger_outbox(self, at=None):
        cron = self.env.ref("credit_insurance_link.ir_cron_agency_order", False)
        if cron:
            # sudo: starting this job is all that is done with it.
            cron.sudo()._trigger(at)

    # === ACTIONS === #

    def action_order_again(self):
        """A person looked at the agency: it got nothing. Order anew, and pay once."""
        self._answer_doubt("to_send")
        self._trigger_outbox()
        return True

    def action_give_up(self):
        """A person looked at the agency; nothing more is to come."""
        self._answer_doubt("refused")
        return True

    def _answer_doubt(self, state):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Only credit analysts ask for scores."))
        if self.state != "doubtful":
            raise UserError(self.env._("There is no doubt about this order."))
        # sudo: orders are written by the machine only; the doubt was checked above.
        order = self.sudo()
        order.write({"state": state, "date_next": False, "last_error": False})
        order.activity_ids.action_done()
        return True

    def action_open_score(self):
        """Open the score that arrived."""
        self.ensure_one()
        return self.score_id._get_records_action(name=self.env._("Score"))
