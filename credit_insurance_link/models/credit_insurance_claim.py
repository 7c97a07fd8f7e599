# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CreditInsuranceClaim(models.Model):
    """A loss held against the insurer, from default or insolvency to the indemnity.

    What was worked out is stored line by line; filed is not received, and only the
    insurer's receipt with its date fulfils the duty to file (P12).
    """

    _name = "credit.insurance.claim"
    _description = "Claim for Indemnity"
    _inherit = ["credit.insurance.case"]
    _order = "id desc"

    _button_fields = frozenset(
        {"state", "filed_on", "filed_by", "received_on", "external_id", "asked_on"}
        | {"accepted_amount", "refusal", "paid_amount", "paid_on", "indemnity_amount"}
        | {"loss_amount", "aggregate_used", "computed_on"}
    )
    _fixed_fields = frozenset({"policy_id", "partner_id", "cause", "date_loss"})
    _open_states = ("preparing", "notified")

    name = fields.Char(compute="_compute_name", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
    )
    cause = fields.Selection(
        [("default", "Protracted Default"), ("insolvency", "Insolvency")],
        required=True,
        default="default",
        tracking=True,
    )
    date_stop = fields.Date(
        string="Stop of Cover",
        help="What was owed on this day is the basis of the loss; deliveries after it are "
        "not insured. Empty: what is owed now.",
    )
    date_loss = fields.Date(
        string="Date of Loss",
        compute="_compute_date_loss",
        store=True,
        readonly=False,
        tracking=True,
        help="Judgment, or end of the waiting period. Recoveries after it may be shared.",
    )
    line_ids = fields.One2many(
        "credit.insurance.claim.line", "claim_id", string="Invoices"
    )
    step_ids = fields.One2many(
        "credit.insurance.claim.step", "claim_id", string="Computation"
    )
    document_ids = fields.One2many(
        "credit.insurance.claim.document", "claim_id", string="Documents"
    )
    recovery_ids = fields.One2many(
        "credit.insurance.recovery", "claim_id", string="Recoveries"
    )
    missing_count = fields.Integer(
        string="Missing Documents", compute="_compute_missing_count", store=True
    )
    loss_amount = fields.Monetary(
        string="Insured Loss", readonly=True, help="Within the cover at each delivery."
    )
    indemnity_amount = fields.Monetary(
        string="Expected Indemnity",
        readonly=True,
        tracking=True,
        help="Worked out by the policy's terms; the computation shows each step.",
    )
    aggregate_used = fields.Monetary(
        string="Used of the Yearly Deductible", readonly=True
    )
    computed_on = fields.Datetime(readonly=True)
    owed_amount = fields.Monetary(
        string="Claimed", compute="_compute_owed_amount", store=True
    )
    accepted_amount = fields.Monetary(
        string="Accepted by the Insurer", readonly=True, tracking=True
    )
    refusal = fields.Text(string="Why Refused", readonly=True, tracking=True)
    paid_amount = fields.Monetary(string="Indemnity Paid", readonly=True, tracking=True)
    paid_on = fields.Date(readonly=True)
    beneficiary_id = fields.Many2one(
        related="policy_id.beneficiary_id",
        string="Paid to",
        help="The assignee of the policy: a factor or bank gets the indemnity.",
    )
    cost_amount = fields.Monetary(
        string="Collection Costs", help="What collection has cost until now."
    )
    cost_approved = fields.Boolean(
        string="Costs Approved Beforehand",
        help="Insurers reimburse collection costs only when they agreed before.",
    )
    filed_on = fields.Date(readonly=True, tracking=True)
    filed_by = fields.Many2one("res.users", readonly=True)
    received_on = fields.Date(
        string="Received by the Insurer", readonly=True, tracking=True
    )
    external_id = fields.Char(string="Insurer's Number", readonly=True, tracking=True)
    asked_on = fields.Date(string="Documents Asked on", readonly=True, tracking=True)
    state = fields.Selection(
        [
            ("preparing", "Being Prepared"),
            ("notified", "Insurer Told of the Default"),
            ("filed", "Filed"),
            ("in_review", "Under Review"),
            ("docs_requested", "Documents Asked"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("paid", "Indemnity Paid"),
            ("recovering", "Recovering"),
            ("closed", "Closed"),
        ],
        default="preparing",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    note = fields.Text(string="What Happened", help="Told to the insurer in the file.")

    _live_uniq = models.UniqueIndex(
        "(policy_id, partner_id, date_loss) WHERE state NOT IN ('closed', 'refused')",
        "There is a claim for this loss already.",
    )

    @api.depends("partner_id.name", "policy_id.name")
    def _compute_name(self):
        for claim in self:
            parts = (claim.partner_id.name, claim.policy_id.name)
            claim.name = " · ".join(part for part in parts if part)

    @api.depends("line_ids.amount", "line_ids.credit_amount")
    def _compute_owed_amount(self):
        for claim in self:
            claim.owed_amount = sum(
                line.amount - line.credit_amount for line in claim.line_ids
            )

    @api.depends("document_ids.is_missing")
    def _compute_missing_count(self):
        for claim in self:
            claim.missing_count = sum(claim.document_ids.mapped("is_missing"))

    @api.depends("policy_id", "partner_id", "cause")
    def _compute_date_loss(self):
        for claim in self:
            claim.date_loss = (
                claim.policy_id and claim.partner_id and claim.sudo()._get_loss_date()
            )

    @api.constrains("date_loss", "date_stop", "state")
    def _check_dates(self):
        for claim in self:
            if claim.state not in self._open_states and not claim.date_loss:
                raise ValidationError(self.env._("Enter the date of loss."))

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        # sudo: the papers that the policy asks for, and what the ledger says.
        for claim in claims.sudo():
            claim._add_documents()
            if not claim.line_ids:
                claim._fill()
            claim._compute_claim()
            if claim._get_acknowledged():
                claim.state = "notified"
        return claims

    # === STEPS === #

    def action_compute(self):
        """Take what is owed now and work the indemnity out anew."""
        for claim in self:
            claim._check_step(*self._open_states)
            claim.sudo()._fill()
            claim.sudo()._compute_claim()
        return True

    def action_file(self):
        """The claim leaves for the insurer, with all its papers.

        :raise UserError: when papers are missing that the policy asks for
        """
        self.ensure_one()
        self._check_step(*self._open_states)
        missing = self.document_ids.filtered("is_missing")
        if missing:
            raise UserError(
                self.env._(
                    "These papers are missing; add them, or say why there are none:\n%s",
                    "\n".join(missing.mapped("name")),
                )
            )
        if not self.line_ids:
            raise UserError(self.env._("There is no invoice on this claim."))
        return self._step(
            *self._open_states,
            state="filed",
            filed_on=self.company_id._credit_today(),
            filed_by=self.env.uid,
        )

    def action_answer(self):
        """Open the dialog that records what the insurer said."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_claim_answer_action"
        )
        return {**action, "context": {"default_claim_id": self.id}}

    def action_recovering(self):
        """After the indemnity, money may still come in: it is shared with the insurer."""
        return self._step("paid", "refused", state="recovering")

    def action_close(self):
        """Nothing more is expected."""
        self.ensure_one()
        untold = self.recovery_ids.filtered(
            lambda one: one.is_after and not one.settled_on
        )
        if untold:
            raise UserError(
                self.env._("Some recoveries are not settled with the insurer yet.")
            )
        return self._step("paid", "refused", "recovering", state="closed")

    def _changed(self):
        """A claim that the insurer has fulfils a duty at once."""
        duty = self.env["credit.insurance.duty"]
        for policy, claims in self.grouped("policy_id").items():
            duty._refresh(policy, claims.partner_id)
            claims._refresh_replies()
