# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..insurers.facts import Code, DecisionFact
from ..models.credit_cover_decision import OUTCOMES
from ..models.credit_cover_request import LAYERS, PENDING

WITH_AMOUNT = frozenset(
    {"granted", "granted_conditional", "partial", "preliminary_partial", "reduced"}
)


class CreditCoverType(models.TransientModel):
    """Type a decision by hand: from a letter, a portal, a telephone call.

    It goes through the same door as those of a connection or a file.
    """

    _name = "credit.cover.type"
    _description = "Type a Decision"

    policy_id = fields.Many2one(
        "credit.insurance.policy",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('state', '!=', 'draft'), ('insurer_id', '=', insurer_id)]",
    )
    buyer_id = fields.Many2one("credit.insurer.buyer", required=True)
    insurer_id = fields.Many2one(related="buyer_id.insurer_id")
    request_id = fields.Many2one("credit.cover.request")
    currency_id = fields.Many2one(related="policy_id.currency_id")
    outcome = fields.Selection(
        [(code, word) for code, word in OUTCOMES if code not in ("unknown",)],
        required=True,
        default="granted",
    )
    layer = fields.Selection(LAYERS, required=True, default="primary")
    has_amount = fields.Boolean(compute="_compute_has_amount")
    amount = fields.Monetary(
        string="Granted",
        help="What the insurer grants in all, not what was asked for.",
    )
    decided_at = fields.Date(
        string="Decided on", required=True, default=fields.Date.context_today
    )
    date_effective = fields.Date(
        string="In Force From", help="Empty: from the day of the decision."
    )
    date_expiry = fields.Date(string="Until", help="Empty: no end.")
    insured_percent = fields.Float(
        string="Insured (%)", help="Zero: the percentage of the policy."
    )
    max_terms_days = fields.Integer(
        string="Longest Terms (days)", help="Zero: those of the policy."
    )
    external_id = fields.Char(
        string="Insurer's Number", help="Of the cover. Empty: we make one up."
    )
    reasons = fields.Text()
    conditions = fields.Text()
    pending_action = fields.Selection(PENDING, string="Announced")
    pending_date = fields.Date(string="Announced For")
    document = fields.Binary()
    document_name = fields.Char()

    @api.depends("buyer_id")
    def _compute_policy_id(self):
        """The policy that covers the buyer today, else the insurer's only one."""
        for typed in self:
            buyer = typed.buyer_id
            policies = self.env["credit.insurance.policy"].search(
                [
                    ("insurer_id", "=", buyer.insurer_id.id),
                    ("company_id", "=", buyer.company_id.id),
                    ("state", "=", "live"),
                ]
            )
            known = policies & buyer.layer_ids.policy_id or policies
            typed.policy_id = known if len(known) == 1 else False

    @api.depends("outcome")
    def _compute_has_amount(self):
        for typed in self:
            typed.has_amount = typed.outcome in WITH_AMOUNT

    def action_take_in(self):
        """Take the decision in.

        :raise UserError: when it was refused, with the reason
        """
        self.ensure_one()
        if not self.env.user.has_group("credit_control.credit_control_group_analyst"):
            raise AccessError(self.env._("Only credit analysts type decisions."))
        for record in (self.policy_id, self.buyer_id, self.request_id):
            record.check_access("read")
        if self.has_amount and self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(
                self.env._(
                    "Enter the amount that the insurer grants. If he grants nothing, choose "
                    "“Refused” or “Cancelled”."
                )
            )
        [result] = self.env["credit.cover.decision"]._ingest(
            self.policy_id, [self._prepare_fact()], "manual"
        )
        if result["error"]:
            raise UserError(result["error"])
        self._keep_document(result["decision"])
        return {"type": "ir.actions.act_window_close"}

    def _prepare_fact(self):
        """The typed decision as a fact; typed later counts later on the same day."""
        digits = self.currency_id.decimal_places
        amount = Decimal(f"{self.amount:.{digits}f}") if self.has_amount else None
        buyer = self.buyer_id
        return DecisionFact(
            external_id=self.external_id or self._get_number(),
            version=fields.Datetime.now().isoformat(),
            policy_number=self.policy_id.policy_number,
            buyer_external_id=buyer.insurer_buyer_id or "",
            identifiers=buyer._get_known_identifiers(),
            outcome=self.outcome,
            layer=self.layer,
            amount=amount,
            currency=self.currency_id.name,
            decided_at=self.decided_at,
            effective_from=self.date_effective or None,
            expires_on=self.date_expiry or None,
            insured_percent=Decimal(str(self.insured_percent or 0)) or None,
            max_terms_days=self.max_terms_days or None,
            reasons=self._split(self.reasons),
            conditions=self._split(self.conditions),
            pending_action=self.pending_action or "",
            pending_date=self.pending_date or None,
            own_reference=self.request_id.uuid or "",
            raw={"typed_by": self.env.user.name},
        )

    def _get_number(self):
        """The number of the cover that runs, else one of ours."""
        layer = self.buyer_id.layer_ids.filtered(
            lambda la: la.policy_id == self.policy_id and la.layer == self.layer
        )[:1]
        return layer.decision_id.external_id or f"HAND-{self.buyer_id.id}-{self.layer}"

    def _split(self, text):
        lines = (text or "").splitlines()
        return tuple(Code("", line.strip()) for line in lines if line.strip())

    def _keep_document(self, decision):
        if not self.document:
            return
        # sudo: decisions are append-only; the letter hangs on the buyer's file.
        self.env["ir.attachment"].sudo().create(
            {
                "name": self.document_name or self.env._("Decision"),
                "raw": base64.b64decode(self.document),
                "res_model": "credit.insurer.buyer",
                "res_id": decision.buyer_id.id,
            }
        )
