# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestPaidOnline(AccountPaymentCommon, CreditCommon):
    """P5: money that was taken is never refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100)

    def _pay_online(self, order, amount, state="done"):
        transaction = self._create_transaction(
            "direct",
            amount=amount,
            currency_id=order.currency_id.id,
            partner_id=order.partner_id.id,
            sale_order_ids=[(6, 0, order.ids)],
            reference=f"{order.name}-{amount}",
        )
        transaction.state = state
        transaction.with_context(skip_sale_auto_invoice_send=True)._post_process()
        return transaction

    def test_p5_a_paid_order_confirms_beyond_the_limit_and_says_so(self):
        order = self._new_order(500)
        self._pay_online(order, 500)
        self.assertEqual(order.state, "sale")
        self.assertIn("Paid online", "".join(order.message_ids.mapped("body")))
        self.assertFalse(order.credit_hold_id)

    def test_p5_an_authorized_order_confirms(self):
        order = self._new_order(500)
        capture = {"support_manual_capture": "full_only", "support_refund": "none"}
        with patch.object(
            type(self.provider),
            "_compute_feature_support_fields",
            lambda providers: providers.update(
                {**capture, "support_express_checkout": False}
            ),
        ):
            self.provider.invalidate_recordset(list(capture))
            self._pay_online(order, 500, state="authorized")
        self.assertEqual(order.state, "sale")

    def test_p5_a_prepayment_confirms_and_leaves_the_hold_for_the_manager(self):
        order = self._new_order(500, require_payment=True, prepayment_percent=0.2)
        self._pay_online(order, 100)
        self.assertEqual(order.state, "sale")
        self.assertEqual(
            (order.credit_hold_state, order.credit_hold_id.uncovered), ("open", 300)
        )
        self.assertIn("Confirmed because", "".join(order.message_ids.mapped("body")))

    def test_p5_after_the_payment_the_paid_order_uses_no_credit(self):
        order = self._new_order(500)
        self._pay_online(order, 500)
        self.assertEqual(self._exposure(), 0)

    def test_p2_a_small_prepayment_opens_no_door_for_people(self):
        order = self._new_order(500, require_payment=True, prepayment_percent=1.0)
        self._pay_online(order, 1)
        self.assertNotEqual(order.state, "sale")
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        self.assertGreaterEqual(caught.exception.context["credit"]["uncovered"], 399)

    def test_p5_a_failed_payment_does_not_count(self):
        order = self._new_order(500)
        self._pay_online(order, 500, state="cancel")
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
