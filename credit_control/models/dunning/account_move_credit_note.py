# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, models


class AccountMove(models.Model):
    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    def _credit_note_of(self, amount, reason):
        """Draft a credit note over a part of this invoice, by Odoo's reversal.

        Below the whole invoice, each combination of account and taxes of it is credited
        by its share; a line without taxes makes up for cents that no taxed amount gives.

        :param float amount: company currency, taxes included
        :param str reason: printed as the reference
        :return: ``account.move``, the draft
        """
        self.ensure_one()
        # The note is for the customer: in his language.
        reversal = self.env["account.move.reversal"].with_context(
            lang=self.partner_id.lang
        )
        wizard = reversal.create(
            {
                "move_ids": [Command.set(self.ids)],
                "company_id": self.company_id.id,
                "journal_id": self.journal_id.id,
                "date": self.company_id._credit_today(),
                "reason": reason[:200],
            }
        )
        wizard.refund_moves()
        note = wizard.new_move_ids
        wanted = self._get_note_amount(amount)
        if self.currency_id.compare_amounts(wanted, self.amount_total) < 0:
            note._shrink_note(self, wanted)
        return note

    def _get_note_amount(self, amount):
        # The share of the invoice at the rate of its own day.
        share = amount / abs(self.amount_total_signed)
        return self.currency_id.round(self.amount_total * share)

    def _shrink_note(self, invoice, wanted):
        lines = invoice.with_env(self.env)._prepare_note_lines(
            wanted / invoice.amount_total
        )
        self.invoice_line_ids = [Command.clear()] + [
            Command.create(vals) for vals in lines
        ]
        rest = self.currency_id.round(wanted - self.amount_total)
        if not self.currency_id.is_zero(rest):
            self.invoice_line_ids = [Command.create(self._prepare_note_rest(rest))]

    def _prepare_note_lines(self, share):
        """One line for each account and combination of taxes."""
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        groups = lines.grouped(lambda line: (line.account_id, line.tax_ids))
        return [
            {
                "name": self.env._("Credit agreed on %(invoice)s", invoice=self.name),
                "quantity": 1,
                "price_unit": self.currency_id.round(
                    share
                    * sum(
                        line.price_unit * line.quantity * (1 - line.discount / 100)
                        for line in group
                    )
                ),
                "account_id": account.id,
                "tax_ids": [Command.set(taxes.ids)],
            }
            for (account, taxes), group in groups.items()
        ]

    def _prepare_note_rest(self, rest):
        return {
            "name": self.env._("Rounding"),
            "quantity": 1,
            "price_unit": rest,
            "account_id": self.invoice_line_ids[:1].account_id.id,
            "tax_ids": [Command.clear()],
        }
