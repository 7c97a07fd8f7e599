# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from odoo.addons.credit_control_stock.tests.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryRoads(DeliveryCommon):
    """P2, P4, P10: batches of transfers and goods that go from vendor to customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Other", "is_company": True})
        cls._give_line(1000, partner=cls.other)

    def _batch(self, pickings):
        batch = (
            self.env["stock.picking.batch"]
            .with_user(self.worker)
            .create({"picking_ids": [Command.set(pickings.ids)]})
        )
        batch.action_confirm()
        return batch

    def test_p4_a_batch_with_a_held_transfer_delivers_nothing(self):
        mine = self._picking(self._ordered())
        theirs = self._picking(self._ordered(partner=self.other))
        batch = self._batch(self._pick(mine | theirs))
        self.line.sudo().amount = 100
        self._assert_held(mine, batch.action_done)
        self.assertNotEqual(theirs.state, "done")
        self._release(mine)
        batch.action_done()
        self.assertEqual((mine.state, theirs.state), ("done", "done"))

    def test_p5_a_batch_that_is_covered_is_delivered(self):
        pickings = self._picking(self._ordered())
        pickings |= self._picking(self._ordered(partner=self.other))
        self._batch(self._pick(pickings)).action_done()
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def _dropship(self):
        """An order whose goods the vendor sends to the customer, and its transfer."""
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        goods = self._new_product(
            "Sent by the vendor", type="consu", is_storable=True, list_price=10
        ).sudo()
        goods.route_ids = self.env.ref("stock_dropshipping.route_drop_shipping").sudo()
        goods.seller_ids = [Command.create({"partner_id": vendor.id, "price": 5})]
        order = self._ordered(product=goods)
        purchase = order.order_line.purchase_line_ids.order_id.sudo()
        purchase.button_confirm()
        return self._pick(purchase.picking_ids.with_user(self.worker))

    def test_p2_what_the_vendor_sends_to_the_customer_is_looked_at(self):
        picking = self._dropship()
        self.assertTrue(picking.is_dropship)
        self.line.sudo().amount = 100
        self._assert_held(picking, picking.button_validate)
        self._release(picking)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
