# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .readers import for_reader


class CreditLineRequest(models.Model):
    """Sending, granting, refusing: each step checks the rights of its caller."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.request"

    def action_send(self):
        """Ask: whoever may grant it gets an activity and a mail.

        :raise AccessError: for requests of others
        """
        for request in self:
            request._check_own()
            if request.state != "draft":
                raise UserError(self.env._("This request was sent already."))
            if request.kind_id.needs_end_date and not request.date_to:
                raise UserError(
                    self.env._(
                        "A line of kind %(kind)s needs an end date.",
                        kind=request.kind_id.name,
                    )
                )
            # sudo: the state is written by the steps only; the caller was checked.
            request.sudo().write(
                {
                    "state": "waiting",
                    "date_asked": fields.Datetime.now(),
                    "granted_amount": request.amount,
                    "granted_until": request.date_to,
                }
            )
            request.sudo()._ask_approvers()
        return True

    def action_give(self):
        """Analyst: give at once what he may decide alone.

        :raise AccessError: beyond his authority
        """
        self.ensure_one()
        self._check_own()
        self.env["credit.line"]._check_analyst()
        if self.state != "draft":
            raise UserError(self.env._("This request was sent already."))
        if self._exceeds_authority(self.env.user, self.amount):
            raise AccessError(self.env._("This is beyond your authority: ask for it."))
        # sudo: the caller's authority was checked for this very amount.
        self.sudo().write(
            {"granted_amount": self.amount, "granted_until": self.date_to}
        )
        self._grant()
        return {"type": "ir.actions.act_window_close"}

    def action_grant(self):
        """Grant the amount and date entered; it becomes a line at once.

        :raise AccessError: for the asker, or beyond the caller's authority
        """
        for request in self:
            request._check_answer()
            if not request.granted_amount:
                raise UserError(
                    self.env._("Enter what you grant, or refuse the request.")
                )
            request._grant()
        return True

    def action_refuse(self):
        """Refuse; the asker is told with the answer entered."""
        for request in self:
            request._check_answer(amount=0.0)
            # sudo: the state is written by the steps only; the caller was checked.
            request.sudo().granted_amount = 0.0
            request._answer("refused", self.env._("Refused"))
        return True

    def action_withdraw(self):
        for request in self:
            request._check_own()
            if request.state not in ("draft", "waiting"):
                raise UserError(self.env._("This request was answered already."))
            request.sudo().state = "cancel"  # checked above
            request.sudo()._close_activities()
        return True

    def _check_own(self):
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("This is a request of somebody else."))
        self._check_asker()

    def _check_answer(self, amount=None):
        self.check_access("write")
        if self.state != "waiting":
            raise UserError(self.env._("This request is not waiting for an answer."))
        obstacle = self._get_answer_obstacle(self.env.user)
        if obstacle and not (amount == 0.0 and self._may_refuse()):
            raise AccessError(obstacle)

    def _may_refuse(self):
        # Saying no needs no authority, only the right to decide at all.
        analyst = self.env.user.has_group("credit_control.credit_control_group_analyst")
        return analyst and self.user_id != self.env.user

    def _ask_approvers(self):
        self.message_subscribe(self.user_id.partner_id.ids)
        for user in self._get_approvers():
            request = for_reader(self, user)
            request.activity_schedule(
                "credit_control.mail_activity_line_request",
                user_id=user.id,
                summary=request.env._(
                    "More credit for %s?", request.partner_id.display_name
                ),
                note=self.reason,
            )

    def _get_approvers(self):
        """Hook: who is asked: the file's analyst when he may, else the managers."""
        analyst = self.profile_id.analyst_id
        if analyst and analyst.active and not self._get_answer_obstacle(analyst):
            return analyst
        group = self.env.ref("credit_control.credit_control_group_manager")
        return group.all_user_ids.filtered(
            lambda user: (
                user.active
                and self.company_id in user.company_ids.root_id
                and not self._get_answer_obstacle(user)
            )
        )

    def _close_activities(self):
        self.activity_unlink(["credit_control.mail_activity_line_request"])

    # === GRANTING === #

    def _grant(self):
        end = self._get_end()
        if end and end < self.company_id._credit_today():
            raise UserError(self.env._("The end date is in the past."))
        line = self._get_line_to_change()
        line = self._raise_line(line) if line else self._open_line()
        self.sudo().line_id = line  # written by the steps only
        self._answer(
            "granted",
            self.env._(
                "Granted: %(amount)s",
                amount=self.currency_id.format(self.granted_amount),
            ),
        )

    def _raise_line(self, line):
        """Raise the line by a change with its history."""
        # sudo: authority was checked by the caller for this very amount.
        change = (
            self.env["credit.line.change"]
            .sudo()
            .create(
                {
                    "line_id": line.id,
                    "amount": line.amount + self.granted_amount,
                    "reason": self.reason,
                }
            )
        )
        change._apply()
        return line

    def _open_line(self):
        # sudo: authority was checked by the caller for this very amount.
        profiles = self.env["credit.profile"].sudo()
        profile = profiles._get_or_create(self.partner_id, self.company_id)
        lines = self.env["credit.line"].sudo()
        return lines.create(self._prepare_line(profile))

    def _prepare_line(self, profile):
        """Hook: values of the line that a request opens."""
        return {
            "profile_id": profile.id,
            "kind_id": self.kind_id.id,
            "amount": self.granted_amount,
            "currency_id": self.currency_id.id,
            "date_to": self._get_end(),
            "state": "active",
            # sudo: whoever grants credit need not be a salesperson.
            "origin": self.sudo().order_id.name,
            "note": self.reason,
        }

    def _answer(self, state, word):
        # sudo: the state is written by the steps only; the caller was checked.
        request = self.sudo()
        request.write(
            {
                "state": state,
                "answer_user_id": self.env.uid,
                "date_answer": fields.Datetime.now(),
            }
        )
        request._close_activities()
        body = self.env._(
            "%(word)s by %(user)s. %(note)s",
            word=word,
            user=self.env.user.name,
            note=self.answer or "",
        )
        request.message_post(
            body=body,
            partner_ids=self.user_id.partner_id.ids,
            message_type="notification",
        )
        if self.order_id:
            request.order_id.message_post(body=self.env._("Credit: %s", body))
