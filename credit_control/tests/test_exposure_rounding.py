# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .test_exposure_common import ExposureCase

ROUNDINGS = ("round_per_line", "round_globally")


@tagged("post_install", "-at_install")
class TestExposureRounding(ExposureCase):
    """P8: what is open is what the invoice to come will say, to the cent."""

    def _check_next_invoice(self, order, deliver):
        """Deliver, compare with the invoice that follows, and go on until the end."""
        lines = order.order_line.filtered(lambda line: not line.display_type)
        for part in deliver:
            for line in lines:
                line.qty_delivered = line.product_uom_qty * part
            self._invoice(order)
            by_hand = self._by_hand()
            self.assertEqual(float(by_hand["order"]), order.credit_open_company)
            self.assertEqual(order.credit_open_company, self._next_invoice_total(order))
            self.assertEqual(
                float(by_hand["receivable"]), self._components()["receivable"]
            )
        self.assertEqual(order.credit_open_company, 0.0)

    def _next_invoice_total(self, order):
        """What Odoo would invoice if all the rest were delivered now."""
        lines = order.order_line.filtered(lambda line: not line.display_type)
        delivered = {line: line.qty_delivered for line in lines}
        for line in lines:
            line.qty_delivered = line.product_uom_qty
        if not any(line.qty_to_invoice for line in lines):
            return 0.0
        invoice = order._create_invoices(final=True)
        total = invoice.amount_total
        invoice.unlink()
        for line, quantity in delivered.items():
            line.qty_delivered = quantity
        return total

    def _odd_lines(self, *taxes):
        return [
            self._line(price, quantity, tax, self.delivered_goods)
            for price, quantity, tax in zip(
                (0.35, 13.37, 99.99, 1.05), (7, 3, 11, 19), taxes * 4, strict=False
            )
        ]

    def test_p8_taxes_rounded_per_line_and_globally(self):
        for rounding in ROUNDINGS:
            self.company.tax_calculation_rounding_method = rounding
            for taxes in (
                [self.tax20],
                [self.tax20, self.tax55],
                [self.tax20_included],
            ):
                with self.subTest(rounding=rounding, taxes=len(taxes)):
                    order = self._order(*self._odd_lines(*taxes))
                    self.assertEqual(order.credit_open_company, order.amount_total)
                    self._check_next_invoice(order, (0.3, 0.6, 1))

    def test_p8_discounts_and_negative_lines(self):
        for rounding in ROUNDINGS:
            self.company.tax_calculation_rounding_method = rounding
            lines = self._odd_lines(self.tax20, self.tax55)
            lines[1][2]["discount"] = 12.5
            lines.append(self._line(-5.55, 1, self.tax20, self.delivered_goods))
            order = self._order(*lines)
            self.assertEqual(order.credit_open_company, order.amount_total)
            self._check_sum(order)

    def _check_sum(self, order):
        before = self._components().get("receivable", 0)
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        invoice = self._invoice(order)
        self.assertEqual(order.credit_open_company, 0)
        gained = self._components()["receivable"] - before
        self.assertAlmostEqual(gained, invoice.amount_total, places=4)
        self.assertEqual(invoice.amount_total, order.amount_total)

    def test_p8_global_discount(self):
        for rounding in ROUNDINGS:
            self.company.tax_calculation_rounding_method = rounding
            order = self._order(*self._odd_lines(self.tax20, self.tax55))
            self.env["sale.order.discount"].create(
                {
                    "sale_order_id": order.id,
                    "discount_type": "so_discount",
                    "discount_percentage": 0.0333,
                }
            ).action_apply_discount()
            self.assertEqual(order.credit_open_company, order.amount_total)
            self._check_sum(order)

    def _early_payment_term(self, computation):
        return self.env["account.payment.term"].create(
            {
                "name": "2/10",
                "early_discount": True,
                "discount_percentage": 2.0,
                "discount_days": 10,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )

    def test_p8_early_payment_discount_whole_order(self):
        for computation in ("included", "excluded", "mixed"):
            with self.subTest(computation=computation):
                term = self._early_payment_term(computation)
                order = self._order(
                    *self._odd_lines(self.tax20, self.tax55), payment_term_id=term.id
                )
                self.assertEqual(
                    order.credit_open_company, self._next_invoice_total(order)
                )
                # Odoo's order and its own invoice may differ by a cent.
                self.assertAlmostEqual(
                    order.credit_open_company, order.amount_total, delta=0.011
                )

    def test_p8_early_payment_discount_in_parts(self):
        for rounding in ROUNDINGS:
            self.company.tax_calculation_rounding_method = rounding
            term = self._early_payment_term("mixed")
            order = self._order(
                *self._odd_lines(self.tax20, self.tax55), payment_term_id=term.id
            )
            for part in (0.3, 0.6, 1):
                for line in order.order_line:
                    line.qty_delivered = line.product_uom_qty * part
                self._invoice(order)
                with self.subTest(rounding=rounding, part=part):
                    self.assertEqual(
                        order.credit_open_company, self._next_invoice_total(order)
                    )

    def test_p8_early_payment_discount_taken(self):
        term = self._early_payment_term("included")
        order = self._order(self._line(100.0, 1, self.tax20), payment_term_id=term.id)
        payment = self._settle(self._invoice(order))
        self.assertEqual(payment.amount, 117.6)
        self._assert_owes(uncleared=117.6)

    def test_p8_combo(self):
        parts = [self._new_product(name, list_price=30.0) for name in ("Box", "Disk")]
        combos = [
            Command.create(
                {
                    "name": part.name,
                    "combo_item_ids": [Command.create({"product_id": part.id})],
                }
            )
            for part in parts
        ]
        bundle = self._new_product(
            "Bundle", type="combo", list_price=49.99, combo_ids=combos
        )
        order = self._order(self._line(0.0, 1, product=bundle), confirm=False)
        head = order.order_line
        for part, combo in zip(parts, bundle.combo_ids, strict=True):
            order.order_line = [
                Command.create(
                    {
                        "product_id": part.id,
                        "product_uom_qty": 1,
                        "combo_item_id": combo.combo_item_ids.id,
                        "linked_line_id": head.id,
                    }
                )
            ]
        order.action_confirm()
        self.assertEqual(order.amount_total, 49.99)
        self._assert_owes(order=49.99)
        self._invoice(order)
        self._assert_owes(receivable=49.99)

    def test_p8_foreign_order_at_its_own_date(self):
        order = self._order(*self._odd_lines(self.tax20, self.tax55), **self._abroad())
        worth = self.foreign._convert(
            order.amount_total, self.currency, self.company, order.date_order.date()
        )
        self._assert_owes(order=worth)
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        invoice = self._invoice(order)
        self._assert_owes(receivable=invoice.amount_total_signed)
        payment = self._settle(invoice, invoice.amount_total / 2)
        self._clear(payment)
        self._assert_owes(receivable=invoice.amount_residual_signed)

    def test_p8_foreign_order_and_invoice_at_different_rates(self):
        self.foreign.rate_ids = [
            Command.create(
                {"name": self._today(-20), "rate": 2.5, "company_id": self.company.id}
            )
        ]
        order = self._order(self._line(100.0, 1, self.tax20), **self._abroad())
        self._assert_owes(order=48.0)
        order.date_order = self._today(-40)
        self._assert_owes(order=87.23)  # 120 / 1.3757
        self._invoice(order)
        self._assert_owes(receivable=48.0)

    def test_p8_foreign_draft_invoice(self):
        draft = self._new_invoice(100.0, post=False, currency_id=self.foreign.id)
        self._assert_owes(draft_invoice=draft.amount_total_signed)
        self.assertAlmostEqual(draft.amount_total_signed, 100 / 1.3757, places=2)
