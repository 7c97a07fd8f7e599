# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestGateConfirmation(CreditCommon):
    """P2, P4, P5, P6: every way to confirm passes the gate."""

    def test_p6_debtor_without_line_is_not_managed(self):
        order = self._new_order(1_000_000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_p6_line_of_zero_is_no_credit(self):
        self._give_line(0)
        order = self._new_order(1)
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        self.assertEqual(caught.exception.context["credit"]["reasons"][0]["code"], "no_credit")

    def test_p2_order_within_the_line_confirms(self):
        self._give_line(1000)
        order = self._new_order(1000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._available(), 0)

    def test_p2_order_beyond_the_line_is_held(self):
        self._give_line(1000)
        order = self._new_order(1000.01)
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        facts = caught.exception.context["credit"]
        self.assertEqual(facts["uncovered"], 0.01)
