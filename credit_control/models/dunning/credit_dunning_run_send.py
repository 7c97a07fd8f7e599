# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..readers import for_reader, job

CHUNK = 50  # notices handed out in one transaction
AT_ONCE = 50  # so many are sent in the request, the rest in the background


class CreditDunningRun(models.Model):
    """Send what a dry run showed, in small transactions that can go on any time."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

    def action_send(self):
        """Send what the dry run shows, looked at again one by one.

        :raise AccessError: for others than credit analysts and invoicing users
        :raise UserError: for a day in the future, or a run that is no dry run
        """
        self._check_dunner()
        self.check_access("write")
        for run in self:
            run._check_sendable()
            # sudo: what others may not write is written by this flow only.
            run.sudo()._start_sending()
        return True

    def _check_sendable(self):
        if self.state != "draft" or not self.date_prepared:
            raise UserError(self.env._("Prepare the dry run first."))
        if self.date > self.company_id._credit_today():
            raise UserError(
                self.env._("A run of a later day can be looked at, not sent.")
            )
        if not self._may_leave():
            raise UserError(
                self.env._(
                    "The company is in test mode now: prepare the dry run again."
                )
            )
        if not self.notice_ids:
            raise UserError(self.env._("There is nothing to send."))

    def _may_leave(self):
        """Whether messages may leave, or none of this run does anyhow."""
        return self.is_test or self.company_id.credit_dunning_live

    def _start_sending(self):
        self.state = "sending"
        self._work_once(AT_ONCE)
        if self.state == "sending":
            # sudo: starting this job is all that is done with it.
            self.env.ref("credit_control.ir_cron_dunning").sudo()._trigger()

    def _work_once(self, limit=CHUNK):
        """Hand out the next notices.

        :return: tuple, how many were done, how many are left
        """
        self.ensure_one()
        if not self._may_leave():
            return 0, 0
        notices = self.env["credit.dunning.notice"]._claim(self, limit)
        done = notices._send()
        left = self._count_left()
        if not left:
            self._finish()
        return len(done), left

    def _count_left(self):
        return self.env["credit.dunning.notice"].search_count(
            [
                ("run_id", "=", self.id),
                ("state", "=", "prepared"),
                ("date_checked", "=", False),
            ]
        )

    def _finish(self):
        """Close the run; failed notices stay on it, to be sent again."""
        self.state = "done"

    def action_cancel(self):
        """Give up a dry run, or what a run has not sent yet.

        :raise AccessError: for others than credit analysts and invoicing users
        """
        self._check_dunner()
        self.check_access("write")
        for run in self.sudo():  # sudo: rights were checked above
            if run.state in ("draft", "sending"):
                run.notice_ids.filtered(
                    lambda notice: notice.state in ("prepared", "failed")
                ).write({"state": "cancelled"})
                run.state = "cancelled"
        return True

    def action_retry(self):
        """Try again what failed, with the same care as the first time.

        :raise AccessError: for others than credit analysts and invoicing users
        """
        self._check_dunner()
        self.check_access("write")
        for run in self.sudo():  # sudo: rights were checked above
            failed = run.notice_ids.filtered(lambda notice: notice.state == "failed")
            if run.state == "done" and failed:
                failed.write({"state": "prepared", "date_checked": False})
                run._start_sending()
        return True

    # === CRON === #

    @api.model
    @job
    def _cron_work(self):
        """Prepare the runs of the day, and go on with those that are being sent."""
        self._prepare_daily()
        cron = self.env["ir.cron"]
        for run in self.search([("state", "=", "sending")], order="id"):
            left = 1
            while left:
                done, left = run._work_once()
                if not cron._commit_progress(done, remaining=left) and left:
                    return
                if not done:
                    # Another worker has the rest.
                    break
                run.invalidate_recordset(["state"])
                if run.state != "sending":
                    break

    @api.model
    def _prepare_daily(self):
        """One run a day for each company that wants it."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search(
            [("parent_id", "=", False), ("credit_dunning_daily", "!=", "no")]
        )
        for company in companies:
            if self._is_due(company):
                run = self._create_daily(company)
                cron._commit_progress(1)
                run._send_daily()
                cron._commit_progress(1)

    def _is_due(self, company):
        """Whether today's run of a company has not been made yet."""
        return not self.search_count(
            [
                ("company_id", "=", company.id),
                ("date", ">=", company._credit_today()),
                ("is_daily", "=", True),
            ],
            limit=1,
        )

    def _create_daily(self, company):
        """Today's run; yesterday's that nobody sent makes room for it."""
        former = self.search(
            [
                ("company_id", "=", company.id),
                ("is_daily", "=", True),
                ("state", "=", "draft"),
            ]
        )
        former.action_cancel()
        run = self.create(
            {
                "company_id": company.id,
                "date": company._credit_today(),
                "is_daily": True,
            }
        )
        run._prepare()
        return run

    def _send_daily(self):
        """Send today's run by itself where the company wants that."""
        self.ensure_one()
        if self.company_id.credit_dunning_daily != "send" or not self.notice_ids:
            return
        keeper = self._get_keeper()
        run = for_reader(self, keeper)
        if warning := run._word_bank():
            run.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=keeper.id,
                summary=run.env._("Reminders wait for you"),
                note=warning,
            )
            return
        self.state = "sending"
