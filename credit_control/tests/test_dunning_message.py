# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .message_common import MessageCommon


@tagged("post_install", "-at_install")
class TestDunningMessage(MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._late()
        cls.notice = cls._notice(cls.invoice)

    # === WHAT IS SHOWN IS SENT === #

    def test_p13_preview_is_what_is_sent(self):
        self.notice.with_user(self.accountant).action_preview()
        shown = self._message(self.notice)
        sha256, body, subject = shown.sha256, str(shown.body), shown.subject
        self._send(self.notice)
        mail = shown.mail_mail_id
        self.assertEqual(mail.body_html, body)
        self.assertEqual(
            (mail.subject, mail.email_to), (subject, '"Debtor" <debtor@example.com>')
        )
        self.assertEqual(shown.sha256, sha256)
        self.assertTrue(shown._has_kept_words())

    def test_p13_a_template_that_changes_after_the_preview_changes_nothing(self):
        self.notice.with_user(self.accountant).action_preview()
        self.env.ref("credit_control.credit_dunning_mail_1").subject = "Something else"
        message = self._send(self.notice)
        self.assertIn("reminder", message.mail_mail_id.subject)

    def test_p13_amounts_that_change_after_the_preview_are_written_anew(self):
        self.notice.with_user(self.accountant).action_preview()
        before = self._message(self.notice).sha256
        self.notice.item_ids.write({"amount_residual": 60.0, "amount_currency": 60.0})
        self.notice.amount_total = 60.0
        message = self._send(self.notice)
        self.assertNotEqual(message.sha256, before)
        self.assertIn("60.00", message.mail_mail_id.body_html)
        self.assertNotIn("100.00", message.mail_mail_id.body_html)

    def test_nothing_is_written_twice(self):
        self.notice.with_user(self.accountant).action_preview()
        self._send(self.notice)
        self.notice.state = "prepared"
        self.notice._deliver()
        self.assertEqual(len(self.notice.dunning_message_ids), 1)
        self.assertEqual(
            self.env["mail.mail"].search_count(
                [("model", "=", "credit.dunning.message")]
            ),
            1,
        )

    def test_test_mode_prepares_and_nothing_leaves(self):
        for values in ({"is_test": True}, {}):
            self.company.credit_dunning_live = bool(values)
            notice = self._notice(self.invoice, **values)
            notice._deliver()
            message = self._message(notice)
            self.assertEqual(message.state, "prepared")
            self.assertFalse(message.mail_mail_id)
            message.state = "failed"
            message.with_user(self.accountant).action_retry()
            self.assertFalse(message.mail_mail_id)
            self.assertIn("test mode", message.error)

    # === FOR WHOM === #

    def test_language_is_the_customers_not_the_senders(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("credit_control.credit_dunning_mail_1")
        template.with_context(lang="fr_FR").subject = "Rappel {{ object.text_total }}"
        self.level.with_context(lang="fr_FR").letter_body = "<p>Bonjour {due_date}</p>"
        self.level.by_letter = True
        self.debtor.lang = "fr_FR"
        notice = self._notice(self.invoice)
        notice.with_user(self.accountant).action_preview()
        self.assertRegex(self._message(notice).subject, "^Rappel .*100,00")
        letter = self._message(notice, "letter")
        due = self.invoice.invoice_date_due
        self.assertIn(f"Bonjour {due:%d/%m/%Y}", str(letter.body))
        self.assertEqual(letter.lang, "fr_FR")

    def test_language_that_is_not_installed_falls_back_to_the_companys(self):
        notice = self._notice(self.invoice, lang="xx_XX")
        notice._write_messages()
        self.assertEqual(self._message(notice).lang, "en_US")

    def test_contacts_that_receive_follow_ups_get_all_of_them(self):
        self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": self.debtor.id,
                    "email": f"{name}@example.com",
                    "type": kind,
                    "credit_dunning_contact": marked,
                }
                for name, kind, marked in (
                    ("bill", "invoice", False),
                    ("ann", "contact", True),
                    ("bob", "contact", True),
                )
            ]
        )
        emails = self.notice._get_emails()[1]
        self.assertEqual(len(emails), 2)
        self.assertIn("ann@example.com", emails[0])
        self.debtor.child_ids.credit_dunning_contact = False
        self.assertEqual(self.notice._get_emails()[1], ['"bill" <bill@example.com>'])

    def test_all_addresses_of_a_contact_are_written_to(self):
        self.debtor.email = "one@example.com; Two <two@example.com>"
        emails = self.notice._get_emails()[1]
        self.assertEqual(len(emails), 2)
        self.assertIn("Two", emails[1])

    def test_without_email_the_letter_still_goes(self):
        self.level.by_letter = True
        self.debtor.email = False
        self._send(self.notice)
        self.assertEqual(self._message(self.notice).state, "failed")
        self.assertIn("no e-mail address", self._message(self.notice).error)
        self.assertEqual(self._message(self.notice, "letter").state, "queued")

    def test_without_email_a_letter_goes_instead_and_the_dry_run_says_so(self):
        self.debtor.email = False
        self.assertEqual(self.notice.channels, "Letter (no e-mail)")
        self._send(self.notice)
        letter = self.notice.dunning_message_ids
        self.assertEqual((letter.channel, letter.state), ("letter", "queued"))
        self.assertIn("1 High Street", letter.recipient)
        self.debtor.email = "late@example.com"
        self.notice.invalidate_recordset(["channels"])
        self.assertEqual(self.notice.channels, "Letter (no e-mail)")

    def test_p13_an_address_that_came_meanwhile_is_used(self):
        self.debtor.email = False
        self.notice.with_user(self.accountant).action_preview()
        self.assertEqual(self.notice.dunning_message_ids.channel, "letter")
        self.debtor.email = "new@example.com"
        self._send(self.notice)
        self.assertEqual(self.notice.dunning_message_ids.channel, "email")
        self.assertEqual(self.notice.dunning_message_ids.state, "queued")

    def test_no_letter_instead_where_the_level_says_so(self):
        self.debtor.email = False
        self.level.letter_instead = False
        self.assertEqual(self.notice.channels, "E-mail: no address!")
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.notice._deliver()
        before = self.level.create(
            {
                "plan_id": self.plan.id,
                "name": "Soon",
                "delay": -3,
                "kind": "before",
            }
        )
        self.assertFalse(before.letter_instead)

    def test_a_level_without_words_has_those_of_its_kind(self):
        self.debtor.email = False
        self.level.letter_body = "<p><br></p>"
        self._send(self.notice)
        words = self.env.ref("credit_control.credit_dunning_level_1").letter_body
        self.assertIn("This may be an oversight", words)
        body = str(self.notice.dunning_message_ids.body)
        self.assertIn("This may be an oversight", body)
        self.assertNotIn("{", body.split("</style>")[1])

    def test_without_any_way_to_the_customer_the_notice_says_so(self):
        self.debtor.write({"email": False, "street": False})
        self.level.by_letter = True
        with self.assertRaisesRegex(UserError, "no postal address.*no e-mail address"):
            self.notice._deliver()

    def test_level_without_channel_is_reported(self):
        self.level.by_email = False
        with self.assertRaisesRegex(UserError, "no channel"):
            self.notice._deliver()

    # === TEXTS === #

    def test_unknown_word_in_braces_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "password"):
            self.level.letter_body = "<p>{password}</p>"

    def test_texts_of_levels_run_no_code(self):
        self.level.sms_body = "{{ object.env }} <t t-out='1'/> {total}"
        notice = self.notice._in_language()
        text = notice._fill_text(self.level.sms_body)
        self.assertTrue(text.startswith("{{ object.env }} <t t-out='1'/> $"))

    def test_names_are_text_in_letters(self):
        self.debtor.name = "<b>{total}</b>"
        html = self.notice._in_language()._fill_html(self.level.letter_body)
        self.assertIn("&lt;b&gt;{total}&lt;/b&gt;", html)

    # === RIGHTS === #

    def test_only_postal_dates_are_entered_by_hand(self):
        message = self._send(self.notice).with_user(self.accountant)
        message.write({"tracking_number": "1A 234", "date_received": self.day})
        for name, value in (("state", "failed"), ("body", "x"), ("notice_id", 1)):
            with self.assertRaises(AccessError):
                message.write({name: value})
        with self.assertRaises(AccessError):
            message.unlink()
        with self.assertRaises(AccessError):
            message.create({"notice_id": self.notice.id, "channel": "sms"})

    def test_salespeople_neither_read_nor_send(self):
        message = self._send(self.notice).with_user(self.salesman)
        with self.assertRaises(AccessError):
            message.read(["body"])
        for action in ("action_retry", "action_cancel", "action_print"):
            with self.assertRaises(AccessError):
                getattr(message, action)()
        with self.assertRaises(AccessError):
            self.notice.with_user(self.salesman).action_preview()

    def test_viewers_look_but_do_not_send(self):
        message = self._send(self.notice).with_user(self.viewer)
        self.assertTrue(message.read(["body"]))
        with self.assertRaises(AccessError):
            message.action_retry()

    def test_messages_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user("stranger", "account.group_account_user")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        message = self._send(self.notice)
        self.assertFalse(message.with_user(stranger).search([("id", "=", message.id)]))
        with self.assertRaises(AccessError):
            message.with_user(stranger).action_retry()

    def test_what_was_sent_stays(self):
        message = self._send(self.notice)
        message._mark_sent()
        with self.assertRaises(UserError):
            message.body = "<p>Something else</p>"
        with self.assertRaises(UserError):
            message.unlink()
