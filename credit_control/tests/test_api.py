# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestApi(CreditCommon):
    """``credit.profile.check``: may this customer buy?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100)
        cls._new_order(30).action_confirm()

    def _check(self, *args, user=None, **kwargs):
        profiles = self.env["credit.profile"].with_user(user or self.salesman)
        return profiles.check(self.debtor.id, *args, **kwargs)

    def test_what_fits_passes(self):
        answer = self._check(70)
        self.assertEqual(
            {key: answer[key] for key in ("outcome", "limit", "exposure", "available")},
            {"outcome": "pass", "limit": 100, "exposure": 30, "available": 70},
        )
        self.assertEqual((answer["uncovered"], answer["reasons"]), (0, []))

    def test_what_does_not_fit_is_explained(self):
        answer = self._check(75)
        self.assertEqual((answer["outcome"], answer["uncovered"]), ("hold", 5))
        self.assertEqual(answer["reasons"][0]["code"], "uncovered")
        self.assertIn("deposit", {way["code"] for way in answer["ways_out"]})

    def test_a_contact_stands_for_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.debtor.id}
        )
        answer = (
            self.env["credit.profile"].with_user(self.salesman).check(contact.id, 71)
        )
        self.assertEqual(answer["outcome"], "hold")

    def test_amounts_in_another_currency(self):
        self.setup_other_currency("GBP", rates=[("2016-01-01", 0.5)])
        self.assertEqual(self._check(35, currency="GBP")["outcome"], "pass")
        self.assertEqual(self._check(35.01, currency="GBP")["outcome"], "hold")

    def test_lines_use_scoped_credit(self):
        self._give_line(50, product_ids=[(6, 0, self.goods.ids)])
        lines = [{"product_id": self.goods.id, "amount": 120}]
        self.assertEqual(self._check(120, lines=lines)["outcome"], "pass")
        self.assertEqual(self._check(121)["outcome"], "hold")

    def test_nothing_is_recorded(self):
        before = self.env["credit.decision"].search_count([])
        self._check(1000)
        self.assertEqual(self.env["credit.decision"].search_count([]), before)

    def test_bad_input_gets_a_clear_message(self):
        for amount in (-1, math.nan, math.inf, 1e15, "12", None, True):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._check(amount)
        with self.assertRaises(UserError):
            self._check(1, currency="XYZ")
        with self.assertRaises(UserError):
            self.env["credit.profile"].with_user(self.salesman).check(2**31 - 1, 1)
        with self.assertRaises(UserError):
            self._check(1, lines=[{"product_id": self.goods.id, "amount": 2}])

    def test_only_sales_and_credit_staff_may_ask(self):
        employee = self._new_user("credit_employee", "base.group_user")
        portal = new_test_user(self.env, "credit_portal", groups="base.group_portal")
        for user in (employee, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._check(1, user=user)
        self.assertEqual(self._check(1, user=self.viewer)["outcome"], "pass")

    def test_a_company_that_is_not_mine_is_refused(self):
        other = self.env["res.company"].create({"name": "Other company"})
        with self.assertRaises(AccessError):
            self._check(1, company_id=other.id)
