# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestReview(CreditCommon):
    """Files are looked at again in time, and what was decided is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.review_months = 6
        cls.line = cls._give_line(1000)
        cls.profile = cls.line.profile_id
        cls.profile.analyst_id = cls.analyst

    def _review(self, user=None, **values):
        return (
            self.env["credit.review"]
            .with_user(user or self.analyst)
            .create({"profile_id": self.profile.id, "note": "Accounts read", **values})
        )

    def _cron(self):
        self._run_cron("credit.profile", "_cron_review")

    def _reminders(self):
        kind = self.env.ref("credit_control.mail_activity_review")
        return self.profile.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def test_the_next_date_follows_the_policy(self):
        self._new_invoice(300)
        review = self._review()
        self.assertEqual(
            (review.limit_amount, review.exposure, review.available), (1000, 300, 700)
        )
        months = self.profile.review_date.month - self._today().month
        self.assertEqual(months % 12, 6)
        self.assertEqual(self.profile.last_review_date, self._today())
        self.assertIn("Accounts read", self.profile.message_ids[0].body)

    def test_the_reviewer_may_choose_another_date(self):
        self._review(next_date=self._today(10))
        self.assertEqual(self.profile.review_date, self._today(10))
        with self.assertRaises(UserError):
            self._review(next_date=self._today())

    def test_ending_ends_every_line(self):
        self._review(decision="end")
        self.assertEqual(self.line.state, "ended")
        self.assertFalse(self.profile.review_date)
        with self.assertRaises(UserError):
            self._new_order(10).action_confirm()

    def test_changing_goes_on_to_the_lines(self):
        review = self._review(decision="change")
        action = review.action_done()
        self.assertEqual(action["domain"], [("profile_id", "=", self.profile.id)])
        self.assertEqual(self.line.state, "active")

    def test_the_dialog_proposes_keep_and_the_date(self):
        action = self.profile.with_user(self.analyst).action_review()
        form = Form(
            self.env["credit.review"]
            .with_user(self.analyst)
            .with_context(**action["context"])
        )
        self.assertEqual(form.decision, "keep")
        self.assertTrue(form.next_date)
        form.note = "Looked at"
        self.assertEqual(form.save().user_id, self.analyst)

    def test_due_files_remind_their_analyst_once(self):
        self.profile.review_date = self._today(-3)
        self._cron()
        self._cron()
        reminder = self._reminders()
        self.assertEqual(reminder.user_id, self.analyst)
        self.assertEqual(reminder.date_deadline, self._today(-3))
        self._review()
        self.assertFalse(self._reminders())

    def test_what_is_not_due_reminds_nobody(self):
        self.profile.review_date = self._today(3)
        self._cron()
        self.assertFalse(self._reminders())

    def test_files_without_a_date_get_one_within_the_period(self):
        self.profile.review_date = False
        self._cron()
        self.assertGreater(self.profile.review_date, self._today())
        self.assertLessEqual(self.profile.review_date, self._today(190))

    def test_without_a_period_nothing_is_planned(self):
        self.profile.review_date = False
        self.policy.review_months = 0
        self._cron()
        self.assertFalse(self.profile.review_date)
        self.assertFalse(self._review().next_date)

    def test_planning_takes_few_statements_for_many(self):
        def plan(count):
            for number in range(count):
                debtor = self.debtor.copy({"name": f"Many {number}"})
                self._give_line(10, partner=debtor).profile_id.write(
                    {"analyst_id": self.analyst.id, "review_date": self._today(-1)}
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._cron()
            return self.env.cr.sql_log_count - before

        few = plan(2)
        self.assertLessEqual(plan(12), few + 10)

    def test_reviews_are_neither_forged_nor_changed(self):
        review = self._review()
        with self.assertRaises(AccessError):
            self._review(user=self.viewer)
        with self.assertRaises(AccessError):
            self._review(user_id=self.manager.id)
        with self.assertRaises(AccessError):
            review.write({"note": "Never mind"})
        with self.assertRaises(AccessError):
            review.with_user(self.manager).unlink()
