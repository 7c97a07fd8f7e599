# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields
from odoo.tests import tagged

from .test_exposure_common import ExposureCase


@tagged("post_install", "-at_install")
class TestExposurePath(ExposureCase):
    """P8: from quotation to payment, right to the cent at every step."""

    def test_p8_quotation_binds_nothing(self):
        order = self._order(self._line(100.01, 3, self.tax20), confirm=False)
        self._assert_owes()
        order.action_quotation_sent()
        self._assert_owes()

    def test_p8_order_invoice_payment(self):
        order = self._order(
            self._line(33.33, 3, self.tax20), self._line(7.77, 7, self.tax55)
        )
        self._assert_owes(order=177.37)
        invoice = self._invoice(order, post=False)
        self._assert_owes(order=177.37)
        self._post(invoice)
        self._assert_owes(receivable=177.37)
        first = self._settle(invoice, 100.0)
        self._assert_owes(receivable=77.37, uncleared=100.0)
        second = self._settle(invoice)
        self._assert_owes(uncleared=177.37)
        self._clear(first)
        self._assert_owes(uncleared=77.37)
        self._clear(second)
        self._assert_owes()

    def test_p8_partial_deliveries_and_invoices(self):
        order = self._order(self._line(9.99, 10, self.tax20, self.delivered_goods))
        self._assert_owes(order=119.88)
        order.order_line.qty_delivered = 4
        self._assert_owes(order=119.88)
        self._invoice(order)
        self._assert_owes(order=71.93, receivable=47.95)
        order.order_line.qty_delivered = 7
        self._invoice(order)
        self._assert_owes(order=35.96, receivable=83.91)
        order.order_line.product_uom_qty = 7  # the remainder is cancelled
        self._assert_owes(receivable=83.91)

    def test_p8_delivery_beyond_the_order(self):
        order = self._order(self._line(10.0, 10, self.tax20, self.delivered_goods))
        order.order_line.qty_delivered = 13
        self._assert_owes(order=156.0)
        self._invoice(order)
        self._assert_owes(receivable=156.0)

    def test_p8_invoice_beyond_the_order(self):
        order = self._order(self._line(10.0, 10, self.tax20), self._line(5.0, 1))
        invoice = self._invoice(order, post=False)
        goods = invoice.invoice_line_ids.filtered(lambda line: line.price_unit == 10.0)
        extra = invoice.invoice_line_ids - goods
        invoice.invoice_line_ids = [
            Command.update(goods.id, {"quantity": 12}),
            Command.delete(extra.id),
        ]
        self._post(invoice)
        # The line invoiced beyond does not make up for the one that is open.
        self._assert_owes(receivable=144.0, order=5.0)

    def test_p8_cancelled_and_reopened_order(self):
        order = self._order(self._line(100.0, 1, self.tax20))
        order._action_cancel()
        self._assert_owes()
        order.action_draft()
        self._assert_owes()
        order.action_confirm()
        self._assert_owes(order=120.0)

    def test_p8_changed_prices_and_lines(self):
        order = self._order(self._line(100.0, 2, self.tax20))
        order.order_line.price_unit = 90.0
        self._assert_owes(order=216.0)
        order.order_line.discount = 10.0
        self._assert_owes(order=194.4)
        order.order_line = [self._line(10.0)]
        self._assert_owes(order=204.4)
        order.order_line[0].product_uom_qty = 0
        self._assert_owes(order=10.0)

    def test_p8_changed_taxes_and_unit(self):
        order = self._order(self._line(100.0, 2, self.tax20))
        order.order_line.tax_ids = self.tax55
        self._assert_owes(order=211.0)
        order.order_line.tax_ids = False
        self._assert_owes(order=200.0)

    def test_p8_units_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(self._line(120.0, 2, product_uom_id=dozen.id))
        self._assert_owes(order=240.0)
        invoice = self._invoice(order, post=False)
        unit = self.goods.uom_id.id
        invoice.invoice_line_ids.write(
            {"product_uom_id": unit, "quantity": 12, "price_unit": 10.0}
        )
        self._post(invoice)
        self._assert_owes(receivable=120.0, order=120.0)

    def test_p8_invoice_reset_to_draft_and_cancelled(self):
        order = self._order(self._line(100.0, 1, self.tax20))
        invoice = self._invoice(order)
        invoice.button_draft()
        self._assert_owes(order=120.0)
        invoice.button_cancel()
        self._assert_owes(order=120.0)

    def test_p8_one_invoice_of_two_orders(self):
        orders = self._order(self._line(10.05, 1, self.tax20))
        orders |= self._order(self._line(20.05, 1, self.tax20))
        self._assert_owes(order=36.12)
        self._invoice(orders)
        self._assert_owes(receivable=36.12)


