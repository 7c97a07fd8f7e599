# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SaleOrder(models.Model):
    """Money that a shopper's bank keeps for an order uses no credit (P5)."""

    _inherit = "sale.order"

    credit_reserved_company = fields.Monetary(
        string="Reserved Online",
        compute="_compute_credit_reserved",
        store=True,
        currency_field="credit_company_currency_id",
        help="Authorized or taken online for this order and not yet on a posted payment. As "
        "long as it stands, this much of the order does not count as exposure.",
    )

    @api.depends(
        "company_id",
        "transaction_ids.sale_order_ids",
        "transaction_ids.state",
        "transaction_ids.amount",
        "transaction_ids.currency_id",
        "transaction_ids.payment_id",
        "transaction_ids.child_transaction_ids.state",
        "transaction_ids.child_transaction_ids.amount",
        "transaction_ids.child_transaction_ids.payment_id",
    )
    def _compute_credit_reserved(self):
        for order in self:
            order.credit_reserved_company = sum(
                map(order._convert_credit_reserved, order._get_credit_reserving())
            )

    def _get_credit_reserving(self):
        """Hook: the transactions whose money is for this order alone.

        One payment of several orders says nothing about each; Odoo confirms none of them.
        """
        return self.transaction_ids.filtered(lambda tx: tx.sale_order_ids == self)

    def _convert_credit_reserved(self, transaction):
        # Currency: at the rate of the day on which the bank answered, which is also the day
        # on which the order was confirmed.
        company = self.company_id
        answered = transaction.last_state_change or fields.Datetime.now()
        return transaction.currency_id._convert(
            transaction._get_credit_reserved(),
            company.currency_id,
            company,
            answered.date(),
        )
