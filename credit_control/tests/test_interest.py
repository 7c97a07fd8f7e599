# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CreditCommon

DUE = date(2025, 5, 15)


class InterestCommon(CreditCommon):
    """A French company in euros; its debtors pay late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.company.account_fiscal_country_id = cls.env.ref("base.fr")
        cls.profile = cls.env["credit.profile"]._get_or_create(cls.debtor, cls.company)
        cls.interest = cls.env["credit.interest"]

    @classmethod
    def _late_invoice(cls, amount, due=DUE, partner=None, **values):
        return cls._new_invoice(
            amount,
            partner=partner,
            invoice_date=due - timedelta(days=30),
            invoice_date_due=due,
            invoice_payment_term_id=False,
            **values,
        )

    @classmethod
    def _get_item(cls, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    @classmethod
    def _settle(cls, move, amount, day):
        """A payment of an invoice on a day, matched with it."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"amount": amount, "payment_date": day})
        )
        return wizard._create_payments()

    @classmethod
    def _get_interest(cls, move, until):
        items = cls._get_item(move)
        found = cls.interest._get_interest(items.ids, until)
        return sum(row["amount"] for row in found.values())

    @classmethod
    def _get_indemnity(cls, moves, until):
        return cls.interest._get_indemnity(cls._get_item(moves).ids, until)


