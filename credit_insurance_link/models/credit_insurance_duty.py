# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.credit_control.models.callers import to_note

from ..engine import duties
from .credit_insurance_step import ANALYST, MANAGER

KINDS = [
    ("stop", "Stop of Cover"),
    ("notice", "Notice of Overdue"),
    ("extension", "Extension"),
    ("handover", "Hand-over to Collection"),
    ("claim", "Claim Filing"),
    ("turnover", "Turnover Declaration"),
    ("reply", "Reply to the Insurer"),
    ("declaration", "Declaration of Claims"),
    ("retention", "Retention of Title"),
]
# Nobody but a person knows that these are done.
BY_HAND = ("stop", "declaration", "retention")
STATUS = {"stop", "hold"}  # of a credit file whose deliveries are stopped


class CreditInsuranceDuty(models.Model):
    """Something a policy or the law asks of us until a day.

    Only acknowledged facts clear it: money, the insurer's receipt, a proof. What was
    missed stays red for ever; to close it by hand needs a reason (P12).
    """

    _name = "credit.insurance.duty"
    _description = "Duty to the Insurer"
    _inherit = ["credit.insurance.files", "mail.thread", "mail.activity.mixin"]
    _order = "is_done, deadline, stake_amount desc, id"
    _rec_names_search = ["partner_id", "policy_id"]

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    policy_id = fields.Many2one(
        "credit.insurance.policy", readonly=True, index=True, ondelete="restrict"
    )
    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.currency_id,
    )
    deadline = fields.Date(
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        help="Last day. It stays there on weekends and holidays.",
    )
    date_warn = fields.Date(
        string="At Work Until",
        compute="_compute_date_warn",
        store=True,
        help="The last working day on which somebody can still do it.",
    )
    anchor = fields.Selection(
        [
            ("due", "Original due date"),
            ("extension_end", "End of the longest extension"),
            ("stop_cover", "Stop of cover"),
            ("notice_sent", "Notice of overdue sent"),
            ("notice_received", "Notice received by the insurer"),
            ("handover", "Hand-over to collection"),
            ("loss", "Date of loss"),
            ("insolvency", "Insolvency"),
            ("known", "Insolvency that became known"),
            ("period", "End of the period"),
            ("request", "Request of the insurer"),
            ("published", "Publication of the judgment"),
        ],
        string="Counted From",
        readonly=True,
    )
    date_anchor = fields.Date(string="Counted From Date", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Oldest Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    open_amount = fields.Monetary(
        readonly=True, help="Insured and open, in the policy's currency."
    )
    stake_amount = fields.Monetary(
        string="Cover at Stake",
        readonly=True,
        help="What the insurer may refuse to pay when this is missed.",
    )
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    state = fields.Selection(
        [("open", "To Do"), ("done", "Done"), ("closed", "Closed by Hand")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_done = fields.Boolean(compute="_compute_is_done", store=True)
    is_missed = fields.Boolean(
        string="Missed",
        readonly=True,
        tracking=True,
        help="The day passed before it was done. This stays, whatever happens later.",
    )
    cleared_on = fields.Date(string="Done on", readonly=True)
    cleared_by = fields.Char(
        string="Proof", readonly=True, help="The fact that cleared it."
    )
    close_reason = fields.Text(readonly=True, tracking=True)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    alert = fields.Selection(
        [
            ("first", "15 Days Ahead"),
            ("second", "5 Days Ahead"),
            ("daily", "Daily"),
            ("missed", "Missed"),
        ],
        readonly=True,
    )
    alerted_on = fields.Date(readonly=True)
    is_escalated = fields.Boolean(readonly=True)
    days_left = fields.Integer(string="Days", compute="_compute_days_left")
    status = fields.Selection(
        [
            ("todo", "To Do"),
            ("missed", "Missed"),
            ("late", "Done Too Late"),
            ("done", "Done"),
            ("closed_missed", "Missed, Closed"),
            ("closed", "Closed"),
        ],
        compute="_compute_status",
    )

    _deadline_idx = models.Index("(deadline) WHERE state = 'open'")

    @api.depends_context("lang")
    @api.depends("kind", "partner_id", "policy_id")
    def _compute_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for duty in self:
            parts = (words.get(duty.kind), duty.partner_id.name or duty.policy_id.name)
            duty.name = " · ".join(part for part in parts if part)

    @api.depends("deadline")
    def _compute_date_warn(self):
        for duty in self:
            duty.date_warn = duty.deadline and duties.get_warning_day(duty.deadline)

    @api.depends("state")
    def _compute_is_done(self):
        for duty in self:
            duty.is_done = duty.state != "open"

    @api.depends("deadline", "company_id")
    def _compute_days_left(self):
        for duty in self:
            today = (duty.company_id or self.env.company)._credit_today()
            duty.days_left = (duty.deadline - today).days if duty.deadline else 0

    @api.depends("state", "is_missed")
    def _compute_status(self):
        words = {
            ("open", False): "todo",
            ("open", True): "missed",
            ("done", False): "done",
            ("done", True): "late",
            ("closed", False): "closed",
            ("closed", True): "closed_missed",
        }
        for duty in self:
            duty.status = words[duty.state, duty.is_missed]

    # === PROTECTION === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Duties come from policies and facts."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and set(vals) - {"user_id", "activity_ids", "months"}:
            raise AccessError(self.env._("Only facts change a duty."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A duty stays on record."))

    @api.constrains("state", "close_reason")
    def _check_close_reason(self):
        for duty in self:
            if duty.state == "closed" and not (duty.close_reason or "").strip():
                raise ValidationError(
                    self.env._("Nobody closes a duty without a reason.")
                )

    # === CLEARING === #

    def _clear(self, day, proof):
        """A fact cleared these duties.

        :param date day: of the fact; in time makes good a duty that seemed missed
        :param str proof: what happened, shown on the duty
        """
        for duty in self.filtered(lambda duty: duty.state == "open"):
            # sudo: the fact was checked where it was recorded.
            duty.sudo().write(
                {
                    "state": "done",
                    "cleared_on": day,
                    "cleared_by": proof,
                    "is_missed": day > duty.deadline,
                }
            )
        # sudo: activities of colleagues end with the duty.
        self.sudo().activity_unlink(["credit_insurance_link.mail_activity_duty"])

    def action_close(self):
        """Open the dialog that asks why a duty is closed by hand."""
        return self._open_dialog("close")

    def action_prove(self):
        """Open the dialog that records the proof that a duty was done."""
        return self._open_dialog("prove")

    def _open_dialog(self, way):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_duty_close_action"
        )
        context = {"default_duty_id": self.id, "default_way": way}
        return {**action, "context": context}

    def close(self, reason: str):
        """Close a duty by hand; what was missed stays marked as missed.

        :param reason: why, at most 2,000 characters are kept
        :return: bool, True
        :raise AccessError: for others than analysts; for others than managers when it
            was missed
        :raise UserError: without reason, or when it is not open
        """
        self.check_access("write")
        reason = to_note(reason).strip()
        for duty in self:
            missed = duty.is_missed or duty.days_left < 0
            duty._check_person(MANAGER if missed else ANALYST)
            if not reason:
                raise UserError(self.env._("Nobody closes a duty without a reason."))
            # sudo: rights were checked above; facts change the rest.
            duty.sudo().write(
                {
                    "state": "closed",
                    "close_reason": reason,
                    "closed_by_id": self.env.uid,
                    "cleared_on": duty.company_id._credit_today(),
                    "is_missed": missed,
                }
            )
        self.sudo().activity_unlink(["credit_insurance_link.mail_activity_duty"])
        return True

    def _check_person(self, group):
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._("Only credit managers close what was missed.")
                if group == MANAGER
                else self.env._("Only the credit team does this.")
            )
        if self.state != "open":
            raise UserError(self.env._("This cannot be done in this state."))

    def prove(self, day: str, proof: str, attachment_ids: list | None = None):
        """Record that a duty which only a person can know was done.

        :param day: ISO date on which it was done
        :param proof: number or words of the proof
        :param attachment_ids: ids of ``ir.attachment``, at least one
        :return: bool, True
        :raise AccessError: for others than analysts
        :raise UserError: for other kinds, a day to come, or without proof
        """
        self.ensure_one()
        self.check_access("write")
        self._check_person(ANALYST)
        if self.kind not in BY_HAND:
            raise UserError(self.env._("The insurer's receipt clears this duty."))
        date = fields.Date.to_date(day)
        papers = self.env["ir.attachment"].browse(attachment_ids or []).exists()
        papers.check_access("read")
        if not date or date > self.company_id._credit_today():
            raise UserError(self.env._("The day is today or before."))
        if not papers or not to_note(proof).strip():
            raise UserError(self.env._("Add a document and say what it proves."))
        self._adopt(papers)
        self.message_post(body=to_note(proof), attachment_ids=papers.ids)
        self._clear(date, to_note(proof).strip())
        return True

    # === LINKS === #

    def action_open_record(self):
        """Open what has to be done: notice, claim, declaration or credit file."""
        self.ensure_one()
        record = self._get_record()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _get_record(self):
        """Hook: the record on which a duty is worked.

        :return: a record; the credit file when there is nothing closer
        """
        self.ensure_one()
        profiles = self.env["credit.profile"].search(
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
        )
        return profiles or self.partner_id or self.policy_id
