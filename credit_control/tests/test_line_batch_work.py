# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from .test_line_batch import BatchCommon


@tagged("post_install", "-at_install")
class TestLineBatchUndo(BatchCommon):
    """Taking back restores what nobody has touched since."""

    def test_untouched_lines_get_their_amounts_and_dates_back(self):
        self.lines[1].date_to = self._today(10)
        batch = self._apply(self._new_batch(date_to=self._today(90)))
        self.assertEqual(self.lines[1].date_to, self._today(90))
        self.lines[2].with_user(self.analyst).amount = 1300
        batch.action_undo()
        self.assertEqual(self._amounts(), [1000, 1000, 1300])
        self.assertEqual(self.lines[1].date_to, self._today(10))
        self.assertFalse(self.lines[0].date_to)
        self.assertEqual(batch.state, "undone")

    def test_a_line_changed_and_changed_back_is_left_alone(self):
        batch = self._apply(self._new_batch())
        change = self.env["credit.line.change"].with_user(self.analyst)
        change.create(
            {"line_id": self.lines[0].id, "amount": 1200, "reason": "Looked at"}
        ).action_apply()
        batch.action_undo()
        self.assertEqual(self._amounts(), [1200, 1000, 1000])

    def test_opened_lines_are_deleted(self):
        batch = self._apply(self._new_batch(operation="set", amount=300, target="open"))
        opened = batch.row_ids.line_id
        self.assertEqual(len(opened), 3)
        batch.action_undo()
        self.assertFalse(opened.exists())
        self.assertEqual(self._available(self.debtors[0]), 1000)


@tagged("post_install", "-at_install")
class TestLineBatchWork(BatchCommon):
    """What is too much for one request goes on in the background."""

    def setUp(self):
        super().setUp()
        work = "odoo.addons.credit_control.models.credit_line_batch_work"
        self.startPatcher(patch(f"{work}.CHUNK", 1))
        self.startPatcher(patch(f"{work}.AT_ONCE", 1))

    def test_the_cron_goes_on_in_the_name_of_the_approver(self):
        batch = self._apply(self._new_batch())
        self.assertEqual((batch.state, batch.done_count), ("applying", 1))
        self.assertAlmostEqual(batch.progress, 100 / 3)
        commit = self._run_cron("credit.line.batch", "_cron_work")
        self.assertEqual(commit.call_count, 2)
        self.assertEqual((batch.state, self._amounts()), ("done", [1200.0] * 3))
        changes = self.lines.change_ids
        self.assertEqual(changes.approver_id, self.analyst)

    def test_stopped_in_the_middle_and_taken_back(self):
        batch = self._apply(self._new_batch())
        batch.action_pause()
        self._run_cron("credit.line.batch", "_cron_work")
        self.assertEqual(self._amounts(), [1200, 1000, 1000])
        batch.action_undo()
        self._run_cron("credit.line.batch", "_cron_work")
        self.assertEqual(self._amounts(), [1000.0] * 3)

    def test_two_lines_of_one_debtor_are_changed_together(self):
        temporary = self.env.ref("credit_control.credit_line_kind_temporary")
        batch = self._new_batch()
        batch.action_preview()
        first = batch.sudo().row_ids[0]
        first.copy(
            {
                "kind_id": temporary.id,
                "line_id": False,
                "is_new": True,
                "amount": 70,
                "date_to": self._today(5),
            }
        )
        batch.action_apply()
        self.assertEqual(batch.done_count, 2)
