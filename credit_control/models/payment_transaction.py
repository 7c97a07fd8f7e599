# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

PAID_ORDERS = "credit_control.paid_orders"


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """Override of `sale`: money that was taken is never refused (P5).

        The gate still decides and records; a hold stays open on the confirmed order.
        """
        cache = self.env.cr.cache
        before = cache.get(PAID_ORDERS, ())
        cache[PAID_ORDERS] = (*before, *self._get_credit_paid_orders())
        try:
            return super()._check_amount_and_confirm_order()
        finally:
            cache[PAID_ORDERS] = before

    def _get_credit_paid_orders(self):
        taken = self.filtered(
            lambda tx: tx.state in ("authorized", "done") and tx.amount > 0
        )
        return taken.sale_order_ids

    def _get_credit_reserved(self):
        """What is reserved or taken and not yet on a payment, in its own currency (P5).

        Captured or voided in parts, the rest stands; a part that was captured counts until
        its payment is posted.
        """
        self.ensure_one()
        stands = self.state == "authorized" or (
            self.state == "done" and not self.payment_id
        )
        if not stands or self.operation in ("validation", "refund"):
            return 0.0
        settled = self.child_transaction_ids.filtered(
            lambda child: (
                child.operation != "refund"
                and (child.state == "cancel" or child.payment_id)
            )
        )
        return max(self.amount - sum(settled.mapped("amount")), 0.0)

    def write(self, vals):
        result = super().write(vals)
        if {"state", "payment_id"}.intersection(vals):
            orders = (self | self.source_transaction_id).sudo().sale_order_ids
            orders.filtered(lambda order: order.state == "sale")._credit_changed()
        return result

    def _get_credit_uncounted(self, company):
        """Cents of a company taken online that no posted payment shows yet (P5)."""
        currency, today = company.currency_id, fields.Date.today()
        amounts = [
            tx.currency_id._convert(tx._get_credit_reserved(), currency, company, today)
            for tx in self
        ]
        return round(sum(amounts) * 10**currency.decimal_places)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse payment on account before anything is promised.

        With cash on delivery the shopper pays nothing now: the order would be held after
        the transaction, with a shopper who believes that he has bought.
        """
        transactions = super().create(vals_list)
        for transaction in transactions.sudo():
            if transaction.provider_id._is_credit_on_account():
                transaction.sale_order_ids._check_credit_on_account()
        return transactions
