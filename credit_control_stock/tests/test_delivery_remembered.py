# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryNoHarm(DeliveryCommon):
    """P5: what is paid leaves, and what comes back is never held."""

    def test_p5_paid_goods_leave(self):
        goods = self._new_product("Prepaid", type="consu", list_price=100)
        order = self._ordered(product=goods)
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self._new_invoice(500)
        self.line.amount = 0
        picking = self._picking(order)
        self._deliver(picking)
        self.assertEqual(picking.state, "done")

    def test_p5_invoiced_but_unpaid_goods_are_held(self):
        goods = self._new_product("Invoiced", type="consu", list_price=100)
        order = self._ordered(product=goods)
        order._create_invoices().action_post()
        self.line.amount = 0
        picking = self._picking(order)
        self._assert_held(picking, lambda: self._deliver(picking))

    def test_p5_returns_and_receipts_are_never_held(self):
        picking = self._picking(self._ordered())
        self._deliver(picking)
        self.line.amount = 0
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 10
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self._deliver(back.with_user(self.worker))
        self.assertEqual(back.state, "done")

    def test_p5_delivered_goods_are_invoiced(self):
        order = self._ordered()
        self._deliver(self._picking(order))
        self.line.amount = 0
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_p5_money_on_account_covers(self):
        picking = self._picking(self._ordered())
        self.line.amount = 0
        self._assert_held(picking, lambda: self._deliver(picking))
        self._pay(1000)
        self.env.cr.flush()
        self.assertFalse(picking.credit_hold_id)
        self._deliver(picking)
        self.assertEqual(picking.state, "done")

    def test_p5_a_cancelled_delivery_voids_its_hold(self):
        picking = self._picking(self._ordered())
        self.line.amount = 0
        self._assert_held(picking, lambda: self._deliver(picking))
        hold = picking.sudo().credit_hold_id
        picking.action_cancel()
        self.assertEqual(hold.state, "void")

    def test_p8_delivering_changes_nothing_that_is_owed(self):
        order = self._ordered()
        before = self._exposure()
        self._deliver(self._picking(order), 4)
        self._deliver(self._picking(order))
        self.assertEqual((before, self._exposure()), (1000, 1000))


@tagged("post_install", "-at_install")
class TestDeliveryRemembered(DeliveryCommon):
    """P10: released once is released for all that follows, unless the order grew."""

    def _released_order(self, amount=200):
        order = self._new_order(amount, product=self.boxes, quantity=10)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        self._release(order)
        order.action_confirm()
        return order.sudo()

    def test_p10_the_whole_road_asks_once(self):
        order = self._released_order()
        self._deliver(self._picking(order), 4)
        order._create_invoices().action_post()
        self._deliver(self._picking(order))
        order._create_invoices().action_post()
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(set(order.invoice_ids.mapped("state")), {"posted"})
        self.assertEqual(sum(order.invoice_ids.mapped("amount_total")), 2000)
        holds = self.env["credit.hold"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(holds.mapped("res_model"), ["sale.order"])

    def test_p10_an_order_that_grew_beyond_is_asked_again(self):
        order = self._released_order()
        self.boxes.list_price = 200
        self.policy.mode = "observe"
        order.order_line.product_uom_qty = 11
        self.policy.mode = "hold"
        picking = self._picking(order)
        facts = self._assert_held(picking, lambda: self._deliver(picking))
        self.assertIn(
            "release_exceeded", [reason["code"] for reason in facts["reasons"]]
        )

    def test_p10_growth_within_the_tolerance_is_not_asked_again(self):
        self.policy.release_tolerance_percent = 10
        order = self._released_order()
        self.boxes.list_price = 200
        order.order_line.product_uom_qty = 11
        self._deliver(self._picking(order))
        self.assertEqual(order.order_line.qty_delivered, 11)

    def test_p10_over_delivery_beyond_the_release_is_asked_again(self):
        self.policy.release_tolerance_percent = 5
        picking = self._picking(self._released_order())
        facts = self._assert_held(picking, lambda: self._deliver(picking, 11))
        self.assertIn(
            "release_exceeded", [reason["code"] for reason in facts["reasons"]]
        )

    def test_p10_a_release_that_ended_is_asked_again(self):
        order = self._released_order()
        order.credit_hold_id.release_until = self._today(-1)
        picking = self._picking(order)
        facts = self._assert_held(picking, lambda: self._deliver(picking))
        self.assertIn(
            "release_expired", [reason["code"] for reason in facts["reasons"]]
        )

    def test_p10_a_released_delivery_covers_its_backorder(self):
        order = self._ordered()
        self.line.amount = 0
        picking = self._picking(order)
        self._assert_held(picking, lambda: self._deliver(picking))
        self._release(picking)
        self._deliver(picking, 4)
        self._deliver(self._picking(order))
        self.assertEqual(order.order_line.qty_delivered, 10)

    def test_a_credit_manager_forces_a_delivery(self):
        picking = self._picking(self._ordered())
        self.line.amount = 0
        self._assert_held(picking, lambda: self._deliver(picking))
        picking.action_credit_request_release()
        hold = picking.sudo().credit_hold_id.with_user(self.manager)
        self.assertEqual(hold.state, "requested")
        hold.action_release_and_confirm()
        self._deliver(picking)
        self.assertEqual(picking.state, "done")

    def test_a_stopped_customer_gets_nothing_whatever_the_rules(self):
        self.policy.rule_ids.checkpoint_ids = self.env.ref(
            "credit_control.credit_checkpoint_confirmation"
        )
        order = self._ordered()
        reason = self.env["credit.reason"].search([("is_status", "=", True)], limit=1)
        self.line.profile_id.with_user(self.manager).set_status("stop", reason.id)
        picking = self._picking(order)
        facts = self._assert_held(picking, lambda: self._deliver(picking))
        self.assertEqual([r["effect"] for r in facts["reasons"]], ["stop"])
        self.assertTrue(picking.sudo().credit_hold_id.is_stop)
        self.line.profile_id.with_user(self.manager).set_status("normal")
        self._deliver(picking)
        self.assertEqual(picking.state, "done")
