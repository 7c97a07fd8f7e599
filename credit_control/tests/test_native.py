# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestNativeBanner(CreditCommon):
    """Native banners show our figures where we manage, their own elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_use_credit_limit = True
        cls.debtor.credit_limit = 10

    def test_native_banner_stays_for_debtors_without_line(self):
        invoice = self._new_invoice(50, post=False)
        self.assertIn("has reached its credit limit", invoice.partner_credit_warning)
        order = self._new_order(50)
        self.assertIn(
            "has reached its credit limit", order.sudo().partner_credit_warning
        )

    def test_our_figures_on_invoices_of_managed_debtors(self):
        self._give_line(100)
        self.assertFalse(self._new_invoice(100, post=False).partner_credit_warning)
        over = self._new_invoice(20, post=False)
        self.assertIn("20.00 over its credit lines", over.partner_credit_warning)

    def test_the_order_shows_our_block_instead_of_the_banner(self):
        self._give_line(100)
        order = self._new_order(500)
        self.assertFalse(order.sudo().partner_credit_warning)
        self.assertEqual(order.credit_preview["outcome"], "hold")
