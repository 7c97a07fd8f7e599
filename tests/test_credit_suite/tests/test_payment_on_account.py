# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.credit_control.tests.common import CreditCommon


@tagged("post_install", "-at_install")
class TestPaymentOnAccount(AccountPaymentCommon, CreditCommon):
    """P2, P5: cash on delivery is refused before anything is promised."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100)
        cls.method = cls.env.ref("delivery.payment_method_cash_on_delivery").sudo()
        cls.cash = (
            cls.env["payment.provider"]
            .sudo()
            .search(
                [("code", "=", "custom"), ("custom_mode", "=", "cash_on_delivery")],
                limit=1,
            )
        )
        cls.cash = cls.cash.copy(
            {
                "company_id": cls.company.id,
                "state": "enabled",
                "is_published": True,
                "payment_method_ids": [Command.set(cls.method.ids)],
            }
        )
        cls.method.active = True
        carrier = cls._new_product("Delivery")
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Van", "product_id": carrier.id, "allow_cash_on_delivery": True}
        )

    def _offered(self, order):
        return (
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                self.company.id,
                self.debtor.id,
                order.amount_total,
                currency_id=order.currency_id.id,
                sale_order_id=order.id,
            )
        )

    def _start(self, order):
        return self._create_transaction(
            "direct",
            provider_id=self.cash.id,
            payment_method_id=self.method.id,
            amount=order.amount_total,
            currency_id=order.currency_id.id,
            sale_order_ids=[Command.set(order.ids)],
            reference=order.name,
        )

    def test_p2_cash_on_delivery_is_offered_within_the_credit(self):
        order = self._new_order(100, carrier_id=self.carrier.id)
        self.assertIn(self.cash, self._offered(order))
        self.assertTrue(self._start(order))

    def test_p2_cash_on_delivery_is_not_offered_beyond_the_credit(self):
        order = self._new_order(101, carrier_id=self.carrier.id)
        self.assertNotIn(self.cash, self._offered(order))

    def test_p2_a_forged_transaction_is_refused_in_plain_words(self):
        order = self._new_order(101, carrier_id=self.carrier.id)
        with self.assertRaises(UserError) as caught:
            self._start(order)
        self.assertIn("another way", str(caught.exception))
        self.assertNotIn("101", str(caught.exception))

    def test_p5_a_card_is_offered_whatever_the_credit(self):
        order = self._new_order(101, carrier_id=self.carrier.id)
        self.assertIn(self.provider, self._offered(order))
