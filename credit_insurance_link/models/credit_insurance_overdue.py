# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

LIVE = ("sent", "acknowledged")
CAUSES = [
    ("default", "Not paid"),
    ("bounced", "Payment returned"),
    ("insolvency", "Insolvency"),
    ("dispute", "Dispute"),
    ("adverse", "Adverse information"),
]


class CreditInsuranceOverdue(models.Model):
    """What we tell the insurer of a debtor who does not pay.

    Kinds as Allianz Trade names them, OVD, EXP and RES [A Allianz Trade portal], and the
    hand-over to collection. Sent is not received: only the insurer's acknowledgement, with
    its date and number, stops a clock (P12).
    """

    _name = "credit.insurance.overdue"
    _description = "Notice to the Insurer"
    _inherit = ["credit.insurance.case"]
    _order = "id desc"
    _rec_names_search = ["partner_id", "external_id"]

    _button_fields = frozenset(
        {
            "state",
            "sent_on",
            "sent_by",
            "channel",
            "received_on",
            "external_id",
            "answer",
        }
        | {"answered_on", "last_error", "uuid", "attempts", "date_next", "is_in_doubt"}
    )
    _fixed_fields = frozenset(
        {
            "policy_id",
            "partner_id",
            "kind",
            "cause",
            "line_ids",
            "judged_on",
            "known_on",
        }
    )
    _open_states = ("to_do",)

    name = fields.Char(compute="_compute_name")
    uuid = fields.Char(
        string="Our Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid4()),
    )
    kind = fields.Selection(
        [
            ("default", "Overdue"),
            ("extension", "Extension of a Due Date"),
            ("rescheduling", "Rescheduling"),
            ("handover", "Hand-over to Collection"),
        ],
        required=True,
        default="default",
        tracking=True,
    )
    cause = fields.Selection(CAUSES, required=True, default="default", tracking=True)
    judged_on = fields.Date(
        string="Judgment on",
        help="Opening of the proceedings: it is the date of loss.",
        tracking=True,
    )
    known_on = fields.Date(
        string="Known on",
        help="When we learned of the insolvency: deliveries stop, the notice is due.",
        tracking=True,
    )
    line_ids = fields.One2many(
        "credit.insurance.overdue.line", "overdue_id", string="Invoices", copy=True
    )
    amount = fields.Monetary(
        string="Open", compute="_compute_amount", store=True, tracking=True
    )
    note = fields.Text(
        string="Steps Taken", help="Reminders, calls, promises: insurers ask for it."
    )
    state = fields.Selection(
        [
            ("to_do", "To Send"),
            ("sent", "Sent"),
            ("acknowledged", "Received by the Insurer"),
            ("settled", "Settled"),
            ("closed", "Withdrawn"),
        ],
        default="to_do",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    channel = fields.Selection(
        [("api", "Connection"), ("mail", "E-Mail"), ("hand", "By Hand")], readonly=True
    )
    sent_on = fields.Date(readonly=True, tracking=True)
    sent_by = fields.Many2one("res.users", readonly=True)
    received_on = fields.Date(string="Received on", readonly=True, tracking=True)
    external_id = fields.Char(string="Insurer's Number", readonly=True, tracking=True)
    answer = fields.Selection(
        [("accepted", "Accepted"), ("refused", "Refused")],
        readonly=True,
        tracking=True,
        help="Only an accepted extension moves deadlines.",
    )
    answered_on = fields.Date(readonly=True)
    last_error = fields.Char(readonly=True)
    deadline = fields.Date(compute="_compute_deadline", compute_sudo=True)
    is_late = fields.Boolean(compute="_compute_deadline", compute_sudo=True)

    _live_idx = models.Index("(policy_id, partner_id) WHERE state <> 'closed'")

    @api.depends_context("lang")
    @api.depends("kind", "partner_id.name", "policy_id.name")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            parts = (kinds.get(notice.kind), notice.partner_id.name)
            notice.name = " · ".join(part for part in parts if part)

    @api.depends("line_ids.amount_open")
    def _compute_amount(self):
        for notice in self:
            notice.amount = sum(notice.line_ids.mapped("amount_open"))

    def _compute_deadline(self):
        """The duty that this notice fulfils: the earliest that is open."""
        kinds = {"default": "notice", "rescheduling": "extension"}
        for notice in self:
            duty = self.env["credit.insurance.duty"].search(
                [
                    ("policy_id", "=", notice.policy_id.id),
                    ("partner_id", "=", notice.partner_id.id),
                    ("kind", "=", kinds.get(notice.kind, notice.kind)),
                    ("state", "=", "open"),
                ],
                limit=1,
            )
            waits = notice.state in ("to_do", "sent")
            notice.deadline = waits and duty.deadline
            notice.is_late = bool(waits and duty and duty.days_left < 0)

    @api.constrains("cause", "judged_on", "known_on")
    def _check_insolvency(self):
        for notice in self:
            if notice.cause != "insolvency":
                continue
            if not notice.judged_on or not notice.known_on:
                raise ValidationError(
                    self.env._(
                        "Enter the day of the judgment and when it became known."
                    )
                )
            if notice.known_on < notice.judged_on:
                raise ValidationError(
                    self.env._("Nobody knows of a judgment before it is passed.")
                )

    @api.constrains("kind", "line_ids", "state")
    def _check_extended(self):
        for notice in self:
            asks = notice.kind in ("extension", "rescheduling")
            wanting = notice.line_ids.filtered(lambda line: not line.date_extended)
            if asks and notice.state != "to_do" and wanting:
                raise ValidationError(
                    self.env._("Enter the new due date of each invoice.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        notices.filtered(lambda notice: not notice.line_ids)._fill()
        notices._changed()
        return notices

    def action_fill(self):
        """Take the open insured invoices of the customer that are overdue."""
        for notice in self:
            notice._check_step("to_do")
            notice.line_ids.unlink()
            notice._fill()
        return True

    def _fill(self):
        duty = self.env["credit.insurance.duty"].sudo()
        for notice in self.sudo():
            policy, today = notice.policy_id, notice.company_id._credit_today()
            self.env.flush_all()
            rows = self.env.execute_query(
                duty._query_insured(policy, today, notice.partner_id)
            )
            every = notice.cause == "insolvency"
            notice.line_ids = [
                (0, 0, notice._prepare_line(row[1]))
                for row in rows
                if every or row[3] < today or notice.kind != "default"
            ]

    def _prepare_line(self, line_id):
        return {"move_line_id": line_id}

    def _changed(self):
        """What was told moves duties at once, not only at night."""
        for policy, notices in self.grouped("policy_id").items():
            self.env["credit.insurance.duty"]._refresh(policy, notices.partner_id)

    # === STEPS === #

    def action_sent(self):
        """Record that the notice left by hand, in the insurer's portal for example."""
        for notice in self:
            notice._mark_sent("hand")
        return True

    def _mark_sent(self, channel):
        self._check_step("to_do")
        if not self.line_ids:
            raise UserError(self.env._("There is no invoice on this notice."))
        self._step(
            "to_do",
            state="sent",
            channel=channel,
            sent_on=self.company_id._credit_today(),
            sent_by=self.env.uid,
            last_error=False,
        )
        self._changed()

    def action_acknowledge(self):
        """Open the dialog that records the insurer's acknowledgement."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_overdue_answer_action"
        )
        context = {"default_overdue_id": self.id}
        if self.state == "acknowledged":
            # An answer that comes later does not change when the insurer had it.
            context["default_date"] = self.received_on
            context["default_number"] = self.external_id
        return {**action, "context": context}

    def _acknowledge(self, received_on, external_id, answer=False):
        """The insurer has it: from this day the clocks that wait for it run.

        :param date received_on: day of the insurer's receipt, not of our sending
        :param str external_id: the insurer's number of the notice
        """
        today = self.company_id._credit_today()
        if received_on > today or (self.sent_on and received_on < self.sent_on):
            raise UserError(
                self.env._("The insurer received it between the sending and today.")
            )
        self._step(
            "sent",
            "acknowledged",
            state="acknowledged",
            received_on=received_on,
            external_id=external_id,
            answer=answer or self.answer,
            answered_on=answer and today,
        )
        self._changed()

    def action_close(self):
        """Withdraw a notice: it no longer counts as told."""
        for notice in self:
            notice._step("to_do", "sent", "acknowledged", state="closed")
        self._changed()
        return True

    def action_settle(self):
        """What was reported is paid."""
        for notice in self:
            notice._check_step("sent", "acknowledged")
            # sudo: what is open on the invoices, nothing more.
            if not notice.sudo().line_ids._are_paid():
                raise UserError(self.env._("Some of these invoices are still open."))
            notice._step("sent", "acknowledged", state="settled")
        self._changed()
        return True
