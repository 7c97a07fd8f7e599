# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..engine import match
from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestReview(ProgrammeCommon):
    """Was it worth it: figures by hand-made examples whose answer is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine, cls.other = cls._new_debtors(2)
        cls.programme = cls._new_programme(first_loss_percent=10, sponsor_percent=50)

    def _review(self, user=None, **values):
        action = self.programme.with_user(user or self.viewer).action_review()
        review = self.env["credit.programme.review"].browse(action["res_id"])
        if values:
            review.sudo().write(values)
            review.with_user(self.viewer).action_work_out()
        return review.sudo()

    def _grant(self, days_ago=60):
        self._give(self.programme, self.mine)
        self._grants(self.programme).date_from = self._today(-days_ago)

    def _sold(self, partner, amount, days_ago):
        self._new_invoice(amount, partner=partner, invoice_date=self._today(-days_ago))

    def test_extra_turnover_is_more_than_others_grew(self):
        self._grant()
        for partner, before, after in (
            (self.mine, 1000, 1800),
            (self.other, 1100, 1300),
        ):
            self._sold(partner, before, 90)
            self._sold(partner, after, 30)
        review = self._review()
        self.assertEqual((review.before, review.after), (1000, 1800))
        self.assertEqual((review.matched_count, review.other_before), (1, 1100))
        self.assertEqual(review.extra, 600)

    def test_who_bought_nothing_alike_is_not_compared(self):
        self._grant()
        self._sold(self.mine, 1000, 90)
        self._sold(self.other, 9000, 90)
        review = self._review()
        self.assertEqual((review.matched_count, review.extra), (0, 0))

    def test_uptake_and_overdue(self):
        self._grant()
        self._new_order(3000, partner=self.mine, product=self.branded).action_confirm()
        review = self._review()
        self.assertEqual((review.used_count, review.uptake), (1, 100))
        self.assertEqual((review.used, review.overdue), (3000, 0))

    def test_rates_of_use_overdue_and_loss(self):
        self._grant()
        self._new_order(2000, partner=self.mine, product=self.branded).action_confirm()
        self._new_invoice(
            500,
            partner=self.mine,
            invoice_date=self._today(-40),
            invoice_payment_term_id=False,
            invoice_date_due=self._today(-10),
        )
        claim = self.env["credit.programme.claim"].with_user(self.analyst)
        values = {"grant_id": self._grants(self.programme).id, "amount": 250}
        claim.create(values).action_send()
        review = self._review()
        self.assertEqual(
            (review.used_rate, review.overdue_rate, review.lost_rate), (40, 25, 5)
        )

    def _remind(self, days_ago, state="sent"):
        profile = self.env["credit.profile"]._get_or_create(self.mine, self.company)
        plan = self.env.ref("credit_control.credit_dunning_plan_default")
        day = self._today(-days_ago)
        run = self.env["credit.dunning.run"].sudo().create({"date": day})
        run.notice_ids.create(
            {
                "run_id": run.id,
                "date": day,
                "profile_id": profile.id,
                "level_id": plan.level_ids[-1].id,
                "state": state,
            }
        )

    def test_the_cost_of_dunning_before_and_with_the_line(self):
        self._grant(60)
        self._remind(70)
        for days_ago in (50, 40, 3):
            self._remind(days_ago)
        self._remind(2, "failed")
        self._remind(130)  # longer ago than the time that is compared
        profile = self.env["credit.profile"]._get_or_create(self.mine, self.company)
        self.env["credit.dunning.contact"].sudo().create(
            {
                "profile_id": profile.id,
                "date": self._today(-5),
                "result": "no_answer",
            }
        )
        review = self._review(reminder_cost=2, call_cost=8)
        self.assertEqual((review.reminder_before, review.reminder_after), (1, 3))
        self.assertEqual((review.call_before, review.call_after), (0, 1))
        self.assertEqual((review.dunning_cost, review.dunning_more), (14, 12))

    def test_the_risk_is_a_figure_and_always_the_same(self):
        self._give(self.programme, self._new_debtors(30))
        review = self._review()
        self.assertEqual(review.at_risk, 150000)
        self.assertAlmostEqual(review.equal_count, 30)
        self.assertGreater(review.bad_year, review.expected)
        self.assertAlmostEqual(review.bad_sponsor + review.bad_own, review.bad_year)
        again = self._review()
        self.assertEqual(again.bad_year, review.bad_year)
        worse = self._review(default_percent=10.0)
        self.assertGreater(worse.expected, review.expected)
        self.assertEqual(len(review.loss_ids), 6)

    def test_only_the_credit_team_reviews(self):
        with self.assertRaises(AccessError):
            self._review(user=self.salesman)

    def test_without_lines_there_is_nothing_to_say(self):
        with self.assertRaises(UserError):
            self._review()

    def test_each_comparable_customer_is_taken_once(self):
        pairs = match({1: 100, 2: 110, 3: 5000}, {7: 105, 8: 60, 9: 0})
        self.assertEqual(pairs, {2: 7, 1: 8})
