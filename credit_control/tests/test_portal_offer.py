# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from ..models.dunning import credit_portal_offer
from .test_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalOffer(PortalCase):
    """A customer answers our offers in its own disputes, and nothing of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_dispute_authority = 50
        cls.dispute = cls._dispute_about(cls.invoice)
        cls.their_dispute = cls._dispute_about(cls.theirs)

    @classmethod
    def _dispute_about(cls, invoice):
        return cls.env["credit.dispute"].create(
            {
                "partner_id": invoice.commercial_partner_id.id,
                "move_id": invoice.id,
                "amount": 90,
                "category_id": cls.env.ref(
                    "credit_control.credit_dispute_category_price"
                ).id,
                "user_id": cls.accountant.id,
                "note": "Staff only",
            }
        )

    def _offer(self, amount=30, dispute=None, user=None, side="company"):
        return (
            self.env["credit.dispute.offer"]
            .with_user(user or self.accountant)
            .create(
                {
                    "dispute_id": (dispute or self.dispute).id,
                    "amount": amount,
                    "side": side,
                    "note": "Not for his eyes",
                }
            )
        )

    def _answer(self, offer, answer, **values):
        return self._post("answer", offer_id=offer.id, answer=answer, **values)

    def test_it_sees_our_offer_and_none_of_our_notes(self):
        self._offer()
        self._offer(41, dispute=self.their_dispute)
        page = self._get().text
        self.assertIn("We offer you a credit of", page)
        self.assertIn("30.00", page)
        for secret in ("41.00", "Staff only", "Not for his eyes", self.accountant.name):
            self.assertNotIn(secret, page)

    def test_it_accepts_and_an_accountant_posts_the_note(self):
        offer = self._offer()
        page = self._answer(offer, "accept")
        self.assertIn("The credit note is being prepared", page.text)
        self.assertEqual((offer.state, offer.answered_by_id), ("accepted", self.user))
        note = self.dispute.refund_id
        self.assertEqual((note.state, note.amount_total), ("draft", 30))
        self.assertEqual(note.commercial_partner_id, self.debtor)
        task = self.dispute.activity_ids.filtered(lambda a: "accepts $" in a.summary)
        self.assertEqual(task.user_id, self.accountant)
        self.assertIn("not open any more", self._answer(offer, "accept").text)
        self.assertEqual(self.dispute.refund_id, note)
        note.action_post()
        self.env.cr.flush()
        self.assertEqual(self.dispute.outcome, "credit_note")

    def test_it_refuses_and_proposes_its_own(self):
        offer = self._offer()
        self.assertIn("passed on", self._answer(offer, "refuse").text)
        self.assertEqual((offer.state, self.dispute.state), ("refused", "open"))
        self.assertFalse(self.dispute.refund_id)
        page = self._post(
            "offer", dispute_id=self.dispute.id, amount="45,5", remark="<b>Half</b>"
        )
        self.assertIn("You ask for a credit of", page.text)
        own = self.dispute.offer_ids[0]
        self.assertEqual(
            (own.side, own.amount, own.state), ("customer", 45.5, "proposed")
        )
        self.assertEqual((own.user_id, own.note), (self.user, "<b>Half</b>"))
        task = self.dispute.activity_ids.filtered(lambda a: "proposes" in a.summary)
        self.assertIn("&lt;b&gt;Half", task.note)
        self.assertIn("not open any more", self._answer(own, "accept").text)
        own.with_user(self.accountant).action_accept()
        self.assertEqual(self.dispute.refund_id.amount_total, 45.5)

    def test_many_proposals_are_one_task_and_the_last_one_counts(self):
        """Whoever posts again and again floods nobody's desk."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.accountant.lang = "fr_FR"
        self.user.lang = "en_US"
        self._propose("40", "First")
        (task,) = self._tasks()
        page = self._propose("45", "Second").text
        self.assertRegex(
            page, r"replaces your earlier proposal of\s+<span[^>]*>.*40\.00"
        )
        self._propose("45", "Second")
        self.assertEqual(self._tasks(), task)
        self.assertIn("45", task.summary)
        self.assertIn("client", task.summary)
        self.assertIn("Second", task.note)
        self.assertEqual(task.user_id, self.accountant)
        self.assertEqual(self.dispute.offer_ids.mapped("amount"), [45, 40])
        told = " ".join(self.dispute.message_ids.mapped("body"))
        self.assertIn("First", told)
        self._propose("45", "Third")
        self.assertEqual(len(self.dispute.offer_ids), 3)
        self.assertEqual(self._tasks(), task)
        self.dispute.action_uphold()
        self.assertFalse(self._tasks())

    def test_a_day_has_an_end_for_proposals(self):
        with patch.object(credit_portal_offer, "MOST_OFFERS", 2):
            self._propose("1")
            self._propose("2")
            self.assertIn("please call us", self._propose("3").text)
        self.assertEqual(self.dispute.offer_ids.mapped("amount"), [2, 1])

    def test_what_nobody_types_is_refused_in_words(self):
        for values in (
            {"dispute_id": "9" * 5000, "amount": "10"},
            {"dispute_id": self.dispute.id, "amount": "9" * 5000},
        ):
            page = self._post("offer", **values)
            self.assertEqual(page.status_code, 200)
            self.assertIn("alert-danger", page.text)
        self._propose("10", "x" * 1_000_000)
        self.assertEqual(len(self.dispute.offer_ids.note), 2000)

    def _propose(self, amount, remark=""):
        return self._post(
            "offer", dispute_id=self.dispute.id, amount=amount, remark=remark
        )

    def _tasks(self):
        answer = self.env.ref("credit_control.mail_activity_offer")
        return self.dispute.activity_ids.filtered(
            lambda task: task.activity_type_id == answer
        )

    def test_neither_yes_nor_no_answers_nothing(self):
        offer = self._offer()
        for answer in ("", "maybe"):
            self.assertIn("We offer you", self._answer(offer, answer).text)
        self.assertEqual(offer.state, "proposed")

    def test_what_was_typed_into_an_offer_stays_in_its_place(self):
        page = self._post(
            "offer", dispute_id=self.dispute.id, amount="95", remark="Too much"
        ).text
        self.assertIn("alert-danger", page)
        self.assertEqual(page.count("Too much"), 1)
        self.assertIn('value="Too much"', page)
        self.assertIn('value="95"', page)

    def test_who_may_accept_how_much_is_looked_at_again(self):
        offer = self._offer(50)
        self.company.credit_dispute_authority = 49
        self.assertNotIn("We offer you", self._get().text)
        self.assertIn("not open any more", self._answer(offer, "accept").text)
        self.assertEqual((offer.state, self.dispute.refund_id.id), ("proposed", False))
        self._offer(50, user=self.manager)
        self.assertIn("We offer you", self._get().text)

    def test_nothing_of_others_and_nothing_that_is_over(self):
        theirs = self._offer(dispute=self.their_dispute)
        countered, last = self._offer(20), self._offer(30)
        for offer in (theirs, countered):
            for answer in ("accept", "refuse"):
                self.assertIn("not open any more", self._answer(offer, answer).text)
        for values in (
            {"dispute_id": self.their_dispute.id, "amount": "10"},
            {"dispute_id": "x", "amount": "10"},
            {"amount": "10"},
        ):
            self.assertIn("settled already", self._post("offer", **values).text)
        for amount in ("0", "-5", "nan", "inf", "much", "90.01"):
            page = self._post("offer", dispute_id=self.dispute.id, amount=amount)
            self.assertIn("alert-danger", page.text)
        self.assertEqual(self.dispute.offer_ids, last + countered)
        self.assertEqual(theirs.state, "proposed")
        self.dispute.action_uphold()
        self.assertIn("not open any more", self._answer(last, "accept").text)
