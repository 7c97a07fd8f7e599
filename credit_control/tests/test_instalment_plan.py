# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .answer_common import AnswerCommon


@tagged("post_install", "-at_install")
class TestInstalmentPlan(AnswerCommon):
    """Follow-ups wait while a plan is kept, and go on when it is broken."""

    def _plan(self, start=True, **values):
        plan = (
            self.env["credit.instalment.plan"]
            .with_user(self.analyst)
            .create(
                {
                    "partner_id": self.debtor.id,
                    "move_ids": [Command.set(self.invoice.ids)],
                    "number": 3,
                    "date_first": self._today(10),
                    **values,
                }
            )
        )
        if start:
            plan.action_approve()
            plan.action_start()
        return plan.sudo()

    def _move(self, plan, days):
        """Let days go by: instalments are that much nearer."""
        for part in plan.instalment_ids:
            part.date -= timedelta(days=days)

    def test_the_rest_is_on_the_last_instalment(self):
        plan = self._plan(start=False)
        plan.action_schedule()
        amounts = plan.instalment_ids.mapped("amount")
        self.assertEqual(
            [round(amount * 100) for amount in amounts], [3333, 3333, 3334]
        )
        self.assertEqual(plan.amount, 100)
        self.assertEqual(plan.next_date, self._today(10))

    def test_payments_fill_the_instalments_until_it_is_kept(self):
        plan = self._plan()
        self._settle(self.invoice, amount=40)
        paid = plan.instalment_ids.mapped("paid_amount")
        self.assertEqual([round(amount * 100) for amount in paid], [3333, 667, 0])
        self.assertEqual(
            plan.instalment_ids.mapped("status"), ["paid", "waiting", "waiting"]
        )
        self._settle(self.invoice)
        self.assertEqual((plan.state, plan.paid_amount), ("kept", 100))
        self.invoice.line_ids.remove_move_reconcile()
        self.env.cr.flush()
        self.assertEqual((plan.state, plan.paid_amount), ("running", 0))

    def test_p13_follow_ups_wait_while_it_is_kept(self):
        line = self._receivable(self.invoice).id
        plan = self._plan(start=False)
        plan.action_approve()
        self.assertFalse(self._skipped())
        plan.action_start()
        self.assertEqual(self._skipped(), {"in_plan": [(line, None, plan.id)]})
        self._move(plan, 18)
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual(plan.state, "running")
        self._move(plan, 1)
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual((plan.state, plan.date_broken), ("broken", self._today()))
        self.assertFalse(self._skipped())
        self.assertEqual(plan.activity_ids.user_id, self.analyst)

    def test_rules_see_a_broken_plan(self):
        self.env["credit.rule"].create(
            {"policy_id": self.policy.id, "kind": "broken_promises", "effect": "hold"}
        )
        self._give_line(1000)
        plan = self._plan()
        self._new_order(10).action_confirm()
        self._move(plan, 19)
        self._run_cron("credit.instalment.plan", "_cron_follow")
        with self.assertRaises(UserError):
            self._new_order(10).action_confirm()

    def test_each_reminder_leaves_once_and_not_in_test_mode(self):
        mails = self.env["mail.mail"].search([])
        plan = self._plan()
        self._move(plan, 6)
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertFalse(self.env["mail.mail"].search([]) - mails)
        self.assertIn("Test mode", plan.message_ids[0].body)
        plan.instalment_ids.reminded_before = False
        self.company.credit_dunning_live = True
        self.debtor.email = "debtor@example.com"
        for _again in range(2):
            self._run_cron("credit.instalment.plan", "_cron_follow")
        mail = self.env["mail.mail"].search([]) - mails
        self.assertEqual((len(mail), mail.recipient_ids), (1, self.debtor))
        self._move(plan, 7)
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual(len(self.env["mail.mail"].search([]) - mails), 2)

    def _live(self):
        self.company.credit_dunning_live = True
        self.debtor.email = "debtor@example.com"

    def _reminders(self):
        return self.env["mail.mail"].search([("model", "=", "credit.instalment")])

    def test_p13_money_that_waits_is_waited_for(self):
        self._live()
        plan = self._plan()
        self._move(plan, 19)
        payment = self._pay(100)
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual(plan.state, "running")
        self.assertFalse(self._reminders())
        payment.action_draft()
        payment.action_cancel()
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual(plan.state, "broken")
        self.assertEqual(len(self._reminders()), 1)

    def test_p13_only_credits_that_pay_the_coming_instalment_excuse_it(self):
        self._live()
        plan = self._plan()
        self._move(plan, 6)
        small, rest = (
            self._new_invoice(amount, move_type="out_refund", post=False)
            for amount in (1, 33)
        )
        (small | rest).action_post()
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertFalse(self._reminders())
        rest.button_draft()
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual(len(self._reminders()), 1)

    def test_p13_who_is_excluded_is_not_reminded_of_his_plan(self):
        self._live()
        plan = self._plan()
        self._move(plan, 6)
        self.env["credit.dunning.exclusion"].create(
            {
                "partner_id": self.debtor.id,
                "date_to": self._today(5),
                "reason_id": self.env.ref(
                    "credit_control.credit_reason_block_agreement"
                ).id,
            }
        )
        self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertFalse(self._reminders())

    def test_who_has_no_email_is_called(self):
        self._live()
        self.debtor.email = False
        plan = self._plan()
        self._move(plan, 6)
        for _again in range(2):
            self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual(plan.activity_ids.user_id, self.analyst)
        self.assertIn("No e-mail address", plan.activity_ids.summary)

    def test_a_broken_template_stops_one_plan(self):
        self._live()
        plan = self._plan()
        other = self.env["res.partner"].create({"name": "O", "email": "o@example.com"})
        invoice = self._due(90, 20, partner=other)
        second = self._plan(partner_id=other.id, move_ids=[Command.set(invoice.ids)])
        for each in (plan, second):
            self._move(each, 6)
        self.debtor.ref = "x"
        self.env.ref(
            "credit_control.mail_template_instalment"
        ).body_html = """<p t-out="1 / (object.partner_id.ref != 'x')"/>"""
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            for _again in range(2):
                self._run_cron("credit.instalment.plan", "_cron_follow")
        self.assertEqual(self._reminders().recipient_ids, other)
        task = plan.activity_ids
        self.assertEqual(task.summary, "The reminder of the payment plan failed")
        self.assertIn("division by zero", task.note)
        self.assertFalse(plan.instalment_ids[0].reminded_before)

    def test_what_was_agreed_is_changed_by_nobody_alone(self):
        draft = self._plan(start=False)
        with self.assertRaises(AccessError):
            draft.with_user(self.accountant).action_approve()
        with self.assertRaises(AccessError):
            draft.with_user(self.analyst).write({"state": "running"})
        plan = self._plan()
        with self.assertRaises(UserError):
            plan.with_user(self.accountant).write({"amount": 1})
        part = plan.instalment_ids[0].with_user(self.accountant)
        with self.assertRaises(UserError):
            part.write({"amount": 1})
        with self.assertRaises(UserError):
            part.unlink()

    def test_the_instalments_come_to_the_plan(self):
        plan = self._plan(start=False)
        plan.action_schedule()
        plan.instalment_ids[0].amount = 40
        with self.assertRaisesRegex(UserError, "come to"):
            plan.with_user(self.analyst).action_approve()
        big = self._plan(start=False, amount=101)
        with self.assertRaisesRegex(UserError, "owe"):
            big.with_user(self.analyst).action_approve()

    def test_one_plan_is_about_one_customer(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        other = self._due(10, 5, partner=stranger)
        with self.assertRaises(ValidationError):
            self._plan(start=False, move_ids=[Command.set(other.ids)])


@tagged("post_install", "-at_install")
class TestExclusion(AnswerCommon):
    """Somebody is left in peace until a day, for a reason; it ends by itself."""

    def _exclude(self, **values):
        return (
            self.env["credit.dunning.exclusion"]
            .with_user(self.accountant)
            .create(
                {
                    "partner_id": self.debtor.id,
                    "date_to": self._today(5),
                    "reason_id": self.env.ref(
                        "credit_control.credit_reason_block_agreement"
                    ).id,
                    **values,
                }
            )
        )

    def test_p13_it_ends_by_itself(self):
        exclusion = self._exclude()
        expected = [(None, exclusion.date_to, exclusion.id)]
        self.assertEqual(self._skipped(5), {"excluded": expected})
        self.assertFalse(self._skipped(6))
        self.assertFalse(self._skipped(-1))

    def test_it_may_be_about_one_invoice(self):
        exclusion = self._exclude(move_id=self.invoice.id)
        line = self._receivable(self.invoice).id
        self.assertEqual(
            self._skipped(), {"excluded": [(line, exclusion.date_to, exclusion.id)]}
        )
        self._settle(self.invoice)
        self.assertFalse(self._skipped())

    def test_it_can_be_ended(self):
        exclusion = self._exclude(date=self._today(-3))
        self.assertTrue(exclusion.is_current)
        exclusion.action_end()
        self.assertFalse(self._skipped())
        found = exclusion.search([("is_current", "=", True)])
        self.assertNotIn(exclusion, found)

    def test_only_who_follows_up_excludes(self):
        for user in (self.salesman, self.viewer):
            with self.assertRaises(AccessError):
                self._exclude().with_user(user).write({"date_to": self._today()})
