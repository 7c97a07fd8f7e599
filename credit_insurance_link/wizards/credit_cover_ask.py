# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.credit_cover_request import LAYERS
from ..models.credit_cover_request_flow import ASKING


class CreditCoverAsk(models.TransientModel):
    """Ask an insurer for cover of a customer, from his credit file."""

    _name = "credit.cover.ask"
    _description = "Ask for Cover"

    profile_id = fields.Many2one("credit.profile", required=True)
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="profile_id.company_id")
    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('state', '=', 'live')]",
    )
    currency_id = fields.Many2one(related="policy_id.currency_id")
    cover_today = fields.Monetary(compute="_compute_cover_today")
    type = fields.Selection(
        [
            ("new", "New Limit"),
            ("increase", "Increase"),
            ("reduce", "Reduction"),
            ("cancel", "Cancellation"),
            ("renew", "Prolongation"),
        ],
        required=True,
        compute="_compute_type",
        store=True,
        readonly=False,
    )
    layer = fields.Selection(LAYERS, required=True, default="primary")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Proposed: what the customer owes and waits for, in full thousands; an increase "
        "is not less than the cover of today, a prolongation what the layer covers.",
    )
    date_to = fields.Date(string="Wanted Until", help="Empty: no end.")
    is_urgent = fields.Boolean(string="Urgent")
    comment = fields.Text()
    direction = fields.Text(compute="_compute_direction")
    exclusion = fields.Text(compute="_compute_exclusion")
    is_exception = fields.Boolean(string="Ask All the Same")
    number_state = fields.Selection(
        [("ok", "Known"), ("missing", "Missing"), ("invalid", "Invalid")],
        compute="_compute_number_state",
    )

    @api.depends("profile_id")
    def _compute_policy_id(self):
        """The policy under which the insurer knows the customer, else any in force."""
        for ask in self:
            policies = self.env["credit.insurance.policy"].search(
                [("company_id", "=", ask.company_id.id), ("state", "=", "live")]
            )
            known = policies.filtered(lambda p, a=ask: p._get_buyers_of(a.partner_id))
            ask.policy_id = (known or policies)[:1]

    @api.depends("policy_id")
    def _compute_cover_today(self):
        for ask in self:
            buyer = ask._get_buyer()
            today = ask.company_id._credit_today()
            ask.cover_today = (
                ask.policy_id._get_cover_on(buyer, today)["amount"] if buyer else 0.0
            )

    @api.depends("cover_today")
    def _compute_type(self):
        for ask in self:
            ask.type = "increase" if ask.cover_today else "new"

    @api.depends("policy_id", "type")
    def _compute_amount(self):
        for ask in self:
            if ask.type == "cancel":
                ask.amount = 0
            elif ask.type == "renew":
                ask.amount = ask._get_layer_today()
            elif ask.type == "reduce":
                ask.amount = min(ask._get_need(), ask.cover_today)
            else:
                ask.amount = max(ask._get_need(), ask.cover_today)

    @api.onchange("layer")
    def _onchange_layer(self):
        """Each layer is prolonged by itself; other amounts stay as they were typed."""
        if self.type == "renew":
            self.amount = self._get_layer_today()

    def _get_need(self):
        """What the customer owes and waits for, in the policy's currency."""
        profile = self.profile_id
        waiting = profile.hold_ids.filtered(
            lambda hold: hold.state in ("open", "requested")
        )
        need = profile.exposure + sum(waiting.mapped("uncovered"))
        need = max(self.policy_id._convert_from_company(need), 0) if need else 0
        # Insurers grant in thousands [B Atradius].
        return -(-need // 1000) * 1000

    def _get_layer_today(self):
        """What the layer that is asked about covers today."""
        today = self.company_id._credit_today()
        layers = self._get_buyer().layer_ids.filtered(
            lambda la: (
                (la.policy_id, la.layer) == (self.policy_id, self.layer)
                and la.date_from <= today
                and (not la.date_to or today <= la.date_to)
            )
        )
        return sum(layers.mapped("amount"))

    @api.depends("profile_id", "policy_id")
    def _compute_number_state(self):
        for ask in self:
            numbers = ask.partner_id.credit_identifier_ids
            states = set(numbers.mapped("state"))
            known = bool(states - {"invalid"}) or ask._get_buyer().insurer_buyer_id
            ask.number_state = (
                "invalid" if "invalid" in states else "ok" if known else "missing"
            )

    @api.depends("policy_id", "type", "layer", "amount")
    def _compute_direction(self):
        for ask in self:
            buyer = ask._get_buyer()
            ask.direction = buyer and ask.policy_id._word_direction(
                ask.type, buyer, ask.layer, ask.amount
            )

    @api.depends("partner_id", "policy_id", "type")
    def _compute_exclusion(self):
        for ask in self:
            asking = ask.type in ASKING and ask.policy_id
            kin = ask.partner_id._get_credit_kin()
            ask.exclusion = asking and asking._word_exclusions(
                kin[ask.partner_id], ask._get_buyer().country_id
            )

    def _get_buyer(self):
        if not self.policy_id:
            return self.env["credit.insurer.buyer"]
        buyers = self.policy_id._get_buyers_of(self.partner_id)
        return buyers.get(self.partner_id, self.env["credit.insurer.buyer"])

    def action_ask(self):
        """Make the request and send it on its way.

        :return: dict, an action that shows it
        """
        self.ensure_one()
        request = self._make_request()
        request.action_send()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.cover.request",
            "res_id": request.id,
            "views": [(False, "form")],
        }

    def _make_request(self):
        buyer = self._get_buyer() or self._make_buyer()
        return self.env["credit.cover.request"].create(
            {
                "policy_id": self.policy_id.id,
                "buyer_id": buyer.id,
                "type": self.type,
                "layer": self.layer,
                "amount_requested": self.amount,
                "date_to": self.type != "cancel" and self.date_to,
                "is_urgent": self.is_urgent,
                "comment": self.comment,
                "is_exception": self.is_exception,
            }
        )

    def _make_buyer(self):
        """A debtor asked about for the first time: who he is, we know ourselves."""
        policy = self.policy_id
        buyer = self.env["credit.insurer.buyer"].create(
            {
                "name": self.partner_id.name,
                "insurer_id": policy.insurer_id.id,
                "company_id": policy.company_id.id,
                "environment": policy.environment,
                "country_id": self.partner_id.country_id.id,
            }
        )
        buyer.confirm_match(self.partner_id.id)
        return buyer
