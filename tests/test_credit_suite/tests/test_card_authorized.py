# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.credit_control.exceptions import CreditHoldError
from odoo.addons.credit_control.hooks import compute_reserved_money
from odoo.addons.credit_control.tests.common import CreditCommon


@tagged("post_install", "-at_install")
class TestCardAuthorized(AccountPaymentCommon, CreditCommon):
    """P5: what the card issuer keeps for an order is no risk of ours while it stands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(300)
        cls.card = cls._prepare_provider("demo")
        cls.card.capture_manually = True

    def _authorize(self, order, amount=None):
        """The shopper pays by card; the shop captures when it ships."""
        transaction = self._create_transaction(
            "direct",
            provider_id=self.card.id,
            payment_method_id=self.card.payment_method_ids[:1].id,
            amount=amount or order.amount_total,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[Command.set(order.ids)],
            reference=f"{order.name}-{amount}",
        ).sudo()
        transaction._set_authorized()
        self._finish(transaction)
        return transaction

    def _finish(self, transaction):
        transaction = transaction.with_context(skip_sale_auto_invoice_send=True)
        transaction._post_process()

    def _shown(self):
        """The open orders of the debtor as the list of its exposure shows them."""
        rows = self.env["credit.exposure"].search(
            [("partner_id", "=", self.debtor.id), ("res_model", "=", "sale.order")]
        )
        return rows.mapped("amount")

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def _answer(self, part):
        """The provider did what it was asked; Odoo looks at it afterwards."""
        self._finish(part)
        self.env.flush_all()

    def test_p5_an_authorized_order_uses_no_credit_until_it_is_voided(self):
        order = self._new_order(500)
        transaction = self._authorize(order)
        self.assertEqual((order.state, self._exposure()), ("sale", 0))
        self.assertFalse(self._shown())
        self._answer(transaction._void())
        self.assertEqual(transaction.state, "cancel")
        self.assertEqual((self._exposure(), self._shown()), (500, [500]))
        self.assertEqual(self._available(), -200)

    def test_p5_an_authorization_leaves_the_room_to_others(self):
        self._authorize(self._new_order(500))
        self._new_order(300).action_confirm()
        with self.assertRaises(CreditHoldError):
            self._new_order(1).action_confirm()

    def test_p1_the_rest_of_an_order_counts(self):
        order = self._new_order(200)
        order.action_confirm()
        self._authorize(order, 150)
        self.assertEqual((self._exposure(), self._shown()), (50, [50]))
        self.assertEqual(self._available(), 250)

    def test_p2_an_authorization_carries_no_growth_beyond_it(self):
        order = self._new_order(500)
        self._authorize(order)
        self.goods.list_price = 500
        with self.assertRaises(CreditHoldError) as caught:
            order.order_line.product_uom_qty = 2
        self.assertEqual(caught.exception.context["credit"]["uncovered"], 200)
        order.invalidate_recordset()
        order.order_line.write({"product_uom_qty": 1, "price_unit": 800})
        self.assertEqual(self._exposure(), 300)

    def test_p8_captured_in_parts_it_is_counted_once(self):
        order = self._new_order(500)
        transaction = self._authorize(order)
        part = transaction._capture(200)
        self.assertEqual(self._position().counted.get("order", 0), 0)
        self._answer(part)
        self.assertTrue(part.payment_id)
        counted = self._position().counted
        self.assertEqual((counted["order"], counted["receivable"]), (20000, -20000))
        self._answer(transaction._void(300))
        self.assertEqual(self._position().counted["order"], 50000)
        self.assertEqual(transaction.state, "done")

    def test_p5_a_hold_clears_when_the_card_answers_for_an_open_order(self):
        first, second = self._new_order(250), self._new_order(200)
        first.action_confirm()
        with self.assertRaises(CreditHoldError):
            second.action_confirm()
        self._record_holds()
        self._authorize(first)
        self.env.cr.flush()
        self.assertFalse(second.credit_hold_id)

    def test_p8_an_order_in_another_currency_is_left_out_to_the_cent(self):
        foreign = self.setup_other_currency("CHF", rates=[("2000-01-01", 1.3757)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )
        order = self._new_order(499.99, pricelist_id=pricelist.id)
        transaction = self._authorize(order)
        self.assertEqual(order.credit_open_company, order.credit_reserved_company)
        self.assertEqual((order.state, self._exposure()), ("sale", 0))
        self._answer(transaction._void())
        self.assertEqual(self._exposure(), order.credit_open_company)

    def test_p2_nobody_enters_what_is_reserved(self):
        order = self._new_order(500)
        with self.assertRaises(AccessError):
            order.credit_reserved_company = 500

    def test_the_upgrade_finds_what_was_authorized_before(self):
        order = self._new_order(500)
        self._authorize(order)
        self.env.flush_all()
        self.cr.execute("UPDATE sale_order SET credit_reserved_company = NULL")
        self.env.invalidate_all()
        self.assertEqual(self._exposure(), 500)
        compute_reserved_money(self.env)
        self.assertEqual(self._exposure(), 0)
