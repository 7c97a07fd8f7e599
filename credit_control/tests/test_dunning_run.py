# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningRun(DunningCommon):
    """What a dry run shows: who gets which message, and why others are skipped."""

    def test_p13_the_first_step_comes_first_however_late(self):
        move = self._late(70)
        notice = self._run().notice_ids
        self.assertEqual(notice.level_id, self._level(10))
        self.assertEqual(notice.partner_id, self.debtor)
        self.assertEqual(notice.item_ids.move_id, move)
        self.assertEqual((notice.days_late, notice.amount_total), (70, 100.0))
        self.assertEqual(notice.lead_item_id, notice.item_ids)

    def test_the_latest_mode_leaves_out_what_was_missed(self):
        self.plan.mode = "latest"
        self._late(25)
        self.assertEqual(self._run().notice_ids.level_id, self._level(20))

    def test_one_message_led_by_the_oldest(self):
        old, young, due_later = self._late(22), self._late(3), self._late(-2)
        self._was_sent(old, 1, 12)
        notice = self._run().notice_ids
        self.assertEqual(notice.level_id, self._level(20))
        self.assertEqual(notice.lead_item_id.move_id, old)
        kinds = {item.move_id: item.kind for item in notice.item_ids}
        self.assertEqual(kinds, {old: "step", young: "listed"})
        self.assertNotIn(due_later, kinds)

    def test_instalments_follow_their_own_due_dates(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 30}
                    ),
                ],
            }
        )
        self._new_invoice(
            100.0,
            invoice_date=self.day - timedelta(12),
            invoice_payment_term_id=term.id,
        )
        notice = self._run().notice_ids
        self.assertEqual(notice.amount_total, 50.0)
        self.assertEqual(notice.item_ids.days_late, 12)
        later = self._run(days=40).notice_ids
        self.assertEqual(sorted(later.item_ids.mapped("days_late")), [22, 52])

    def test_before_due_reminds_of_each_invoice(self):
        soon, later = self._late(-3), self._late(-20)
        notice = self._run().notice_ids
        self.assertEqual(notice.level_id, self._level(-5))
        self.assertEqual(notice.item_ids.move_id, soon)
        self.assertNotIn(later, notice.item_ids.move_id)
        self._send(notice.run_id)
        self.assertFalse(self._run(days=1).notice_ids)

    def test_before_due_is_left_out_when_something_is_overdue(self):
        self._late(-3)
        self._late(2)
        run = self._run()
        self.assertFalse(run.notice_ids)
        self.assertEqual(
            set(self._skip_codes(run)), {"dunning_older_overdue", "dunning_no_level"}
        )

    def test_p13_credits_are_shown_and_netted(self):
        self._late(15, 100.0)
        self._new_invoice(30.0, move_type="out_refund")
        notice = self._run().notice_ids
        self.assertEqual(
            (notice.amount_overdue, notice.amount_credit, notice.amount_total),
            (100.0, -30.0, 70.0),
        )
        self.assertEqual(sorted(notice.item_ids.mapped("kind")), ["credit", "step"])

    def test_p13_who_is_covered_by_credits_is_not_dunned(self):
        self._late(15, 100.0)
        self._pay(100.0)
        run = self._run()
        self.assertFalse(run.notice_ids)
        self.assertEqual(self._skip_codes(run), ["dunning_credited"])

    def test_below_the_minimum(self):
        self.plan.level_ids.minimum_amount = 100.01
        self._late(15, 100.0)
        self.assertEqual(self._skip_codes(self._run()), ["dunning_below_minimum"])
        self.plan.level_ids.minimum_amount = 100.0
        self.assertTrue(self._run().notice_ids)

    def test_quiet_days_run_from_the_last_contact(self):
        move = self._late(22)
        self._was_sent(move, 1, 3)
        self.plan.level_ids.quiet_days = 7
        run = self._run()
        self.assertEqual(self._skip_codes(run), ["dunning_quiet"])
        self.assertEqual(run.skip_ids.until, self.day + timedelta(4))
        self.assertEqual(self._run(days=4).notice_ids.level_id, self._level(20))

    def test_p13_marked_as_not_to_be_followed_up(self):
        move, other = self._late(15), self._late(16)
        move.no_followup = True
        run = self._run()
        self.assertEqual(run.notice_ids.item_ids.move_id, other)
        self.assertEqual(self._skip_codes(run), ["dunning_no_followup"])
        self.assertEqual(run.skip_ids.move_id, move)

    def test_p13_insolvent(self):
        before, after = self._late(40), self._late(12)
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        profile.insolvency_date = after.invoice_date - timedelta(1)
        run = self._run()
        self.assertEqual(run.notice_ids.item_ids.move_id, after)
        self.assertEqual(run.skip_ids.move_id, before)
        profile.insolvency_date = False
        profile.sudo().set_status(
            "stop", self.env.ref("credit_control.credit_reason_status_insolvency").id
        )
        self.assertFalse(self._run().notice_ids)

    def test_p13_money_that_waits_on_the_statement(self):
        self._late(15)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.day,
                "payment_ref": "Transfer",
                "partner_id": self.debtor.id,
                "amount": 100.0,
            }
        )
        run = self._run()
        self.assertEqual(self._skip_codes(run), ["dunning_bank_unmatched"])
        self.assertEqual(
            (run.bank_unmatched_count, run.bank_unmatched_amount), (1, 100)
        )
        self.assertEqual(run.bank_date, self.day)
        lines = self.env[run.action_open_bank()["res_model"]].search(
            run.action_open_bank()["domain"]
        )
        self.assertEqual(lines.partner_id, self.debtor)

    def test_an_archived_plan_says_so(self):
        self._late(15)
        self.plan.active = False
        self.assertEqual(self._skip_codes(self._run()), ["dunning_no_plan"])

    def test_the_plan_of_an_invoice_comes_before_those_of_file_and_policy(self):
        file_plan, own_plan = self._new_plan((2, 40)), self._new_plan((50,))
        move = self._late(5)
        self.assertFalse(self._run().notice_ids)
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        profile.dunning_plan_id = file_plan
        self.assertEqual(self._run().notice_ids.level_id, self._level(2, file_plan))
        move.credit_dunning_plan_id = own_plan
        self.assertFalse(self._run().notice_ids)

    def test_without_any_choice_the_standard_plan(self):
        self.policy.dunning_plan_id = False
        self._late(12)
        standard = self.env.ref("credit_control.credit_dunning_plan_default")
        self.assertEqual(self._run().notice_ids.level_id.plan_id, standard)

    def test_the_next_step_is_told(self):
        move = self._late(12)
        self._was_sent(move, 1, 2)
        run = self._run()
        self.assertEqual(self._skip_codes(run), ["dunning_no_level"])
        self.assertEqual(run.skip_ids.until, self.day + timedelta(8))

    def test_after_the_last_step_a_person_decides(self):
        move = self._late(90)
        self._was_sent(move, 3, 30)
        self.assertEqual(self._skip_codes(self._run()), ["dunning_finished"])
        self.plan.restart = "end"
        self.assertEqual(self._run().notice_ids.level_id, self._level(10))

    def test_what_was_handed_over_is_neither_reminded_nor_listed(self):
        plan = self._new_plan((10, 20))
        self._level(20, plan).write({"kind": "handover", "handover_to": "collection"})
        self.policy.dunning_plan_id = plan
        old, young = self._late(60, 500.0), self._late(15, 70.0)
        self._was_sent(old, 2, 30, plan)
        run = self._run()
        self.assertEqual(run.notice_ids.item_ids.move_id, young)
        self.assertEqual(run.notice_ids.amount_total, 70.0)
        self.assertEqual(self._skip_codes(run), ["dunning_handed_over"])

    def test_other_companies_are_not_touched(self):
        other = self.setup_other_company()["company"]
        move = self._new_invoice(
            100.0, company_id=other.id, invoice_date=self.day - timedelta(90)
        )
        self.assertEqual(move.company_id, other)
        run = self._run()
        self.assertFalse(run.notice_ids)
        self.assertFalse(run.skip_ids)

    def test_a_foreign_currency_is_shown_and_counted_in_ours(self):
        usd = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._late(15, 100.0, currency_id=usd.id)
        notice = self._run().notice_ids
        self.assertEqual(notice.amount_total, 50.0)
        self.assertEqual(notice.item_ids.amount_currency, 100.0)
        self.assertEqual(notice.item_ids.move_currency_id, usd)

    def test_the_future_can_be_looked_at_not_sent(self):
        self._late(5)
        self.assertFalse(self._run().notice_ids)
        run = self._run(days=6)
        self.assertEqual(run.notice_ids.level_id, self._level(10))
        with self.assertRaisesRegex(UserError, "later day"):
            run.action_send()

    def test_preparing_again_starts_afresh(self):
        self._late(15)
        run = self._run()
        self._late(16, partner=self._new_debtor())
        run.action_prepare()
        self.assertEqual(run.notice_count, 2)

    def test_debtors_without_a_credit_file_get_one(self):
        debtor = self._new_debtor()
        self._late(15, partner=debtor)
        notice = self._run().notice_ids
        self.assertEqual(notice.sudo().profile_id.partner_id, debtor)

    def test_who_may_do_follow_ups(self):
        self._late(15)
        for user in (self.accountant, self.analyst):
            run = self._run(user=user)
            self.assertEqual(run.notice_ids.item_ids.amount_residual, 100.0)
        with self.assertRaises(AccessError):
            self._run(user=self.salesman)
        with self.assertRaises(AccessError):
            run.with_user(self.viewer).action_send()
        with self.assertRaises(AccessError):
            run.notice_ids.with_user(self.accountant).write({"state": "sent"})
        with self.assertRaises(AccessError):
            run.with_user(self.accountant).write({"state": "done"})
        with self.assertRaises(AccessError):
            run.notice_ids.with_user(self.accountant).profile_id.read(["limit_amount"])

    def test_a_run_needs_few_statements(self):
        debtors = [self._new_debtor() for _number in range(30)]
        for debtor in debtors:
            for days in (12, 15, 40):
                self._late(days, partner=debtor)
        run = self._run()
        self.assertEqual(len(run.notice_ids), 30)
        self.env.invalidate_all()
        with self.assertQueryCount(default=60):
            run.action_prepare()
            self.env.flush_all()
        self.assertEqual(len(run.notice_ids.item_ids), 90)

    def test_the_channels_of_a_list_need_few_statements(self):
        debtors = [self._new_debtor() for _number in range(30)]
        for debtor in debtors[:3]:
            debtor.email = False
        for debtor in debtors:
            self._late(12, partner=debtor)
        self.plan.level_ids.by_email = True
        run = self._run()
        self.env.invalidate_all()
        notices = run.notice_ids.search([("run_id", "=", run.id)])
        with self.assertQueryCount(default=12):
            channels = notices.mapped("channels")
        self.assertEqual(channels.count("E-mail, Portal"), 27)
        self.assertEqual(channels.count("E-mail: no address!, Portal"), 3)

    def test_old_reasons_are_forgotten(self):
        self._late(5)
        run = self._run()
        skips = run.skip_ids.sudo()
        skips.write({"date": fields.Date.subtract(self.day, days=100)})
        skips.flush_recordset()
        self.env["credit.dunning.run"].sudo()._gc_skips()
        self.assertFalse(skips.exists())

    @classmethod
    def _new_debtor(cls):
        return cls.env["res.partner"].create(
            {"name": "Another", "is_company": True, "email": "another@example.com"}
        )
