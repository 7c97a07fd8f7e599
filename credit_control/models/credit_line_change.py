# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .readers import for_reader


class CreditLineChange(models.Model):
    """A change of a line with its reason; beyond the asker's authority it waits."""

    _name = "credit.line.change"
    _description = "Change of a Credit Line"
    _order = "id desc"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        "credit.line", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="line_id.partner_id")
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    old_amount = fields.Monetary(readonly=True)
    amount = fields.Monetary(
        required=True,
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_from = fields.Date(
        compute="_compute_proposal", store=True, readonly=False, precompute=True
    )
    date_to = fields.Date(
        compute="_compute_proposal", store=True, readonly=False, precompute=True
    )
    reason = fields.Text(required=True, help="Shown to whoever approves, and kept.")
    state = fields.Selection(
        [
            ("new", "New"),
            ("waiting", "Waiting for Approval"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        default="new",
        readonly=True,
        copy=False,
    )
    approver_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_answer = fields.Datetime(readonly=True, copy=False)
    needs_approval = fields.Boolean(compute="_compute_needs_approval")

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)",
        "The amount of a credit line cannot be negative. Zero means no credit.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A credit line cannot end before it starts.",
    )
    _one_waiting = models.UniqueIndex(
        "(line_id) WHERE state = 'waiting'",
        "Another change of this line is waiting for approval.",
    )

    @api.depends("line_id")
    def _compute_proposal(self):
        for change in self.filtered(lambda change: change.state in ("new", False)):
            line = change.line_id
            change.amount = line.amount
            change.date_from = line.date_from
            change.date_to = line.date_to

    @api.depends("line_id", "amount")
    @api.depends_context("uid")
    def _compute_needs_approval(self):
        for change in self:
            change.needs_approval = change._exceeds_authority(self.env.user)

    def _exceeds_authority(self, user):
        """Whether a user may not make this change alone.

        The debtor's other lines of the same kind are added, as small steps sum up.
        """
        line = self.line_id
        if not line:
            return False
        kin = line.profile_id.line_ids.filtered(
            lambda other: other.kind_id == line.kind_id and other != line
        )
        worth = max(
            line._convert_to_company(self.amount),
            line._get_worth(),
        )
        total = worth + sum(other._get_worth() for other in kin)
        authority = user._get_credit_authority(line.company_id)
        return line.company_currency_id.compare_amounts(total, authority) > 0

    @api.model_create_multi
    def create(self, vals_list):
        self.env["credit.line"]._check_analyst()
        for vals in vals_list:
            vals.update(state="new", approver_id=False, date_answer=False)
        changes = super().create(vals_list)
        for change in changes:
            change.sudo().old_amount = change.line_id.amount
        return changes

    def write(self, vals):
        self.env["credit.line"]._check_analyst()
        locked = {"state", "approver_id", "date_answer", "old_amount", "line_id"}
        if not self.env.su and (
            locked.intersection(vals) or any(c.state != "new" for c in self)
        ):
            raise AccessError(
                self.env._("A change that was sent stays as it is. Enter a new one.")
            )
        return super().write(vals)

    def action_apply(self):
        """Change the line, or send the change to somebody with enough authority."""
        self.ensure_one()
        self.env["credit.line"]._check_analyst()
        if self.state != "new":
            raise UserError(self.env._("This change was already sent."))
        if self._exceeds_authority(self.env.user):
            return self._send_for_approval()
        self._apply()
        return {"type": "ir.actions.act_window_close"}

    def action_approve(self):
        """Second person: apply the change.

        :raise AccessError: for the person who asked, or without the authority
        """
        for change in self:
            change._check_approver()
            change._apply()
        return True

    def action_refuse(self):
        for change in self:
            change._check_approver()
            change._answer("refused")
            change.line_id.message_post(
                body=self.env._(
                    "Change to %(amount)s refused.", amount=change._format()
                )
            )
        return True

    def _check_approver(self):
        if self.state != "waiting":
            raise UserError(self.env._("This change is not waiting for approval."))
        if self.create_uid == self.env.user:
            raise AccessError(self.env._("Nobody approves his own change."))
        self.env["credit.line"]._check_analyst()
        if self._exceeds_authority(self.env.user):
            raise AccessError(
                self.env._("This change is beyond your authority as well.")
            )

    def _send_for_approval(self):
        # sudo: state and approver are written by the flow only, never by a user.
        self.sudo().state = "waiting"
        line = self.line_id
        line.message_post(
            body=self.env._(
                "Change to %(amount)s waits for approval: %(reason)s",
                amount=self._format(),
                reason=self.reason,
            )
        )
        for user in self._get_approvers():
            line = for_reader(line, user)
            line.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=line.env._("Approve a credit line"),
            )
        return {"type": "ir.actions.act_window_close"}

    def _get_approvers(self):
        """Hook: who is asked; everybody entitled, except the one who asks."""
        group = self.env.ref("credit_control.credit_control_group_manager")
        return group.sudo().all_user_ids.filtered(
            lambda user: (
                user != self.env.user
                and user.active
                and not self._exceeds_authority(user)
            )
        )

    def _apply(self):
        self._answer("done")
        # sudo: the authority was checked for this very change just above.
        self.line_id.sudo().write(
            {
                "amount": self.amount,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "state": "active",
            }
        )
        self.line_id.message_post(
            body=self.env._(
                "%(old)s → %(amount)s: %(reason)s",
                old=self.currency_id.format(self.old_amount),
                amount=self._format(),
                reason=self.reason,
            )
        )

    def _answer(self, state):
        self.sudo().write(
            {
                "state": state,
                "approver_id": self.env.uid,
                "date_answer": fields.Datetime.now(),
            }
        )
        self.line_id.activity_unlink(["mail.mail_activity_data_todo"])

    def _format(self):
        return self.currency_id.format(self.amount)
