# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestBehaviour(CreditCommon):
    """How debtors paid: by hand-made examples whose answer is known."""

    def _due(self, amount, days_ago, partner=None):
        """An invoice that was due some days ago, thirty days after its date."""
        due = self._today(-days_ago)
        return self._new_invoice(
            amount,
            partner=partner,
            invoice_date=due - timedelta(days=30),
            invoice_payment_term_id=False,
            invoice_date_due=due,
        )

    def _settle(self, invoice, days_ago, amount=None):
        values = {"payment_date": self._today(-days_ago)}
        if amount:
            values["amount"] = amount
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(values)._create_payments()

    def _figures(self, partner=None, **options):
        partner = partner or self.debtor
        behaviour = self.env["credit.behaviour"]
        return behaviour._get_figures(partner.ids, self.company, **options)[partner.id]

    def test_the_average_is_weighted_by_amount(self):
        self._settle(self._due(900, 50), 40)
        self._settle(self._due(100, 50), 0)
        figures = self._figures()
        self.assertAlmostEqual(figures["days_late_avg"], 14.0)
        self.assertAlmostEqual(figures["days_to_pay_avg"], 44.0)
        self.assertEqual((figures["paid_count"], figures["worst_days_late"]), (2, 50))
        self.assertAlmostEqual(figures["paid_amount"], 1000.0)

    def test_each_part_of_an_invoice_counts_for_itself(self):
        invoice = self._due(100, 50)
        self._settle(invoice, 50, amount=75)
        self._settle(invoice, 10)
        self.assertAlmostEqual(self._figures()["days_late_avg"], 10.0)

    def test_early_money_does_not_hide_late_money(self):
        self._settle(self._due(100, 0), 20)
        self._settle(self._due(100, 20), 0)
        self.assertAlmostEqual(self._figures()["days_late_avg"], 10.0)

    def test_the_last_payment_counts_unmatched_too(self):
        self._settle(self._due(100, 50), 40)
        self._pay(33)
        figures = self._figures()
        self.assertEqual(figures["last_payment_date"], self._today())
        self.assertAlmostEqual(figures["last_payment_amount"], 33.0)
        self.assertEqual(figures["paid_count"], 1)

    def test_without_payments_there_is_no_average(self):
        self._due(100, 50)
        figures = self._figures()
        self.assertIsNone(figures["days_late_avg"])
        self.assertIsNone(figures["last_payment_date"])
        self.assertEqual(figures["paid_count"], 0)

    def test_credit_notes_and_returned_payments_are_no_payments(self):
        invoice = self._due(100, 50)
        refund = invoice._reverse_moves([{"invoice_date": self._today()}], cancel=True)
        self.assertEqual(refund.payment_state, "paid")
        payment = self._settle(self._due(70, 50), 40)
        payment.move_id._reverse_moves(cancel=True)
        figures = self._figures()
        self.assertIsNone(figures["days_late_avg"])
        self.assertIsNone(figures["last_payment_date"])

    def test_only_the_last_months_count(self):
        self._settle(self._due(100, 150), 100)
        self.assertAlmostEqual(self._figures()["days_late_avg"], 50.0)
        figures = self._figures(months=3)
        self.assertIsNone(figures["days_late_avg"])
        self.assertEqual(figures["last_payment_date"], self._today(-100))

    def test_contacts_pay_for_their_company_and_strangers_do_not(self):
        contact = self.env["res.partner"].create(
            {"name": "Shop", "parent_id": self.debtor.id}
        )
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self._settle(self._due(100, 50, partner=contact), 40)
        self.assertAlmostEqual(self._figures()["days_late_avg"], 10.0)
        self.assertEqual(self._figures(stranger)["paid_count"], 0)

    def test_any_number_of_debtors_takes_one_statement(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Debtor {number}"} for number in range(5)]
        )
        behaviour, company = self.env["credit.behaviour"], self.company
        company._credit_today()
        self.env.flush_all()
        with self.assertQueryCount(1):
            figures = behaviour._get_figures(partners.ids, company)
        self.assertEqual(set(figures), set(partners.ids))

    def test_the_trend_has_every_quarter(self):
        self._settle(self._due(100, 20), 0)
        trend = self.env["credit.behaviour"]._get_trend(self.debtor.id, self.company)
        self.assertEqual(len(trend), 6)
        self.assertAlmostEqual(trend[-1]["days_late_avg"], 20.0)
        self.assertAlmostEqual(trend[-1]["paid_amount"], 100.0)
        self.assertIsNone(trend[0]["days_late_avg"])
