# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .rule_common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleOverdue(RuleCommon):
    """P5, P9: what is overdue holds, with its figures and who should pay what."""

    def test_p9_oldest_item_is_named_with_what_to_pay(self):
        self._rule("overdue_days", threshold_days=15)
        self._passes()
        invoice = self._overdue(1200, 34)
        facts = self._held()
        self.assertIn("34 days", facts["headline"])
        self.assertIn("at most 15 days", facts["headline"])
        ways = {way["code"]: way for way in facts["ways_out"] if not way["model"]}
        self.assertEqual(ways["pay_overdue"]["amount"], 1200)
        named = [way for way in facts["ways_out"] if way["model"] == "account.move"]
        self.assertEqual([way["id"] for way in named], invoice.ids)
        self.assertIn("34 days overdue", named[0]["text"])

    def test_days_within_the_threshold_pass(self):
        self._rule("overdue_days", threshold_days=15)
        self._overdue(1200, 15)
        self._passes()

    def test_trivial_residues_are_no_reason(self):
        self._rule("overdue_days", floor=5, threshold_days=0)
        self._overdue(4.99, 400)
        self._passes()
        self._overdue(5, 1)
        self._held()

    def test_p5_money_on_account_pays_the_oldest_items_first(self):
        self._rule("overdue_days", threshold_days=15)
        self._overdue(100, 90)
        self._overdue(100, 10)
        self._held()
        self._pay(99.99)
        self._held()
        self._pay(0.01)
        self._passes()

    def test_amount_and_share_of_the_limit(self):
        amount = self._rule("overdue_amount", threshold=500)
        self._overdue(500, 3)
        self._passes()
        self._overdue(0.01, 3)
        self.assertIn("500.01", self._texts()[0])
        amount.active = False
        share = self._rule("overdue_share", threshold_percent=5)
        self.assertIn("10,000.00", self._texts()[0])
        share.threshold_percent = 5.01
        self._passes()

    def test_average_days_late(self):
        self._rule("late_days", threshold_days=10)
        self._passes()
        invoice = self._overdue(100, 30)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": self._today()})._create_payments()
        self.assertIn("30 days late", self._texts()[0])

    def test_disputed_amounts_count_or_not(self):
        self._rule("overdue_amount", threshold=100)
        invoice = self._overdue(300, 5)
        self._held()
        dispute = (
            self.env["credit.dispute"]
            .with_user(self.analyst)
            .create(
                {
                    "profile_id": self.profile.id,
                    "move_id": invoice.id,
                    "amount": 200,
                }
            )
        )
        self._held()
        disputed = self.env.ref("credit_control.credit_exposure_component_disputed")
        self.policy.component_ids += disputed
        self._passes()
        dispute.state = "closed"
        self._held()


