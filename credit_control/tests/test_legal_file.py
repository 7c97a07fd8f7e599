# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestLegalFile(InterestCommon):
    """All about one debtor in one archive, kept with its hash."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("credit_acc", "account.group_account_invoice")
        cls.move = cls._late_invoice(1_000)
        # Rendering is Odoo's and slow: what is printed is enough here.
        report = type(cls.env["ir.actions.report"])
        cls.startClassPatcher(
            patch.object(
                report,
                "_render_qweb_pdf",
                lambda self, ref, ids=None, data=None: (f"{ref}".encode(), "pdf"),
            )
        )
        statement = type(cls.env["credit.statement"])
        cls.startClassPatcher(
            patch.object(statement, "_render_pdf", lambda *_args: b"statement")
        )

    def _make(self, user=None):
        files = self.env["credit.legal.file"].with_user(user or self.accountant)
        action = files.make(self.debtor.id)
        self.assertIn("/web/content/", action["url"])
        return files.search([("partner_id", "=", self.debtor.id)], limit=1)

    def _unpack(self, legal):
        content = legal.sudo().attachment_id.raw
        self.assertEqual(hashlib.sha256(content).hexdigest(), legal.sha256)
        return zipfile.ZipFile(io.BytesIO(content))

    def test_the_archive_holds_every_paper_and_an_index_of_their_hashes(self):
        self.env["credit.promise"].create(
            {"profile_id": self.profile.id, "date": date(2025, 6, 1), "amount": 70}
        )
        legal = self._make()
        archive = self._unpack(legal)
        name = self.move.name.replace("/", "-")
        self.assertEqual(
            set(archive.namelist()),
            {
                "0-index.pdf",
                "0-index.csv",
                f"1-invoices/{name}.pdf",
                "5-statement.pdf",
                "6-history.csv",
            },
        )
        index = archive.read("0-index.csv").decode("utf-8-sig")
        invoice = archive.read(f"1-invoices/{name}.pdf")
        self.assertIn(hashlib.sha256(invoice).hexdigest(), index)
        self.assertIn("70,00", archive.read("6-history.csv").decode("utf-8-sig"))
        self.assertEqual(legal.amount, 1_000)

    def test_what_was_delivered_without_invoice_is_in_the_file(self):
        """Also when no invoice is overdue; what was only ordered is not."""
        work = self._new_product("Work", type="service", invoice_policy="delivery")
        order, waiting = (self._new_order(100, product=work) for _number in range(2))
        (order | waiting).action_confirm()
        order.order_line.qty_delivered = 0.6
        self.move.button_draft()
        legal = self._make()
        names = self._unpack(legal).namelist()
        self.assertIn(f"2-orders/{order.name}.pdf", names)
        self.assertNotIn(f"2-orders/{waiting.name}.pdf", names)
        (entry,) = [row for row in legal.entries if row["path"].startswith("2")]
        self.assertIn(self.company.currency_id.format(60.0), entry["proof"])
        order._create_invoices()
        with self.assertRaises(UserError):
            self._make()

    def test_kept_documents_are_taken_as_they_were_sent(self):
        kept = self.env["ir.attachment"].create(
            {
                "name": "kept.pdf",
                "raw": b"as sent",
                "res_model": "account.move",
                "res_id": self.move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.move.invalidate_recordset()
        self.assertEqual(self.move.invoice_pdf_report_id, kept)
        archive = self._unpack(self._make())
        name = self.move.name.replace("/", "-")
        self.assertEqual(archive.read(f"1-invoices/{name}.pdf"), b"as sent")

    def test_sent_reminders_come_with_their_proof(self):
        level = self.env["credit.dunning.level"].search([], limit=1)
        run = self.env["credit.dunning.run"].create({"company_id": self.company.id})
        notice = (
            self.env["credit.dunning.notice"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "profile_id": self.profile.id,
                    "level_id": level.id,
                    "state": "sent",
                }
            )
        )
        self.env["credit.dunning.message"].sudo().create(
            {
                "notice_id": notice.id,
                "channel": "letter",
                "state": "sent",
                "subject": "Formal notice",
                "body": "<p>Pay</p>",
                "tracking_number": "1A 234",
                "date_received": "2025-07-01",
            }
        )
        archive = self._unpack(self._make())
        index = archive.read("0-index.csv").decode("utf-8-sig")
        self.assertIn("4-reminders/", index)
        self.assertIn("1A 234", index)
        self.assertIn("07/01/2025", index)

    def test_a_file_is_kept_as_it_was_made(self):
        legal = self._make()
        first = legal.sha256
        self.move.button_draft()
        self.assertEqual(legal.sha256, first)
        with self.assertRaises(UserError):
            self._make()
        with self.assertRaises(AccessError):
            legal.with_user(self.manager).write({"sha256": "x"})
        with self.assertRaises(UserError):
            legal.sudo().unlink()

    def test_only_credit_analysts_and_accountants_make_one(self):
        self.assertTrue(self._make(self.analyst))
        for user in (self.viewer, self.salesman):
            with self.assertRaises(AccessError):
                self._make(user)
