# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formataddr
from odoo.tools.mail import email_split_tuples


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    credit_dunning_contact = fields.Boolean(
        string="Receives Follow-ups",
        prefetch="credit",
        help="Reminders go to this contact instead of the invoice address. Several "
        "contacts may receive them.",
    )


class CreditDunningRun(models.Model):
    _inherit = "credit.dunning.run"  # pylint: disable=consider-merging-classes-inherited

    def _get_recipients(self, partner_ids):
        """Override of the run: contacts that receive follow-ups come first."""
        found = super()._get_recipients(partner_ids)
        contacts = self.env["res.partner"].search(
            [("parent_id", "in", partner_ids), ("credit_dunning_contact", "=", True)],
            order="id desc",
        )
        for contact in contacts:
            found[contact.parent_id.id] = contact
        return found


class CreditDunningNotice(models.Model):
    """Who a notice is written to; the customer itself when no contact fits."""

    _inherit = "credit.dunning.notice"  # pylint: disable=consider-merging-classes-inherited

    def _get_contacts(self, channel):
        """Hook: to whom a channel may write, the best first.

        Contacts that receive follow-ups, whom the run chose, invoice addresses, the
        address of the leading invoice, the customer.

        :param str channel: of ``credit.dunning.message``
        :return: ``res.partner``, active ones only
        """
        people = self.partner_id.child_ids.filtered("active")
        chosen = (
            people.filtered("credit_dunning_contact")
            | (self.recipient_id - self.partner_id)
            | people.filtered(lambda contact: contact.type == "invoice")
            | self.lead_item_id.move_id.partner_id
            | self.partner_id
        )
        return chosen.filtered("active")

    def _get_emails(self):
        """The contacts and addresses of an e-mail.

        All contacts that receive follow-ups are written to; else the first contact that
        has an address, with all addresses that were entered for it.

        :return: tuple, ``res.partner`` and list of str
        :raise UserError: when there is no address
        """
        contacts = self._get_contacts("email").filtered(self._get_addresses)
        marked = contacts.filtered("credit_dunning_contact")
        chosen = marked or contacts[:1]
        if not chosen:
            raise UserError(
                self.env._("%s has no e-mail address.", self.partner_id.display_name)
            )
        addresses = [
            address for contact in chosen for address in self._get_addresses(contact)
        ]
        return chosen[:1], list(dict.fromkeys(addresses))

    def _lacks_address(self, channel):
        """Whether nobody at the customer can be reached by a channel.

        :param str channel: of ``credit.dunning.message``
        """
        if channel == "email":
            return not any(map(self._get_addresses, self._get_contacts(channel)))
        if channel == "letter":
            return not any(map(self._is_postal, self._get_contacts(channel)))
        return channel == "sms" and not self._get_phone(channel)[1]

    def _get_addresses(self, contact):
        return [
            formataddr((name or contact.name or "", address))
            for name, address in email_split_tuples(contact.email or "")
        ]

    def _get_phone(self, channel):
        """The contact and number to call or to write to; the number may be missing.

        :return: tuple, ``res.partner`` and str
        """
        contacts = self._get_contacts(channel)
        reachable = contacts.filtered("phone")[:1]
        return reachable or contacts[:1], reachable.phone or ""
