# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import zipfile

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.credit_control.models.handouts import to_name

from ..engine import concentration, quantile, simulate, split_loss
from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestSponsor(ProgrammeCommon):
    """What the sponsor is told, and what he owes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(1000)
        cls.sponsor.email = "sponsor@example.com"
        cls.programme = cls._new_programme(first_loss_percent=10, sponsor_percent=50)
        cls._give(cls.programme, cls.debtor)
        cls.analyst.group_ids |= cls.env.ref("account.group_account_readonly")
        cls.grant = cls._grants(cls.programme)

    def _claim(self, amount, **values):
        claims = self.env["credit.programme.claim"].with_user(self.analyst)
        return claims.create({"grant_id": self.grant.id, "amount": amount, **values})

    def _statement(self):
        action = self.programme.with_user(self.analyst).action_statement()
        return self.env["credit.programme.statement"].sudo().browse(action["res_id"])

    def test_who_bears_a_loss(self):
        cases = [
            ((40000, 0, 500000, 1000, 5000), 40000),
            ((100000, 0, 500000, 1000, 5000), 75000),
            ((100000, 60000, 500000, 1000, 5000), 50000),
            ((1, 60000, 500000, 1000, 5000), 0),
            ((100000, 0, 500000, 0, 0), 0),
        ]
        for case, sponsor in cases:
            with self.subTest(case=case):
                self.assertEqual(sum(split_loss(*case)), sponsor)

    def test_a_claim_is_followed_until_it_is_paid(self):
        claim = self._claim(800)
        claim.action_send()
        self.assertEqual((claim.sponsor_amount, claim.own_amount), (650, 150))
        self.assertEqual(
            (claim.granted_amount, claim.earlier_amount, claim.first_amount),
            (5000, 0, 500),
        )
        claim.action_accept()
        claim.action_paid()
        self.assertEqual((claim.state, claim.paid_amount), ("paid", 650))

    def test_the_second_loss_finds_the_first_part_used(self):
        self._claim(500).action_send()
        second = self._claim(500)
        second.action_send()
        self.assertEqual((second.earlier_amount, second.first_amount), (500, 0))
        self.assertEqual(second.sponsor_amount, 250)

    def test_a_claim_starts_with_what_is_overdue(self):
        late = self._new_invoice(
            900,
            invoice_date=self._today(-40),
            invoice_payment_term_id=False,
            invoice_date_due=self._today(-10),
        )
        later = self._new_invoice(100)
        context = self.grant.with_user(self.analyst).action_claim()["context"]
        self.assertEqual(context["default_invoice_ids"], late.ids)
        self.assertEqual(later.state, "posted")
        with self.assertRaises(AccessError):
            self.grant.with_user(self.salesman).action_claim()

    def test_the_file_of_a_claim_is_mailed_once_and_kept(self):
        invoice = self._new_invoice(800)
        papers = self.env["ir.attachment"].with_user(self.analyst)
        paper = papers.create({"name": "../a.txt", "raw": b"why"})
        claim = self._claim(
            800, invoice_ids=invoice.ids, attachment_ids=[Command.link(paper.id)]
        )
        claim.action_send()
        file = claim.sudo().file_id
        with zipfile.ZipFile(io.BytesIO(file.raw)) as archive:
            names = {name.rpartition(".")[0] for name in archive.namelist()}
            page = archive.read(next(n for n in archive.namelist() if "claim" in n))
        number = to_name(invoice.name)
        self.assertEqual(names, {"claim", f"invoices/{number}", "documents/-a"})
        self.assertIn(b"650", page)
        mail = self.env["mail.mail"].search(
            [("model", "=", claim._name), ("res_id", "=", claim.id)]
        )
        self.assertEqual(mail.attachment_ids, file)
        self.assertIn(str(file.id), claim.action_download()["url"])
        with self.assertRaises(UserError):
            claim.action_send()
        with self.assertRaises(AccessError):
            claim.file_id = False

    def test_a_claim_takes_no_invoice_of_others(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        bill = {"move_type": "in_invoice", "post": False}
        for move in (
            self._new_invoice(50, partner=other),
            self._new_invoice(50, **bill),
        ):
            with self.assertRaises(ValidationError):
                self._claim(100, invoice_ids=move.ids)

    def test_a_claim_takes_no_file_that_its_author_may_not_read(self):
        hidden = self.env["ir.attachment"].create({"name": "pay.txt", "raw": b"x"})
        with self.assertRaises(AccessError):
            self._claim(100, attachment_ids=hidden.ids)
        claim = self._claim(100)
        with self.assertRaises(AccessError):
            claim.attachment_ids = hidden

    def test_without_address_the_claim_says_that_nothing_left(self):
        self.sponsor.email = False
        claim = self._claim(100)
        claim.action_send()
        self.assertTrue(claim.sudo().file_id)
        self.assertIn("no mail address", claim.message_ids[0].body)

    def test_a_claim_stays_as_it_was_sent(self):
        claim = self._claim(800)
        with self.assertRaises(AccessError):
            claim.sponsor_amount = 800
        claim.action_send()
        for change in (lambda: claim.write({"amount": 900}), claim.unlink):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            claim.action_refuse()
        claim.with_user(self.manager).action_refuse()
        self.assertEqual(claim.state, "refused")

    def test_nobody_loses_more_than_the_line(self):
        self._claim(3000)
        with self.assertRaises(ValidationError):
            self._claim(2000.01)

    def test_the_statement_tells_opened_used_overdue_and_lost(self):
        self._new_order(2000, product=self.branded).action_confirm()
        self._new_invoice(
            300,
            invoice_date=self._today(-40),
            invoice_payment_term_id=False,
            invoice_date_due=self._today(-10),
        )
        self._claim(100).action_send()
        statement = self._statement()
        self.assertEqual(
            (statement.line_count, statement.opened_count, statement.granted),
            (1, 1, 5000),
        )
        self.assertEqual(
            (statement.used, statement.overdue, statement.lost), (2000, 300, 100)
        )
        self.assertEqual(self._statement(), statement)

    def test_the_spreadsheet_holds_no_formula(self):
        self.debtor.name = "=1+1"
        content = self._statement()._get_xlsx()
        sheet = load_workbook(io.BytesIO(content)).active
        self.assertEqual((sheet["A2"].value, sheet["A2"].data_type), ("=1+1", "s"))
        self.assertEqual(sheet["D2"].value, 5000)

    def test_the_report_names_every_reseller(self):
        report = self.env["ir.actions.report"].sudo()
        html = report._render_qweb_html(
            "vendor_credit_lines.report_statement", self._statement().ids
        )[0]
        self.assertIn(b"Debtor", html)

    def test_a_statement_is_sent_once_and_on_schedule(self):
        self._uncommitted()
        self.programme.statement_period = "month"
        statements = self.env["credit.programme.statement"].sudo()
        statements._cron_statements()
        statements._cron_statements()
        statement = statements.search([("programme_id", "=", self.programme.id)])
        self.assertTrue(statement.sent_on)
        mail = self.env["mail.mail"].search(
            [("model", "=", statement._name), ("res_id", "=", statement.id)]
        )
        self.assertEqual(len(mail), 1)
        self.assertIn(".xlsx", mail.attachment_ids[:1].name)
        with self.assertRaises(UserError):
            statement.with_user(self.analyst).action_send()

    def test_without_address_nothing_is_sent(self):
        self.sponsor.email = False
        with self.assertRaises(UserError):
            self._statement().with_user(self.analyst).action_send()

    def test_independent_debtors_lose_what_is_expected(self):
        names = [(10000, 0.05)] * 400
        losses = simulate(names, 0.0, 0.5, rounds=400)
        mean = sum(losses) / len(losses)
        self.assertAlmostEqual(mean / (400 * 10000 * 0.05 * 0.5), 1, delta=0.05)

    def test_correlation_leaves_the_mean_and_fattens_the_tail(self):
        names = [(10000, 0.05)] * 300
        free = simulate(names, 0.0, 0.0, rounds=1500)
        bound = simulate(names, 0.3, 0.0, rounds=1500)
        self.assertAlmostEqual(sum(bound) / sum(free), 1, delta=0.2)
        self.assertGreater(quantile(bound, 0.99), 2 * quantile(free, 0.99))
        self.assertEqual(bound, simulate(names, 0.3, 0.0, rounds=1500))

    def test_spread_is_a_figure(self):
        top, equal = concentration([100] * 40)
        self.assertAlmostEqual(top, 0.25)
        self.assertAlmostEqual(equal, 40)
        self.assertLess(concentration([1000] + [1] * 40)[1], 2)
