# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .readers import for_reader


class CreditLineBatch(models.Model):
    """The buttons of a batch: each checks rights and step of its caller."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.batch"

    def _check_step(self, *states):
        self.ensure_one()
        self._check_analyst()
        self.check_access("write")
        if self.state not in states:
            raise UserError(self.env._("This step is over. Open the page again."))

    def action_preview(self):
        """Work out every row and what it would hold or clear; no line is touched.

        :raise UserError: when nobody is chosen or the spreadsheet cannot be read
        """
        self._check_step("draft")
        from_sheet = self.source == "sheet"
        found = (
            self._prepare_sheet_rows() if from_sheet else self._prepare_chosen_rows()
        )
        # sudo: rows are written by the steps only; the caller was checked above.
        batch = self.sudo()
        batch.row_ids.unlink()
        batch._work_out(self.env["credit.line.batch.row"].sudo().create(found))
        batch.state = "ready"
        return True

    def action_look_again(self):
        """Work out the rows again: lines and orders may have changed meanwhile."""
        self._check_step("ready")
        batch = self.sudo()  # rows are written by the steps only; checked above
        batch._work_out(batch.row_ids)
        return True

    def action_back(self):
        self._check_step("ready", "waiting", "cancel")
        batch = self.sudo()  # checked above
        batch.row_ids.unlink()
        batch.state = "draft"
        batch._close_activities()
        return True

    def action_leave_out_problems(self):
        """Decide that the rows with a problem stay as they are."""
        self._check_step("ready")
        # sudo: rows are written by the steps only; the caller was checked above.
        rows = self.sudo().row_ids.filtered(lambda row: row.state == "problem")
        rows.write({"state": "skipped", "selected": False})
        return True

    def action_leave_out_above(self):
        """Leave out the rows that are beyond the caller's authority."""
        self._check_step("ready", "waiting")
        authority = self._get_authority(self.env.user)
        rows = self.sudo().row_ids.filtered(  # checked above
            lambda row: (
                row.state == "todo"
                and self.currency_id.compare_amounts(row.worth, authority) > 0
            )
        )
        rows.write({"selected": False})
        return True

    def action_apply(self):
        """Apply, or ask a second person when it is more than the caller decides alone.

        :raise UserError: while a row has a problem, or when nothing is left to do
        """
        self._check_step("ready")
        if self.problem_count:
            raise UserError(
                self.env._(
                    "Rows with a problem: %(count)s. Correct them or leave them out: "
                    "nothing is applied by halves.",
                    count=self.problem_count,
                )
            )
        if not self.change_count:
            raise UserError(self.env._("There is nothing to change."))
        if self._get_obstacle(self.env.user, alone=True):
            return self._ask_approvers()
        return self._start(self.env.user)

    def action_approve(self):
        """Second person: apply what somebody else prepared.

        :raise AccessError: for the person who prepared it, or without the authority
        """
        self._check_step("waiting")
        self._check_approver()
        return self._start(self.env.user)

    def action_refuse(self):
        """Second person: send it back to whoever prepared it."""
        self._check_step("waiting")
        self._check_approver()
        self.sudo().state = "ready"  # checked above
        self._close_activities()
        self.message_post(
            body=self.env._("Refused by %s.", self.env.user.name),
            partner_ids=self.asker_id.partner_id.ids,
        )
        return True

    def _check_approver(self):
        if self.env.user == self.asker_id:
            raise AccessError(self.env._("Nobody approves his own batch."))
        obstacle = self._get_obstacle(self.env.user)
        if obstacle:
            raise AccessError(obstacle)

    def _ask_approvers(self):
        # sudo: the state is written by the steps only; the caller was checked.
        self.sudo().write({"state": "waiting", "asker_id": self.env.uid})
        self.message_post(
            body=self.env._(
                "Waits for approval. Debtors: %(count)s, %(before)s → %(after)s.",
                count=self.change_count,
                before=self.currency_id.format(self.total_before),
                after=self.currency_id.format(self.total_after),
            )
        )
        for user in self._get_approvers():
            batch = for_reader(self, user)
            batch.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=batch.env._("Approve a limit-change batch"),
            )
        return True

    def _get_approvers(self):
        """Hook: who is asked; everybody entitled, except the one who asks."""
        group = self.env.ref("credit_control.credit_control_group_manager")
        # sudo: who is in the group.
        users = group.sudo().all_user_ids.filtered(
            lambda user: (
                user != self.env.user
                and user.active
                and self.company_id in user.company_ids.root_id
            )
        )
        return users.filtered(lambda user: not self._get_obstacle(user))

    def _close_activities(self):
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def _start(self, approver):
        # sudo: the state is written by the steps only; the caller was checked.
        self.sudo().write(
            {
                "state": "applying",
                "approver_id": approver.id,
                "date_applied": fields.Datetime.now(),
            }
        )
        self._close_activities()
        return self._work_on()

    def action_pause(self):
        """Stop after the debtors that are being changed; the rest can follow later."""
        self._check_step("applying")
        self.sudo().state = "paused"  # checked above
        return True

    def action_resume(self):
        """Go on with the debtors that were not changed yet.

        :raise AccessError: for whoever could not have applied the batch
        """
        self._check_step("paused")
        if self.env.user != self.approver_id:
            alone = self.env.user == self.asker_id
            obstacle = self._get_obstacle(self.env.user, alone=alone)
            if obstacle:
                raise AccessError(obstacle)
        return self._start(self.env.user)

    def action_cancel(self):
        self._check_step("draft", "ready", "waiting")
        self.sudo().state = "cancel"  # checked above
        self._close_activities()
        return True

    def action_undo(self):
        """Set back every line that nobody has changed since.

        :raise AccessError: when the former amounts are beyond the caller's authority
        """
        self._check_step("done", "paused")
        authority = self._get_authority(self.env.user)
        done = [("batch_id", "=", self.id), ("state", "=", "done")]
        above = self.env["credit.line.batch.row"].search_count(
            [*done, ("worth", ">", authority)], limit=1
        )
        if above:
            raise AccessError(
                self.env._(
                    "Your authority ends at %s.", self.currency_id.format(authority)
                )
            )
        # sudo: the state is written by the steps only; the caller was checked.
        self.sudo().write({"state": "undoing", "approver_id": self.env.uid})
        return self._work_on()

    def action_refresh(self):
        """Show the figures of now: the page is loaded again after each button."""
        self._check_analyst()
        return True

    # === LISTS === #

    def action_open_rows(self):
        return self._open_rows("credit.line.batch.row", self.env._("Debtors"))

    def action_open_problems(self):
        action = self.action_open_rows()
        return {**action, "context": {"search_default_problems": 1}}

    def action_open_documents(self):
        return self._open_rows(
            "credit.line.batch.document", self.env._("Held or Cleared")
        )

    def _open_rows(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list")],
            "domain": [("batch_id", "=", self.id)],
        }
