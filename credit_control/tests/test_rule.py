# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestRuleCheckpoint(CreditCommon):
    """Rules look at the steps they name; a stop is opened by nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100)
        cls.rule = cls.policy.rule_ids

    def _look_at(self, *codes):
        steps = self.env["credit.checkpoint"].search([("code", "in", codes)])
        self.assertEqual(len(steps), len(codes))
        self.rule.checkpoint_ids = [Command.set(steps.ids)]

    def test_rule_of_changes_lets_confirmations_through(self):
        self._look_at("change")
        order = self._new_order(150)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(CreditHoldError):
            order.order_line.product_uom_qty = 2

    def test_rule_of_confirmations_lets_changes_through(self):
        self._look_at("confirmation")
        with self.assertRaises(CreditHoldError):
            self._new_order(150).action_confirm()
        order = self._new_order(100)
        order.action_confirm()
        order.order_line.product_uom_qty = 2
        self.assertEqual(order.amount_total, 200)

    def test_p11_the_step_is_recorded_and_replays(self):
        self._look_at("confirmation", "change")
        order = self._new_order(100)
        order.action_confirm()
        decision = self.env["credit.decision"].search([("res_id", "=", order.id)])
        self.assertEqual(decision.inputs["documents"][0]["checkpoint"], "confirmation")
        self.assertEqual(
            decision.inputs["rules"][0]["checkpoints"], ["change", "confirmation"]
        )
        self.assertTrue(decision.replay())

    def test_stopped_order_is_marked_and_a_hold_is_not(self):
        for effect, stopped in (("hold", False), ("stop", True)):
            self.rule.effect = effect
            order = self._new_order(150)
            with self.assertRaises(CreditHoldError):
                order.action_confirm()
            self._record_holds()
            self.assertEqual(order.credit_hold_id.is_stop, stopped)

    def test_p2_no_release_opens_a_stop(self):
        order = self._new_order(150)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        order.credit_hold_id.with_user(self.manager).release()
        self.rule.effect = "stop"
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self.rule.effect = "hold"
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_only_managers_change_rules(self):
        self.rule.with_user(self.manager).effect = "warn"
        for user in (self.salesman, self.analyst):
            with self.assertRaises(AccessError):
                self.rule.with_user(user).effect = "inform"
