# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestMeasureLook(AccountPaymentCommon, CreditCommon):
    """P1: the short way to an ordinary debtor's figures leads where the long one does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._give_line(1000.0)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Branch", "parent_id": cls.debtor.id, "type": "invoice"}
        )
        cls.order = cls._new_order(100.0)
        cls._new_order(30.0, partner=cls.contact).action_confirm()
        cls._new_invoice(20.0, partner=cls.contact)

    def _measure(self, document=None):
        """Measure, and say whether looking was enough.

        :return: tuple, a Position and how often the function was asked
        """
        measure = self.env["credit.measure"]
        # What a server knows of debtors is not this test's.
        self.env.registry.clear_cache()
        keys = [(document._name, document.id)] if document else []
        asked = type(measure)._ask
        with patch.object(
            type(measure), "_ask", autospec=True, side_effect=asked
        ) as ask:
            found = measure._get_positions(
                self.debtor.ids, self.company, keys, keys, self.goods.ids
            )
        return found[self.debtor.id], ask.call_count

    def _measure_long(self, document=None):
        with patch.object(type(self.env["credit.measure"]), "_look", return_value=None):
            return self._measure(document)[0]

    def _agree(self, enough, document=None):
        """Check that both ways agree, and which of them is taken."""
        found, asked = self._measure(document)
        known = self._measure_long(document)
        self.assertEqual(found, known)
        self.assertEqual(asked, 0 if enough else 1)
        return found

    def test_p1_contacts_orders_and_invoices(self):
        self.assertEqual(sum(self._agree(True).counted.values()), 5000)
        self.order.action_confirm()
        self.assertEqual(sum(self._agree(True).counted.values()), 15000)
        # What is decided is left out of both.
        left = self._agree(True, self.order)
        self.assertEqual(sum(left.counted.values()), 5000)

    def test_p1_payments_and_refunds(self):
        self._pay(70.0)
        self._new_invoice(5.0, move_type="out_refund")
        self.assertEqual(sum(self._agree(True).counted.values()), -2500)

    def test_p1_tags(self):
        tag = self.env["res.partner.category"].create({"name": "Key account"})
        self.debtor.category_id = tag
        self.assertEqual(self._agree(True).belongs["tag"], tag.ids)

    def test_p1_nobody_without_a_file(self):
        self.debtor = self.env["res.partner"].create({"name": "Unknown"})
        self.assertFalse(self._agree(True).profile_id)

    def test_p1_draft_invoices_are_asked_for(self):
        self._new_invoice(8.0, partner=self.contact, post=False)
        self.assertEqual(self._agree(False).counted["draft_invoice"], 800)

    def test_p1_uncleared_payments_are_asked_for(self):
        component = self.env.ref("credit_control.credit_exposure_component_uncleared")
        self.company._get_credit_policy().component_ids += component
        self._pay(70.0)
        self.assertIn("uncleared", self._agree(False).counted)

    def test_p1_holds_are_asked_for(self):
        order = self._new_order(5000.0)
        with self.assertRaises(CreditHoldError), self.cr.savepoint():
            order.action_confirm()
        self._record_holds()
        self.assertTrue(self._agree(False, order).holds)

    def test_p5_money_taken_is_asked_for(self):
        self._create_transaction(
            "direct",
            partner_id=self.debtor.id,
            sale_order_ids=[Command.set(self.order.ids)],
            state="done",
        )
        key = (self.order._name, self.order.id)
        self.assertIn(key, self._agree(False, self.order).taken)

    def test_p1_limited_lines_are_asked_for(self):
        self._give_line(50.0, product_ids=[Command.set(self.goods.ids)])
        self.assertEqual(len(self._agree(False).lines), 2)

    def test_p7_lines_in_another_currency_are_asked_for(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._give_line(50.0, currency_id=euro.id)
        self.assertEqual(self._agree(False).limit, 102500)

    def test_p1_groups_are_asked_for(self):
        self.line.profile_id.group_id = self.env["credit.group"].create(
            {"name": "Group", "amount": 500.0, "company_id": self.company.id}
        )
        self.assertTrue(self._agree(False).pool)

    def test_who_is_special_costs_one_statement(self):
        """Seen to be special, until that is over."""
        measure = self.env["credit.measure"]

        def looks():
            look = type(measure)._get_look
            with patch.object(
                type(measure), "_get_look", autospec=True, side_effect=look
            ) as looked:
                measure._get_positions(self.debtor.ids, self.company)
            return looked.call_count

        limited = self._give_line(50.0, product_ids=[Command.set(self.goods.ids)])
        self.env.registry.clear_cache()
        self.assertEqual((looks(), looks()), (1, 0))
        limited.product_ids = False
        self.assertEqual((looks(), looks()), (0, 1))
