# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .duty_common import InsuranceCommon


@tagged("post_install", "-at_install")
class TestExtension(InsuranceCommon):
    """A later due date is asked for from where somebody sees that it is needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst.group_ids |= cls.env.ref("account.group_account_readonly")
        cls.first = cls._late_invoice(1000, 10)
        cls.second = cls._late_invoice(300, 5)
        cls._refresh()

    def _opened(self, action):
        notices = self.env["credit.insurance.overdue"].with_user(self.analyst)
        if action.get("res_id"):
            return notices.browse(action["res_id"])
        return notices.search(action["domain"])

    def _ask(self, moves):
        return self._opened(moves.with_user(self.analyst).action_ask_extension())

    def _duty(self, kind):
        return self._duties(kind, state="open").with_user(self.analyst)

    def test_it_is_asked_for_the_chosen_invoice_alone(self):
        notice = self._ask(self.first)
        self.assertEqual((notice.kind, notice.state), ("extension", "to_do"))
        self.assertEqual(notice.line_ids.move_id, self.first)
        self.assertFalse(notice.line_ids.date_extended)
        with self.assertRaises(UserError):
            notice.action_sent()

    def test_it_is_not_asked_twice(self):
        notice = self._ask(self.first)
        both = self._ask(self.first | self.second)
        self.assertEqual(len(both), 2)
        self.assertEqual((both - notice).line_ids.move_id, self.second)

    def test_what_is_not_insured_is_not_asked(self):
        stranger = self.env["res.partner"].create({"name": "Not insured"})
        with self.assertRaises(UserError):
            self._ask(self._late_invoice(100, 5, stranger))
        self._settle(self.first)
        with self.assertRaises(UserError):
            self._ask(self.first)

    def test_only_the_credit_team_asks(self):
        self.viewer.group_ids |= self.env.ref("account.group_account_readonly")
        for record in (self.first, self._duties("stop")):
            with self.assertRaises(AccessError):
                record.with_user(self.viewer).action_ask_extension()

    def test_a_duty_asks_for_all_that_is_overdue(self):
        self._new_invoice(50, invoice_date_due=self._today(30))
        notice = self._opened(self._duty("stop").action_ask_extension())
        self.assertEqual(notice.line_ids.move_id, self.first | self.second)

    def test_what_is_no_longer_asked_is_no_duty(self):
        notice = self._ask(self.first)
        notice.line_ids.date_extended = self._today(90)
        self._refresh()
        self.assertTrue(self._duty("extension"))
        notice.action_close()
        duty = self._duties("extension")
        self.assertEqual((duty.state, duty.is_missed), ("done", False))

    def test_what_is_asked_too_late_is_no_missed_duty(self):
        late = self._late_invoice(400, 70)
        notice = self._ask(late)
        notice.line_ids.date_extended = self._today(90)
        notice.action_sent()
        self._acknowledge(notice, answer="accepted")
        self.assertFalse(self._duties("extension"))
        self.assertEqual(self._duty("stop").move_id, self.first)

    def test_an_answer_that_comes_later_keeps_the_day_of_receipt(self):
        notice = self._ask(self.first)
        notice.line_ids.date_extended = self._today(90)
        notice.action_sent()
        before = self._duty("stop").deadline
        self._acknowledge(notice)
        self.assertEqual(self._duty("stop").deadline, before)
        dialog = notice.action_acknowledge()["context"]
        self.assertEqual(dialog["default_date"], self._today())
        self.assertEqual(dialog["default_number"], "ACK-1")
        self._acknowledge(notice, answer="accepted")
        # The other invoice drives the duty now.
        self.assertEqual(self._duty("stop").move_id, self.second)
        self.assertEqual(self._duty("stop").deadline, before + timedelta(days=5))

    def test_a_payment_plan_asks_for_the_days_on_which_it_pays_each_invoice(self):
        notice = self._opened(self._plan().action_tell_insurer())
        self.assertEqual(notice.kind, "rescheduling")
        days = {line.move_id: line.date_extended for line in notice.line_ids}
        self.assertEqual(
            days, {self.first: self._today(60), self.second: self._today(90)}
        )
        self.assertIn("PLAN/", notice.note)

    def test_an_invoice_that_a_plan_pays_in_time_is_left_out(self):
        late = self._new_invoice(100, invoice_date_due=self._today(100))
        notice = self._opened(self._plan(late).action_tell_insurer())
        self.assertEqual(notice.line_ids.move_id, self.first | self.second)

    def _plan(self, more=()):
        """900 in 30 days, 100 in 60, the rest in 90."""
        moves = self.first | self.second | (more or self.env["account.move"])
        rest = sum(moves.mapped("amount_residual")) - 1000
        parts = ((900, 30), (100, 60), (rest, 90))
        plan = (
            self.env["credit.instalment.plan"]
            .with_user(self.analyst)
            .create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "move_ids": [Command.set(moves.ids)],
                    "instalment_ids": [
                        Command.create({"amount": amount, "date": self._today(days)})
                        for amount, days in parts
                    ],
                }
            )
        )
        self.assertTrue(plan.is_insured)
        return plan


@tagged("post_install", "-at_install")
class TestDeclarationTerm(InsuranceCommon):
    """Two months to declare a claim, four for a creditor abroad: its owner says which."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.published = cls._today(-10)
        cls.duty = (
            cls.env["credit.insurance.duty"]
            .sudo()
            .create(
                {
                    "kind": "declaration",
                    "partner_id": cls.debtor.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.currency.id,
                    "anchor": "published",
                    "date_anchor": cls.published,
                    "deadline": cls._months(2),
                    "user_id": cls.analyst.id,
                }
            )
        )

    @classmethod
    def _months(cls, months):
        return fields.Date.add(cls.published, months=months)

    def test_its_owner_makes_it_four_months_and_back(self):
        mine = self.duty.with_user(self.analyst)
        self.assertEqual(mine.months, "2")
        mine.months = "4"
        self.assertEqual((mine.deadline, mine.months), (self._months(4), "4"))
        mine.months = "2"
        self.assertEqual(mine.deadline, self._months(2))

    def test_others_do_not_and_managers_decide_once_it_is_missed(self):
        self.duty.user_id = self.manager
        with self.assertRaises(AccessError):
            self.duty.with_user(self.analyst).months = "4"
        self.duty.write({"user_id": self.analyst.id, "is_missed": True})
        with self.assertRaises(AccessError):
            self.duty.with_user(self.analyst).months = "4"
        self.duty.with_user(self.manager).months = "4"
        self.assertFalse(self.duty.is_missed)

    def test_other_duties_have_no_such_term(self):
        self._late_invoice(1000, 10)
        self._refresh()
        stop = self._duties("stop").with_user(self.analyst)
        self.assertFalse(stop.months)
        with self.assertRaises(UserError):
            stop.months = "4"

    def test_the_same_publication_opens_no_second_duty(self):
        self.duty.with_user(self.analyst).months = "4"
        event = self.env["credit.agency.event"].new(
            {"published_on": self.published, "partner_id": self.debtor.id}
        )
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        event._start_clock(profile, "declaration", self._months(2))
        self.assertEqual(self._duties("declaration"), self.duty.sudo(False))
