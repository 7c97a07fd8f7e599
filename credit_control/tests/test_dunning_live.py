# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..engine.interest import half_year
from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningLive(DunningCommon):
    """Test mode, and what a run warns of before anything leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._late(25, 100.0)
        cls.young = cls._late(12, 40.0)
        cls.dry_run = cls._run()

    def _daily(self):
        """The run that the daily job made, as nobody in particular."""
        self.env = self.env(su=True)
        self._run_cron("credit.dunning.run", "_cron_work")
        return self.env["credit.dunning.run"].search(
            [("is_daily", "=", True), ("company_id", "=", self.company.id)]
        )

    def test_in_test_mode_nothing_counts(self):
        self.company.credit_dunning_live = False
        run = self._run()
        self.assertTrue(run.is_test)
        notices = self._send(run)
        self.assertEqual((notices.state, run.state), ("prepared", "done"))
        self.assertTrue(notices.date_checked)
        self.assertFalse(notices.date_sent)
        self.assertEqual(self._run().notice_ids.level_id, self._level(10))

    def test_switching_off_disarms_what_was_prepared(self):
        self.company.credit_dunning_live = False
        with self.assertRaisesRegex(UserError, "test mode"):
            self.dry_run.action_send()

    def test_a_run_that_sends_itself_waits_for_the_bank(self):
        self.company.credit_dunning_daily = "send"
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.day,
                "payment_ref": "Transfer",
                "partner_id": stranger.id,
                "amount": 10.0,
            }
        )
        daily = self._daily()
        self.assertEqual(daily.state, "draft")
        self.assertTrue(daily.activity_ids)

    def test_p13_a_stale_bank_warns_and_stops_what_sends_itself(self):
        self.assertEqual(
            (self.dry_run.bank_stale_days, self.dry_run.bank_date), (0, False)
        )
        self.company.credit_dunning_daily = "send"
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.day - timedelta(5),
                "payment_ref": "Fees",
                "partner_id": stranger.id,
                "amount": -10.0,
            }
        )
        self.dry_run.invalidate_recordset()
        self.assertEqual(self.dry_run.bank_stale_days, 5)
        daily = self._daily()
        self.assertEqual(daily.state, "draft")
        self.assertIn("5 days ago", daily.activity_ids.note)
        for values in ({"date": self.day - timedelta(4)}, {"date": self.day}):
            line.write(values)
            self.dry_run.invalidate_recordset()
            self.assertEqual(self.dry_run.bank_stale_days, 0)
        line.date = self.day - timedelta(60)
        self.company.credit_dunning_bank_days = 0
        self.dry_run.invalidate_recordset()
        self.assertEqual(self.dry_run.bank_stale_days, 0)

    def test_accountants_switch_test_mode(self):
        self.dry_run.action_go_test()
        self.assertTrue(self.dry_run.is_test)
        self.dry_run.action_go_live()
        self.assertFalse(self.dry_run.is_test)
        self.assertTrue(self.company.credit_dunning_live)
        for user in (self.analyst, self.salesman):
            with self.assertRaises(AccessError):
                self.dry_run.with_user(user).action_go_live()
        self.assertFalse(self.dry_run.with_user(self.analyst).may_switch)
        self.assertTrue(self.dry_run.with_user(self.manager).may_switch)

    def test_who_has_odoos_invoicing_alone_is_asked_and_switches(self):
        biller = self._new_user("biller", "account.group_account_invoice")
        self.company.credit_dunning_live = False
        self._late(15, 70.0, partner=self.env["res.partner"].create({"name": "Two"}))
        run = self._run(user=biller)
        self.assertTrue(run.may_switch)
        confirm = self._confirm(run.action_ask_live(), biller)
        self.assertEqual((confirm.notice_count, confirm.amount_total), (2, 210.0))
        self.assertEqual(confirm.levels, "2 × Step 10 (Portal)")
        self.assertFalse(self.company.credit_dunning_live)
        confirm.action_confirm()
        self.assertEqual((self.company.credit_dunning_live, run.is_test), (True, False))
        self.assertEqual(run.state, "draft")
        self._confirm(run.action_ask_send(), biller).action_confirm()
        self.assertEqual(set(run.sudo().notice_ids.mapped("state")), {"sent"})

    def test_the_question_gives_nobody_more_rights(self):
        confirm = self.env["credit.dunning.run.confirm"]
        values = {"run_id": self.dry_run.id, "ask": "live"}
        self.dry_run.action_go_test()
        with self.assertRaises(AccessError):
            confirm.with_user(self.analyst).create(values).action_confirm()
        for user in (self.viewer, self.salesman):
            with self.assertRaises(AccessError):
                confirm.with_user(user).create(values)
        self.assertFalse(self.company.credit_dunning_live)

    def _confirm(self, action, user):
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def test_a_missing_rate_is_told_before_messages_fail(self):
        france = self.env.ref("base.fr")
        self.company.account_fiscal_country_id = france
        rates = self.env["credit.interest.rate"]
        since = [half_year(self.day), half_year(self.day + timedelta(28))]
        rates.search([("date_from", "in", since)]).write({"is_missing": True})
        others = self.env["credit.dunning.plan"].search([("id", "!=", self.plan.id)])
        others.active = False
        self.assertFalse(self.dry_run.rate_warning)
        self._level(20).interest = "announce"
        self.dry_run.invalidate_recordset(["rate_warning"])
        self.assertIn("France", self.dry_run.rate_warning)
        for day in set(since):
            known = rates.search(
                [
                    ("date_from", "=", day),
                    ("kind", "=", "ecb"),
                    ("country_id", "=", france.id),
                ]
            )
            known.write({"rate": 2}) if known else rates.create(
                {"country_id": france.id, "date_from": day, "rate": 2}
            )
        self.dry_run.invalidate_recordset(["rate_warning"])
        self.assertFalse(self.dry_run.rate_warning)
