# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""E-mails of follow-ups: queued once, handed over at most once.

Queueing: the ``mail.mail`` and the message that knows it are written in one transaction
with the notice. A crash takes all of it back or nothing.

Handing over: Odoo's queue writes "sent" after SMTP has accepted, and commits then. When
the server dies in between, the mail is "outgoing" again and goes out a second time: the
queue alone is *at least* once. So each e-mail of ours is claimed in a transaction of its
own, committed before SMTP hears of it (``credit.dunning.handover``). What was claimed is
never handed over again by itself: it is listed as failed with the words that it may have
left, and a person decides. That makes it *at most* once. Both together: exactly once, or
a failure that somebody sees.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, is_html_empty

from ..readers import for_colleagues, for_reader

MAIL_CRON = "mail.ir_cron_mail_scheduler_action"


class CreditDunningHandover(models.Model):
    """The claim on one e-mail, committed before the mail server hears of it."""

    _name = "credit.dunning.handover"
    _description = "Handing over of a Follow-up E-mail"

    message_id = fields.Many2one(
        "credit.dunning.message", required=True, ondelete="cascade"
    )

    _message_uniq = models.Constraint(
        "UNIQUE(message_id)", "An e-mail is handed over once."
    )

    @api.model
    def _claim(self, message):
        """Claim an e-mail, through a connection of its own.

        Locking: the unique key decides between two workers that hold the same mail; the
        commit comes before SMTP, so a crash after it leaves the claim behind.

        :param message: ``credit.dunning.message``
        :return: bool, False when it was claimed before
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """INSERT INTO credit_dunning_handover
                    (message_id, create_uid, create_date, write_uid, write_date)
                    VALUES (%(message)s, %(user)s, %(now)s, %(user)s, %(now)s)
                    ON CONFLICT DO NOTHING RETURNING id""",
                    message=message.id,
                    user=self.env.uid,
                    now=fields.Datetime.now(),
                )
            )
            return bool(cr.fetchone())


class CreditDunningMessage(models.Model):
    _inherit = "credit.dunning.message"  # pylint: disable=consider-merging-classes-inherited

    # === WRITING === #

    def _write_email(self, notice):
        """The e-mail of a notice, in the language of its reader.

        :return: dict of values
        :raise UserError: without address, or when the template is wrong
        """
        template = notice.level_id._get_mail_template()
        contact, addresses = notice._get_emails()
        reader = notice._in_language()
        reader._forget_texts()
        body = self._render_email(template, reader, "body_html")
        if is_html_empty(body):
            raise UserError(self.env._("The e-mail template gives an empty text."))
        return {
            "recipient_id": contact.id,
            "recipient": ", ".join(addresses),
            "lang": reader.env.context["lang"],
            "subject": str(self._render_email(template, reader, "subject")),
            "body": body,
        }

    def _render_email(self, template, notice, field):
        # sudo: the same text whoever looks; templates are written by their editors.
        return template.sudo()._render_field(
            field,
            notice.ids,
            set_lang=notice.env.context["lang"],
            options={"post_process": True},
        )[notice.id]

    # === HANDING OUT === #

    def _queue_email(self):
        """Put the e-mail in Odoo's queue, with what is attached to it."""
        self.ensure_one()
        if self.attempts > 1:
            self._forget_handover()
        self.attachment_ids = [(6, 0, self._get_mail_attachments().ids)]
        mail = self.env["mail.mail"].create(self._prepare_mail())
        self.write({"state": "queued", "mail_mail_id": mail.id})

    def _prepare_mail(self):
        """Hook: values of the outgoing mail.

        It stays (no ``auto_delete``): with its Message-ID it is the proof of sending,
        and what comes back finds this message through it.
        """
        company = self.company_id
        template = self.level_id._get_mail_template()
        sender = self._get_sender(template)
        return {
            "model": self._name,
            "res_id": self.id,
            "subject": self.subject,
            "body_html": self.body,
            "body": self.body,
            "email_from": sender,
            "reply_to": self.user_id.email_formatted if self.user_id.email else sender,
            "email_to": self.recipient,
            "attachment_ids": [(6, 0, self.attachment_ids.ids)],
            "auto_delete": False,
            "is_notification": False,
            "mail_server_id": template.mail_server_id.id,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
        }

    def _get_sender(self, template):
        """Who the e-mail comes from: as the template says, else the company.

        :raise UserError: when there is no address at all; the queue would refuse it
        """
        company = self.company_id
        reader = self.notice_id._in_language()
        sender = (
            self._render_email(template, reader, "email_from")
            or (company.email and company.email_formatted)
            or self.env["ir.mail_server"]._get_default_from_address()
        )
        if not sender:
            raise UserError(
                self.env._("%s has no e-mail address to send from.", company.name)
            )
        return sender

    def _get_mail_attachments(self):
        """The letter of the same notice, and the invoices if the level says so."""
        letter = self.notice_id._get_message("letter")
        if letter.state in ("prepared", "queued"):
            letter._make_document()
        found = letter.document_id
        if self.level_id.attach_invoices:
            for invoice in self.notice_id._get_invoices():
                found |= self._get_invoice_pdf(invoice)
        return found

    def _get_invoice_pdf(self, invoice):
        """The PDF that was sent with the invoice, else one that is made now."""
        if invoice.invoice_pdf_report_id:
            return invoice.invoice_pdf_report_id
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf(
            "account.account_invoices", invoice.ids
        )
        return self.env["ir.attachment"].create(
            {
                "name": invoice._get_invoice_report_filename(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # === WHAT BECAME OF IT === #

    def _forget_handover(self):
        """Let an e-mail be handed over once more: a person asked for it."""
        self.env["credit.dunning.handover"].sudo().search(
            [("message_id", "in", self.ids)]
        ).unlink()
        waiting = self.mail_mail_id.filtered(lambda mail: mail.state != "sent")
        waiting.cancel()

    def _mail_answered(self, mail):
        """Take over what the mail server said, in the transaction that tells the queue."""
        if mail.state == "sent":
            self._mark_sent(mail_reference=mail.message_id)
        elif self.state == "queued":
            reason = mail.failure_reason or self.env._("The mail server refused it.")
            self._mark_failed(reason)

    def _message_receive_bounce(self, email, partner):
        """Override of `mail`: the e-mail came back."""
        result = super()._message_receive_bounce(email, partner)
        for message in self.sudo().filtered(lambda msg: msg.channel == "email"):
            address = email or message.recipient
            message._mark_failed(
                for_colleagues(self)._word_bounce(address), state="bounced"
            )
            message._ask_for_address(address)
        return result

    def _word_bounce(self, address):
        return self.env._("The e-mail to %s came back.", address)

    def _ask_for_address(self, address):
        """Ask the responsible person, once, for an address that works."""
        notice = self.notice_id
        if not notice.activity_search(["mail.mail_activity_data_todo"]):
            keeper = notice.user_id or notice.profile_id._get_status_keeper()
            message = for_reader(self, keeper)
            message.notice_id.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=keeper.id,
                summary=message._word_bounce(address),
                note=message.env._("Correct the address and send the message again."),
            )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail`: some servers send back an e-mail without saying whose."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        bounced = message_dict["bounced_message"]
        model = "credit.dunning.message"
        if bounced.model == model and not message_dict["bounced_email"]:
            # sudo: incoming mail has no user.
            message = self.env[model].sudo().browse(bounced.res_id).exists()
            message._message_receive_bounce(False, self.env["res.partner"])
        return result


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _get_dunning_message(self):
        # sudo: which follow-up this mail belongs to, nothing else.
        messages = self.env["credit.dunning.message"].sudo()
        return messages.search([("mail_mail_id", "in", self.ids)])

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Override of `mail`: called right before SMTP; claims follow-ups first."""
        message = self._get_dunning_message()
        if message and not self.env["credit.dunning.handover"]._claim(message):
            self._tell_interrupted()
            return []
        return super()._prepare_outgoing_list(mail_server, doc_to_followers)

    def _tell_interrupted(self):
        self.failure_reason = self.env._(
            "It was being handed to the mail server when Odoo stopped: it may have left. "
            "Look for its Message-ID in the log of the mail server, then retry or cancel."
        )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail`: tell the follow-up what became of its e-mail."""
        for message in self._get_dunning_message():
            message._mail_answered(message.mail_mail_id)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
