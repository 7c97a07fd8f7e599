# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .followup_common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupStatus(FollowupCommon):
    """Status and exclusions flow both ways; one engine sends."""

    def _steps(self, run=None):
        """The days of the step that each invoice of a run takes."""
        items = (run or self._run()).sudo().notice_ids.item_ids
        return {
            item.move_id: item.level_id.delay for item in items if item.kind == "step"
        }

    def _partner(self):
        return self.debtor.with_user(self.accountant).with_company(self.company)

    def test_what_was_sent_shows_in_odoo(self):
        invoice = self._late(12)
        self.assertEqual(self._partner().followup_status, "in_need_of_action")
        self._send()
        self.assertEqual(self._reached(invoice).credit_level_id, self._level(10))
        self.env.invalidate_all()
        self.assertEqual(self._partner().followup_status, "with_overdue_invoices")
        self.assertTrue(self._partner().followup_next_action_date)

    def test_a_dry_run_changes_nothing_in_odoo(self):
        invoice = self._late(12)
        self._run()
        self.assertFalse(self._reached(invoice))

    def test_a_higher_level_set_in_odoo_is_where_the_plan_goes_on(self):
        invoice = self._late(40)
        self.assertEqual(self._steps(), {invoice: 10})
        line = self._lines().filtered(lambda line: line.delay == 20)
        self._receivable(invoice).followup_line_id = line
        self.assertEqual(self._steps(), {invoice: 30})

    def test_a_lower_level_set_in_odoo_is_where_the_plan_goes_on(self):
        invoice = self._late(40)
        self._was_sent(invoice, 2, 3)
        self.assertEqual(self._steps(), {invoice: 30})
        line = self._lines().filtered(lambda line: line.delay == 10)
        self._receivable(invoice).followup_line_id = line
        self.assertEqual(self._steps(), {invoice: 20})
        self._receivable(invoice).followup_line_id = False
        self.assertEqual(self._steps(), {invoice: 10})

    def test_no_follow_up_in_odoo_is_skipped(self):
        self._receivable(self._late(12)).no_followup = True
        run = self._run()
        self.assertFalse(run.sudo().notice_ids)
        self.assertIn("dunning_no_followup", self._skip_codes(run))

    def test_reminders_by_hand_are_skipped(self):
        self._late(12)
        self.debtor.followup_reminder_type = "manual"
        run = self._run()
        self.assertFalse(run.sudo().notice_ids)
        self.assertEqual(set(self._skip_codes(run)), {"followup_manual"})

    def _exclude(self, invoice):
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        return self.env["credit.dispute"].create(
            {"profile_id": profile.id, "move_id": invoice.id, "amount": 100}
        )

    def test_a_dispute_leaves_the_item_out_and_brings_it_back(self):
        invoice, other = self._late(12), self._late(12)
        dispute = self._exclude(invoice)
        self.env.cr.flush()
        self.assertTrue(self._receivable(invoice).no_followup)
        self.assertFalse(self._receivable(other).no_followup)
        self.assertIn("disputed", " ".join(self._skip_codes(self._run())))
        dispute.unlink()
        self.env.cr.flush()
        self.assertFalse(self._receivable(invoice).no_followup)

    def test_a_flag_set_by_hand_stays(self):
        invoice = self._late(12)
        self._receivable(invoice).no_followup = True
        dispute = self._exclude(invoice)
        self.env.cr.flush()
        dispute.unlink()
        self.env.cr.flush()
        self.assertTrue(self._receivable(invoice).no_followup)

    def test_p14_uninstalling_gives_the_items_back(self):
        invoice = self._late(12)
        self._exclude(invoice)
        self.env.cr.flush()
        self.assertTrue(self._receivable(invoice).no_followup)
        uninstall_hook(self.env)
        self.assertFalse(self._receivable(invoice).no_followup)

    def test_one_engine_sends(self):
        self._late(12)
        partner = self._partner()
        with self.assertRaisesRegex(UserError, "Make a run there"):
            partner.execute_followup({"manual_followup": True})
        before = self.debtor.message_ids
        self.env["res.partner"].sudo()._cron_execute_followup()
        self.assertEqual(self.debtor.message_ids, before)

    def test_without_a_plan_odoo_sends(self):
        self.company.credit_followup_plan_id = False
        self._late(12)
        self.env["account_followup.followup.line"].create(
            {"name": "First", "delay": 1, "company_id": self.company.id}
        )
        before = len(self.debtor.message_ids)
        self._partner().sudo().execute_followup({})
        self.assertEqual(len(self.debtor.message_ids), before + 1)
        run = self._run()
        self.assertTrue(run.is_test)

    def test_new_levels_can_be_written_while_items_wait(self):
        invoice = self._late(12)
        self._send()
        self.plan.level_ids = [
            Command.update(self._level(10).id, {"delay": 12, "name": "Twelve"})
        ]
        self.assertEqual(self._reached(invoice).name, "Twelve")
