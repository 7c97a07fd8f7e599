# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import credit_programme_run
from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestRun(ProgrammeCommon):
    """Many lines at once: preview, work, stop, go on, who was left out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtors = cls._new_debtors(6)

    def _run(self, programme):
        action = programme.with_user(self.analyst).action_open_run()
        return self.env["credit.programme.run"].sudo().browse(action["res_id"])

    def _small_batches(self):
        self._uncommitted()
        self.patch(credit_programme_run, "BATCH", 2)
        self.patch(credit_programme_run, "AT_ONCE", 2)

    def test_the_preview_gives_nothing(self):
        programme = self._new_programme(domain=self._only(self.debtors))
        run = self._run(programme)
        self.assertEqual((run.todo_count, run.amount), (6, 30000))
        self.assertEqual(run.silent_count, 6)
        self.assertFalse(self._grants(programme))

    def test_everybody_gets_his_line(self):
        programme = self._new_programme(domain=self._only(self.debtors))
        run = self._run(programme)
        run.with_user(self.analyst).action_start()
        self.assertEqual((run.state, run.given_count, run.progress), ("done", 6, 100))
        self.assertEqual(self._grants(programme).partner_id, self.debtors)
        self.assertEqual(self._grants(programme).run_id, run)

    def test_left_out_with_reason(self):
        programme = self._new_programme(
            domain=self._only(self.debtors), has_pot=True, pot_amount=20000
        )
        self._give(programme, self.debtors[:1])
        run = self._run(programme)
        run.with_user(self.analyst).action_start()
        left = run.row_ids.filtered(lambda row: row.result == "left_out")
        self.assertEqual(
            sorted(left.mapped("reason")), ["has_line", "pot_full", "pot_full"]
        )
        self.assertEqual(programme.room_amount, 0)

    def test_shares_of_a_small_pot(self):
        programme = self._new_programme(
            domain=self._only(self.debtors),
            has_pot=True,
            pot_amount=10000,
            when_full="pro_rata",
        )
        self._small_batches()
        run = self._run(programme)
        run.with_user(self.analyst).action_start()
        run._work_in_background()
        amounts = self._grants(programme).mapped("amount")
        self.assertEqual(amounts, [1666.66] * 6)

    def test_stop_and_resume(self):
        programme = self._new_programme(domain=self._only(self.debtors))
        self._small_batches()
        run = self._run(programme)
        run.with_user(self.analyst).action_start()
        self.assertEqual((run.state, run.given_count), ("running", 2))
        run.with_user(self.analyst).action_stop()
        run._work_in_background()
        self.assertEqual(len(self._grants(programme)), 2)
        run.with_user(self.analyst).action_start()
        run._work_in_background()
        self.assertEqual((run.state, len(self._grants(programme))), ("done", 6))

    def test_a_pause_stops_the_run(self):
        programme = self._new_programme(domain=self._only(self.debtors))
        self._small_batches()
        run = self._run(programme)
        run.with_user(self.analyst).action_start()
        programme.action_pause()
        run._work_in_background()
        self.assertEqual((run.state, len(self._grants(programme))), ("stopped", 2))
        with self.assertRaises(UserError):
            run.with_user(self.analyst).action_start()

    def test_only_analysts_open_lines(self):
        programme = self._new_programme(domain=self._only(self.debtors))
        run = self._run(programme)
        for user in (self.salesman, self.viewer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).action_start()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                programme.with_user(user).action_open_run()

    def test_nobody_forges_a_run(self):
        programme = self._new_programme(domain=self._only(self.debtors))
        runs = self.env["credit.programme.run"].with_user(self.analyst)
        with self.assertRaises(AccessError):
            runs.create({"programme_id": programme.id, "state": "running"})
        run = self._run(programme).with_user(self.analyst)
        for values in ({"state": "running"}, {"ratio_given": "9"}, {"row_ids": []}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                run.write(values)

    def test_queries_do_not_grow_with_customers(self):
        programme = self._new_programme(domain=self._only(self.debtors))
        counts = []
        for debtors in (self.debtors[:2], self.debtors[2:]):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._give(programme, debtors)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
