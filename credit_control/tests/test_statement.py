# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import io
from datetime import date
from unittest.mock import patch

from reportlab.pdfgen import canvas

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestStatement(InterestCommon):
    """A customer's account on paper, in its language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("credit_acc", "account.group_account_invoice")
        cls.may = cls._late_invoice(1_000, date(2025, 5, 15))
        cls.june = cls._late_invoice(500, date(2025, 6, 15))
        cls._settle(cls.may, 400, date(2025, 5, 20))

    def _get(self, **values):
        statements = self.env["credit.statement"].with_user(self.accountant)
        return statements.create(
            {
                "company_id": self.company.id,
                "partner_ids": self.debtor.ids,
                "date_to": date(2025, 6, 30),
                **values,
            }
        )

    def _section(self, **values):
        (page,) = self._get(**values)._get_pages()
        (section,) = page["sections"]
        return section

    def _texts(self, section, name):
        return [str(row[name]).replace("\xa0", " ") for row in section["rows"]]

    def test_open_items_add_up(self):
        section = self._section()
        self.assertEqual(self._texts(section, "balance"), ["600.00 €", "1,100.00 €"])
        self.assertEqual([row["late"] for row in section["rows"]], [46, 15])
        self.assertIn("1,100.00", section["overdue"])

    def test_a_period_begins_with_what_was_before(self):
        section = self._section(mode="period", date_from=date(2025, 5, 1))
        self.assertIn("1,000.00", section["opening"])
        self.assertEqual(self._texts(section, "kind"), ["Invoice", "Payment"])
        self.assertEqual(self._texts(section, "balance"), ["1,500.00 €", "1,100.00 €"])

    def test_each_currency_has_its_own_balance(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        self._late_invoice(70, date(2025, 6, 1), currency_id=dollar.id)
        (page,) = self._get()._get_pages()
        balances = {s["currency"].name: s["balance"] for s in page["sections"]}
        self.assertIn("70.00", balances["USD"])
        self.assertIn("1,100.00", balances["EUR"])

    def test_two_renders_are_the_same_text(self):
        statement = self._get()
        report = self.env["ir.actions.report"]
        name = "credit_control.report_credit_statement"
        first = report._render_qweb_html(name, statement.ids)[0]
        self.assertEqual(first, report._render_qweb_html(name, statement.ids)[0])
        self.assertIn("1,100.00", first.decode())

    def test_the_paper_names_sender_and_customer_by_itself(self):
        """Builds of wkhtmltopdf without headers drop those of Odoo's layouts."""
        self.company.partner_id.write({"street": "12 quai des Brumes", "city": "Lyon"})
        self.debtor.street = "1 rue du Port"
        other = self.env["res.partner"].create({"name": "Second", "is_company": True})
        statement = self._get(partner_ids=(self.debtor | other).ids)
        reports = self.env["ir.actions.report"]
        html = reports._render_qweb_html(
            "credit_control.report_credit_statement", statement.ids
        )[0]
        # Unpatched builds convert one article only: all customers are in it.
        (body,) = reports._prepare_html(html.decode())[0]
        for words in (
            "12 quai des Brumes",
            "1 rue du Port",
            self.company.name,
            "Second",
        ):
            self.assertIn(words, body)

    def test_the_customer_reads_its_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        section = self._section()
        self.assertIn("1\xa0100,00", section["balance"])

    def test_an_account_without_anything_open_says_so(self):
        other = self.env["res.partner"].create({"name": "Nothing", "is_company": True})
        statement = self._get(partner_ids=other.ids)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "credit_control.report_credit_statement", statement.ids
        )[0]
        self.assertIn("Nothing is open", html.decode())

    def test_salespeople_print_no_statements(self):
        statements = self.env["credit.statement"].with_user(self.salesman)
        with self.assertRaises(AccessError):
            statements.create({"partner_ids": self.debtor.ids})

    def test_what_is_sent_is_kept_with_its_hash(self):
        report = type(self.env["ir.actions.report"])
        statement = self._get()
        with self.assertRaises(AccessError):
            statement.action_send()
        self.accountant.group_ids += self.env.ref("base.group_partner_manager")
        paper = io.BytesIO()
        canvas.Canvas(paper).save()
        paper = paper.getvalue()
        with patch.object(report, "_render_qweb_pdf", return_value=(paper, "pdf")):
            action = statement.action_send()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.accountant)
            .with_context(**action["context"])
            .create({})
        )
        composer.action_send_mail()
        message = self.debtor.message_ids[0]
        attachment = message.sudo().attachment_ids
        self.assertEqual(attachment.raw, paper)
        self.assertIn(hashlib.sha256(paper).hexdigest(), attachment.description)
        self.assertIn("statement of account", message.subject)

    def test_a_statement_is_sent_to_one_customer(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        statement = self._get(partner_ids=(self.debtor | other).ids)
        with self.assertRaises(UserError):
            statement.action_send()
