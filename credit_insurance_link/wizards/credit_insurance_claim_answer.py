# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

# What an insurer may say of a claim: from which states, to which one.
WAYS = {
    "received": (("filed",), "in_review"),
    "documents": (("filed", "in_review"), "docs_requested"),
    "replied": (("docs_requested",), "in_review"),
    "accepted": (("in_review", "docs_requested"), "accepted"),
    "refused": (("in_review", "docs_requested", "accepted"), "refused"),
    "reopened": (("refused",), "in_review"),
    "paid": (("accepted",), "paid"),
}
# What comes next when nothing is in the way.
NEXT = {
    "filed": "received",
    "in_review": "accepted",
    "docs_requested": "replied",
    "accepted": "paid",
    "refused": "reopened",
}


class CreditInsuranceClaimAnswer(models.TransientModel):
    """What the insurer said of a claim, with its date, number and document."""

    _name = "credit.insurance.claim.answer"
    _description = "Answer to a Claim"

    claim_id = fields.Many2one("credit.insurance.claim", required=True)
    currency_id = fields.Many2one(related="claim_id.currency_id")
    claim_state = fields.Selection(related="claim_id.state")
    ways = fields.Char(compute="_compute_ways")
    way = fields.Selection(
        [
            ("received", "The insurer received the claim"),
            ("documents", "The insurer asks for documents"),
            ("replied", "Our documents reached the insurer"),
            ("accepted", "The insurer accepts"),
            ("refused", "The insurer refuses"),
            ("reopened", "We contest the refusal"),
            ("paid", "The indemnity was paid"),
        ],
        string="What Happened",
        required=True,
        default=lambda self: self._default_way(),
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    number = fields.Char(string="Insurer's Number")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What the insurer accepts or paid; it may be less than we expect.",
    )
    note = fields.Text()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "credit_insurance_claim_answer_attachment_rel",
        string="Document",
    )

    @api.model
    def _default_way(self):
        claim = self.env["credit.insurance.claim"].browse(
            self.env.context.get("default_claim_id")
        )
        return NEXT.get(claim.state, False)

    @api.depends("claim_id")
    def _compute_ways(self):
        """What may happen in the claim's state; the form offers only that."""
        for wizard in self:
            state = wizard.claim_id.state
            wizard.ways = ",".join(
                way for way, (states, _to) in WAYS.items() if state in states
            )

    @api.depends("claim_id", "way")
    def _compute_amount(self):
        for wizard in self:
            claim = wizard.claim_id
            paid = wizard.way == "paid" and claim.accepted_amount
            wizard.amount = paid or claim.indemnity_amount

    def action_apply(self):
        """Take the claim one step further."""
        self.ensure_one()
        states, target = WAYS[self.way]
        self.claim_id._check_step(*states)
        self._check_proof()
        self.claim_id._step(*states, state=target, **self._prepare_values())
        if self.way == "replied":
            self._clear_reply()
        self.claim_id._changed()
        ways = dict(self._fields["way"]._description_selection(self.env))
        self.claim_id._adopt(self.attachment_ids)
        self.claim_id.message_post(
            body=self.env._(
                "%(what)s. %(note)s", what=ways[self.way], note=self.note or ""
            ),
            attachment_ids=self.attachment_ids.ids,
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_proof(self):
        if self.date > self.claim_id.company_id._credit_today():
            raise UserError(self.env._("The day is today or before."))
        if self.way in ("received", "replied") and not (
            self.number and self.attachment_ids
        ):
            raise UserError(
                self.env._("Enter the insurer's number and add his acknowledgement.")
            )
        if self.way == "refused" and not self.note:
            raise UserError(self.env._("Enter why the insurer refuses."))
        if self.way in ("accepted", "paid") and self.amount <= 0:
            raise UserError(self.env._("Enter the amount."))

    def _prepare_values(self):
        """What each answer writes on the claim."""
        return {
            "received": {"received_on": self.date, "external_id": self.number},
            "documents": {"asked_on": self.date},
            "accepted": {"accepted_amount": self.amount},
            "refused": {"refusal": self.note},
            "paid": {"paid_amount": self.amount, "paid_on": self.date},
        }.get(self.way, {})

    def _clear_reply(self):
        # sudo: the insurer's receipt, checked above, fulfils the duty.
        duty = self.env["credit.insurance.duty"].sudo()
        found = duty.search(
            [
                ("claim_id", "=", self.claim_id.id),
                ("kind", "=", "reply"),
                ("state", "=", "open"),
            ]
        )
        found._clear(self.date, self.env._("Received by the insurer: %s", self.number))
