# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from ..readers import job
from .page_numbers import number_pages

PRINT_CRON = "credit_control.ir_cron_dunning_print"
FILE = frozenset({"raw", "datas", "res_model", "res_id", "store_fname", "db_datas"})
CHUNK = 10  # letters of one transaction: each takes about a second
AT_ONCE = 50  # so many missing letters are made while somebody waits
PRINTED = 1000  # letters of one file


class CreditDunningMessage(models.Model):
    """Letters: one PDF each, made once from the stored text, then printed and posted."""

    _inherit = "credit.dunning.message"  # pylint: disable=consider-merging-classes-inherited

    # === WRITING === #

    def _write_letter(self, notice):
        """The letter of a notice, in the language of its reader.

        :return: dict of values
        :raise UserError: without postal address
        """
        reader = notice._in_language()
        contact, address = reader._get_address()
        subject, page = reader._render_letter()
        return {
            "recipient_id": contact.id,
            "recipient": address,
            "lang": reader.env.context["lang"],
            "subject": subject,
            "body": page,
        }

    def _queue_letter(self):
        """It waits for the post; its PDF is made in the background."""
        self.state = "queued"

    # === PDF === #

    def _make_document(self):
        """Make the PDF of a letter from its stored text, once.

        :return: ``ir.attachment``
        """
        self.ensure_one()
        if self.document_id:
            return self.document_id
        content = self._convert_letter()
        self.document_id = self.env["ir.attachment"].create(
            {
                "name": self._get_file_name(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.document_sha256 = hashlib.sha256(content).hexdigest()
        return self.document_id

    def _convert_letter(self):
        """Turn the stored page into a PDF; the page needs no style sheet and no network.

        :raise UserError: where the program for PDF is missing
        """
        # sudo: the paper, nothing else.
        paper = self.env.ref("credit_control.credit_dunning_paperformat").sudo()
        report = self.env["ir.actions.report"].new({"paperformat_id": paper.id})
        if report.get_wkhtmltopdf_state() == "install":
            raise UserError(
                self.env._("Letters need wkhtmltopdf, which is not installed here.")
            )
        content = report._run_wkhtmltopdf([str(self.body)])
        return number_pages(content, self.notice_id._get_reference())

    def _get_file_name(self):
        return f"{self.date} {self.partner_id.name} {self.level_id.name}.pdf".replace(
            "/", "-"
        )

    @api.model
    @job
    def _cron_print(self):
        """Make the PDF of letters that wait, some in each transaction."""
        cron = self.env["ir.cron"]
        # sudo: a job of the system.
        messages = self.sudo()
        domain = [
            ("channel", "=", "letter"),
            ("state", "=", "queued"),
            ("document_id", "=", False),
        ]
        left = messages.search_count(domain)
        while left:
            letters = messages.search(domain, limit=CHUNK, order="id")
            letters._make_documents()
            left = messages.search_count(domain)
            if not cron._commit_progress(len(letters), remaining=left):
                return

    def _make_documents(self):
        """Make several PDFs; a letter that cannot be made is reported alone."""
        # Locking: another worker or somebody who prints makes the others.
        for letter in self.try_lock_for_update():
            try:
                with self.env.cr.savepoint():
                    letter._make_document()
            except UserError as error:
                letter._mark_failed(str(error))

    # === PRINTING AND POSTING === #

    def action_open_document(self):
        """Show the PDF of one letter, as it is or will be posted.

        :return: action
        :raise AccessError: for others than accountants and credit analysts
        """
        self.ensure_one()
        self._check_sender()
        self._check_printable(self.filtered(self._is_letter), self.browse())
        # sudo: the file is made from the stored text, whoever asks first.
        document = self.sudo()._make_document()
        return self._get_download(document)

    def action_print(self):
        """All chosen letters as one PDF, by customer, for the post room.

        :return: action
        :raise AccessError: for others than accountants and credit analysts
        :raise UserError: when there is nothing to print, or it is too much for once
        """
        self._check_sender()
        # sudo: as above.
        letters = self.sudo().filtered(self._is_letter)
        letters = letters.sorted(lambda msg: (msg.partner_id.name or "", msg.id))
        missing = letters.filtered(lambda msg: not msg.document_id)
        self._check_printable(letters, missing)
        missing._make_documents()
        ready = letters.filtered("document_id")
        content = merge_pdf([letter.document_id.raw for letter in ready])
        return self._get_download(self._keep_print(ready, content))

    def _is_letter(self, message):
        return message.channel == "letter" and bool(message.sha256)

    def _check_printable(self, letters, missing):
        if not letters:
            raise UserError(self.env._("There is no letter among these messages."))
        if len(letters) > PRINTED:
            raise UserError(
                self.env._("Print at most %s letters in one file.", PRINTED)
            )
        if len(missing) > AT_ONCE:
            self.env.ref(PRINT_CRON).sudo()._trigger()
            raise UserError(
                self.env._(
                    "%s letters are still being made in the background. Try again soon.",
                    len(missing),
                )
            )

    def _keep_print(self, letters, content):
        """Keep what was printed with the run: who printed which letters, and when."""
        run = letters.run_id[:1]
        printed = self.env["ir.attachment"].create(
            {
                "name": self.env._(
                    "Letters %(date)s (%(count)s).pdf",
                    date=run.date,
                    count=len(letters),
                ),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": run._name,
                "res_id": run.id,
            }
        )
        run.message_post(
            author_id=self.env.user.partner_id.id,
            body=self.env._("Letters printed: %s.", len(letters)),
            attachment_ids=printed.ids,
        )
        return printed

    def _get_download(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "new",
        }

    def action_mark_posted(self):
        """Letters went to the post today (or on the day that was entered).

        :raise AccessError: for others than accountants and credit analysts
        """
        self._check_sender()
        # sudo: states are written by methods only.
        for letter in self.sudo().filtered(
            lambda msg: msg.channel == "letter" and msg.state == "queued"
        ):
            letter._make_document()
            posted = letter.date_posted or letter.company_id._credit_today()
            letter._mark_sent(date_posted=posted)
        return True


class CreditDunningRun(models.Model):
    _inherit = "credit.dunning.run"  # pylint: disable=consider-merging-classes-inherited

    def action_print_letters(self):
        """All letters of this run as one PDF, for the post room.

        :return: action
        :raise AccessError: for others than accountants and credit analysts
        :raise UserError: when the run has no letter
        """
        self.ensure_one()
        letters = self.env["credit.dunning.message"].search(
            [
                ("run_id", "=", self.id),
                ("channel", "=", "letter"),
                ("state", "in", ("queued", "sent")),
            ]
        )
        return letters.action_print()


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """Override of `base`: a letter stays the file that was made for the post."""
        if FILE.intersection(vals) and self._get_dunning_letters():
            raise UserError(self.env._("What was sent stays as it was sent."))
        return super().write(vals)

    def _get_dunning_letters(self):
        letters = [
            file.id for file in self if file.res_model == "credit.dunning.message"
        ]
        if not letters:
            return self.env["credit.dunning.message"]
        # sudo: whether these files are letters, nothing else.
        messages = self.env["credit.dunning.message"].sudo()
        return messages.search([("document_id", "in", letters)])


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _build_wkhtmltopdf_args(self, paperformat_id, *args, **kwargs):
        """Override of `base`: follow-up letters run no script, so none is waited for.

        Speed: that is a second of each letter.
        """
        arguments = super()._build_wkhtmltopdf_args(paperformat_id, *args, **kwargs)
        paper = "credit_control.credit_dunning_paperformat"
        if paperformat_id == self.env.ref(paper, raise_if_not_found=False):
            arguments += ["--javascript-delay", "1"]
        return arguments
