# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import shutil
from unittest import skipUnless

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from .common import CreditCommon

REPORT = "credit_control.credit_flash_report_pdf"
PRINTS = "odoo.addons.base.models.ir_actions_report"


@tagged("post_install", "-at_install")
class TestFlash(CreditCommon):
    """One page about a customer: right figures, right readers, one page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.user_id = cls.salesman
        cls.policy.opening_required_ids = False
        cls.profile = cls.env["credit.profile"]._get_or_create(cls.debtor, cls.company)

    def _flash(self, user=None):
        user = user or self.viewer
        self.env.flush_all()
        return self.env["credit.flash"].with_user(user)._get_flash(self.profile)

    def _due(self, amount, days):
        """An invoice that is due for some days; below zero: not yet."""
        return self._new_invoice(
            amount,
            invoice_date=self._today(-max(days, 0) - 30),
            invoice_payment_term_id=False,
            invoice_date_due=self._today(-days),
        )

    def _advice(self, flash=None):
        return " ".join(row["text"] for row in (flash or self._flash())["advice"])

    def _render(self, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.viewer)
        return report._render_qweb_html(REPORT, self.profile.ids)[0].decode()

    def test_p1_the_figures_are_those_of_the_exposure(self):
        for days in (-5, 1, 40, 70, 120):
            self._due(100 + days, days)
        self._pay(30)
        self._new_order(77).action_confirm()
        self._give_line(10000)
        flash = self._flash()
        exposure = self._exposure()
        counted = sum(row["amount"] for row in flash["components"])
        self.assertAlmostEqual(counted, exposure)
        self.assertAlmostEqual(flash["explained"]["exposure"], exposure)
        ageing = flash["ageing"]
        receivable = sum(
            ageing[key] for key in ("later", "1", "31", "61", "91", "credit")
        )
        self.assertAlmostEqual(receivable, exposure - 77)
        self.assertEqual(
            [ageing[key] for key in ("later", "1", "31", "61", "91", "credit")],
            [95, 101, 140, 170, 220, -30],
        )
        self.assertEqual((ageing["overdue"], ageing["days"]), (631, 120))
        self.assertAlmostEqual(sum(row["used"] for row in flash["stack"]), exposure)

    def test_what_to_do_names_amounts(self):
        self._due(900, 45)
        self._give_line(1000, date_to=self._today(20), name="Season")
        self._give_line(500, kind="insured", name="Cover", date_to=self._today(90))
        self.profile.review_date = self._today(-3)
        advice = self._advice()
        self.assertIn("900.00", advice)
        self.assertIn("45 days", advice)
        self.assertRegex(advice, "Renew Season before .*400.00")
        self.assertIn("Review the credit file", advice)
        self.assertNotIn("Nothing to do", advice)

    def test_a_customer_who_owes_too_much(self):
        self._due(900, -10)
        self._give_line(500)
        self.assertRegex(self._advice(), "400.00 of what it owes is on no line")

    def test_a_good_customer_needs_nothing(self):
        self._give_line(1000)
        self._due(800, -10)
        self.assertEqual([row["level"] for row in self._flash()["advice"]], ["success"])

    def test_money_received_is_not_asked_for_again(self):
        self._due(100, 45)
        self._pay(60)
        advice = self._advice()
        self.assertRegex(advice, "Match .*60.00 received")
        self.assertRegex(advice, "collect .*40.00 overdue")
        self._pay(40)
        self.assertNotIn("ollect", self._advice())

    def test_promises_and_disputes_are_named(self):
        self._give_line(1000)
        values = {"profile_id": self.profile.id, "amount": 123}
        promises = self.env["credit.promise"]
        promise = promises.create({**values, "date": self._today(4)})
        flash = self._flash()
        self.assertIn("123.00", str(flash["duties"]))
        self.assertNotIn("broke", self._advice(flash))
        promise.date = self._today(-1)
        self.assertRegex(self._advice(), "broke its promise .*123.00")
        promise.state = "kept"
        self.assertNotIn("broke", self._advice())
        invoice = self._due(200, -10)
        self.env["credit.dispute"].create(
            {**values, "move_id": invoice.id, "amount": 150}
        )
        self.assertRegex(self._advice(), "disputes over .*150.00")

    def test_held_documents_and_missing_papers_are_named(self):
        self._give_line(100)
        order = self._new_order(250)
        self.env["credit.hold"].sudo().create(
            {
                "name": order.name,
                "res_model": order._name,
                "res_id": order.id,
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "amount": 250,
                "uncovered": 150,
            }
        )
        paper = self.env["credit.opening.document.type"].create(
            {"name": "Extract", "code": "flash"}
        )
        self.policy.opening_required_ids = paper
        advice = self._advice()
        self.assertIn("held document of", advice)
        self.assertIn("250.00", advice)
        self.assertIn("Extract", advice)

    def test_slower_payments_are_noticed(self):
        flash = self._flash()
        for row, late in zip(flash["trend"], (None, 2, 3, None, 5, 25), strict=True):
            row["days_late_avg"] = late
        advice = self.env["credit.flash.advice"]._get_advice(flash)
        self.assertIn("25 days late", " ".join(row["text"] for row in advice))
        flash["trend"][-1]["days_late_avg"] = 6
        advice = self.env["credit.flash.advice"]._get_advice(flash)
        self.assertNotIn("pays later", " ".join(row["text"] for row in advice))

    def test_salespeople_read_of_their_own_customers_only(self):
        other = self._new_user("flash_other", "sales_team.group_sale_salesman")
        employee = self._new_user("flash_employee", "base.group_user")
        for user in (other, employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._render(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.profile.with_user(user).action_open_flash()
        for user in (self.salesman, self.viewer, self.analyst):
            self.assertIn("Debtor", self._render(user))

    def test_salespeople_do_not_read_what_an_insurer_granted(self):
        self._give_line(500, kind="insured", name="Cover 4712", date_to=self._today(20))
        self._give_line(200, name="Ours")
        self._due(650, -10)
        self.profile.write({"score": 41, "score_date": self._today()})
        self.assertIn("Cover 4712", self._render())
        self.assertIn("/ 100", self._render())
        page = self._render(self.salesman)
        self.assertNotIn("4712", page)
        self.assertNotIn("/ 100", page)
        self.assertIn("Ours", page)
        flash = self._flash(self.salesman)
        self.assertEqual(sum(row["amount"] for row in flash["stack"]), 700)
        self.assertEqual(flash["explained"]["available"], 50)

    def test_the_page_is_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._due(1234.5, 3)
        french = self.env["credit.flash"].with_context(lang="fr_FR")
        self.env.flush_all()
        self.assertIn(
            "1\N{NO-BREAK SPACE}234,50", self._advice(french._get_flash(self.profile))
        )
        self.assertIn("1,234.50", self._advice())

    def test_more_lines_than_fit_are_summed_up(self):
        for number in range(15):
            self._give_line(100 + number, name=f"Line {number}")
        stack = self._flash()["stack"]
        self.assertEqual(len(stack), 12)
        self.assertEqual(
            sum(row["amount"] for row in stack), self._position().limit / 100
        )

    def test_files_of_other_companies_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other company"})
        foreign = self.env["credit.profile"].sudo()._get_or_create(self.debtor, other)
        with self.assertRaises(AccessError):
            foreign.with_user(self.viewer).action_open_flash()

    @skipUnless(shutil.which("wkhtmltopdf"), "needs wkhtmltopdf")
    def test_it_is_one_page_with_many_lines_and_with_none(self):
        empty = self._print()
        self.assertEqual(len(empty.pages), 1)
        for number in range(12):
            self._give_line(
                1000,
                name=f"A line with quite a long name {number}",
                date_to=self._today(9),
            )
        for days in (-5, 1, 40, 70, 120):
            self._due(5000, days)
        full = self._print()
        self.assertEqual(len(full.pages), 1)
        words = full.pages[0].extract_text().split()
        self.assertIn("long name 11", " ".join(words))

    def _print(self):
        report = self.env["ir.actions.report"].with_user(self.viewer)
        with mute_logger(PRINTS):
            pdf, _kind = report.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(REPORT, self.profile.ids)
        return PdfReader(io.BytesIO(pdf))
