# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import shutil
from datetime import timedelta
from unittest import skipUnless
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dunning_common import DunningCommon

SEND = "odoo.addons.credit_control.models.dunning.credit_dunning_notice_send"


@tagged("post_install", "-at_install")
class TestDunningRoad(DunningCommon):
    """From the dry run to the mail queue, as an accountant goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.email = "us@example.com"
        cls.plan.level_ids.write({"by_email": True, "by_portal": False})
        cls.others = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "is_company": True,
                    "email": f"customer{number}@example.com",
                }
                for number in range(2)
            ]
        )
        cls.invoices = cls._late(25, 100.0)
        for partner in cls.others:
            cls.invoices |= cls._late(25, 100.0, partner=partner)
        cls.dry_run = cls._run()
        cls.notices = cls.dry_run.sudo().notice_ids.sorted("id")
        cls.notice = cls.notices.filtered(lambda n: n.partner_id == cls.debtor)

    def _mails(self):
        messages = self.notices.dunning_message_ids
        return messages.mail_mail_id.filtered(lambda mail: mail.state == "outgoing")

    def test_p13_what_the_dry_run_showed_is_in_the_queue(self):
        for notice in self.notices:
            notice.with_user(self.accountant).action_preview()
        shown = {msg.sha256 for msg in self.notices.dunning_message_ids}
        self.dry_run.action_send()
        self.assertEqual(len(self._mails()), 3)
        self.assertEqual(
            {msg._get_sha256() for msg in self.notices.dunning_message_ids}, shown
        )
        self.assertEqual(
            set(self._mails().mapped("body_html")),
            {str(msg.body) for msg in self.notices.dunning_message_ids},
        )

    def test_p13_a_promise_between_run_and_sending(self):
        self.env["credit.promise"].sudo().create(
            {
                "profile_id": self.notice.profile_id.id,
                "date": self.day + timedelta(5),
                "amount": 100.0,
            }
        )
        self.dry_run.action_send()
        self.assertEqual(self.notice.state, "skipped")
        self.assertEqual(len(self._mails()), 2)
        self.assertFalse(self.notice.dunning_message_ids)

    def test_p13_cancelled_and_paid_between_run_and_sending(self):
        self.invoices[0].button_draft()
        self.invoices[0].button_cancel()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoices[1].ids
        ).create({"amount": 30.0}).action_create_payments()
        self.dry_run.action_send()
        self.assertEqual(self.notice.state, "skipped")
        bodies = {mail.email_to: mail.body_html for mail in self._mails()}
        self.assertEqual(len(bodies), 2)
        self.assertIn("70.00", bodies['"Customer 0" <customer0@example.com>'])
        self.assertIn("100.00", bodies['"Customer 1" <customer1@example.com>'])

    def test_bad_input_is_reported_and_the_rest_goes_out(self):
        self.debtor.email = False
        self.notices[1].lang = "xx_XX"
        self.dry_run.action_send()
        self.assertEqual(self.notice.state, "failed")
        self.assertIn("no e-mail address", self.notice.error)
        self.assertEqual(len(self._mails()), 2)
        self.debtor.email = "found@example.com"
        self.dry_run.action_retry()
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(len(self._mails()), 3)

    def test_what_takes_long_goes_on_in_the_background(self):
        with patch(f"{SEND}.PATIENCE", -1):
            self.dry_run.action_send()
            self.assertEqual(
                (self.dry_run.state, self.dry_run.is_sending), ("sending", True)
            )
            self.assertEqual((self.dry_run.sent_count, len(self._mails())), (1, 1))
            self.env = self.env(su=True)
            self._run_cron("credit.dunning.run", "_cron_work")
        self.assertEqual((self.dry_run.state, self.dry_run.sent_count), ("done", 3))
        self.assertEqual(len(self._mails()), 3)

    def _bounce(self):
        """The e-mail of the debtor came back after it was sent."""
        self.dry_run.action_send()
        message = self.notice.dunning_message_ids
        message._mark_sent()
        message._mark_failed("The e-mail came back.", state="bounced")
        self.assertEqual(self.notice.state, "failed")
        return message

    def test_p13_what_came_back_and_is_paid_since_is_not_sent_again(self):
        message = self._bounce()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoices[0].ids
        ).create({}).action_create_payments()
        message.with_user(self.accountant).action_retry()
        self.assertEqual(len(self._mails()), 2)
        self.assertEqual((message.state, self.notice.state), ("cancelled", "skipped"))
        self.assertEqual(self.notice.reason_id.code, "dunning_paid")
        self.assertIn("Paid", message.error)

    def test_p13_what_is_less_since_waits_for_the_next_run(self):
        message = self._bounce()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoices[0].ids
        ).create({"amount": 30.0}).action_create_payments()
        message.with_user(self.accountant).action_retry()
        self.assertEqual(self.notice.reason_id.code, "dunning_changed")
        self.assertEqual(self.notice.item_ids.amount_residual, 100.0)
        again = self._run().notice_ids.filtered(lambda n: n.partner_id == self.debtor)
        self.assertEqual((again.level_id, again.amount_total), (self._level(10), 70.0))

    def test_p13_the_mail_server_was_away_and_he_promised(self):
        self.dry_run.action_send()
        mails = self._mails()
        mails.write({"state": "exception"})
        for message in self.notices.dunning_message_ids:
            message._mark_failed("away")
        self.env["credit.promise"].sudo().create(
            {
                "profile_id": self.notice.profile_id.id,
                "date": self.day + timedelta(5),
                "amount": 100.0,
            }
        )
        self._run_cron("credit.dunning.message", "_cron_follow")
        self.assertEqual(
            sorted(self.notices.mapped("state")), ["sent", "sent", "skipped"]
        )
        self.assertEqual(self.notice.reason_id.code, "promised")
        self.assertNotIn(self.notice.dunning_message_ids.mail_mail_id, self._mails())
        self.assertEqual(len(self._mails()), 2)

    @skipUnless(shutil.which("wkhtmltopdf"), "needs wkhtmltopdf")
    def test_the_letter_that_is_on_its_way_does_not_stop_the_email(self):
        self.plan.level_ids.by_letter = True
        self.debtor.city = "Lyon"
        self.dry_run.action_send()
        email = self.notice._get_message("email")
        email._mark_failed("full", state="bounced")
        self.assertEqual(self.notice.state, "sent")
        email.with_user(self.accountant).action_retry()
        self.assertEqual((email.state, self.notice.state), ("queued", "sent"))

    def test_template_error_of_one_customer_stops_nobody_else(self):
        self.plan.level_ids.mail_template_id = self.env["mail.template"].create(
            {
                "name": "Broken for one",
                "model_id": self.env["ir.model"]._get_id("credit.dunning.notice"),
                "subject": "Hello",
                "body_html": """<p t-out="1 / (object.partner_id.ref != 'x')"/>""",
            }
        )
        self.debtor.ref = "x"
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            self.dry_run.action_send()
        self.assertEqual(self.notice.state, "failed")
        self.assertTrue(self.notice.error)
        self.assertEqual(len(self._mails()), 2)

    def test_two_companies_write_in_their_own_names_about_their_own_invoices(self):
        other = self.setup_other_company(name="Other")["company"]
        other.partner_id.email = "they@example.com"
        other.write(
            {"credit_dunning_live": True, "credit_default_policy_id": self.policy.id}
        )
        self.env.user.company_ids += other
        self.env = self.env(
            context=dict(self.env.context, allowed_company_ids=[other.id])
        )
        theirs = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.debtor.id,
                "invoice_date": self.day - timedelta(55),
                "invoice_date_due": self.day - timedelta(25),
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 9, "tax_ids": False})
                ],
            }
        )
        theirs.action_post()
        run = self.env["credit.dunning.run"].sudo().create({"company_id": other.id})
        run.action_prepare()
        run.action_send()
        mail = run.notice_ids.dunning_message_ids.mail_mail_id
        self.assertEqual(run.notice_ids.item_ids.move_id, theirs)
        self.assertEqual(mail.email_from, other.email_formatted)
        self.assertEqual(mail.record_company_id, other)
        self.assertNotIn("100.00", mail.body_html)
