# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from odoo.addons.credit_control.models.handouts import pack, to_name

REPORT = "vendor_credit_lines.action_report_claim"
INVOICE = "account.account_invoices"
TEMPLATE = "vendor_credit_lines.mail_template_claim"


class CreditProgrammeClaim(models.Model):
    """The file with which a loss is claimed: kept as it was sent."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.programme.claim"

    file_id = fields.Many2one(
        "ir.attachment", string="Claim File", readonly=True, copy=False
    )

    def action_download(self):
        """Download the file as it was sent."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self.file_id.id}?download=true",
        }

    def _send_file(self):
        """Keep the file, and mail it where the sponsor can be written to."""
        programme = self.programme_id
        self.file_id = self.env["ir.attachment"].create(
            {
                "name": f"{to_name(f'{programme.name} {self.partner_id.name}')}.zip",
                "raw": pack(self._get_files()),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        recipient = programme._get_sponsor_contact()
        if not recipient.email:
            body = self.env._(
                "%s has no mail address: download the claim file and send it yourself.",
                recipient.display_name,
            )
            self.message_post(body=body)
            return
        self.env.ref(TEMPLATE).send_mail(
            self.id, email_values={"attachment_ids": [(4, self.file_id.id)]}
        )

    def _get_files(self):
        """Hook: what the file holds: the claim, the invoices, the documents.

        :return: iterable of (path in the archive, bytes)
        """
        language = self.programme_id._get_sponsor_contact().lang or self.env.lang
        yield self.with_context(lang=language)._print("claim", REPORT, self)
        for move in self.invoice_ids:
            kept = move.invoice_pdf_report_id
            name = f"invoices/{to_name(move.name)}"
            yield (
                (f"{name}.pdf", kept.raw) if kept else self._print(name, INVOICE, move)
            )
        for document in self.attachment_ids:
            yield f"documents/{to_name(document.name)}", document.raw or b""

    def _print(self, name, report, record):
        """Where PDF cannot be made the page itself: a claim is worth more than its looks."""
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() in ("ok", "workers"):
            return f"{name}.pdf", reports._render_qweb_pdf(report, record.ids)[0]
        return f"{name}.html", reports._render_qweb_html(report, record.ids)[0]


class CreditGrant(models.Model):
    _inherit = "credit.grant"  # pylint: disable=consider-merging-classes-inherited

    def action_claim(self):
        """Start a claim with what this line carries and the invoices that are overdue."""
        self.ensure_one()
        self._check_analyst()
        self.check_access("read")
        company = self.company_id.currency_id
        used = company._convert(
            self.used_amount,
            self.currency_id,
            self.company_id,
            self.company_id._credit_today(),
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.programme.claim",
            "views": [(False, "form")],
            "context": {
                "default_grant_id": self.id,
                "default_amount": min(used, self.amount),
                "default_invoice_ids": self._get_overdue_moves().ids,
            },
        }

    def _get_overdue_moves(self):
        """The customer's overdue invoices, as far as the reader may see invoices."""
        moves = self.env["account.move"]
        if not moves.has_access("read"):
            return moves
        return moves.search(
            [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "child_of", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", self.company_id._credit_today()),
            ],
            order="invoice_date_due, id",
        )
