# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.credit_control.exceptions import CreditHoldError
from odoo.addons.credit_control.tests.common import CreditCommon


@tagged("post_install", "-at_install")
class TestRemainder(CreditCommon):
    """P8: what will never be delivered is not owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(1000)
        cls.boxes = cls._new_product(
            "Boxes", type="consu", invoice_policy="delivery", list_price=10
        )

    def _deliver(self, order, quantity, backorder):
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True,
            picking_ids_not_to_backorder=[] if backorder else picking.ids,
        ).button_validate()

    def _confirmed(self, product=None):
        order = self._new_order(10, product=product or self.boxes, quantity=10)
        order.action_confirm()
        return order.sudo()

    def test_p4_a_hold_leaves_no_delivery_behind(self):
        order = self._new_order(1001, product=self.boxes)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self.assertFalse(order.sudo().picking_ids)

    def test_p8_an_undelivered_order_counts_in_full(self):
        self._confirmed()
        self.assertEqual(self._exposure(), 100)

    def test_p8_a_remainder_without_backorder_is_not_owed(self):
        order = self._confirmed()
        self._deliver(order, 6, backorder=False)
        self.assertEqual(self._exposure(), 60)

    def test_p8_a_backorder_is_still_owed_until_it_is_cancelled(self):
        order = self._confirmed()
        self._deliver(order, 6, backorder=True)
        self.assertEqual(self._exposure(), 100)
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertEqual(self._exposure(), 60)

    def test_p2_a_reopened_order_is_decided_as_a_whole(self):
        order = self._confirmed()
        self._deliver(order, 6, backorder=True)
        order._action_cancel()
        self.assertEqual(self._exposure(), 0)
        order.action_draft()
        order.order_line.price_unit = 100.01
        self.assertEqual(order.credit_preview["uncovered"], 0.1)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        order.order_line.price_unit = 100
        order.action_confirm()
        self.assertEqual(self._exposure(), 1000)
        self._deliver(order, 2, backorder=False)
        self.assertEqual(self._exposure(), 800)

    def test_p2_reopened_by_writing_the_state(self):
        order = self._confirmed()
        order._action_cancel()
        order.action_draft()
        order.order_line.price_unit = 101
        with self.assertRaises(CreditHoldError):
            order.with_user(self.salesman).write({"state": "sale"})
        order.order_line.price_unit = 100
        order.with_user(self.salesman).write({"state": "sale"})
        self.assertEqual(self._exposure(), 1000)

    def test_p8_goods_on_their_way_back_reopen_nothing(self):
        order = self._confirmed()
        self._deliver(order, 6, backorder=False)
        picking = order.picking_ids
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model=picking._name
        )
        wizard = wizard.create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 1
        wizard.action_create_returns()
        self.assertEqual(len(order.picking_ids), 2)
        self.assertEqual(self._exposure(), 60)

    def test_p8_over_delivery_counts(self):
        order = self._confirmed()
        self._deliver(order, 12, backorder=False)
        self.assertEqual(self._exposure(), 120)

    def test_p8_delivered_then_invoiced_counts_once(self):
        order = self._confirmed()
        self._deliver(order, 6, backorder=True)
        order._create_invoices().action_post()
        self.assertEqual(self._exposure(), 100)

    def test_p8_goods_invoiced_as_ordered_stay_owed(self):
        boxes = self._new_product("Ordered", type="consu", list_price=10)
        order = self._confirmed(boxes)
        self._deliver(order, 6, backorder=False)
        self.assertEqual(self._exposure(), 100)

    def test_a_cancelled_remainder_clears_a_hold(self):
        order = self._confirmed()
        self._deliver(order, 6, backorder=True)
        waiting = self._new_order(940)
        with self.assertRaises(CreditHoldError):
            waiting.action_confirm()
        self._record_holds()
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.env.cr.flush()
        waiting.invalidate_recordset()
        self.assertFalse(waiting.credit_hold_id)
        waiting.action_confirm()
        self.assertEqual(waiting.state, "sale")
