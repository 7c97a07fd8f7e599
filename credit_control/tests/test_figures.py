# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_interest import InterestCommon

TODAY = date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestFigures(InterestCommon):
    """The figures of collection, by hand, on 30 June 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("credit_acc", "account.group_account_invoice")
        company = type(cls.company)
        cls.startClassPatcher(
            patch.object(company, "_credit_today", lambda self: TODAY)
        )
        cls.debtor.user_id = cls.salesman
        # April 1,200 (paid), May 800 and June 1,000, due thirty days later.
        cls.april = cls._invoiced(1_200, date(2026, 4, 10))
        cls.may = cls._invoiced(800, date(2026, 5, 15))
        cls.june = cls._invoiced(1_000, date(2026, 6, 20))
        cls._settle(cls.april, 1_200, date(2026, 6, 9))

    @classmethod
    def _invoiced(cls, amount, day, **values):
        return cls._late_invoice(amount, day + timedelta(days=30), **values)

    def _get(self, user=None, **filters):
        figures = self.env["credit.figures"].with_user(user or self.accountant)
        return figures.get_figures(user_id=self.salesman.id, **filters)

    def _open(self, what, key=None, **filters):
        figures = self.env["credit.figures"].with_user(self.accountant)
        filters = filters or {"user_id": self.salesman.id}
        action = figures.open_records(what, key, **filters)
        records = self.env[action["res_model"]].with_user(self.accountant)
        return records.search(action["domain"])

    def test_days_of_sales_are_counted_back(self):
        # Owed 1,800: all of June (30 days) and all 800 of May (31 days).
        tiles = self._get()["tiles"]
        self.assertEqual(tiles["dso"], 61)
        # Not due: 1,000 of June. Late: May's 800, due on 14 June.
        self.assertEqual((tiles["best"], tiles["delinquent"]), (30, 31))

    def test_effectiveness_of_the_month(self):
        # 2,000 on 31 May, plus 1,000; 1,800 left, of which 1,000 not due:
        # 1,200 of 2,000 were collected.
        self.assertEqual(self._get()["tiles"]["effectiveness"], 60)

    def test_the_trend_ends_today_and_looks_back(self):
        trend = self._get()["trend"]
        self.assertEqual(len(trend), 13)
        self.assertEqual(trend[-1]["date"], "2026-06-30")
        may = trend[-2]
        # On 31 May 2,000 were owed: May's 800 in 31 days, April's 1,200 in 30.
        self.assertEqual((may["receivable"], may["dso"]), (2000, 61))
        # April's invoice was due on 10 May: only May's 800 was not due.
        self.assertEqual((may["best"], may["sales"]), (31, 800))
        self.assertEqual(trend[-4]["receivable"], 0)

    def test_cash_is_expected_by_the_payers_habit(self):
        # Thirty days late on average: June's on 20 July + 30 = 19 August; May's was
        # usual on 14 July: expected then.
        weeks = self._get()["weeks"]
        amounts = {week["name"]: week["amount"] for week in weeks if week["amount"]}
        self.assertEqual(amounts, {"13 Jul": 800, "17 Aug": 1000})
        found = self._open("week", 2)
        self.assertEqual(found.move_id, self.may)

    def test_promises_plans_and_disputes_replace_the_guess(self):
        self.env["credit.promise"].create(
            {
                "profile_id": self.profile.id,
                "date": date(2026, 7, 7),
                "amount": 800,
                "move_ids": self.may.ids,
            }
        )
        self.env["credit.dispute"].create(
            {"profile_id": self.profile.id, "move_id": self.june.id, "amount": 300}
        )
        weeks = self._get()["weeks"]
        amounts = {week["name"]: week["amount"] for week in weeks if week["amount"]}
        self.assertEqual(amounts, {"6 Jul": 800, "17 Aug": 700})

    def test_receivables_at_risk_have_one_reason_each(self):
        old = self._invoiced(50, date(2026, 1, 1))
        self.env["credit.dispute"].create(
            {"profile_id": self.profile.id, "move_id": self.june.id, "amount": 300}
        )
        data = self._get()
        risks = {row["action"]["key"]: row["amount"] for row in data["risks"]}
        self.assertEqual(risks, {"stopped": 0, "disputed": 300, "broken": 0, "old": 50})
        self.assertEqual(data["tiles"]["risk"], 350)
        self.assertEqual(self._open("risk", "old").move_id, old)
        self.profile.insolvency_date = date(2026, 6, 1)
        risks = {row["action"]["key"]: row["amount"] for row in self._get()["risks"]}
        self.assertEqual(risks["stopped"], 1850)

    def test_promise_reliability_is_weighted_by_amount(self):
        for amount, state, day in (
            (300, "kept", date(2026, 6, 1)),
            (100, "broken", date(2026, 6, 2)),
            (500, "open", date(2026, 8, 1)),
        ):
            self.env["credit.promise"].create(
                {
                    "profile_id": self.profile.id,
                    "date": day,
                    "amount": amount,
                    "state": state,
                }
            )
        tiles = self._get()["tiles"]
        self.assertEqual((tiles["reliability"], tiles["promised"]), (75, 400))
        self.assertEqual(self._open("promises").mapped("amount"), [100, 300])

    def test_each_figure_opens_the_records_it_counts(self):
        """P1: also of one credit policy, and credits where they were taken off."""
        self._new_invoice(50, move_type="out_refund", invoice_date=date(2026, 6, 1))
        other = self.env["credit.policy"].create({"name": "Other"})
        stranger = self.debtor.create({"name": "Stranger", "is_company": True})
        self.env["credit.profile"]._get_or_create(
            stranger, self.company
        ).policy_id = other
        theirs = self._new_invoice(70, partner=stranger, invoice_date=date(2026, 5, 1))
        filters = {"policy_id": self.policy.id, "user_id": self.salesman.id}
        owed, current, late = (
            self._open(what, **filters) for what in ("open", "current", "late")
        )
        trend = self._get(policy_id=self.policy.id)["trend"]
        self.assertEqual(sum(owed.mapped("amount")), trend[-1]["receivable"])
        self.assertEqual(len(owed), 3)
        self.assertEqual((current.move_id, late), (self.june, owed - current))
        self.assertEqual(self._open("open", policy_id=other.id).move_id, theirs)

    def test_promises_of_a_policy_open_with_its_figure(self):
        other = self.env["credit.policy"].create({"name": "Other"})
        self.env["credit.promise"].create(
            {
                "profile_id": self.profile.id,
                "date": date(2026, 6, 1),
                "amount": 300,
                "state": "kept",
            }
        )
        self.assertFalse(self._open("promises", policy_id=other.id))
        self.assertEqual(
            self._open("promises", policy_id=self.policy.id).mapped("amount"), [300]
        )
        self.profile.policy_id = other
        self.assertFalse(self._open("promises", policy_id=self.policy.id))

    def _new_plan(self, move):
        """Two instalments of one invoice, on 7 July and 7 August."""
        plan = self.env["credit.instalment.plan"].create(
            {
                "profile_id": self.profile.id,
                "move_ids": move.ids,
                "date_first": date(2026, 7, 7),
                "amount": move.amount_residual,
                "number": 2,
            }
        )
        plan.with_user(self.analyst).action_approve()
        plan.action_start()
        return plan

    def test_instalments_in_dollars_count_in_the_companys_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        self._new_plan(self._invoiced(300, date(2026, 5, 15), currency_id=dollar.id))
        rows = {row["name"]: row["amount"] for row in self._get()["weeks"]}
        self.assertEqual(rows["6 Jul, payment plans"], 75)

    def test_instalments_have_a_row_of_their_own_in_the_week(self):
        plan = self._new_plan(self.may)
        rows = {row["name"]: row for row in self._get()["weeks"] if row["amount"]}
        self.assertEqual(
            {name: row["amount"] for name, row in rows.items()},
            {"6 Jul, payment plans": 400, "3 Aug, payment plans": 400, "17 Aug": 1000},
        )
        action = rows["6 Jul, payment plans"]["action"]
        found = self._open(action["what"], action["key"])
        self.assertEqual((found.plan_id, found.amount), (plan, 400))

    def test_policies_and_salespeople_have_their_own_figures(self):
        other = self.env["credit.policy"].create({"name": "Other"})
        self.assertEqual(self._get(policy_id=other.id)["tiles"]["dso"], 0)
        self.assertEqual(self._get(policy_id=self.policy.id)["tiles"]["dso"], 61)
        self.profile.policy_id = other
        self.assertEqual(self._get(policy_id=other.id)["tiles"]["dso"], 61)

    def test_p7_the_figures_do_not_depend_on_the_reader(self):
        self.assertEqual(self._get(self.viewer), self._get(self.accountant))
        with self.assertRaises(AccessError):
            self._get(self.salesman)
        figures = self.env["credit.figures"].with_user(self.salesman)
        with self.assertRaises(AccessError):
            figures.open_records("open")

    def test_statements_do_not_grow_with_the_items(self):
        self._get()
        few = self._count()
        for _number in range(5):
            self._invoiced(10, date(2026, 5, 1))
        self.assertEqual(self._count(), few)

    def _count(self):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._get()
        return self.env.cr.sql_log_count - before

    def test_responses_are_what_was_paid_within_two_weeks(self):
        """A message of 1 June asks for 1,200 and 800; 1,200 are paid on 9 June."""
        level = self.env["credit.dunning.level"].search([], limit=1)
        run = self.env["credit.dunning.run"].create({"company_id": self.company.id})
        notice = (
            self.env["credit.dunning.notice"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "profile_id": self.profile.id,
                    "level_id": level.id,
                    "state": "sent",
                    "date_sent": "2026-06-01 09:00:00",
                    "item_ids": [
                        Command.create(
                            {
                                "move_line_id": self._get_item(move).id,
                                "amount_residual": amount,
                            }
                        )
                        for move, amount in ((self.april, 1_200), (self.may, 800))
                    ],
                }
            )
        )
        self.env["credit.dunning.message"].sudo().create(
            {"notice_id": notice.id, "channel": "letter", "state": "sent"}
        )
        (row,) = self._get()["responses"]
        self.assertEqual((row["rate"], row["count"], row["amount"]), (60, 1, 2000))
        self.assertEqual(self._open("notices", row["action"]["key"]), notice)
        self.assertFalse(self._open("notices", f"{level.id}/email"))
        notice.date_sent = "2026-05-20 09:00:00"
        self.assertEqual(self._get()["responses"][0]["rate"], 0)
