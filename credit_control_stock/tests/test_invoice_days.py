# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestInvoiceDays(DeliveryCommon):
    """Which deliveries an invoice charges: an insurer covers each as of its own day."""

    def _leave(self, order, quantity, days):
        """Let so many boxes leave, so many days from today."""
        picking = self._picking(order)
        self._pick(picking, quantity).with_context(
            skip_backorder=True
        ).button_validate()
        moves = picking.sudo().move_ids.filtered(lambda move: move.state == "done")
        moves.date = fields.Datetime.now() + timedelta(days=days)
        return picking.sudo()

    def _take_back(self, picking, quantity, days):
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        self._pick(back, quantity).button_validate()
        back.move_ids.date = fields.Datetime.now() + timedelta(days=days)

    def _invoice(self, order):
        invoice = order._create_invoices()
        invoice.invoice_date = self._today()
        invoice.action_post()
        return invoice

    def _days(self, invoice):
        return {
            (day - self._today()).days: amount
            for day, amount in invoice._get_credit_deliveries().items()
        }

    def test_one_invoice_of_two_deliveries(self):
        order = self._ordered(10)
        self._leave(order, 4, -9)
        self._leave(order, 6, -2)
        self.assertEqual(self._days(self._invoice(order)), {-9: 40, -2: 60})

    def test_each_invoice_charges_what_left_before_the_next_one(self):
        order = self._ordered(10)
        self._leave(order, 4, -9)
        first = self._invoice(order)
        self._leave(order, 6, -2)
        second = self._invoice(order)
        self.assertEqual(self._days(first), {-9: 40})
        self.assertEqual(self._days(second), {-2: 60})

    def test_what_is_invoiced_before_it_leaves_counts_from_the_invoice_until_then(self):
        self.boxes.invoice_policy = "order"
        order = self._ordered(10)
        self._leave(order, 3, -9)
        invoice = self._invoice(order)
        self.assertEqual(self._days(invoice), {-9: 30, 0: 70})
        told, moves = [], self.registry["account.move"]
        with patch.object(moves, "_credit_delivered", lambda move: told.append(move)):
            self._leave(order, 7, -1)
        self.assertEqual(told, [invoice])
        self.assertEqual(self._days(invoice), {-9: 30, -1: 70})

    def test_goods_that_came_back_left_when_they_left_again(self):
        order = self._ordered(10)
        picking = self._leave(order, 10, -9)
        self._take_back(picking, 10, -5)
        again = picking.copy({"move_ids": False})
        move = picking.move_ids.copy({"picking_id": again.id, "state": "draft"})
        move.sale_line_id = order.order_line
        again.action_confirm()
        self._leave(order, 10, -1)
        self.assertEqual(self._days(self._invoice(order)), {-1: 100})

    def test_the_parts_are_the_invoice_to_the_cent(self):
        tax = self.env["account.tax"].create({"name": "T", "amount": 20})
        order = self._ordered(3.33, quantity=3)
        order.order_line.write({"price_unit": 3.33, "tax_ids": [Command.set(tax.ids)]})
        for days in (-3, -2, -1):
            self._leave(order, 1, days)
        invoice = self._invoice(order)
        days = self._days(invoice)
        self.assertEqual(len(days), 3)
        self.assertEqual(
            sum(round(amount * 100) for amount in days.values()),
            round(invoice.amount_total * 100),
        )

    def test_without_goods_the_invoice_tells_its_day(self):
        invoice = self._new_invoice(50, delivery_date=self._today(-4))
        self.assertEqual(self._days(invoice), {-4: 50})