@tagged("post_install", "-at_install")
class TestRuleHorizon(RuleCommon):
    """Orders beyond the credit horizon count only then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line.amount = 100
        later = cls.env.ref("credit_control.credit_exposure_component_later")
        cls.policy.write(
            {"component_ids": [Command.link(later.id)], "horizon_days": 30}
        )

    def _order(self, amount, days):
        return self._new_order(amount, commitment_date=self._today(days))

    def test_orders_beyond_the_horizon_use_no_credit_yet(self):
        self._held(self._order(101, 30))
        self._passes(self._order(500, 31))
        self.assertEqual(self._exposure(), 0)
        self._passes(self._order(100, 5))
        self.assertEqual(self._available(), 0)

    def test_p2_an_order_that_comes_earlier_is_looked_at(self):
        order = self._passes(self._order(101, 60))
        with self.assertRaises(CreditHoldError):
            order.commitment_date = self._today(3)
        with self.assertRaises(CreditHoldError):
            order.commitment_date = False
        order.commitment_date = self._today(40)

    def test_the_other_rules_look_at_it_all_the_same(self):
        self._rule("document_amount", threshold=400)
        self._passes(self._order(400, 60))
        self._held(self._order(401, 60))


@tagged("post_install", "-at_install")
class TestRuleTerms(RuleCommon):
    """Payment terms and early-payment discounts."""

    def _order(self, term):
        return self._new_order(100, payment_term_id=term.id)

    def test_longer_than_the_policy(self):
        self._rule("term_days", threshold_days=60)
        self._passes(self._order(self._new_term(60)))
        facts = self._held(self._order(self._new_term(61)))
        self.assertIn("61 days", facts["headline"])
        codes = [way["code"] for way in facts["ways_out"]]
        self.assertIn("shorter_term", codes)

    def test_beyond_the_law(self):
        self._rule("term_legal")
        self._passes(self._order(self._new_term(60)))
        self._passes(self._order(self._new_term(45, "days_after_end_of_month")))
        held = self._order(self._new_term(60, "days_after_end_of_month"))
        self.assertIn("L441-10", self._texts(held)[0])

    def test_longer_than_a_line_that_carries_it(self):
        self._rule("term_line")
        self.line.term_days_max = 30
        self._passes(self._order(self._new_term(30)))
        self.assertIn("31 days", self._texts(self._order(self._new_term(31)))[0])

    def test_better_than_the_customers_own(self):
        self._rule("term_better")
        self._rule("discount_better", threshold_percent=1)
        self.debtor.property_payment_term_id = self._new_term(
            30, early_discount=True, discount_percentage=2, discount_days=8
        )
        same = self._new_term(
            30, early_discount=True, discount_percentage=3, discount_days=8
        )
        self._passes(self._order(same))
        self.assertIn("31 days", self._texts(self._order(self._new_term(31)))[0])
        same.discount_percentage = 3.5
        self.assertIn("3.50 %", self._texts(self._order(same))[0])

    def test_p2_a_term_lengthened_afterwards_is_held(self):
        self._rule("term_days", threshold_days=30)
        order = self._passes(self._order(self._new_term(30)))
        longer = self._new_term(31)
        self._raises_hold(lambda: order.write({"payment_term_id": longer.id}))
        order.payment_term_id = self._new_term(10)
        self.assertEqual(order.payment_term_id.name, "10 days_after")

    def _raises_hold(self, change):
        with self.assertRaises(CreditHoldError) as caught:
            change()
        self.assertIn("payment term", str(caught.exception))


@tagged("post_install", "-at_install")
class TestRulePrices(RuleCommon):
    """Discounts, against the customer's own price list."""

    def _order(self, **values):
        order = self._new_order(100)
        order.order_line.write(values)
        return order

    def test_prices_below_the_customers_own(self):
        self._rule("price_cut", threshold_percent=5)
        self._passes(self._order())
        self._passes(self._order(discount=5))
        self.assertIn("5.01 %", self._texts(self._order(discount=5.01))[0])
        self.assertIn("10 %", self._texts(self._order(price_unit=90))[0])

    def test_another_price_list_than_the_customers_is_a_discount(self):
        self._rule("price_cut", threshold_percent=5)
        cheap = self.env["product.pricelist"].create(
            {
                "name": "Friends",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 20,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        order = self._order()
        order.pricelist_id = cheap
        order._recompute_prices()
        self.assertIn("20 %", self._texts(order)[0])
        self.debtor.property_product_pricelist = cheap
        self._passes(order)

    def test_what_costs_queries_is_worked_out_only_when_a_rule_asks(self):
        order = self._order()
        with patch.object(
            type(order), "_get_credit_price_cut", side_effect=AssertionError
        ):
            self._passes(order)
            self._rule("price_cut", threshold_percent=5)
            with self.assertRaises(AssertionError):
                self._order().action_confirm()


@tagged("post_install", "-at_install")
class TestRuleFile(RuleCommon):
    """The credit file, its lines, its rating, and the customer's past."""

    def test_expired_line(self):
        self._rule("line_expired")
        self._passes()
        old = self._give_line(50, kind="guarantee", date_to=self._today(-3))
        self.assertIn("3 days ago", self._texts()[0])
        renewed = self._give_line(50, kind="guarantee")
        self._passes()
        renewed.state = "suspended"
        self._held()
        old.state = "ended"
        self._passes()

    def test_expiring_line(self):
        self._rule("line_expiring", threshold_days=10)
        self.line.date_to = self._today(10)
        self._passes()
        self.line.date_to = self._today(9)
        self.assertIn("9 days", self._texts()[0])
        self._give_line(1, date_from=self._today(10))
        self._passes()

    def test_review_overdue(self):
        self._rule("review_overdue", threshold_days=7)
        self._passes()
        self.profile.review_date = self._today(-7)
        self._passes()
        self.profile.review_date = self._today(-8)
        self.assertIn("8 days", self._texts()[0])

    def test_missing_opening_document(self):
        self._rule("opening_missing")
        self.policy.opening_required_ids = [Command.clear()]
        self._passes()
        paper = self.env["credit.opening.document.type"].search([], limit=1)
        self.policy.opening_required_ids = [Command.set(paper.ids)]
        self.assertIn(": 1", self._texts()[0])

    def test_score_counts_with_its_date_only(self):
        self._rule("score", threshold_number=40)
        self._passes()
        self.profile.write({"score": 39, "score_date": self._today()})
        self.assertIn("39", self._texts()[0])
        self.profile.score = 40
        self._passes()

    def test_dunning_level(self):
        self._rule("dunning_level", threshold_number=1)
        self.profile.dunning_level = 1
        self._passes()
        self.profile.dunning_level = 2
        self.assertIn("Dunning level 2", self._texts()[0])

    def test_broken_promise(self):
        self._rule("broken_promises")
        promise = (
            self.env["credit.promise"]
            .with_user(self.analyst)
            .create(
                {
                    "profile_id": self.profile.id,
                    "amount": 100,
                    "date": self._today(),
                }
            )
        )
        self._passes()
        promise.date = self._today(-1)
        self.assertIn("1", self._texts()[0])
        promise.state = "kept"
        self._passes()
        promise.state = "broken"
        self._held()
        promise.date = self._today(-400)
        self._passes()

    def test_first_orders_of_a_new_customer(self):
        self._rule("first_orders", threshold_number=2)
        first, second = self._new_order(100), self._new_order(100)
        self._held(first)
        self.policy.rule_ids.filtered(lambda r: r.kind == "first_orders").active = False
        self._passes(first)
        self.policy.rule_ids.filtered(lambda r: r.kind == "first_orders").active = True
        self._held(second)
        self.policy.rule_ids.filtered(
            lambda r: r.kind == "first_orders"
        ).threshold_number = 1
        self._passes(second)

    def test_watch_hold_and_stop_work_in_every_policy(self):
        reason = self.env.ref("credit_control.credit_reason_status_overdue")
        manager = self.profile.with_user(self.manager)
        manager.set_status("watch", reason.id)
        order = self._passes()
        self.assertEqual(self._decision(order).outcome, "warn")
        for status, stopped in (("hold", False), ("stop", True)):
            manager.set_status(status, reason.id)
            order = self._new_order(100)
            self._held(order)
            self._record_holds()
            self.assertEqual(order.credit_hold_id.is_stop, stopped)
        manager.set_status("normal")
        self._passes()

    def test_stop_list_holds_a_debtor_who_is_not_managed(self):
        other = self.env["res.partner"].create({"name": "Free", "is_company": True})
        profile = self.env["credit.profile"]._get_or_create(other, self.company)
        reason = self.env.ref("credit_control.credit_reason_status_overdue")
        profile.with_user(self.manager).set_status("stop", reason.id)
        facts = self._held(self._new_order(100, partner=other))
        self.assertEqual([r["code"] for r in facts["reasons"]], ["status_stop"])
        profile.with_user(self.manager).set_status("normal")
        self._passes(self._new_order(100, partner=other))

    def test_share_of_the_limit_and_amount_of_the_document(self):
        self._rule("limit_used", effect="warn", threshold_percent=1)
        self._rule("document_amount", threshold=150)
        order = self._passes(self._new_order(101))
        self.assertEqual(self._decision(order).outcome, "warn")
        self.assertIn("150.01", self._held(self._new_order(150.01))["headline"])
