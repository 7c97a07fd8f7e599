# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from .readers import for_colleagues


class AccountMove(models.Model):
    _inherit = "account.move"

    _credit_draft_idx = models.Index(
        "(partner_id) WHERE state = 'draft' AND move_type IN ('out_invoice', 'out_receipt')"
    )

    # Odoo counts with the reader's rights, so that the form of an invoice stays shut to
    # salespeople and analysts, whom our figures lead there. A number tells nothing more.
    payment_count = fields.Integer(compute_sudo=True)

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._credit_changed()
        return result

    def _credit_changed(self):
        """Posting, resetting and cancelling change what is owed: look at holds again."""
        receivable = self.sudo().line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.env["credit.profile"]._debtors_changed(
            receivable.partner_id.commercial_partner_id.ids,
            for_colleagues(self).env._(
                "%s changed what is owed.", self[:1].display_name
            ),
        )

    # === WHEN IT WAS DELIVERED === #

    def _get_credit_delivery(self):
        """Hook: the day on which the risk of an invoice began, where no goods tell it."""
        return self.delivery_date or self.invoice_date or self.date

    def _get_credit_deliveries(self):
        """Hook: what an invoice charges, by the day of its delivery.

        :return: dict, date -> amount in the invoice's currency, taxes included; together
            they are the total
        """
        self.ensure_one()
        return {self._get_credit_delivery(): self.amount_total}

    def _credit_delivered(self):
        """Hook: goods of these posted invoices left just now."""

    @api.model
    def _query_credit_split(self, ids):
        """Hook of ``credit.measure``: of which products these entries are made."""
        return SQL(
            """SELECT move_id, jsonb_object_agg(product, cents)
            FROM (SELECT move_id, COALESCE(product_id, 0) AS product,
                    ROUND(SUM(price_total) * 1000)::bigint AS cents
                FROM account_move_line
                WHERE move_id = ANY(%s) AND display_type = 'product'
                GROUP BY 1, 2) s
            GROUP BY move_id""",
            ids,
        )

    def _build_credit_warning_message(
        self, record, current_amount=0.0, exclude_current=False, exclude_amount=0.0
    ):
        """Override of `account`: tell our figures about debtors that we manage."""
        company = record.company_id.root_id
        debtor = (
            record._fields.get("partner_invoice_id") and record.partner_invoice_id
        ) or (record.partner_id)
        debtor = debtor.commercial_partner_id._origin
        position = (
            debtor
            and self.env["credit.measure"]._get_positions([debtor.id], company)[
                debtor.id
            ]
        )
        if not position or not position.managed:
            return super()._build_credit_warning_message(
                record, current_amount, exclude_current, exclude_amount
            )
        left = position.available() / 10**company.currency_id.decimal_places
        if record._name == "account.move" and record.id:
            # The draft is part of the exposure already.
            current_amount = 0.0
        left = company.currency_id.round(left - current_amount)
        if left >= 0:
            return ""
        return self.env._(
            "%(partner)s is %(over)s over its credit lines of %(limit)s.",
            partner=debtor.display_name,
            over=company.currency_id.format(-left),
            limit=company.currency_id.format(
                position.limit / 10**company.currency_id.decimal_places
            ),
        )
