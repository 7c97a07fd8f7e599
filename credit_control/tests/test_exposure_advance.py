# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .test_exposure_common import ExposureCase

ROUNDINGS = ("round_per_line", "round_globally")


@tagged("post_install", "-at_install")
class TestExposureDownPayment(ExposureCase):
    """P8: down payments of every kind leave the sum as it was."""

    def _odd_order(self, **values):
        return self._order(
            self._line(33.35, 3, self.tax20),
            self._line(7.77, 7, self.tax55),
            self._line(19.99, 1, self.tax20_included),
            **values,
        )

    def test_p8_percentage_draft_posted_paid_deducted(self):
        order = self._order(self._line(1000.0, 1, self.tax20))
        advance = self._down_payment(order, percent=30, post=False)
        self._assert_owes(order=1200.0)
        self._post(advance)
        self._assert_owes(order=840.0, receivable=360.0)
        self._clear(self._settle(advance))
        self._assert_owes(order=840.0)
        final = self._invoice(order, post=False)
        self._assert_owes(order=840.0)
        self._post(final)
        self._assert_owes(receivable=840.0)

    def test_p8_fixed_amount_of_an_odd_order(self):
        order = self._odd_order()
        whole = order.amount_total
        self._down_payment(order, fixed=77.77)
        owes = self._components()
        self.assertEqual(owes["receivable"], 77.77)
        self.assertAlmostEqual(sum(owes.values()), whole, places=4)

    def test_p8_down_payment_keeps_the_sum_for_any_percentage(self):
        for rounding in ROUNDINGS:
            self.company.tax_calculation_rounding_method = rounding
            for percent in (1, 7, 33.33, 50, 66.67, 99):
                with self.subTest(rounding=rounding, percent=percent):
                    self._check_sum_is_kept(percent)

    def _check_sum_is_kept(self, percent):
        debtor = self.env["res.partner"].create({"name": "D", "is_company": True})
        order = self._odd_order(partner_id=debtor.id)
        whole = order.amount_total
        self.assertEqual(self._components(debtor), {"order": whole})
        self._down_payment(order, percent=percent)
        self.assertAlmostEqual(sum(self._components(debtor).values()), whole, places=4)
        opened = self._components(debtor)["order"]
        final = self._invoice(order)
        self.assertEqual(final.amount_total, opened)
        owes = self._components(debtor)
        self.assertEqual(list(owes), ["receivable"])
        self.assertAlmostEqual(owes["receivable"], whole, places=4)

    def test_p8_refunded_down_payment(self):
        order = self._order(self._line(1000.0, 1, self.tax20))
        advance = self._down_payment(order, percent=25)
        self._assert_owes(order=900.0, receivable=300.0)
        self._refund(advance, post=True)
        self.assertEqual(sum(self._components().values()), 1200.0)
        self.assertEqual(order.credit_open_company, 1200.0)

    def test_p8_refunded_after_payment(self):
        order = self._order(self._line(1000.0, 1, self.tax20))
        advance = self._down_payment(order, percent=25)
        self._clear(self._settle(advance))
        self._assert_owes(order=900.0)
        self._refund(advance, post=True)
        self._assert_owes(order=1200.0, receivable=-300.0)

    def test_p8_two_down_payments_and_a_partial_invoice(self):
        order = self._order(self._line(100.0, 10, self.tax20, self.delivered_goods))
        self._down_payment(order, percent=10)
        self._down_payment(order, fixed=200.0)
        self._assert_owes(order=880.0, receivable=320.0)
        order.order_line[0].qty_delivered = 5
        self._invoice(order)
        self._assert_owes(order=600.0, receivable=600.0)

    def test_p8_partial_invoice_smaller_than_the_down_payment(self):
        order = self._order(self._line(100.0, 10, self.tax20, self.delivered_goods))
        self._clear(self._settle(self._down_payment(order, percent=50)))
        order.order_line[0].qty_delivered = 1
        note = self._invoice(order)
        self.assertEqual(note.move_type, "out_refund")
        self._assert_owes(order=1080.0, receivable=-480.0)

    def test_p8_down_payment_not_deducted_yet(self):
        order = self._order(self._line(100.0, 10, self.tax20, self.delivered_goods))
        self._down_payment(order, fixed=240.0)
        order.order_line[0].qty_delivered = 5
        self._invoice(order, final=False)
        # Odoo deducts the down payment on a later invoice only when asked.
        self.assertEqual(sum(self._components().values()), 1200.0)

    def test_p8_order_lowered_below_its_down_payment(self):
        order = self._order(self._line(100.0, 10))
        self._clear(self._settle(self._down_payment(order, fixed=600.0)))
        self._assert_owes(order=400.0)
        order.order_line[0].product_uom_qty = 3
        self._assert_owes()
        order.order_line[0].product_uom_qty = 8
        self._assert_owes(order=200.0)

    def test_p8_down_payment_edited_before_posting(self):
        order = self._order(self._line(1000.0, 1, self.tax20))
        advance = self._down_payment(order, percent=30, post=False)
        goods = advance.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        goods.price_unit = 400.0
        self._post(advance)
        self.assertEqual(
            self._components(), {"order": 720.0, "receivable": advance.amount_total}
        )

    def test_p8_deleted_draft_down_payment(self):
        order = self._order(self._line(1000.0, 1, self.tax20))
        self._down_payment(order, percent=30, post=False).unlink()
        self._assert_owes(order=1200.0)

    def test_p8_foreign_down_payment(self):
        order = self._odd_order(**self._abroad())
        whole, date = order.amount_total, order.date_order.date()
        advance = self._down_payment(order, percent=33.33)
        rest = order.currency_id._convert(
            whole - advance.amount_total, self.currency, self.company, date
        )
        self._assert_owes(order=rest, receivable=advance.amount_residual_signed)
