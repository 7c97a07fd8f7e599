# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestFinancing(ProgrammeCommon):
    """An order that a third party pays leaves the reseller's exposure, and comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].flush_model()
        component = cls.env.ref(
            "vendor_credit_lines.credit_exposure_component_financed"
        )
        cls.policy.component_ids |= component
        cls._give_line(1000)
        cls.bank = cls.env["res.partner"].create({"name": "Leaseo", "is_company": True})
        cls.goods.list_price = 800
        cls.order = cls._new_order(800)

    def _request(self, order=None, **values):
        return (
            self.env["credit.financing"]
            .with_user(self.salesman)
            .create(
                {
                    "order_id": (order or self.order).id,
                    "financier_id": self.bank.id,
                    "reference": "L-2026-7",
                    **values,
                }
            )
        )

    def _accept(self, financing):
        financing.with_user(self.analyst).action_accept()
        self.env.flush_all()

    def test_from_acceptance_the_financier_owes(self):
        self.order.action_confirm()
        financing = self._request()
        self.assertEqual(self._exposure(), 800)
        self._accept(financing)
        self.assertEqual((self._exposure(), self._exposure(self.bank)), (0, 800))
        self.assertEqual(self._available(), 1000)

    def test_p8_invoices_and_payments_follow(self):
        financing = self._request()
        self._accept(financing)
        self.order.action_confirm()
        invoice = self.order.sudo()._create_invoices()
        self.assertEqual((self._exposure(), self._exposure(self.bank)), (0, 800))
        invoice.action_post()
        self.assertEqual((self._exposure(), self._exposure(self.bank)), (0, 800))
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({"amount": 300})._create_payments()
        self.assertEqual((self._exposure(), self._exposure(self.bank)), (0, 500))

    def test_the_order_passes_although_the_reseller_has_no_room(self):
        self._new_invoice(900)
        self._accept(self._request())
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_a_request_alone_lets_nothing_through(self):
        self._new_invoice(900)
        self._request()
        with self.assertRaises(CreditHoldError):
            self.order.action_confirm()

    def test_it_comes_back_when_it_falls_through(self):
        self.order.action_confirm()
        financing = self._request()
        self._accept(financing)
        self._new_invoice(700)
        financing.action_fall()
        self.env.flush_all()
        self.assertEqual((self._exposure(), self._exposure(self.bank)), (1500, 0))
        self.assertEqual(self.order.state, "sale")
        self.assertIn("500", financing.activity_ids[:1].note)
        self.assertIn("fell through", self.order.message_ids[:1].body)

    def test_money_paid_to_the_reseller_makes_him_owe_again(self):
        self.order.action_confirm()
        financing = self._request(payee="reseller")
        self._accept(financing)
        financing.with_user(self.analyst).action_paid()
        self.env.flush_all()
        self.assertEqual((self._exposure(), self._exposure(self.bank)), (800, 0))

    def test_an_order_that_grows_beyond_is_the_resellers_again(self):
        self._accept(self._request())
        self.order.action_confirm()
        self._new_invoice(900)
        with self.assertRaises(CreditHoldError), self.env.cr.savepoint():
            self.order.order_line.product_uom_qty = 2
        self.assertEqual(self._exposure(self.bank), 800)

    def test_the_alert_comes_once_when_the_hours_have_passed(self):
        financing = self._request().sudo()
        self._accept(financing)
        financings = self.env["credit.financing"].sudo()
        financings._cron_late()
        self.assertFalse(financing.activity_ids)
        financing.deadline = fields.Datetime.now() - timedelta(minutes=1)
        financings._cron_late()
        financings._cron_late()
        self.assertEqual(len(financing.activity_ids), 1)
        self.assertIn(financing, financings.search([("is_late", "=", True)]))

    def test_only_analysts_accept_and_nobody_forges(self):
        financing = self._request()
        with self.assertRaises(AccessError):
            financing.action_accept()
        forged = ({"state": "accepted"}, {"is_off": True}, {"amount": 1e6})
        for values in forged:
            with self.subTest(values=values), self.assertRaises(AccessError):
                financing.write(values)
        with self.assertRaises(AccessError):
            self._request(self._new_order(10), state="accepted")
        with self.assertRaises(AccessError):
            self.order.write({"credit_financier_id": self.bank.id})

    def test_authority_ends_what_one_person_accepts(self):
        self.company.credit_authority_analyst = 799
        financing = self._request()
        with self.assertRaises(AccessError):
            financing.with_user(self.analyst).action_accept()
        financing.with_user(self.manager).action_accept()
        self.assertEqual(financing.state, "accepted")

    def test_bad_input_gets_a_clear_message(self):
        with self.assertRaises(ValidationError):
            self._request(financier_id=self.debtor.id)
        financing = self._request(reference=False)
        with self.assertRaises(UserError):
            financing.with_user(self.analyst).action_accept()
        financing.reference = "L-1"
        self._accept(financing)
        with self.assertRaises(UserError):
            financing.financier_id = self.sponsor
        with self.assertRaises(UserError):
            financing.unlink()

    def test_p1_every_figure_opens_its_records(self):
        self.order.action_confirm()
        self._accept(self._request())
        action = self.env["credit.measure"]._get_exposure_action(
            self.bank, self.company
        )
        rows = self.env["credit.exposure"].search(action["domain"])
        self.assertEqual((rows.res_model, rows.res_id), ("sale.order", self.order.id))
        self.assertEqual(sum(rows.mapped("amount")), 800)
