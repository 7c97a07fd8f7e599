# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .test_exposure_common import ExposureCase


@tagged("post_install", "-at_install")
class TestExposureForgery(ExposureCase):
    """P2: a salesperson cannot make an order look smaller than what it delivers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100.0)

    def _quote(self, *lines, **values):
        orders = self.env["sale.order"].with_user(self.salesman)
        return orders.create(
            {
                "partner_id": self.debtor.id,
                "user_id": self.salesman.id,
                "order_line": list(lines),
                **values,
            }
        )

    def _assert_held(self, order, exposure=0.0):
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self.assertEqual(self._exposure(), exposure)

    def test_p2_delivered_returns_that_were_never_ordered(self):
        order = self._quote(self._line(1000.0), self._line(1.0, -1))
        order.order_line[1].qty_delivered = -1000
        self._assert_held(order)

    def test_p2_discount_delivered_many_times(self):
        order = self._quote(self._line(1000.0), self._line(-1.0, 1))
        order.order_line[1].qty_delivered = 1000
        self._assert_held(order)

    def test_p2_goods_marked_as_down_payment(self):
        order = self._quote(self._line(1000.0, is_downpayment=True))
        self._assert_held(order)

    def test_p2_paid_goods_marked_as_down_payment(self):
        order = self._order(self._line(90.0), user_id=self.salesman.id)
        self._clear(self._settle(self._invoice(order)))
        self.assertEqual(self._exposure(), 0.0)
        order.with_user(self.salesman).order_line.write(
            {"is_downpayment": True, "product_uom_qty": 0}
        )
        with self.assertRaises(CreditHoldError):
            order.with_user(self.salesman).order_line = [self._line(180.0)]

    def test_p2_linked_to_an_invoice_that_is_paid(self):
        invoice = self._new_invoice(1000.0, partner=self.partner_a)
        paid = [Command.set(invoice.invoice_line_ids.ids)]
        with self.assertRaises(AccessError):
            self._quote(self._line(1000.0, invoice_lines=paid))
        order = self._quote(self._line(1000.0))
        with self.assertRaises(AccessError):
            order.order_line.invoice_lines = paid
        with self.assertRaises(AccessError):
            order.write(
                {
                    "order_line": [
                        Command.update(order.order_line.id, {"invoice_lines": paid})
                    ]
                }
            )
        self._assert_held(order)

    def test_p2_order_below_zero_gives_no_room_to_another(self):
        credit = self._quote(self._line(1000.0, -1))
        order = self._quote(self._line(150.0))
        credit.action_confirm()
        self._assert_held(order)
        order = self._quote(self._line(150.0))
        batch = self._quote(self._line(1000.0, -1)) | order
        self._assert_held(batch)

    def test_p2_discount_added_after_the_goods_were_invoiced(self):
        order = self._order(self._line(100.0), user_id=self.salesman.id)
        self._clear(self._settle(self._invoice(order)))
        order.with_user(self.salesman).order_line = [self._line(-99.0)]
        self.assertEqual(self._available(), 100.0)
        self._assert_held(self._quote(self._line(150.0)))

    def test_p2_stored_amount_written_by_hand(self):
        order = self._quote(self._line(1000.0))
        with self.assertRaises(AccessError):
            order.credit_open_company = 0.0
        self._assert_held(order)

    def test_p2_totals_written_by_hand(self):
        order = self._quote(self._line(1000.0))
        order.write({"amount_total": 1.0, "amount_untaxed": 1.0})
        order.order_line.write({"price_total": 1.0, "price_subtotal": 1.0})
        self._assert_held(order)
        order = self._quote(
            self._line(1000.0, price_total=1.0, price_subtotal=1.0), amount_total=1.0
        )
        self.assertEqual(order.amount_total, 1000.0)
        self._assert_held(order)

    def test_p5_ordinary_returns_and_discounts_still_count(self):
        order = self._quote(self._line(150.0), self._line(-25.0), self._line(25.0, -1))
        order.action_confirm()
        self._assert_owes(order=100.0)
