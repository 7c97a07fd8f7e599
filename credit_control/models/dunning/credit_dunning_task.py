# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from uuid import uuid4

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..readers import for_reader

CALL = "credit_control.mail_activity_dunning_call"
SMS = "sms.sms"
SMS_STATES = {"pending": "sent", "sent": "sent", "process": "sent"}


class CreditDunningMessage(models.Model):
    """Calls, SMS and what the customer finds in his portal."""

    _inherit = "credit.dunning.message"  # pylint: disable=consider-merging-classes-inherited

    # === PHONE === #

    def _write_phone(self, notice):
        """The script of a call; a missing number is for the caller to find."""
        caller = for_reader(notice.sudo(), notice.user_id)
        contact, number = caller._get_phone("phone")
        return {
            "recipient_id": contact.id,
            "recipient": number or self.env._("No phone number yet"),
            "lang": caller.env.lang,
            "subject": caller.env._("Call %s", contact.display_name),
            "body": plaintext2html(caller._fill_text(caller.level_id.phone_script)),
        }

    def _queue_phone(self):
        """A task for the responsible person, on the customer, where everybody sees it."""
        user = self.user_id or self.env.ref("base.user_admin")
        # sudo: who does follow-ups need not have the right to plan other people's day.
        activity = self.partner_id.sudo().activity_schedule(
            CALL,
            user_id=user.id,
            date_deadline=self.company_id._credit_today(),
            summary=f"{self.subject} · {self.recipient}",
            note=self.body,
        )
        self.write({"state": "queued", "activity_id": activity.id})

    # === SMS === #

    def _write_sms(self, notice):
        """A short text, through Odoo's gateway.

        :raise UserError: without text, number, or gateway
        """
        reader = notice._in_language()
        contact, number = reader._get_phone("sms")
        text = reader._fill_text(reader.level_id.sms_body)
        if not text:
            raise UserError(self.env._("The level has no SMS text."))
        if not number:
            raise UserError(
                self.env._("%s has no phone number.", notice.partner_id.display_name)
            )
        return {
            "recipient_id": contact.id,
            "recipient": number,
            "lang": reader.env.context["lang"],
            "subject": text[:60],
            "body": plaintext2html(text),
        }

    def _queue_sms(self):
        """Put the SMS in the queue of Odoo's `sms` add-on, in this transaction.

        That queue is not ours: when the server dies between the gateway and its commit,
        it asks the gateway again with the same identifier.
        """
        if SMS not in self.env:
            raise UserError(
                self.env._("Odoo's SMS add-on is not installed: nothing was sent.")
            )
        reference = uuid4().hex
        reader = self.notice_id._in_language()
        # sudo: whoever sends follow-ups need not have rights on the gateway.
        self.env[SMS].sudo().create(
            {
                "uuid": reference,
                "number": self.recipient,
                "body": reader._fill_text(reader.level_id.sms_body),
                "partner_id": self.recipient_id.id,
            }
        )
        self.write({"state": "queued", "sms_reference": reference})

    def _cancel_sms(self):
        if self.sms_reference and SMS in self.env:
            waiting = [("uuid", "=", self.sms_reference), ("state", "=", "outgoing")]
            # sudo: as when it was put there.
            self.env[SMS].sudo().search(waiting).action_set_canceled()

    @api.model
    def _follow_sms(self):
        """Take over what became of SMS; sent ones are deleted by their queue."""
        waiting = self.search([("channel", "=", "sms"), ("state", "=", "queued")])
        if SMS not in self.env or not waiting:
            return
        texts = self.env[SMS].search([("uuid", "in", waiting.mapped("sms_reference"))])
        by_reference = texts.grouped("uuid")
        for message in waiting:
            text = by_reference.get(message.sms_reference)
            if not text or text.state in SMS_STATES:
                message._mark_sent()
            elif text.state in ("error", "canceled"):
                reasons = dict(
                    text._fields["failure_type"]._description_selection(self.env)
                )
                message._mark_failed(reasons.get(text.failure_type) or text.state)

    # === PORTAL === #

    def _write_portal(self, notice):
        """What the customer reads in his portal: the text of the letter."""
        reader = notice._in_language()
        return {
            "recipient_id": notice.partner_id.id,
            "recipient": notice.partner_id.name,
            "lang": reader.env.context["lang"],
            "subject": reader._get_subject(),
            "body": reader._fill_html(reader.level_id._get_letter_body()),
        }

    def _queue_portal(self):
        """It is there from now on; colleagues see it on the customer as well."""
        self.partner_id.sudo()._message_log(body=self.body, subject=self.subject)
        self._mark_sent()

    @api.model
    def _get_portal_domain(self, partner):
        """Hook: the messages that a customer may read in his portal.

        :param partner: ``res.partner``, the commercial partner of the portal user
        :return: list, a domain
        """
        return [
            ("partner_id", "=", partner.id),
            ("state", "=", "sent"),
            ("channel", "in", ("portal", "email", "letter")),
        ]


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of `mail`: the call was made."""
        # sudo: the caller may be a salesperson, who sees no follow-ups.
        calls = self.env["credit.dunning.message"].sudo()
        for call in calls.search([("activity_id", "in", self.ids)]):
            call._mark_sent()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
