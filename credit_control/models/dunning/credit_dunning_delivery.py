# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from .credit_dunning_email import MAIL_CRON
from .credit_dunning_post import PRINT_CRON

# Speed: nobody follows a message before it is sent, and its queueing is no news.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
QUEUES = {"email": MAIL_CRON, "letter": PRINT_CRON}
CHANNELS = ("letter", "email", "phone", "sms", "portal")


class CreditDunningNotice(models.Model):
    """Write the messages of a notice, show them, hand them out."""

    _inherit = "credit.dunning.notice"  # pylint: disable=consider-merging-classes-inherited

    dunning_message_ids = fields.One2many(
        "credit.dunning.message",
        "notice_id",
        string="Follow-up Messages",
        readonly=True,
    )

    # === ACTIONS === #

    def action_preview(self):
        """Write the messages of this notice and show them: these very texts are sent.

        :return: action
        :raise AccessError: for others than accountants and credit analysts
        """
        self.ensure_one()
        self.check_access("read")
        self.dunning_message_ids._check_sender()
        # sudo: messages are written by methods only.
        self.sudo()._write_messages()
        return self._get_messages_action()

    def _get_messages_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_dunning_message_action"
        )
        action["domain"] = [("notice_id", "in", self.ids)]
        action["context"] = {"search_default_by_state": 0}
        if len(self.dunning_message_ids) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.dunning_message_ids.id
        return action

    # === WRITING === #

    def _get_wanted_channels(self):
        """The channels of the level, letters first: e-mails may carry them.

        Who has no e-mail address gets a letter instead, where the level says so.
        """
        level = self.level_id
        wanted = {name for name in CHANNELS if level[f"by_{name}"]}
        email_only = "email" in wanted and "letter" not in wanted
        if email_only and self._gets_letter_instead():
            wanted = wanted - {"email"} | {"letter"}
        return [name for name in CHANNELS if name in wanted]

    def _gets_letter_instead(self):
        return (
            self.level_id.letter_instead
            and self._lacks_address("email")
            and not self._lacks_address("letter")
        )

    @api.depends("level_id", "dunning_message_ids.channel")
    @api.depends_context("lang")
    def _compute_channels(self):
        """What was written, else what will be."""
        self._fetch_people(self.lead_item_id.move_id)
        for notice in self:
            written = notice.dunning_message_ids.mapped("channel")
            channels = written or notice._get_wanted_channels()
            notice.channels = ", ".join(
                notice._word_channel(name, written)
                for name in CHANNELS
                if name in channels
            )

    def _word_channel(self, channel, written):
        level = self.level_id
        name = level._fields[f"by_{channel}"]._description_string(self.env)
        if not written and self._lacks_address(channel):
            return self.env._("%s: no address!", name)
        if channel == "letter" and not level.by_letter:
            return self.env._("Letter (no e-mail)")
        return name

    def _write_messages(self):
        """Write what is not written yet, or is about other amounts by now.

        What cannot be written is kept as a failed message with its reason.

        :return: ``credit.dunning.message``
        """
        self.ensure_one()
        if self.state not in ("prepared", "sending"):
            return self.dunning_message_ids
        wanted = self._get_wanted_channels()
        self._drop_unwanted(wanted)
        for channel in wanted:
            try:
                with self.env.cr.savepoint():
                    self._write_message(channel)
            except UserError as error:
                self._keep_problem(channel, str(error))
        return self.dunning_message_ids

    def _drop_unwanted(self, wanted):
        """Forget what was only shown, by a channel that the customer is not reached by
        any more: it got an e-mail address meanwhile, or lost it."""
        shown = self.dunning_message_ids.filtered(
            lambda msg: (
                msg.channel not in wanted
                and msg.state in ("prepared", "failed")
                and not msg.attempts
            )
        )
        documents = shown.document_id
        shown.unlink()
        documents.unlink()

    def _write_message(self, channel):
        """Write one message, unless it left or is about these very amounts already.

        :param str channel: of ``credit.dunning.message``
        :return: ``credit.dunning.message``
        :raise UserError: when it cannot be written
        """
        message = self._get_message(channel)
        facts = self._get_facts()
        if message.state not in (False, "prepared", "failed"):
            return message
        if message.state == "prepared" and message.facts == facts:
            return message
        write = self.env["credit.dunning.message"]._get_channels()[channel][0]
        values = {**write(message, self), "facts": facts, "error": False}
        values["sha256"] = message._hash_words(channel, values)
        if message:
            old = message.document_id
            message.write({"document_id": False, **values, "state": "prepared"})
            old.unlink()
        else:
            message = message.with_context(**QUIET).create(
                {**values, "notice_id": self.id, "channel": channel}
            )
        return message

    def _get_message(self, channel):
        return self.dunning_message_ids.filtered(lambda msg: msg.channel == channel)

    def _keep_problem(self, channel, error):
        message = self._get_message(channel)
        values = {
            "state": "failed",
            "error": error,
            "facts": False,
            "subject": message.subject or self.level_id.name,
        }
        if message:
            message.write(values)
        else:
            message.create({**values, "notice_id": self.id, "channel": channel})

    def _get_facts(self):
        """Hash of all that a text is about; another hash means another text.

        :return: str, 64 hexadecimal digits
        """
        facts = [
            self.level_id.id,
            str(self.date),
            self.recipient_id.id,
            self.lang,
            [self.interest_amount, self.indemnity_amount, self.fee_amount],
            [
                [
                    item.name,
                    item.move_line_id.id,
                    str(item.date_maturity),
                    item.days_late,
                    round(item.amount_residual, 6),
                    round(item.amount_currency, 6),
                ]
                for item in self.item_ids
            ],
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    # === SENDING === #

    def _deliver(self):
        """Override of the run: write the messages and give them to their channels.

        E-mails and SMS go to Odoo's queues in this transaction, so either the notice is
        sent and they wait there, or nothing happened. In a test run all of it is written
        and nothing is handed out.

        :raise UserError: when no channel can reach the customer
        """
        super()._deliver()
        # sudo: messages are written by methods only.
        messages = self.sudo().with_context(**QUIET)._write_messages()
        if self.is_test or not self.company_id.credit_dunning_live:
            return
        for message in messages.filtered(lambda msg: msg.state == "prepared"):
            message._hand_out_safely()
        if not self._is_on_its_way():
            raise UserError(self._get_problem(messages))

    def _send(self):
        """Override of the run: read together, and wake the queues once for all."""
        self._fetch_ahead()
        result = super()._send()
        # sudo: starting jobs is all that is done with them.
        self.sudo().dunning_message_ids._wake_queues()
        return result

    def _fetch_ahead(self):
        """Speed: notices are written one by one, what they tell is read together."""
        lines, moves = self.item_ids.move_line_id, self.item_ids.move_id
        lines.fetch(["amount_currency", "currency_id", "move_id"])
        moves.fetch(["name", "ref", "invoice_origin", "partner_id", "partner_bank_id"])
        self._fetch_people(moves)

    def _fetch_people(self, moves):
        debtors = self.partner_id
        people = debtors | debtors.child_ids | self.recipient_id | moves.partner_id
        people.fetch(
            ["active", "type", "name", "email", "phone", "street", "city", "lang"]
            + ["credit_dunning_contact"]
        )

    def _get_invoices(self):
        """The invoices that the notice lists, for who gets them again with it."""
        return self.item_ids.move_id.filtered(lambda move: move.is_sale_document())

    def _get_problem(self, failed):
        if errors := " ".join(filter(None, failed.mapped("error"))):
            return errors
        if failed:
            return self.env._("It was taken back before it left.")
        return self.env._("The level %s has no channel.", self.level_id.name)

    def _is_on_its_way(self):
        """Whether a message reaches or reached the customer.

        What only waits in the portal reaches nobody, unless the level says no more.
        """
        messages = self.dunning_message_ids
        active = messages.filtered(lambda msg: msg.channel != "portal") or messages
        return any(msg.state in ("queued", "sent") for msg in active)

    def _messages_changed(self):
        """A notice is sent as long as one of its messages is on its way or arrived."""
        for notice in self.filtered(lambda n: n.state in ("sent", "failed")):
            messages = notice.dunning_message_ids
            alive = notice._is_on_its_way()
            if notice.state == "sent" and not alive:
                notice.write(
                    {"state": "failed", "error": notice._get_problem(messages)}
                )
            elif notice.state == "failed" and alive:
                notice.write({"state": "sent", "error": False})


class CreditDunningMessage(models.Model):
    _inherit = "credit.dunning.message"  # pylint: disable=consider-merging-classes-inherited

    def _wake_queues(self):
        """Start the jobs that these messages wait for, once each."""
        waiting = self.filtered(lambda msg: msg.state == "queued")
        channels = set(waiting.mapped("channel"))
        for channel, job in QUEUES.items():
            if channel in channels:
                # sudo: starting this job is all that is done with it.
                self.env.ref(job).sudo()._trigger()

    def _hand_out_safely(self):
        """Hand out a message; when its channel refuses, only this message fails."""
        try:
            with self.env.cr.savepoint():
                self._hand_out()
        except UserError as error:
            self._mark_failed(str(error))
