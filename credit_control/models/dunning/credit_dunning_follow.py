# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..readers import job

ATTEMPTS = 5  # so often e-mails are tried that no mail server has heard of
CHUNK = 100


class CreditDunningMessage(models.Model):
    """What became of messages that wait in queues that are not ours."""

    _inherit = "credit.dunning.message"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @job
    def _cron_follow(self):
        """Look at SMS, then try e-mails again that no mail server has heard of."""
        # sudo: a job of the system.
        messages = self.sudo()
        messages._follow_sms()
        cron = self.env["ir.cron"]
        waiting = messages._get_unheard()
        cron._commit_progress(remaining=len(waiting))
        for start in range(0, len(waiting), CHUNK):
            chunk = waiting[start : start + CHUNK].try_lock_for_update()
            chunk._try_again()
            if not cron._commit_progress(CHUNK):
                return

    @api.model
    def _take_back_waiting(self, companies):
        """Take back what waits in the queues of e-mail and SMS.

        :param companies: ``res.company``, root companies that went into test mode
        """
        # sudo: who switches test mode stops all that waits, whoever sent it.
        waiting = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("channel", "in", ("email", "sms")),
                "|",
                ("state", "=", "queued"),
                "&",
                ("state", "=", "failed"),
                ("mail_mail_id.state", "=", "exception"),
            ]
        )
        for message in waiting:
            message._take_back()

    def _get_unheard(self):
        """Failed e-mails that were never handed over: the mail server was away.

        Whatever was handed over once is for a person to decide.
        """
        found = self.search(
            [
                ("channel", "=", "email"),
                ("state", "=", "failed"),
                ("mail_mail_id.state", "=", "exception"),
                ("attempts", "<", ATTEMPTS),
                ("company_id.credit_dunning_live", "=", True),
            ],
            order="id",
        )
        claims = self.env["credit.dunning.handover"].search(
            [("message_id", "in", found.ids)]
        )
        return found - claims.message_id

    def _try_again(self):
        """Put e-mails that are still due back in the queue: same text, same mail."""
        due = self._keep_due()
        for message in due:
            message.attempts += 1
            message.mail_mail_id.mark_outgoing()
            message.write({"state": "queued", "error": False})
            message.notice_id._messages_changed()
        due._wake_queues()
