# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from random import Random

from odoo import Command
from odoo.tests import tagged

from .test_exposure_common import ExposureCase

STEPS = 120


@tagged("post_install", "-at_install")
class TestExposureWalk(ExposureCase):
    """P1, P8: whatever happens in whatever order, the sum is right and the same everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Other", "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.debtor.id}
        )
        cls.partners = cls.debtor | cls.other | cls.contact
        cls.taxes = [
            cls.env["account.tax"],
            cls.tax20,
            cls.tax20,
            cls.tax55,
            cls.tax20_included,
        ]
        cls.abroad = cls.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": cls.foreign.id}
        )

    def test_p8_walk_with_taxes_rounded_per_line(self):
        self._walk(Random(1))

    def test_p8_walk_with_taxes_rounded_globally(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self._walk(Random(2))

    def test_p8_walk_in_two_currencies(self):
        self._walk(Random(3), abroad=0.5)

    def _walk(self, dice, abroad=0.0):
        self.dice, self.abroad_share = dice, abroad
        events = [getattr(self, name) for name in dir(self) if name.startswith("_do_")]
        done = set()
        for step in range(STEPS):
            self.step = step
            if step % len(events) == 0:
                dice.shuffle(events)
            event = events[step % len(events)]
            if event() is not False:
                done.add(event.__name__)
            self._check_step(f"step {step}: {event.__name__}")
        # Each kind of event must have happened, else little was tried.
        self.assertEqual(done, {event.__name__ for event in events})

    def _check_step(self, label):
        for partner in (self.debtor, self.other):
            by_hand = self._by_hand_components(partner)
            self.assertEqual(self._components(partner), by_hand, label)
        partner = (self.debtor, self.other)[self.step % 2]
        total = round(float(sum(self._by_hand(partner).values())), 2)
        figures = self._figures(partner)
        self.assertEqual(figures, dict.fromkeys(figures, total), label)

    # === PICKING === #

    def _mine(self, model, *domain):
        records = self.env[model].search(
            [("partner_id", "in", self.partners.ids), *domain], order="id"
        )
        return records

    def _pick(self, records):
        return self.dice.choice(records) if records else None

    def _pick_order(self, state="sale"):
        return self._pick(self._mine("sale.order", ("state", "=", state)))

    def _pick_invoice(self, *domain):
        return self._pick(
            self._mine("account.move", ("move_type", "=", "out_invoice"), *domain)
        )

    def _pick_line(self):
        order = self._pick_order()
        lines = order and order.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        return lines and self._pick(lines)

    # === EVENTS === #

    def _do_quote(self):
        values = {"partner_id": self.dice.choice(self.partners).id}
        if self.dice.random() < self.abroad_share:
            values["pricelist_id"] = self.abroad.id
        lines = [self._random_line() for _number in range(self.dice.randint(1, 4))]
        self._order(*lines, confirm=self.dice.random() < 0.6, **values)

    def _random_line(self):
        return self._line(
            self.dice.randint(1, 30000) / 100,
            self.dice.randint(1, 9),
            self.dice.choice(self.taxes),
            self.dice.choice((self.goods, self.delivered_goods)),
            discount=self.dice.choice((0, 0, 0, 10, 12.5, 33.33)),
        )

    def _do_confirm(self):
        order = self._pick_order("draft")
        return order.action_confirm() if order else False

    def _do_change_quantity(self):
        line = self._pick_line()
        if not line:
            return False
        line.product_uom_qty = max(line.product_uom_qty + self.dice.randint(-4, 4), 0)

    def _do_change_price(self):
        line = self._pick_line()
        if not line:
            return False
        line.price_unit = round(line.price_unit * self.dice.uniform(0.5, 1.5), 2)

    def _do_deliver(self):
        line = self._pick_line()
        if not line:
            return False
        line.qty_delivered = self.dice.randint(0, int(line.product_uom_qty) + 1)

    def _do_invoice(self):
        orders = self._mine("sale.order", ("invoice_status", "=", "to invoice"))
        order = self._pick(orders)
        if not order:
            return False
        final = self.dice.random() < 0.7
        if all(line.display_type for line in order._get_invoiceable_lines(final)):
            return False
        self._invoice(order, post=self.dice.random() < 0.7, final=final)

    def _do_down_payment(self):
        order = self._pick_order()
        if not order or order.amount_total < 1:
            return False
        post = self.dice.random() < 0.7
        if self.dice.random() < 0.5:
            self._down_payment(order, percent=self.dice.randint(1, 90), post=post)
        else:
            fixed = round(order.amount_total * self.dice.uniform(0.05, 0.6), 2)
            self._down_payment(order, fixed=fixed, post=post)

    def _do_post(self):
        invoice = self._pick_invoice(("state", "=", "draft"))
        return self._post(invoice) if invoice else False

    def _do_invoice_without_order(self):
        partner = self.dice.choice(self.partners)
        amount = self.dice.randint(1, 30000) / 100
        self._new_invoice(amount, partner=partner, post=self.dice.random() < 0.5)

    def _do_add_to_draft(self):
        draft = self._pick_invoice(("state", "=", "draft"), ("amount_total", ">", 0))
        if not draft:
            return False
        extra = {"name": "Extra", "price_unit": 1.23, "tax_ids": [Command.clear()]}
        draft.invoice_line_ids = [Command.create(extra)]

    def _do_refund(self):
        invoice = self._pick_invoice(("state", "=", "posted"), ("amount_total", ">", 0))
        if not invoice:
            return False
        self._refund(invoice, post=self.dice.random() < 0.8)

    def _do_pay(self):
        invoice = self._pick_invoice(
            ("state", "=", "posted"), ("payment_state", "in", ("not_paid", "partial"))
        )
        if not invoice or invoice.amount_residual < 1:
            return False
        part = self.dice.random() < 0.5 and round(invoice.amount_residual / 3, 2)
        self._settle(invoice, part or None)

    def _do_pay_unallocated(self):
        self._pay(
            self.dice.randint(1, 9999) / 100, partner=self.dice.choice(self.partners)
        )

    def _do_clear(self):
        payment = self._pick(
            self._mine(
                "account.payment",
                ("is_matched", "=", False),
                ("state", "in", ("in_process", "paid")),
                ("currency_id", "=", self.currency.id),
            )
        )
        return self._clear(payment) if payment else False

    def _do_bounce(self):
        """The cheque comes back."""
        payment = self._pick(
            self._mine("account.payment", ("state", "in", ("in_process", "paid")))
        )
        if not payment or payment.is_matched:
            return False
        payment.action_draft()
        payment.action_cancel()

    def _do_cancel(self):
        order = self._pick_order()
        return order._action_cancel() if order else False

    def _do_reopen(self):
        order = self._pick_order("cancel")
        return order.action_draft() if order else False

    def _do_reset_invoice(self):
        invoice = self._pick_invoice(("state", "=", "posted"))
        return invoice.button_draft() if invoice else False
