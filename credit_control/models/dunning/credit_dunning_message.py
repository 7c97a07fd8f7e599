# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

POSTAL = frozenset({"tracking_number", "date_posted", "date_received", "date_returned"})
WORDS = frozenset({"channel", "recipient", "subject", "body", "sha256"})
GONE = ("sent", "bounced")
GROUPS = (
    "account.group_account_invoice,account.group_account_user,"
    "credit_control.credit_control_group_analyst"
)


class CreditDunningMessage(models.Model):
    """What a notice says by one channel: written once, sent once, kept as it was sent.

    A notice has one message per channel, whatever crashes (unique key). What was shown
    before sending is what is sent: the text is stored with its hash when it is written.
    """

    _name = "credit.dunning.message"
    _description = "Follow-up Message"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "subject"

    notice_id = fields.Many2one(
        "credit.dunning.notice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    run_id = fields.Many2one(related="notice_id.run_id", store=True, index=True)
    profile_id = fields.Many2one(related="notice_id.profile_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="notice_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="notice_id.currency_id")
    level_id = fields.Many2one(related="notice_id.level_id", store=True, index=True)
    date = fields.Date(related="notice_id.date", store=True)
    amount_total = fields.Monetary(related="notice_id.amount_total")
    user_id = fields.Many2one(related="notice_id.user_id", string="Responsible")
    is_test = fields.Boolean(related="notice_id.is_test")
    channel = fields.Selection(
        [
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("phone", "Phone"),
            ("sms", "SMS"),
            ("portal", "Portal"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("prepared", "Prepared"),
            ("queued", "Waiting"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("bounced", "Bounced"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="prepared",
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
        help="Waiting: an e-mail or SMS in Odoo's queue, a letter to post, a call to make.",
    )
    recipient_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    recipient = fields.Text(
        string="Sent to", readonly=True, help="The address or number, as it was used."
    )
    lang = fields.Char(string="Language", readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Html(string="Text", readonly=True, sanitize=False)
    facts = fields.Char(
        readonly=True, help="Hash of the items and amounts that the text is about."
    )
    sha256 = fields.Char(
        string="Hash of the Text",
        readonly=True,
        help="SHA-256 of channel, recipient, subject and text, as shown and as sent.",
    )
    document_id = fields.Many2one(
        "ir.attachment",
        string="Letter (PDF)",
        readonly=True,
        ondelete="restrict",
        help="Made once from the text; never made again.",
    )
    document_sha256 = fields.Char(string="Hash of the PDF", readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Attachments", readonly=True
    )
    mail_mail_id = fields.Many2one(
        "mail.mail",
        string="Outgoing Mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    mail_reference = fields.Char(
        string="Message-ID", readonly=True, help="As mail servers log it."
    )
    activity_id = fields.Many2one(
        "mail.activity",
        string="Task",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    sms_reference = fields.Char(readonly=True, index="btree_not_null")
    error = fields.Text(string="What went wrong", readonly=True)
    attempts = fields.Integer(
        readonly=True, help="How often it was given to the queue."
    )
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    tracking_number = fields.Char(
        tracking=True, help="Of the registered letter, for the proof."
    )
    date_posted = fields.Date(
        string="Posted on",
        tracking=True,
        help="The day the letter went to the post office.",
    )
    date_received = fields.Date(
        string="Received on",
        tracking=True,
        help="On the acknowledgement of receipt; the deadline runs from here.",
    )
    date_returned = fields.Date(
        string="Came Back on", tracking=True, help="The letter was not accepted."
    )

    _notice_channel_uniq = models.Constraint(
        "UNIQUE(notice_id, channel)", "A notice has one message per channel."
    )
    _waiting_idx = models.Index("(channel, id) WHERE state IN ('queued', 'failed')")

    # === CRUD === #

    def write(self, vals):
        if not self.env.su and not POSTAL.issuperset(vals):
            raise AccessError(
                self.env._("Of a message only the postal dates can be entered.")
            )
        if WORDS.intersection(vals) and any(msg.state in GONE for msg in self):
            raise UserError(self.env._("What was sent stays as it was sent."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(message.state in GONE for message in self):
            raise UserError(
                self.env._("A sent message is a proof, it cannot be deleted.")
            )

    # === ACTIONS === #

    def _check_sender(self):
        """Refuse who does no follow-ups.

        :raise AccessError: for others than accountants and credit analysts
        """
        if not self.env.su and not self.env.user.has_groups(GROUPS):
            raise AccessError(
                self.env._("Follow-ups are for accountants and credit analysts.")
            )
        self.check_access("read")

    def action_retry(self):
        """Give failed messages to their channels again; what was sent stays sent.

        A person decides: an e-mail whose handing over was interrupted may have left. What
        was paid, promised or disputed since is not sent again (P13).

        :raise AccessError: for others than accountants and credit analysts
        """
        self._check_sender()
        # sudo: states are written by methods only.
        failed = self.sudo().filtered(lambda msg: msg.state in ("failed", "bounced"))
        for message in failed._keep_due():
            message._retry()
        self.sudo()._wake_queues()
        return True

    def action_cancel(self):
        """Take back what has not left yet.

        :raise AccessError: for others than accountants and credit analysts
        """
        self._check_sender()
        # sudo: states are written by methods only.
        waiting = self.sudo().filtered(
            lambda msg: msg.state in ("prepared", "queued", "failed")
        )
        for message in waiting:
            message._take_back()
        return True

    # === TEXT === #

    def _get_sha256(self):
        """Hash of what a reader gets: channel, address, subject and text.

        :return: str, 64 hexadecimal digits
        """
        self.ensure_one()
        return self._hash_words(self.channel, self)

    @api.model
    def _hash_words(self, channel, words):
        texts = [words[name] or "" for name in ("recipient", "subject", "body")]
        return hashlib.sha256(
            json.dumps([channel, *map(str, texts)]).encode()
        ).hexdigest()

    def _has_kept_words(self):
        """Whether the stored text and letter still are what their hashes say."""
        self.ensure_one()
        # sudo: the stored file, not the right to open it.
        letter = self.document_id.sudo().raw or b""
        return self.sha256 == self._get_sha256() and (
            not self.document_id
            or self.document_sha256 == hashlib.sha256(letter).hexdigest()
        )

    # === STATES === #

    def _mark_sent(self, **values):
        self.write(
            {
                "state": "sent",
                "sent_at": fields.Datetime.now(),
                "error": False,
                **values,
            }
        )
        self.notice_id._messages_changed()

    def _mark_failed(self, error, state="failed"):
        """Note why a message did not arrive; its notice is told.

        :param str error: in words for an accountant
        :param str state: "failed" or "bounced"
        """
        self.write({"state": state, "error": error})
        self.notice_id._messages_changed()

    def _keep_due(self):
        """Look at what is to be sent once more; what is not due any more is left out.

        :return: ``credit.dunning.message``, those that may be sent
        """
        reasons = self.notice_id._look_again()
        due = self.filtered(lambda message: not reasons[message.notice_id])
        for message in self - due:
            message._leave_out(reasons[message.notice_id])
        return due

    def _leave_out(self, reason):
        self._take_back()
        self.error = self.env._("Not sent again: %s", reason.name)
        if self.notice_id.state == "failed":
            self.notice_id.write({"state": "skipped", "reason_id": reason.id})

    def _retry(self):
        """Write the message again and give it to its channel."""
        self.ensure_one()
        notice = self.notice_id
        if self.state == "bounced":
            # The text went out once; the address is new, hence so is its hash.
            self.state = "failed"
        try:
            with self.env.cr.savepoint():
                notice._write_message(self.channel)
                self._hand_out()
        except UserError as error:
            self._mark_failed(str(error))

    def _take_back(self):
        self.ensure_one()
        self.mail_mail_id.filtered(lambda mail: mail.state != "sent").cancel()
        self._cancel_sms()
        self.activity_id.unlink()
        self.write({"state": "cancelled"})
        self.notice_id._messages_changed()

    def _hand_out(self):
        """Give a written message to its channel, in this very transaction.

        :raise UserError: when the company is in test mode or the channel cannot take it
        """
        self.ensure_one()
        if self.state not in ("prepared", "failed"):
            return
        if self.is_test or not self.company_id.credit_dunning_live:
            raise UserError(
                self.env._(
                    "Follow-ups of %s are in test mode: nothing leaves.",
                    self.company_id.name,
                )
            )
        self.attempts += 1
        self._get_channels()[self.channel][1](self)
        self.notice_id._messages_changed()

    def _get_channels(self):
        """Hook: how each channel is written and handed out.

        :return: dict, channel -> tuple of two functions: notice -> dict of values of the
            message; message -> None
        """
        message = type(self)
        return {
            "email": (message._write_email, message._queue_email),
            "letter": (message._write_letter, message._queue_letter),
            "phone": (message._write_phone, message._queue_phone),
            "sms": (message._write_sms, message._queue_sms),
            "portal": (message._write_portal, message._queue_portal),
        }
