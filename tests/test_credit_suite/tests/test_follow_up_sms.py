# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.credit_control.tests.message_common import MessageCommon


@tagged("post_install", "-at_install")
class TestFollowUpSms(MessageCommon):
    """Follow-ups by Odoo's SMS add-on, which credit_control does not depend on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notice = cls._notice(cls._late())

    @classmethod
    def _go_live(cls):
        # One engine sends: beside Odoo's own follow-ups our plan drives them.
        plan = cls.env.ref("credit_control.credit_dunning_plan_default")
        cls.company.credit_followup_plan_id = plan
        return super()._go_live()

    def test_sms_waits_in_odoos_queue_and_tells_what_became_of_it(self):
        self.level.write({"by_email": False, "by_sms": True})
        self.debtor.phone = "+33 6 02 03 04 05"
        message = self._send(self.notice)
        text = self.env["sms.sms"].search([("uuid", "=", message.sms_reference)])
        self.assertEqual((text.number, text.state), (self.debtor.phone, "outgoing"))
        self._run_cron("credit.dunning.message", "_cron_follow")
        self.assertEqual(message.state, "queued")
        text.write({"state": "error", "failure_type": "sms_credit"})
        self._run_cron("credit.dunning.message", "_cron_follow")
        self.assertEqual(
            (message.state, message.error), ("failed", "Insufficient Credit")
        )

    def test_p14_a_copied_database_sends_no_sms(self):
        text = self._queue_sms()
        with file_open("credit_control/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(text.state, "canceled")

    def test_cancelled_sms_does_not_leave(self):
        text = self._queue_sms()
        self._message(self.notice, "sms").with_user(self.accountant).action_cancel()
        self.assertEqual(text.state, "canceled")

    def _queue_sms(self):
        self.level.write({"by_email": False, "by_sms": True})
        self.debtor.phone = "+33 6 02 03 04 05"
        message = self._send(self.notice)
        self.env.flush_all()
        return self.env["sms.sms"].search([("uuid", "=", message.sms_reference)])
