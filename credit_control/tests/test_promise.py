# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .answer_common import AnswerCommon


@tagged("post_install", "-at_install")
class TestPromise(AnswerCommon):
    """Payments that are matched afterwards say whether a promise was kept."""

    def _promise(self, days=5, amount=100, invoices=None, **values):
        moves = self.invoice if invoices is None else invoices
        return self.env["credit.promise"].create(
            {
                "partner_id": self.debtor.id,
                "amount": amount,
                "date": self._today(days),
                "move_ids": [Command.set(moves.ids)],
                **values,
            }
        )

    def test_it_is_kept_when_the_payment_is_matched(self):
        promise = self._promise()
        self._settle(self.invoice)
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.date_settled, self._today())
        self.assertAlmostEqual(promise.paid_amount, 100)

    def test_what_was_paid_before_does_not_count(self):
        self._settle(self.invoice, amount=60)
        promise = self._promise(amount=40)
        self.assertEqual((promise.state, promise.paid_amount), ("open", 0))
        self._settle(self.invoice, amount=30)
        self.assertEqual((promise.state, promise.paid_amount), ("open", 30))
        self._settle(self.invoice)
        self.assertEqual(promise.state, "kept")

    def test_it_is_broken_the_day_after_and_late_when_paid(self):
        promise = self._promise(-1)
        today = self._promise(0)
        self._run_cron("credit.promise", "_cron_judge")
        self.assertEqual((promise.state, today.state), ("broken", "open"))
        self._settle(self.invoice)
        self.assertEqual(promise.state, "late")

    def test_money_that_came_in_time_and_was_matched_late_keeps_it(self):
        promise = self._promise(-3)
        self._run_cron("credit.promise", "_cron_judge")
        self._settle(self.invoice, days_ago=4)
        self.assertEqual(promise.state, "kept")

    def test_a_payment_that_is_taken_back_opens_it_again(self):
        promise = self._promise()
        self._settle(self.invoice)
        self.invoice.line_ids.remove_move_reconcile()
        self.env.cr.flush()
        self.assertEqual(promise.state, "open")
        self.assertFalse(promise.date_settled)

    def test_what_is_credited_need_not_be_paid(self):
        promise = self._promise()
        note = self.invoice._reverse_moves([{"invoice_date": self._today()}])
        note.action_post()
        self.env.cr.flush()
        self.assertEqual(promise.state, "withdrawn")

    def test_without_invoices_everything_the_debtor_pays_counts(self):
        other = self._due(50, 5)
        promise = self._promise(amount=150, invoices=self.env["account.move"])
        self._settle(self.invoice)
        self.assertEqual(promise.state, "open")
        self._settle(other)
        self.assertEqual(promise.state, "kept")

    def test_renewing_takes_the_place_of_the_first(self):
        promise = self._promise()
        context = promise.action_renew()["context"]
        renewed = (
            self.env["credit.promise"]
            .with_context(**context)
            .create({"date": self._today(9)})
        )
        self.assertEqual((promise.state, renewed.state), ("renewed", "open"))
        self.assertEqual(renewed.move_ids, self.invoice)
        renewed.action_withdraw()
        with self.assertRaises(UserError):
            renewed.action_withdraw()

    def test_the_score_is_weighted_by_amount(self):
        for amount, state in ((300, "kept"), (60, "late"), (40, "broken")):
            self._promise(-2, amount=amount, state=state)
        for state in ("open", "renewed", "withdrawn"):
            self._promise(2, amount=999, state=state)
        self.assertEqual(self.profile.promise_reliability, 75)
        self.assertEqual(self.profile.promise_count, 3)

    def test_rules_see_what_is_broken_not_what_was_paid_late(self):
        promise = self._promise(-1)
        self._run_cron("credit.promise", "_cron_judge")
        rule = self.env["credit.rule"].create(
            {
                "policy_id": self.policy.id,
                "kind": "broken_promises",
                "effect": "hold",
            }
        )
        self._give_line(1000)
        with self.assertRaises(UserError):
            self._new_order(10).action_confirm()
        self._settle(self.invoice)
        self.assertEqual(promise.state, "late")
        order = self._new_order(10)
        order.action_confirm()
        self.assertEqual((order.state, rule.active), ("sale", True))

    def test_p13_follow_ups_wait_until_the_day(self):
        self.assertFalse(self._skipped())
        promise = self._promise(3)
        line = self._receivable(self.invoice).id
        expected = [(line, promise.date, promise.id)]
        self.assertEqual(self._skipped(3), {"promised": expected})
        self.assertFalse(self._skipped(4))
        promise.move_ids = False
        self.assertEqual(self._skipped()["promised"][0][0], None)

    def test_accountants_write_promises_without_seeing_credit_files(self):
        promise = (
            self.env["credit.promise"]
            .with_user(self.accountant)
            .create({"partner_id": self.debtor.id, "amount": 10, "date": self._today()})
        )
        self.assertEqual(promise.sudo().profile_id, self.profile)
        with self.assertRaises(AccessError):
            self.profile.with_user(self.accountant).read(["limit_amount"])

    def test_the_invoices_are_the_customers(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaises(ValidationError):
            self._promise(invoices=self._due(10, 5, partner=stranger))

    def test_the_answers_go_to_who_takes_over_the_customer(self):
        promise = self._promise()
        heir = self.env["res.partner"].create({"name": "Heir", "is_company": True})
        file = self.env["credit.profile"]._get_or_create(heir, self.company)
        promise.move_ids = False
        self.profile._hand_over(heir)
        self.assertEqual((promise.profile_id, promise.partner_id), (file, heir))

    def test_what_was_renewed_or_withdrawn_is_not_told_as_broken(self):
        flash = self.env["credit.flash"]
        for state, told in (("broken", 1), ("withdrawn", 1), ("late", 0)):
            self._promise(-2, state=state)
            answers = flash._get_answers(self.profile)
            self.assertEqual(len(answers["broken"]), told, state)
