# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import shutil
from unittest import skipUnless

from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext
from odoo.tools.pdf import PdfReader

from .message_common import MessageCommon

MM = 72 / 25.4


@tagged("post_install", "-at_install")
class TestDunningLetter(MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.fr")
        cls.invoice = cls._late(31, 3318.40, ref="BC-2260")
        cls.formal = cls.plan.level_ids.create(
            {
                **cls._prepare_level(name="Formal notice", delay=45),
                "plan_id": cls.plan.id,
                "kind": "formal_notice",
                "by_letter": True,
                "interest": "claim",
                "indemnity": "claim",
            }
        )

    def _text(self, notice):
        notice._write_messages()
        return html2plaintext(self._letter(notice).body)

    def _letter(self, notice):
        letter = self._message(notice, "letter")
        self.assertEqual(letter.state, "prepared", letter.error)
        return letter

    def _claim(self, notice, interest):
        notice.item_ids[0].write({"interest_amount": interest, "indemnity_amount": 40})
        notice.write({"interest_amount": interest, "indemnity_amount": 40})
        part = {
            "date_from": self.day,
            "date_to": self.day,
            "days": 31,
            "balance": 3318.40,
            "rate": 12.4,
            "amount": 34.9478,
        }
        model = type(self.env["credit.interest"])
        row = {"slices": [part], "claimed_currency": 0.0}
        found = dict.fromkeys(notice.item_ids.move_line_id.ids, row)
        self.patch(model, "_get_interest", lambda *_args: found)
        return notice

    def _pages(self, letter):
        pages = PdfReader(io.BytesIO(letter._make_document().raw)).pages
        return [page.extract_text() for page in pages]

    # === WHAT STANDS IN IT === #

    def test_letter_lists_items_and_nets_credits(self):
        credit = self._late(10, 150.0, move_type="out_refund")
        notice = self._notice(self.invoice, credit, level=self.formal)
        text = self._text(notice)
        for words in (self.invoice.name, "BC-2260", "3,318.40", "-150.00", "3,168.40"):
            self.assertIn(words, text)
        self.assertIn("your credits deducted", text)

    def test_formal_notice_holds_all_that_the_law_asks_for(self):
        """C. civ. 1344, 1344-1; C. com. L441-10, D441-5 (reference 5.7)."""
        self.company.account_fiscal_country_id = self.env.ref("base.fr")
        self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )
        notice = self._claim(self._notice(self.invoice, level=self.formal), 34.95)
        text = self._text(notice)
        for words in (
            "formal notice to pay",
            "within 8 days of receipt",
            "1344-1",
            "L441-10",
            "D441-5",
            "34.95",
            "1 × $ 40.00",
            "3,393.35",
            "FR76",
            "retention of title",
            "competent court",
            "Registered letter",
            "1 High Street",
        ):
            self.assertIn(words, text.replace("\N{NO-BREAK SPACE}", " "), words)

    def test_formal_notice_shows_how_interest_is_computed(self):
        notice = self._claim(self._notice(self.invoice, level=self.formal), 34.95)
        text = self._text(notice)
        for words in ("How the late payment interest", "12.40 %", "34.9478"):
            self.assertIn(words, text)

    def test_the_title_of_the_computation_stays_with_its_first_row(self):
        notice = self._claim(self._notice(self.invoice, level=self.formal), 34.95)
        page = html.fromstring(notice._render_letter()[1])
        (block,) = page.xpath("//div[@class='keep'][h2]")
        self.assertIn("34.9478", block.text_content())

    def test_abroad_no_french_law_is_quoted(self):
        self.company.account_fiscal_country_id = self.env.ref("base.be")
        notice = self._notice(self.invoice, level=self.formal)
        text = self._text(notice)
        self.assertIn("formal notice to pay", text)
        self.assertNotIn("L441-10", text)

    def test_the_indemnity_is_the_one_of_the_company(self):
        self.company.account_fiscal_country_id = self.env.ref("base.fr")
        self.company.credit_indemnity_amount = 55
        self.formal.letter_body = "<p>Besides, {indemnity} for each invoice.</p>"
        text = self._plain(self._notice(self.invoice, level=self.formal))
        self.assertIn("Besides, $ 55.00 for each invoice.", text)
        self.assertIn("fixed indemnity of $ 55.00 for each invoice", text)
        self.company.credit_indemnity_amount = 0
        text = self._plain(self._notice(self._late(), level=self.formal))
        self.assertIn("interest is due under article L441-10", text)
        self.assertNotIn("indemnity", text)
        self.debtor.is_company = False
        text = self._plain(self._notice(self._late(), level=self.formal))
        self.assertIn("1231-6 of the French Civil Code", text)
        self.assertNotIn("Commercial Code", text)

    def test_private_persons_are_not_told_of_the_indemnity(self):
        """C. com. D441-5: between professionals only; the rest of the letter stays."""
        second = self.env.ref("credit_control.credit_dunning_level_2")
        second.sms_body = "Please pay {total}. Besides, {indemnity} each. Thank you."
        notice = self._notice(self.invoice, level=second)._in_language()
        self.assertIn("fixed indemnity of", notice._fill_html(second.letter_body))
        self.assertIn("Besides, ", notice._fill_text(second.sms_body))
        self.debtor.is_company = False
        said = notice._fill_html(second.letter_body)
        self.assertNotIn("indemnity", said)
        self.assertNotIn("ask for them", said)
        self.assertIn("the reason why you do not.</p>", said)
        said = notice._fill_text(second.sms_body)
        self.assertRegex(said, r"Please pay .*3,318\.40. Thank you\.$")
        self.assertNotIn("Besides", said)

    def _plain(self, notice):
        return " ".join(self._text(notice).replace("\N{NO-BREAK SPACE}", " ").split())

    def test_what_is_only_announced_is_not_asked_for(self):
        self.formal.write({"interest": "announce", "indemnity": "announce"})
        notice = self._claim(self._notice(self.invoice, level=self.formal), 34.95)
        text = self._text(notice)
        self.assertIn("not asked for yet", text)
        self.assertNotIn("Total to pay", text)

    def test_currencies_are_listed_apart_and_never_added(self):
        franc = self.env.ref("base.CHF")
        franc.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": franc.id, "rate": 0.5, "company_id": self.company.id}
        )
        foreign = self._late(20, 500.0, currency_id=franc.id)
        notice = self._notice(self.invoice, foreign, level=self.formal)
        text = self._text(self._claim(notice, 34.95))
        self.assertIn("Balance (CHF)", text)
        self.assertIn("500.00", text)
        self.assertNotIn("1,000.00", text)
        self.assertNotIn("Total to pay", text)

    def test_part_payment_shows_what_was_paid(self):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        register.create({"amount": 1318.40}).action_create_payments()
        text = self._text(self._notice(self.invoice, level=self.formal))
        self.assertIn("1,318.40", text)
        self.assertIn("2,000.00", text)

    def test_letters_go_to_the_invoice_address(self):
        contact = self.env["res.partner"].create(
            {
                **self._postal("x@example.com"),
                "name": "Accounts",
                "type": "invoice",
                "parent_id": self.debtor.id,
                "street": "PO Box 9",
            }
        )
        notice = self._notice(self.invoice, level=self.formal)
        notice._write_messages()
        letter = self._letter(notice)
        self.assertEqual(letter.recipient_id, contact)
        self.assertTrue(letter.recipient.startswith("Debtor\nAccounts\nPO Box 9\n"))
        self.assertNotIn("France", letter.recipient)

    def test_foreign_address_names_its_country(self):
        self.debtor.country_id = self.env.ref("base.be")
        notice = self._notice(self.invoice, level=self.formal)
        self.assertTrue(notice._get_address()[1].endswith("Belgium"))

    def test_no_city_is_no_address(self):
        self.debtor.city = False
        notice = self._notice(self.invoice, level=self.formal)
        with self.assertRaisesRegex(UserError, "no postal address"):
            notice._get_address()

    # === ON PAPER === #

    def test_two_renders_are_the_same_letter(self):
        notice = self._notice(self.invoice, level=self.formal)
        self.assertEqual(
            notice._render_letter(),
            notice.with_user(self.accountant)
            .with_context(lang="en_US", tz="Asia/Tokyo")
            ._render_letter(),
        )

    @skipUnless(shutil.which("wkhtmltopdf"), "needs wkhtmltopdf")
    def test_two_pdfs_of_a_letter_have_the_same_text(self):
        first, second = (
            self._notice(self.invoice, level=self.formal) for _number in range(2)
        )
        for notice in (first, second):
            notice._write_messages()
        texts = [
            "".join(self._pages(self._letter(notice))).replace(
                notice._get_reference(), ""
            )
            for notice in (first, second)
        ]
        self.assertEqual(*texts)
        self.assertIn("3,318.40", texts[0])

    @skipUnless(shutil.which("wkhtmltopdf"), "needs wkhtmltopdf")
    def test_address_stands_in_the_window_of_the_envelope(self):
        """NF Z 11-001: 100 to 200 mm from the left, 45 to 85 mm from the top."""
        notice = self._notice(self.invoice, level=self.formal)
        notice._write_messages()
        page = PdfReader(io.BytesIO(self._letter(notice)._make_document().raw)).pages[0]
        found = []

        def visit(text, matrix, place, _font, _size):
            if "1" in text and "High" in text:
                left = place[4] * matrix[0] + matrix[4]
                top = float(page.mediabox.height) - (place[5] * matrix[3] + matrix[5])
                found.append((left / MM, top / MM))

        page.extract_text(visitor_text=visit)
        self.assertEqual(len(found), 1)
        left, top = found[0]
        self.assertTrue(100 < left < 125 and 45 < top < 85, found)

    @skipUnless(shutil.which("wkhtmltopdf"), "needs wkhtmltopdf")
    def test_long_letters_lose_no_line_at_the_end_of_a_page(self):
        notice = self._notice(self.invoice, level=self.formal)
        notice.item_ids = [
            Command.create(
                {
                    "name": f"LINE-{number:03d}",
                    "kind": "listed",
                    "date_maturity": self.day,
                    "amount_residual": number,
                    "amount_currency": number,
                    "move_currency_id": self.currency.id,
                }
            )
            for number in range(70)
        ]
        notice._write_messages()
        pages = self._pages(self._letter(notice))
        self.assertGreaterEqual(len(pages), 3)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"{number}/{len(pages)}", page)
        for number in range(70):
            name = f"LINE-{number:03d}"
            self.assertEqual(sum(name in page for page in pages), 1, name)
