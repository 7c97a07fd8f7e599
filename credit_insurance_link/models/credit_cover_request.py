# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from uuid import uuid4

from odoo import api, fields, models

LAYERS = [
    ("primary", "Primary Limit"),
    ("topup", "Top-Up"),
    ("temporary", "Temporary"),
    ("discretionary", "Discretionary"),
    ("credit_check", "Credit Check"),
    ("grade_cover", "Grade Cover"),
]
PENDING = [
    ("withdrawal", "Withdrawal"),
    ("withdrawal_postponed", "Withdrawal Postponed"),
    ("cancellation", "Cancellation"),
    ("reduction", "Reduction"),
    ("transfer", "Transfer"),
    ("other", "Other"),
]
OPEN = ("draft", "to_send", "claimed", "sent", "referred")


class CreditCoverRequest(models.Model):
    """What we ask of an insurer. What was asked is never what was granted (P12)."""

    _name = "credit.cover.request"
    _description = "Request for Cover"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "uuid"

    uuid = fields.Char(
        string="Our Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid4()),
        help="The only handle to find a request again after a broken answer.",
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="restrict"
    )
    buyer_id = fields.Many2one(
        "credit.insurer.buyer", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="buyer_id.partner_id", store=True, index=True)
    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True, index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    type = fields.Selection(
        [
            ("new", "New Limit"),
            ("increase", "Increase"),
            ("reduce", "Reduction"),
            ("cancel", "Cancellation"),
            ("renew", "Prolongation"),
            ("preliminary", "Preliminary Assessment"),
            ("grade_only", "Grade Only"),
        ],
        required=True,
        default="new",
        tracking=True,
    )
    layer = fields.Selection(LAYERS, required=True, default="primary", tracking=True)
    amount_requested = fields.Monetary(string="Asked", tracking=True)
    terms_days = fields.Integer(string="Payment Terms (days)")
    date_from = fields.Date(string="Wanted From")
    date_to = fields.Date(string="Wanted Until")
    is_urgent = fields.Boolean(string="Urgent")
    comment = fields.Text()
    is_exception = fields.Boolean(
        string="Ask All the Same",
        help="The policy leaves this buyer out, and the insurer is asked nevertheless, for "
        "an endorsement for example.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_send", "To Send"),
            ("claimed", "Being Sent"),
            ("sent", "Sent"),
            ("referred", "Under Review"),
            ("decided", "Decided"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_sent = fields.Datetime(readonly=True, copy=False)
    date_decided = fields.Datetime(readonly=True, copy=False)
    external_job_id = fields.Char(readonly=True, copy=False, index="btree_not_null")
    external_request_id = fields.Char(readonly=True, copy=False, index="btree_not_null")
    attempts = fields.Integer(readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", string="Asked by", default=lambda self: self.env.user
    )
    decision_ids = fields.One2many("credit.cover.decision", "request_id")

    _uuid_uniq = models.Constraint("UNIQUE(uuid)", "This reference is taken.")
    _one_open = models.UniqueIndex(
        "(policy_id, buyer_id, layer)"
        " WHERE state IN ('draft', 'to_send', 'claimed', 'sent', 'referred')",
        "A request for this buyer and layer is under way already.",
    )
    _outbox_idx = models.Index(
        "(state, id) WHERE state IN ('to_send', 'claimed', 'sent', 'referred')"
    )

    @api.depends("buyer_id", "type")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["type"]._description_selection(self.env))
        for request in self:
            parts = (request.buyer_id.name, words.get(request.type))
            request.display_name = " · ".join(part for part in parts if part)
