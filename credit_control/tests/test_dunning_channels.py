# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import shutil
from unittest import skipUnless
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger
from odoo.tools.pdf import PdfReader

from .message_common import MessageCommon

MAIL = "odoo.addons.base.models.ir_mail_server"
BOUNCE = """Return-Path: <>
To: bounce@example.com
From: MAILER-DAEMON@example.com
Subject: Undelivered Mail
Message-Id: <bounce-1@example.com>
In-Reply-To: {reference}
References: {reference}
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

No such mailbox.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; debtor@example.com
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

Message-Id: {reference}
To: debtor@example.com
--b--
"""


@tagged("post_install", "-at_install")
class TestDunningChannels(MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._late()
        cls.notice = cls._notice(cls.invoice)

    def test_a_batch_wakes_the_mail_queue_once_and_reads_together(self):
        """Each e-mail costs a few statements, whatever a batch holds."""
        few, many = self._new_batch(2), self._new_batch(10)
        self._send_batch(self._new_batch(1))
        triggers = self.env["ir.cron.trigger"].sudo()
        job = self.env.ref("mail.ir_cron_mail_scheduler_action")
        before = triggers.search_count([("cron_id", "=", job.id)])
        least = self._send_batch(few)
        self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before + 1)
        each = (self._send_batch(many) - least) / 8
        self.assertLess(each, 20)
        self.assertEqual(set(many.dunning_message_ids.mapped("state")), {"queued"})

    def _new_batch(self, count):
        return (
            self.env["credit.dunning.notice"]
            .sudo()
            .union(*(self._notice(self._late()) for _number in range(count)))
        )

    def _send_batch(self, notices):
        """Send notices that still stand.

        :return: int, statements
        """
        self.env.flush_all()
        self.env.invalidate_all()
        model = type(notices)
        nothing = self.env["credit.reason"]
        with patch.object(
            model, "_recheck", lambda batch: dict.fromkeys(batch, nothing)
        ):
            before = self.env.cr.sql_log_count
            notices._send()
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _run_mail_queue(self, mails):
        """Run Odoo's queue on these mails; SMTP answers that all is well."""
        server = type(self.env["ir.mail_server"])
        own = patch.object(type(self.env.registry), "cursor", self._get_own_cursor)
        with own, patch.object(server, "_disable_send", return_value=False):
            with (
                patch.object(server, "_connect__", return_value=None),
                patch.object(
                    server,
                    "send_email",
                    side_effect=lambda msg, **_kw: msg["Message-Id"],
                ) as smtp,
            ):
                mails.send()
        return smtp.call_args_list

    # === E-MAIL === #

    def test_sent_email_is_recorded_with_its_reference(self):
        message = self._send(self.notice)
        self.assertEqual(message.state, "queued")
        sent = self._run_mail_queue(message.mail_mail_id)
        self.assertEqual(len(sent), 1)
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.mail_reference, sent[0].args[0]["Message-Id"])
        self.assertTrue(message.sent_at)

    def test_p13_email_that_was_handed_over_is_not_handed_over_again(self):
        message = self._send(self.notice)
        mail = message.mail_mail_id
        self._run_mail_queue(mail)
        # As after a crash between SMTP and the record of it.
        mail.state = "outgoing"
        message.state = "queued"
        self.assertEqual(self._run_mail_queue(mail), [])
        self.assertEqual(message.state, "failed")
        self.assertIn("may have left", message.error)
        message.with_user(self.accountant).action_retry()
        self.assertEqual(len(self._run_mail_queue(message.mail_mail_id)), 1)
        self.assertEqual(message.state, "sent")

    def test_refused_email_is_listed_and_the_notice_fails(self):
        message = self._send(self.notice)
        message.mail_mail_id.write({"state": "exception", "failure_reason": "550 no"})
        message.mail_mail_id._postprocess_sent_message([], [], "550 no", "unknown")
        self.assertEqual((message.state, message.error), ("failed", "550 no"))
        self.assertEqual((self.notice.state, self.notice.error), ("failed", "550 no"))
        message.with_user(self.accountant).action_retry()
        self.assertEqual((message.state, self.notice.state), ("queued", "sent"))

    def test_mail_server_that_is_away_is_tried_again_by_itself(self):
        message = self._send(self.notice)
        mail = message.mail_mail_id
        server = type(self.env["ir.mail_server"])
        with patch.object(server, "_connect__", side_effect=OSError("away")):
            mail.send()
        self.assertEqual((message.state, message.error), ("failed", "away"))
        self._run_cron("credit.dunning.message", "_cron_follow")
        self.assertEqual((message.state, mail.state), ("queued", "outgoing"))
        self.assertEqual(self.notice.state, "sent")

    def test_bounce_comes_back_to_the_message_and_asks_for_an_address(self):
        self.env["mail.alias.domain"].create({"name": "example.com"})
        message = self._send(self.notice)
        self._run_mail_queue(message.mail_mail_id)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                False, BOUNCE.format(reference=message.mail_reference)
            )
        self.assertEqual(message.state, "bounced")
        self.assertIn("debtor@example.com", message.error)
        self.assertEqual(self.notice.state, "failed")
        self.assertEqual(self.notice.activity_ids.user_id, self.accountant)
        self.debtor.email = "right@example.com"
        message.with_user(self.accountant).action_retry()
        self.assertEqual(message.state, "queued")
        self.assertIn("right@example.com", message.mail_mail_id.email_to)

    def test_bounce_that_names_no_address_is_recognised_by_its_reference(self):
        self.env["mail.alias.domain"].create({"name": "example.com"})
        message = self._send(self.notice)
        self._run_mail_queue(message.mail_mail_id)
        bounce = BOUNCE.format(reference=message.mail_reference)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                False,
                bounce.replace("Final-Recipient: rfc822; debtor@example.com\n", ""),
            )
        self.assertEqual(message.state, "bounced")

    def test_company_without_address_is_told_before_the_queue_refuses(self):
        self.company.partner_id.email = False
        server = type(self.env["ir.mail_server"])
        with patch.object(server, "_get_default_from_address", return_value=False):
            with self.assertRaisesRegex(UserError, "no e-mail address to send from"):
                self.notice._deliver()

    def test_broken_template_is_the_problem_of_its_level_alone(self):
        self.level.mail_template_id = self.env["mail.template"].create(
            {
                "name": "Broken",
                "model_id": self.env["ir.model"]._get_id("credit.dunning.notice"),
                "subject": "Hello",
                "body_html": """<p t-out="1 / (object.partner_id.name != 'Boom')"/>""",
            }
        )
        self.level.by_letter = True
        self.debtor.name = "Boom"
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            self._send(self.notice)
        self.assertEqual(self._message(self.notice).state, "failed")
        self.assertTrue(self._message(self.notice).error)
        self.assertEqual(self._message(self.notice, "letter").state, "queued")

    def test_invoices_are_attached_as_they_were_sent(self):
        self.level.attach_invoices = True
        pdf = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-as-sent",
                "res_model": "account.move",
                "res_id": self.invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.invoice.invalidate_recordset(["invoice_pdf_report_id"])
        message = self._send(self.notice)
        self.assertEqual(message.mail_mail_id.attachment_ids, pdf)

    # === LETTER === #

    @skipUnless(shutil.which("wkhtmltopdf"), "needs wkhtmltopdf")
    def test_letter_is_made_once_and_printed_with_the_others(self):
        self.level.write({"by_email": False, "by_letter": True})
        other = self.env["res.partner"].create(
            {"name": "Another", "is_company": True, **self._postal("x@example.com")}
        )
        letters = self._send(self.notice)
        letters |= self._send(self._notice(self._late(partner=other), partner=other))
        self._run_cron("credit.dunning.message", "_cron_print")
        made = letters.document_id
        self.assertEqual(len(made), 2)
        runs = letters.run_id.with_user(self.accountant)
        self.assertIn("/web/content/", runs[0].action_print_letters()["url"])
        with self.assertRaises(AccessError):
            runs[0].with_user(self.viewer).action_print_letters()
        action = letters.with_user(self.accountant).action_print()
        self.assertEqual(letters.document_id, made)
        printed = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        pages = PdfReader(io.BytesIO(printed.raw)).pages
        self.assertEqual(len(pages), 2)
        self.assertIn("Another", pages[0].extract_text())
        self.assertTrue(all(letter._has_kept_words() for letter in letters))
        letters.with_user(self.accountant).action_mark_posted()
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        self.assertEqual(set(letters.mapped("date_posted")), {self.day})

    @skipUnless(shutil.which("wkhtmltopdf"), "needs wkhtmltopdf")
    def test_letter_that_was_changed_behind_our_back_is_noticed(self):
        self.level.write({"by_email": False, "by_letter": True})
        letter = self._send(self.notice)
        file = letter._make_document()
        for values in ({"raw": b"%PDF-changed"}, {"res_id": 0}):
            with self.assertRaises(UserError):
                file.write(values)
        file.name = "Another name.pdf"
        self.assertTrue(letter._has_kept_words())
        letter.document_sha256 = "0" * 64
        self.assertFalse(letter._has_kept_words())

    def test_letters_without_the_program_for_pdf_say_so(self):
        self.level.write({"by_email": False, "by_letter": True})
        letter = self._send(self.notice)
        report = type(self.env["ir.actions.report"])
        with patch.object(report, "get_wkhtmltopdf_state", return_value="install"):
            self._run_cron("credit.dunning.message", "_cron_print")
        self.assertEqual(letter.state, "failed")
        self.assertIn("wkhtmltopdf", letter.error)

    def test_printing_without_letters_says_so(self):
        message = self._send(self.notice)
        with self.assertRaisesRegex(UserError, "no letter"):
            message.with_user(self.accountant).action_print()
        with self.assertRaisesRegex(UserError, "no letter"):
            message.with_user(self.accountant).action_open_document()

    # === PHONE, SMS, PORTAL === #

    def test_call_is_a_task_on_the_customer_and_done_with_it(self):
        self.level.write({"by_email": False, "by_phone": True})
        self.debtor.phone = "+33 1 02 03 04 05"
        message = self._send(self.notice)
        task = self.debtor.activity_ids
        self.assertEqual((task.user_id, message.state), (self.accountant, "queued"))
        self.assertIn("+33 1 02 03 04 05", task.summary)
        self.assertIn("Ask for", task.note)
        task.with_user(self.accountant).action_feedback("He pays on Friday")
        self.assertEqual(message.state, "sent")

    def test_without_odoos_sms_addon_the_sms_fails_and_says_why(self):
        self.level.write({"by_email": True, "by_sms": True})
        self.debtor.phone = "+33 6 02 03 04 05"
        place = "odoo.addons.credit_control.models.dunning.credit_dunning_task.SMS"
        with patch(place, "sms.not.installed"):
            self._send(self.notice)
        self.assertIn("not installed", self._message(self.notice, "sms").error)
        self.assertEqual(self._message(self.notice).state, "queued")

    def test_portal_message_is_there_at_once(self):
        self.level.write({"by_email": False, "by_portal": True})
        message = self._send(self.notice)
        self.assertEqual(message.state, "sent")
        found = message.search(message._get_portal_domain(self.debtor))
        self.assertEqual(found, message)
        self.assertIn("Dear Debtor", self.debtor.message_ids[0].body)

    def test_p14_a_copied_database_sends_nothing(self):
        message = self._send(self.notice)
        mail = message.mail_mail_id
        refused = self._send(self._notice(self._late(12)))
        refused.mail_mail_id.write({"state": "exception", "failure_reason": "away"})
        refused._mark_failed("away")
        self.env.flush_all()
        with file_open("credit_control/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual((message.state, mail.state), ("cancelled", "cancel"))
        self.assertFalse(self.company.credit_dunning_live)
        self._run_cron("credit.dunning.message", "_cron_follow")
        self.assertEqual(self._run_mail_queue(mail + refused.mail_mail_id), [])
        self.assertEqual(refused.state, "failed")

    def test_test_mode_takes_back_what_waits(self):
        message = self._send(self.notice)
        mail = message.mail_mail_id
        self.notice.run_id.with_user(self.accountant).action_go_test()
        self.assertEqual((message.state, mail.state), ("cancelled", "cancel"))
        self.assertEqual(self.notice.state, "failed")
        self.assertIn("taken back", self.notice.error)
        self.assertEqual(self._run_mail_queue(mail), [])

    def test_the_portal_alone_does_not_make_up_for_a_failed_email(self):
        self.level.write({"by_portal": True, "letter_instead": False})
        self.debtor.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.notice._deliver()

    def test_cancelled_email_does_not_leave(self):
        message = self._send(self.notice)
        message.with_user(self.accountant).action_cancel()
        self.assertEqual(self._run_mail_queue(message.mail_mail_id), [])
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(self.notice.state, "failed")
