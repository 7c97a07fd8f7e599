# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import importlib.util
from datetime import timedelta
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .answer_common import AnswerCommon

SCRIPT = Path(__file__).parents[1] / "migrations/19.0.3.0.0/post-dispute_categories.py"


@tagged("post_install", "-at_install")
class TestDispute(AnswerCommon):
    """A dispute has an owner and a deadline, is negotiated, and ends with an outcome."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_dispute_authority = 50
        cls.category = cls.env.ref("credit_control.credit_dispute_category_price")

    def _dispute(self, amount=40, user=None, **values):
        return (
            self.env["credit.dispute"]
            .with_user(user or self.env.user)
            .create(
                {
                    "partner_id": self.debtor.id,
                    "move_id": self.invoice.id,
                    "amount": amount,
                    "category_id": self.category.id,
                    **values,
                }
            )
        )

    def _offer(self, dispute, amount, side="customer", user=None):
        return (
            self.env["credit.dispute.offer"]
            .with_user(user or self.accountant)
            .create({"dispute_id": dispute.id, "amount": amount, "side": side})
        )

    def test_the_category_gives_owner_and_deadline(self):
        self.category.write({"user_id": self.analyst.id, "days": 4})
        dispute = self._dispute(user=self.accountant)
        self.assertEqual(dispute.user_id, self.analyst)
        self.assertEqual(dispute.date_deadline, self._today(4))
        self.assertEqual(dispute.activity_ids.user_id, self.analyst)
        self.category.user_id = False
        self.profile.analyst_id = self.manager
        self.assertEqual(self._dispute(user=self.accountant).user_id, self.manager)

    def test_offers_answer_each_other_until_one_is_accepted(self):
        dispute = self._dispute()
        first = self._offer(dispute, 40)
        second = self._offer(dispute, 20, side="company")
        third = self._offer(dispute, 30)
        self.assertEqual(
            [first.state, second.state, third.state],
            ["countered", "countered", "proposed"],
        )
        third.action_accept()
        self.assertEqual(
            (third.state, third.answered_by_id.login), ("accepted", "credit_accountant")
        )
        note = dispute.refund_id
        self.assertEqual((note.state, note.move_type), ("draft", "out_refund"))
        self.assertAlmostEqual(note.amount_total, 30)
        self.assertEqual(note.reversed_entry_id, self.invoice)
        with self.assertRaises(UserError):
            third.action_refuse()

    def test_p13_it_waits_for_the_credit_note_and_closes_with_it(self):
        dispute = self._dispute()
        line = self._receivable(self.invoice).id
        dispute.with_user(self.accountant).action_credit()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self._skipped(), {"disputed": [(line, None, dispute.id)]})
        dispute.refund_id.action_post()
        self.env.cr.flush()
        self.assertEqual((dispute.state, dispute.outcome), ("closed", "credit_note"))
        self.assertAlmostEqual(self.invoice.amount_residual, 60)
        self.assertFalse(self._skipped())

    def test_nobody_credits_more_than_he_may(self):
        dispute = self._dispute(80)
        offer = self._offer(dispute, 60)
        with self.assertRaisesRegex(UserError, "alone"):
            offer.action_accept()
        with self.assertRaisesRegex(UserError, "alone"):
            self._offer(dispute, 60, side="company")
        with self.assertRaisesRegex(UserError, "alone"):
            dispute.with_user(self.accountant).action_credit()
        with self.assertRaises(AccessError):
            self.env["credit.dispute.authority"].with_user(self.salesman)._check(
                dispute, 1
            )
        offer.with_user(self.manager).action_accept()
        self.assertAlmostEqual(dispute.refund_id.amount_total, 60)

    def test_a_persons_authority_replaces_that_of_his_group(self):
        ladder = self.env["credit.dispute.authority"]
        ladder.create({"user_id": self.accountant.id, "amount": 5})
        with self.assertRaisesRegex(UserError, "up to"):
            self._offer(self._dispute(), 6, side="company")
        with self.assertRaises(ValidationError):
            ladder.create({"user_id": self.salesman.id, "amount": 5})
        with self.assertRaises(AccessError):
            ladder.with_user(self.manager).create(
                {"user_id": self.manager.id, "amount": 5}
            )

    def _mails(self):
        return self.env["mail.mail"].search([("model", "=", "credit.dispute.offer")])

    def test_our_offer_is_told_by_email_once_and_in_the_readers_language(self):
        self.company.credit_dunning_live = True
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("credit_control.mail_template_dispute_offer")
        template.with_context(lang="fr_FR").subject = "Notre offre"
        reader = self.env["res.partner"].create(
            {
                "name": "Reader",
                "parent_id": self.debtor.id,
                "email": "reader@example.com",
                "lang": "fr_FR",
            }
        )
        dispute = self._dispute(contact_id=reader.id)
        self._offer(dispute, 25)
        self.assertFalse(self._mails())
        offer = self._offer(dispute, 20, side="company")
        mail = self._mails()
        self.assertEqual((mail.recipient_ids, mail.subject), (reader, "Notre offre"))
        self.assertEqual((mail.res_id, mail.state), (offer.id, "outgoing"))
        self.assertIn("20,00", mail.body_html)
        self.assertIn("/my/credit", mail.body_html)
        offer.action_refuse()
        self.assertEqual(self._mails(), mail)
        self._offer(dispute, 22, side="company")
        self.assertEqual(len(self._mails()), 2)

    def test_p13_offers_leave_neither_in_test_mode_nor_without_an_address(self):
        dispute = self._dispute()
        self.debtor.email = "debtor@example.com"
        self._offer(dispute, 20, side="company")
        self.assertIn("Test mode", dispute.message_ids[0].body)
        self.company.credit_dunning_live = True
        self.debtor.email = False
        offer = self._offer(dispute, 20, side="company")
        self.assertIn("No e-mail address", dispute.message_ids[0].body)
        self.assertFalse(self._mails() or offer.recipient_id)

    def test_offers_are_not_written_by_hand(self):
        dispute = self._dispute()
        offer = self._offer(dispute, 10)
        with self.assertRaises(AccessError):
            offer.write({"state": "accepted"})
        with self.assertRaises(AccessError):
            dispute.with_user(self.accountant).write({"refund_id": self.invoice.id})
        with self.assertRaises(ValidationError):
            self._offer(dispute, 41)
        with self.assertRaises(AccessError):
            self._offer(dispute, 1, user=self.salesman)

    def test_p8_a_part_is_credited_to_the_cent_with_its_taxes(self):
        taxes = self.env["account.tax"].create(
            [
                {"name": f"{rate} %", "amount": rate, "type_tax_use": "sale"}
                for rate in (20, 5.5)
            ]
        )
        invoice = self._due(
            0,
            5,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": tax.name,
                        "quantity": 3,
                        "price_unit": 33.33,
                        "discount": 10,
                        "tax_ids": [Command.set(tax.ids)],
                    }
                )
                for tax in taxes
            ],
        )
        for cents in range(1, 60, 7):
            amount = 50 + cents / 100
            note = invoice._credit_note_of(amount, "")
            self.assertAlmostEqual(note.amount_total, amount, 2)
        used = note.invoice_line_ids.tax_ids
        self.assertEqual(used, taxes)
        whole = invoice._credit_note_of(invoice.amount_total, "")
        self.assertEqual(len(whole.invoice_line_ids), 2)

    def test_upheld_or_paid_it_is_closed(self):
        upheld, paid = self._dispute(), self._dispute()
        upheld.with_user(self.accountant).action_uphold()
        self._settle(self.invoice)
        self.assertEqual(upheld.outcome, "upheld")
        self.assertEqual((paid.state, paid.outcome), ("closed", "payment"))
        self.assertEqual(paid.date_closed, self._today())
        with self.assertRaises(UserError):
            paid.action_uphold()

    def test_what_is_not_settled_goes_to_who_may_decide(self):
        ladder = self.env["credit.dispute.authority"]
        ladder.create({"user_id": self.accountant.id, "amount": 5, "level": 1})
        ladder.create({"user_id": self.analyst.id, "amount": 20, "level": 2})
        ladder.create({"user_id": self.manager.id, "amount": 900, "level": 3})
        dispute = self._dispute(
            user_id=self.accountant.id, date_deadline=self._today(-1)
        )
        waits = self._dispute(date_deadline=self._today())
        self._run_cron("credit.dispute", "_cron_escalate")
        self.assertEqual((dispute.user_id, dispute.escalation), (self.manager, 1))
        self.assertEqual(dispute.activity_ids.user_id, self.manager)
        self.assertGreater(dispute.date_deadline, self._today())
        self.assertEqual(waits.escalation, 0)

    def test_what_was_typed_becomes_a_category(self):
        known, own, empty = (self._dispute(category_id=False) for _i in range(3))
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE credit_dispute ADD COLUMN category varchar")
        for dispute, text in ((known, "PRICE "), (own, "Packaging"), (empty, " ")):
            self.env.cr.execute(
                "UPDATE credit_dispute SET category = %s WHERE id = %s",
                (text, dispute.id),
            )
        spec = importlib.util.spec_from_file_location("post_categories", SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(known.category_id, self.category)
        self.assertEqual(own.category_id.name, "Packaging")
        self.assertFalse(empty.category_id)
        self.assertEqual(
            self.category._get_deadline(self.company),
            self._today() + timedelta(days=self.category.days),
        )
