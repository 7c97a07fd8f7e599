# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningSend(DunningCommon):
    """What is sent is right at the moment of sending, and never more than shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._late(25, 100.0)
        cls.young = cls._late(12, 40.0)
        cls.dry_run = cls._run()
        cls.notice = cls.dry_run.sudo().notice_ids
        cls.profile = cls.notice.profile_id

    def _reason(self):
        return self.notice.reason_id.code

    def _play_cron(self):
        """Run the daily job as it runs: as nobody in particular."""
        self.env = self.env(su=True)
        self._run_cron("credit.dunning.run", "_cron_work")

    def _settle(self, move, amount):
        """Pay an invoice, or a part of it."""
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": amount, "payment_date": self.day}).action_create_payments()

    def test_p13_what_was_shown_is_sent(self):
        shown = self.notice.item_ids.mapped(lambda i: (i.move_id, i.amount_residual))
        self._send(self.dry_run)
        self.assertEqual((self.notice.state, self.dry_run.state), ("sent", "done"))
        self.assertTrue(self.notice.date_sent)
        self.assertEqual(
            self.notice.item_ids.mapped(lambda i: (i.move_id, i.amount_residual)), shown
        )
        self.assertFalse(self._run().notice_ids)

    def test_p13_paid_between(self):
        self._settle(self.old, 100.0)
        self._settle(self.young, 40.0)
        self._send(self.dry_run)
        self.assertEqual(
            (self.notice.state, self._reason()), ("skipped", "dunning_paid")
        )

    def test_p13_paid_in_part_asks_for_the_rest(self):
        self._settle(self.old, 60.0)
        self._send(self.dry_run)
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(self.notice.amount_total, 80.0)
        self.assertEqual(
            sorted(self.notice.item_ids.mapped("amount_residual")), [40, 40]
        )

    def test_p13_the_lead_is_paid_the_rest_goes_by_its_own_step(self):
        self._settle(self.old, 100.0)
        self._send(self.dry_run)
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(self.notice.item_ids.move_id, self.young)
        self.assertEqual(self.notice.lead_item_id.move_id, self.young)
        self.assertEqual(self.notice.amount_total, 40.0)

    def test_p13_a_credit_since_is_netted(self):
        self._new_invoice(30.0, move_type="out_refund")
        self._send(self.dry_run)
        self.assertEqual(self.notice.amount_total, 110.0)
        self.assertEqual(self.notice.item_ids.mapped("kind").count("credit"), 1)

    def test_p13_credited_between(self):
        self._pay(140.0)
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "dunning_credited")

    def test_p13_cancelled_between(self):
        (self.old + self.young).button_draft()
        (self.old + self.young).button_cancel()
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "dunning_paid")

    def test_p13_excluded_between(self):
        (self.old + self.young).no_followup = True
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "dunning_no_followup")

    def test_p13_below_the_minimum_between(self):
        self.plan.level_ids.minimum_amount = 41
        self._settle(self.old, 100.0)
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "dunning_below_minimum")

    def test_p13_insolvent_between(self):
        self.profile.insolvency_date = self.day
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "dunning_insolvent")

    def test_p13_excluded_until_a_day_between(self):
        self.env["credit.dunning.exclusion"].create(
            {
                "profile_id": self.profile.id,
                "date_to": self.day,
                "reason_id": self.env.ref(
                    "credit_control.credit_reason_block_agreement"
                ).id,
            }
        )
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "excluded")

    def test_p13_a_payment_plan_between(self):
        plan = self.env["credit.instalment.plan"].create(
            {
                "profile_id": self.profile.id,
                "move_ids": [Command.set((self.old + self.young).ids)],
                "date_first": self.day + timedelta(5),
            }
        )
        plan.with_user(self.analyst).action_approve()
        plan.with_user(self.analyst).action_start()
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "in_plan")

    def test_p13_new_items_are_not_sneaked_in(self):
        self._late(50, 1000.0)
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "dunning_changed")
        self.assertEqual(self.notice.amount_total, 140.0)

    def test_p13_new_younger_items_wait_for_the_next_run(self):
        later = self._late(2, 1000.0)
        self._send(self.dry_run)
        self.assertEqual(self.notice.state, "sent")
        self.assertNotIn(later, self.notice.item_ids.move_id)

    def test_p13_never_more_than_shown(self):
        self._settle(self.old, 60.0)
        self.dry_run.action_prepare()
        self.notice = self.dry_run.sudo().notice_ids
        self.assertEqual(self.notice.amount_total, 80.0)
        self._receivable(self.old).remove_move_reconcile()
        payment = self.env["account.payment"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        payment.action_draft()
        payment.action_cancel()
        self._send(self.dry_run)
        self.assertEqual(self._reason(), "dunning_changed")

    def test_p13_two_dry_runs_send_once(self):
        other = self._run()
        self._send(self.dry_run)
        notices = self._send(other)
        self.assertEqual(notices.state, "skipped")
        self.assertEqual(notices.reason_id.code, "dunning_already_sent")

    def test_p13_one_failure_is_told_the_rest_goes_out(self):
        second = self.env["res.partner"].create({"name": "Second", "is_company": True})
        self._late(15, 70.0, partner=second)
        self.dry_run.action_prepare()
        notices = self.dry_run.sudo().notice_ids
        bad = notices.filtered(lambda notice: notice.partner_id == second)

        def deliver(notice):
            if notice == bad:
                raise ValueError("No template")

        with patch.object(type(notices), "_deliver", deliver):
            self.dry_run.action_send()
        self.assertEqual((bad.state, bad.error), ("failed", "ValueError: No template"))
        self.assertEqual((notices - bad).state, "sent")
        self.assertEqual((self.dry_run.failed_count, self.dry_run.state), (1, "done"))
        self.dry_run.action_retry()
        self.assertEqual((bad.state, bad.error), ("sent", False))

    def test_the_next_day_takes_the_next_step(self):
        self._send(self.dry_run)
        later = self._run(days=1).notice_ids
        self.assertEqual(later.level_id, self._level(20))
        self.assertEqual(
            later.item_ids.filtered(lambda i: i.kind == "step").move_id, self.old
        )
        self.assertEqual(later.item_ids.move_id, self.old + self.young)

    def test_a_plan_starts_again_after_a_pause(self):
        self._send(self.dry_run)
        self.env["credit.dunning.skip"].sudo().create(
            {
                "run_id": self.dry_run.id,
                "date": self.day,
                "partner_id": self.debtor.id,
                "profile_id": self.profile.id,
                "reason_id": self.env.ref(
                    "credit_control.credit_reason_dunning_paid"
                ).id,
                "pauses": True,
            }
        )
        self.plan.restart = "pause"
        again = self._run(days=1)
        self.assertEqual(again.notice_ids.level_id, self._level(10))
        again.sudo().date_prepared = False
        again.sudo().write(
            {"date": self.day, "date_prepared": self.dry_run.date_prepared}
        )
        again.sudo().notice_ids.date = self.day
        again.sudo().notice_ids._mark_sent()
        self.assertFalse(any(self.notice.item_ids.mapped("counts")))

    def test_effects_come_once_and_never_ease(self):
        self._level(10).effect = "watch"
        self._level(20).effect = "hold"
        self._send(self.dry_run)
        self.assertEqual(self.profile.status, "watch")
        reason = self.env.ref("credit_control.credit_reason_status_overdue")
        self.assertEqual(self.profile.status_reason_id, reason)
        self.assertIn("Step 10", self.profile.status_note)
        self.profile.with_user(self.analyst).set_status("stop", reason.id)
        messages = self.profile.message_ids
        self.notice.item_ids.notice_id._apply_effects()
        self.assertEqual(self.profile.status, "stop")
        self.assertEqual(self.profile.message_ids, messages)

    def test_the_level_reached_follows_what_was_sent_and_paid(self):
        self.assertEqual(self.profile.dunning_level, 0)
        self._send(self.dry_run)
        self.assertEqual(self.profile.dunning_level, 1)
        self.profile.dunning_level = 3
        self.assertEqual(self.profile.dunning_level, 3)
        self.profile.dunning_level = 0
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.dunning_level, 1)
        found = self.env["credit.profile"].search([("dunning_level", ">=", 1)])
        self.assertIn(self.profile, found)
        self._settle(self.old, 100.0)
        self._settle(self.young, 40.0)
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.dunning_level, 0)

    def test_the_daily_job_prepares_one_run_and_sends_it(self):
        runs = self.env["credit.dunning.run"].sudo()
        self.dry_run.action_cancel()
        self._play_cron()
        daily = runs.search(
            [("is_daily", "=", True), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((len(daily), daily.state), (1, "draft"))
        self._play_cron()
        self.assertEqual(
            runs.search_count(
                [("is_daily", "=", True), ("company_id", "=", self.company.id)]
            ),
            1,
        )
        daily.write({"state": "sending"})
        self._play_cron()
        self.assertEqual((daily.state, daily.notice_ids.state), ("done", "sent"))

    def test_yesterdays_dry_run_makes_room(self):
        runs = self.env["credit.dunning.run"].sudo()
        former = runs.create(
            {
                "date": self.day - timedelta(1),
                "is_daily": True,
                "company_id": self.company.id,
            }
        )
        self._play_cron()
        self.assertEqual(former.state, "cancelled")

    def test_a_message_can_be_left_out_and_put_back(self):
        notice = self.notice.with_user(self.accountant)
        notice.action_leave_out()
        self.assertEqual(notice.state, "cancelled")
        notice.action_put_back()
        self._send(self.dry_run)
        with self.assertRaisesRegex(UserError, "not sent yet"):
            notice.action_leave_out()
        with self.assertRaises(AccessError):
            notice.with_user(self.viewer).action_start_again()

    def test_a_follow_up_is_started_again_by_hand(self):
        self._send(self.dry_run)
        self.assertEqual(self.profile.dunning_level, 1)
        self.notice.with_user(self.accountant).action_start_again()
        self.profile.invalidate_recordset()
        self.assertEqual(self.profile.dunning_level, 0)
        self.assertEqual(self._run(days=1).notice_ids.level_id, self._level(10))

    def test_history_on_the_credit_file_and_on_the_invoice(self):
        self.assertEqual(self.profile.dunning_notice_count, 0)
        self._send(self.dry_run)
        self.profile.invalidate_recordset()
        self.old.invalidate_recordset()
        self.assertEqual(self.profile.dunning_notice_count, 1)
        self.assertEqual(self.old.with_user(self.accountant).credit_dunning_count, 1)
        for action in (
            self.profile.with_user(self.analyst).action_open_dunning(),
            self.old.with_user(self.accountant).action_credit_open_dunning(),
        ):
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, self.notice)
        with self.assertRaises(AccessError):
            self.profile.with_user(self.salesman).action_open_dunning()

    def test_p13_promised_between(self):
        self.env["credit.promise"].create(
            {
                "profile_id": self.profile.id,
                "amount": 140.0,
                "date": self.day + timedelta(3),
            }
        )
        self._send(self.dry_run)
        self.assertEqual((self.notice.state, self._reason()), ("skipped", "promised"))

    def test_p13_disputed_between(self):
        for move in (self.old, self.young):
            self.env["credit.dispute"].create(
                {
                    "profile_id": self.profile.id,
                    "move_id": move.id,
                    "amount": move.amount_total,
                }
            )
        self._send(self.dry_run)
        self.assertEqual((self.notice.state, self._reason()), ("skipped", "disputed"))

    def test_p13_a_payment_without_entry_is_on_its_way(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 100.0,
                "invoice_ids": [Command.set(self.old.ids)],
            }
        )
        payment.flush_recordset()
        # As Odoo leaves it where payments are recorded without an entry.
        self.env.cr.execute(
            "UPDATE account_payment SET state = 'in_process', move_id = NULL WHERE id = %s",
            [payment.id],
        )
        payment.invalidate_recordset()
        notice = self._run().notice_ids
        self.assertEqual(notice.item_ids.move_id, self.young)
        self.assertEqual(self._skip_codes(notice.run_id), ["dunning_in_payment"])
        self.assertEqual(notice.run_id.payment_open_count, 1)
