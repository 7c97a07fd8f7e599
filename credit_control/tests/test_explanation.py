# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestExplanation(CreditCommon):
    """P9: the figures of an explanation agree with each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.special = cls._new_product("Special")

    def _facts(self, amount, **values):
        order = self._new_order(amount, **values)
        return order.with_user(self.salesman).credit_preview

    def _check(self, facts, **expected):
        self.assertEqual({key: facts[key] for key in expected}, expected)

    def test_p9_available_and_left(self):
        self._give_line(100)
        self._new_order(30).action_confirm()
        self._check(
            self._facts(50), outcome="pass", exposure=30, available=70, left=20, over=0
        )
        self._check(
            self._facts(90), outcome="hold", available=70, left=-20, uncovered=20
        )

    def test_p9_already_over(self):
        line = self._give_line(100)
        self._new_order(100).action_confirm()
        line.sudo().amount = 60
        self._check(
            self._facts(10),
            available=-40,
            left=-50,
            uncovered=10,
            over=50,
            exposure=100,
        )

    def test_p9_scoped_lines_count_for_their_goods_only(self):
        self._give_line(100)
        self._give_line(50, kind="vendor", product_ids=[Command.set(self.special.ids)])
        self._check(self._facts(120), available=100, left=-20, uncovered=20)
        self._check(self._facts(120, product=self.special), available=150, left=30)
        self._check(self._facts(60), available=100, left=40)

    def test_p9_the_stack_shows_used_this_and_free(self):
        self._give_line(100)
        self._give_line(50, kind="guarantee")
        self._new_order(60).action_confirm()
        stack = self._facts(50)["stack"]
        found = [(s["kind"], s["used"], s["this"], s["free"]) for s in stack]
        self.assertEqual(found, [("guarantee", 50, 0, 0), ("own", 10, 50, 40)])

    def test_p9_a_debtor_that_is_not_managed_is_told_so(self):
        facts = self._facts(50)
        self.assertFalse(facts["managed"])
        self.assertIn("not managed", facts["headline"])

    def test_the_invoices_to_ask_for_are_read_in_one_statement(self):
        self._give_line(100)
        self._new_invoice(30)
        self._new_invoice(20)
        measure = self.env["credit.measure"].sudo()
        position = measure._get_positions(self.debtor.ids, self.company)[self.debtor.id]
        explanation = self.env["credit.explanation"].sudo()
        asked = explanation._get_oldest_invoices(self.company, position)
        self.assertEqual(sorted(row["amount"] for row in asked), [20, 30])
        self.env["credit.exposure"].invalidate_model()
        with self.assertQueryCount(1):
            again = explanation._get_oldest_invoices(self.company, position)
        self.assertEqual(again, asked)

    def test_p1_the_exposure_figure_opens_its_items(self):
        self._give_line(1000)
        self._new_order(60).action_confirm()
        self._new_invoice(30)
        payment = self._pay(20)
        payment.sudo().state = "in_process"
        debtor = self.debtor.with_user(self.viewer)
        action = debtor.action_open_credit_exposure()
        items = (
            self.env["credit.exposure"].with_user(self.viewer).search(action["domain"])
        )
        self.assertEqual(sum(items.mapped("amount")), debtor.credit_exposure)
        self.assertEqual(debtor.credit_exposure, 70)

    def test_p1_filters_find_debtors_of_whom_nothing_is_known(self):
        debtors = self.debtor | self.env["res.partner"].create({"name": "Nobody"})
        partners = self.env["res.partner"].with_user(self.viewer)

        def found(*terms):
            return partners.search([("id", "in", debtors.ids), *terms])

        self.assertEqual(found(("credit_exposure", "=", 0)), debtors)
        self.assertFalse(found(("credit_exposure", ">", 0)))
        self.policy.write({"no_line": "default", "default_amount": 70})
        self.assertEqual(found(("credit_limit_total", ">=", 70)), debtors)
        self.assertEqual(found(("credit_available", ">", 70)), partners)
        self._new_order(30).action_confirm()
        self.assertEqual(found(("credit_available", "<", 70)), self.debtor)
        self.assertEqual(
            partners.search([("id", "in", debtors.ids)], order="credit_available")[0],
            self.debtor,
        )
