# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestDecision(CreditCommon):
    """P11: each decision is stored, cannot be edited, and replays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100)

    def _decisions(self, order):
        return self.env["credit.decision"].search([("res_id", "=", order.id)])

    def test_p11_what_passed_is_recorded_with_its_inputs(self):
        order = self._new_order(60)
        order.with_user(self.salesman).action_confirm()
        decision = self._decisions(order)
        self.assertEqual((decision.outcome, decision.amount), ("pass", 60))
        self.assertEqual(decision.user_id, self.salesman)
        self.assertEqual(decision.inputs["lines"][0]["amount"], 10_000)
        self.assertEqual(decision.result["after"]["covered"], 6_000)

    def test_p11_what_was_held_is_recorded_after_the_rollback(self):
        order = self._new_order(160)
        with self.assertRaises(CreditHoldError):
            order.with_user(self.salesman).action_confirm()
        self._record_holds()
        decision = self._decisions(order)
        self.assertEqual((decision.outcome, decision.uncovered), ("hold", 60))
        self.assertEqual(decision.user_id, self.salesman)
        self.assertTrue(decision.replay())

    def test_p11_decisions_replay_to_the_same_outcome(self):
        orders = self._new_order(60) + self._new_order(30)
        orders.action_confirm()
        decisions = self._decisions(orders[0]) + self._decisions(orders[1])
        self.assertEqual(len(decisions), 2)
        self.env["credit.line"].search([]).write({"state": "suspended"})
        self.assertTrue(decisions.with_user(self.viewer).replay())

    def test_p11_a_forged_decision_does_not_replay(self):
        order = self._new_order(60)
        order.action_confirm()
        decision = self._decisions(order)
        self.env.cr.execute(
            "UPDATE credit_decision SET result = jsonb_set(result, '{added}', '1')"
            " WHERE id = %s",
            decision.ids,
        )
        decision.invalidate_recordset()
        self.assertFalse(decision.replay())

    def test_p11_nobody_edits_or_deletes_decisions(self):
        order = self._new_order(60)
        order.action_confirm()
        decision = self._decisions(order)
        for user in (self.salesman, self.manager, self.env.ref("base.user_root")):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    decision.with_user(user).write({"outcome": "hold"})
                with self.assertRaises(AccessError):
                    decision.with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.env["credit.decision"].with_user(self.manager).create(
                {"outcome": "pass"}
            )