@tagged("post_install", "-at_install")
class TestInterest(InterestCommon):
    """Late interest of journal items (Code de commerce, L441-10 and D441-5)."""

    def test_the_worked_examples_come_out(self):
        big, small = (
            self._late_invoice(10_000),
            self._late_invoice(1_200, date(2024, 12, 31)),
        )
        self._settle(big, 10_000, date(2025, 8, 20))
        self._settle(small, 1_200, date(2025, 1, 30))
        until = date(2025, 12, 31)
        found = self.interest._get_interest(self._get_item(big).ids, until)
        row = found[self._get_item(big).id]
        self.assertEqual(row["amount"], 335.49)
        self.assertEqual(
            [(part["days"], part["rate"]) for part in row["slices"]],
            [(46, 13.15), (51, 12.15)],
        )
        self.assertEqual(row["slices"][0]["amount"], 165.726027)
        self.assertEqual(self._get_interest(small, until), 12.97)

    def test_payments_and_credit_notes_split_the_periods(self):
        move = self._late_invoice(1_000)
        self._settle(move, 400, date(2025, 5, 25))
        refund = self._new_invoice(
            100,
            move_type="out_refund",
            invoice_date=date(2025, 6, 4),
            date=date(2025, 6, 30),
        )
        self._get_item(move | refund).reconcile()
        found = self.interest._get_interest(self._get_item(move).ids, date(2025, 6, 14))
        parts = found[self._get_item(move).id]["slices"]
        self.assertEqual(
            [(part["days"], part["balance"]) for part in parts],
            [(10, 1000.0), (10, 600.0), (10, 500.0)],
        )

    def test_money_counts_from_the_day_the_bank_credited_it(self):
        journal = self.company_data["default_journal_bank"]
        account = journal.inbound_payment_method_line_ids[:1]
        account.payment_account_id = self.env["account.account"].create(
            {
                "name": "Outstanding",
                "code": "101999",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        move = self._late_invoice(1_000)
        payment = self._settle(move, 1_000, date(2025, 5, 25))
        self.assertEqual(len(self._get_slices(move)), 1)
        self.assertEqual(self._get_slices(move)[0]["days"], 10)
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": date(2025, 6, 4),
                "amount": 1_000,
                "payment_ref": "Draft",
            }
        )
        _money, suspense, _other = statement._seek_for_lines()
        suspense.account_id = account.payment_account_id
        outstanding = payment.move_id.line_ids.filtered("debit")
        (suspense | outstanding).reconcile()
        self.assertEqual(self._get_slices(move)[0]["days"], 20)

    def _get_slices(self, move, until=date(2025, 6, 30)):
        item = self._get_item(move)
        return self.interest._get_interest(item.ids, until)[item.id]["slices"]

    def test_instalments_are_due_each_on_its_day_and_rounded_once(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create({"value_amount": share, "nb_days": days})
                    for share, days in ((33.33, 0), (33.33, 10), (33.34, 20))
                ],
            }
        )
        move = self._new_invoice(
            100, invoice_date=date(2025, 2, 1), invoice_payment_term_id=term.id
        )
        until = date(2025, 3, 3)
        exact = 33.33 * 30 + 33.33 * 20 + 33.34 * 10
        self.assertEqual(
            self._get_interest(move, until), round(exact * 0.1315 / 365, 2)
        )
        self.company.credit_interest_per_item = True
        each = [33.33 * 30, 33.33 * 20, 33.34 * 10]
        self.assertAlmostEqual(
            self._get_interest(move, until),
            sum(round(part * 0.1315 / 365, 2) for part in each),
        )
        indemnity = self._get_indemnity(move, until)
        self.assertEqual(sorted(indemnity.values()), [0.0, 0.0, 40.0])

    def test_a_contractual_rate_never_falls_below_its_floor(self):
        move = self._late_invoice(10_000, date(2025, 7, 1))
        until = date(2025, 7, 11)
        self.assertEqual(self._rates(move, until), [12.15])
        self.company.write(
            {"credit_interest_mode": "contractual", "credit_interest_rate": 1}
        )
        self.assertEqual(self._rates(move, until), [8.28])
        self.policy.write({"interest_mode": "contractual", "interest_rate": 9})
        self.assertEqual(self._rates(move, until), [9.0])
        self.profile.write({"interest_mode": "contractual", "interest_rate": 15})
        self.assertEqual(self._rates(move, until), [15.0])
        self.profile.interest_mode = "none"
        self.assertEqual(self._rates(move, until), [])
        self.assertEqual(sum(self._get_indemnity(move, until).values()), 0)

    def _rates(self, move, until):
        return [part["rate"] for part in self._get_slices(move, until)]

    def test_a_missing_half_year_is_named_and_entered(self):
        move = self._late_invoice(1_000, date(2026, 6, 30))
        until = date(2026, 7, 31)
        self.assertEqual(self._rates(move, until), [12.4])
        rate = self.env.ref("credit_control.credit_interest_rate_fr_2026_2_legal")
        rate.write({"rate": 0, "is_missing": True})
        self.company.credit_interest_mode = "contractual"
        with self.assertRaisesRegex(UserError, "second half-year of 2026.*France"):
            self._get_interest(move, until)
        rate.rate = 2.5
        self.assertFalse(rate.is_missing)
        self.assertEqual(self._rates(move, until), [7.5])

    def test_rates_are_asked_for_weeks_before_they_are_missing(self):
        rate = self.env["credit.interest.rate"]
        company = type(self.company)
        self.policy.interest_mode = "statutory"
        self.env["credit.policy"].search([]).interest_country_id = self.env.ref(
            "base.fr"
        )
        with patch.object(company, "_credit_today", lambda _self: date(2026, 11, 22)):
            self.assertFalse(rate._get_missing(self.company))
        with patch.object(company, "_credit_today", lambda _self: date(2026, 12, 4)):
            self.assertIn("first half-year of 2027", rate.get_warning())
            rate._cron_watch()
            rate._cron_watch()
        found = rate.search([("date_from", "=", "2027-01-01")])
        self.assertEqual((found.kind, found.is_missing), ("ecb", True))
        mine = found.activity_ids.filtered(lambda task: task.user_id == self.manager)
        self.assertEqual(mine.date_deadline, date(2027, 1, 1))
        found.with_user(self.manager).rate = 2.65
        self.assertEqual(found.applied_rate, 12.65)
        self.assertFalse(found.activity_ids)
        with patch.object(company, "_credit_today", lambda _self: date(2026, 12, 4)):
            self.assertEqual(rate.get_warning(), "")

    def test_a_debtor_abroad_owes_what_the_law_of_the_contract_says(self):
        """The file's country, else the policy's, else the company's; no floor but ours."""
        move, until = self._late_invoice(1_000, date(2025, 7, 1)), date(2025, 7, 11)
        spain, italy = self.env.ref("base.es"), self.env.ref("base.it")
        self.policy.interest_country_id = italy
        with self.assertRaisesRegex(UserError, "second half-year of 2025.*Italy"):
            self._get_interest(move, until)
        for country, rate in ((italy, 2.15), (spain, 2.4)):
            self.env["credit.interest.rate"].create(
                {"country_id": country.id, "date_from": "2025-07-01", "rate": rate}
            )
        self.assertEqual(self._rates(move, until), [10.15])
        self.profile.interest_country_id = spain
        self.assertEqual(self._rates(move, until), [10.4])
        self.assertEqual(self.interest._get_country(self.debtor, self.company), spain)
        self.profile.write({"interest_mode": "contractual", "interest_rate": 6})
        self.assertEqual(self._rates(move, until), [6.0])

    def test_disputed_amounts_bear_no_interest_unless_the_company_says_so(self):
        move = self._late_invoice(1_000)
        dispute = self.env["credit.dispute"].create(
            {"profile_id": self.profile.id, "move_id": move.id, "amount": 400}
        )
        self.assertEqual(self._get_slices(move)[0]["balance"], 600)
        self.company.credit_interest_disputed = True
        self.assertEqual(self._get_slices(move)[0]["balance"], 1000)
        self.company.credit_interest_disputed = False
        dispute.state = "closed"
        self.assertEqual(self._get_slices(move)[0]["balance"], 1000)

    def test_insolvency_stops_interest_and_indemnity(self):
        due_before, due_after = (
            self._late_invoice(1_000),
            self._late_invoice(1_000, date(2025, 6, 10)),
        )
        self.profile.insolvency_date = date(2025, 6, 1)
        self.assertEqual(self._get_slices(due_before)[-1]["date_to"], date(2025, 5, 31))
        self.assertEqual(self._get_slices(due_after), [])
        indemnity = self._get_indemnity(due_before | due_after, date(2025, 6, 30))
        self.assertEqual(indemnity[self._get_item(due_before).id], 40)
        self.assertEqual(indemnity[self._get_item(due_after).id], 0)
        later = self._late_invoice(1_000, date(2025, 7, 10))
        self.assertTrue(self._get_slices(later, date(2025, 7, 20)))

    def test_consumers_owe_neither(self):
        person = self.env["res.partner"].create({"name": "Consumer"})
        move = self._late_invoice(1_000, partner=person)
        self.assertEqual(self._get_slices(move), [])
        self.assertEqual(sum(self._get_indemnity(move, date(2025, 7, 1)).values()), 0)
        person.company_registry = "732829320"
        self.assertTrue(self._get_slices(move))

    def test_the_indemnity_is_once_for_each_invoice_also_when_paid_since(self):
        late, good = self._late_invoice(500), self._late_invoice(500)
        self._settle(late, 500, date(2025, 5, 20))
        self._settle(good, 500, DUE)
        found = self._get_indemnity(late | good, date(2025, 9, 1))
        self.assertEqual(found[self._get_item(late).id], 40)
        self.assertEqual(found[self._get_item(good).id], 0)

    def test_foreign_currency_is_counted_in_it(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        move = self._late_invoice(10_000, currency_id=dollar.id)
        item = self._get_item(move)
        row = self.interest._get_interest(item.ids, date(2025, 6, 30))[item.id]
        self.assertEqual(row["currency_id"], dollar.id)
        self.assertEqual(row["amount_currency"], 165.73)
        self.assertEqual(row["amount"], self.currency_round(165.73 / 2))

    def currency_round(self, amount):
        return self.company.currency_id.round(amount)

    def test_statements_do_not_grow_with_the_items(self):
        moves = self._late_invoice(100)
        items = self._get_item(moves).ids
        self._get_interest(moves, date(2025, 7, 1))
        few = self._count(items)
        for _number in range(9):
            moves |= self._late_invoice(100)
        self.assertEqual(self._count(self._get_item(moves).ids), few)
        self.assertLessEqual(few, 8)

    def _count(self, items):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.interest._get_interest(items, date(2025, 7, 1))
        return self.env.cr.sql_log_count - before

    def test_half_years_begin_in_january_or_july(self):
        with self.assertRaises(ValidationError):
            self.env["credit.interest.rate"].create(
                {"date_from": "2026-03-01", "country_id": self.env.ref("base.fr").id}
            )