@tagged("post_install", "-at_install")
class TestExposureRefunds(ExposureCase):
    """P8: credit notes, advances and invoices without order."""

    def test_p8_refund_before_payment(self):
        invoice = self._new_invoice(100.0)
        refund = self._refund(invoice, post=False)
        self._assert_owes(receivable=100.0)
        self._post(refund)
        (invoice + refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).filtered(lambda line: not line.reconciled).reconcile()
        self._assert_owes()

    def test_p8_refund_after_payment(self):
        invoice = self._new_invoice(100.0)
        payment = self._settle(invoice)
        self._clear(payment)
        self._refund(invoice, post=True)
        self._assert_owes(receivable=-100.0)

    def test_p8_refund_of_an_order_opens_it_again(self):
        order = self._order(self._line(50.0, 2, self.tax20))
        self._refund(self._invoice(order), post=True)
        # Goods come back, but the order still stands until its quantity is lowered.
        self._assert_owes_together(120.0)
        order.order_line.product_uom_qty = 0
        self._assert_owes_together(0.0)

    def _assert_owes_together(self, total):
        self.assertEqual(sum(self._components().values()), total)
        self.assertEqual(float(sum(self._by_hand().values())), total)

    def test_p8_unallocated_payment(self):
        self._new_invoice(100.0)
        payment = self._pay(30.0)
        self._assert_owes(receivable=70.0, uncleared=30.0)
        self._clear(payment)
        self._assert_owes(receivable=70.0)

    def test_p8_cancelled_payment(self):
        self._new_invoice(100.0)
        payment = self._pay(30.0)
        payment.action_draft()
        self._assert_owes(receivable=100.0)
        payment.action_cancel()
        self._assert_owes(receivable=100.0)

    def test_p8_money_paid_back(self):
        self._pay(30.0)
        back = self._pay(0.0)
        back.action_draft()
        back.write({"payment_type": "outbound", "amount": 30.0})
        back.action_post()
        self._assert_owes(uncleared=30.0)

    def test_p8_standalone_draft_invoice(self):
        draft = self._new_invoice(80.0, post=False)
        self._assert_owes(draft_invoice=80.0)
        self._post(draft)
        self._assert_owes(receivable=80.0)

    def test_p8_draft_credit_note_lends_nothing(self):
        self._new_invoice(80.0, move_type="out_refund", post=False)
        self._assert_owes()

    def test_p8_negative_draft_invoice_lends_nothing(self):
        self._new_invoice(-80.0, post=False)
        self._assert_owes()

    def test_p8_mixed_draft_invoice(self):
        order = self._order(self._line(50.0, 2, self.tax20))
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "name": "Extra",
                    "quantity": 3,
                    "price_unit": 1.11,
                    "tax_ids": [Command.set(self.tax20.ids)],
                }
            )
        ]
        # 3.33 + 0.67 beside the order, whose own part is counted as order.
        self.assertEqual(self._components(), {"order": 120.0, "draft_invoice": 4.0})
        self._post(invoice)
        self._assert_owes(receivable=124.0)

    def test_p8_draft_invoice_of_a_cancelled_order_counts(self):
        order = self._order(self._line(50.0, 2, self.tax20))
        invoice = self._invoice(order, post=False)
        order._action_cancel()
        self._assert_owes()
        invoice.button_draft()
        self._assert_owes(draft_invoice=120.0)

    def test_p8_returned_goods_on_an_order(self):
        self._order(self._line(100.0, 3), self._line(100.0, -1))
        self._assert_owes(order=200.0)

    def test_p8_order_below_zero_lends_nothing(self):
        self._order(self._line(100.0, -3))
        self._assert_owes()

    def test_p8_discount_left_after_the_goods_lends_nothing(self):
        order = self._order(self._line(100.0, 3), self._line(100.0, -1))
        self._invoice(order, final=False)
        self._assert_owes(receivable=300.0)
        credit_note = self._invoice(order)
        self.assertEqual(credit_note.move_type, "out_refund")
        self._assert_owes(receivable=200.0)

    def test_p8_journal_entry_on_a_contact(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.debtor.id}
        )
        data = self.company_data
        lines = (
            (data["default_account_receivable"], 12.34, contact),
            (data["default_account_revenue"], -12.34, self.env["res.partner"]),
        )
        entry = self.env["account.move"].create(
            {
                "date": fields.Date.today(),
                "line_ids": [
                    Command.create(
                        {"account_id": a.id, "balance": amount, "partner_id": p.id}
                    )
                    for a, amount, p in lines
                ],
            }
        )
        entry.action_post()
        self._assert_owes(receivable=12.34)
