# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryReservation(DeliveryCommon):
    """By policy a held delivery keeps no goods from others; nothing else stops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.delivery_check = "reservation"
        cls.other = cls.env["res.partner"].create({"name": "Other", "is_company": True})
        cls._give_line(1000, partner=cls.other)

    def _waiting(self, partner=None, quantity=5):
        """A delivery whose goods arrive after the order."""
        order = self._ordered(product=self.goods, quantity=quantity, partner=partner)
        return self._picking(order)

    def setUp(self):
        super().setUp()
        self.goods = self._supply(0)

    def _arrive(self, quantity):
        self.env["stock.quant"]._update_available_quantity(
            self.goods, self.warehouse.lot_stock_id, quantity
        )

    def test_the_scheduler_goes_on_with_the_others(self):
        held, fine = self._waiting(), self._waiting(self.other)
        self.line.amount = 0
        self._arrive(20)
        self.env["stock.rule"].run_scheduler()
        self.assertEqual((held.state, fine.state), ("confirmed", "assigned"))
        self.assertEqual(held.credit_hold_state, "open")
        self.assertFalse(fine.credit_hold_state)
        holds = held.sudo().credit_hold_id
        self.env["stock.rule"].run_scheduler()
        self.assertEqual((held.sudo().credit_hold_id, holds.tries), (holds, 1))

    def test_what_was_released_is_reserved(self):
        held = self._waiting()
        self.line.amount = 0
        self._arrive(20)
        self.env["stock.rule"].run_scheduler()
        held.sudo().credit_hold_id.with_user(self.manager).action_release_and_confirm()
        self.assertEqual(held.state, "assigned")
        self._deliver(held)
        self.assertEqual(held.state, "done")

    def test_what_fits_again_is_reserved(self):
        held = self._waiting()
        self.line.amount = 0
        self._arrive(20)
        self.env["stock.rule"].run_scheduler()
        self.line.amount = 500
        self.env.cr.flush()
        self.env["stock.rule"].run_scheduler()
        self.assertFalse(held.credit_hold_id)
        self.assertEqual(held.state, "assigned")

    def test_whoever_asks_for_the_goods_is_told(self):
        held = self._waiting()
        self.line.amount = 0
        self._arrive(20)
        self._assert_held(held, held.action_assign)
        self.assertEqual((held.state, held.credit_hold_state), ("confirmed", "open"))

    def test_of_many_the_others_are_reserved(self):
        held, fine = self._waiting(), self._waiting(self.other)
        self.line.amount = 0
        self._arrive(20)
        (held | fine).action_assign()
        self.assertEqual((held.state, fine.state), ("confirmed", "assigned"))
        self.assertEqual(held.credit_hold_state, "open")

    def test_an_order_that_fits_reserves_at_once(self):
        self._arrive(20)
        self.assertEqual(self._waiting().state, "assigned")

    def test_goods_that_arrive_are_received_although_an_order_waits(self):
        held = self._waiting()
        self.line.amount = 0
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 20,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        self._deliver(receipt)
        self.assertEqual((receipt.state, held.state), ("done", "confirmed"))

    def test_by_default_goods_are_reserved(self):
        self.policy.delivery_check = "validation"
        fine = self._waiting()
        self.line.amount = 0
        self._arrive(20)
        self.env["stock.rule"].run_scheduler()
        self.assertEqual((fine.state, fine.credit_hold_state), ("assigned", False))
