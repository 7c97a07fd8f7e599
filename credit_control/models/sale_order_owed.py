# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..engine.scope import split_exactly


class SaleOrder(models.Model):
    """What an order owes, to the cent that its invoices will come to."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _get_credit_split(self, remaining=True):
        """What the order amounts to, product by product.

        :param bool remaining: only what is neither invoiced nor paid down
        :return: dict, product id or None -> cents of the company's currency, summing
            exactly to the order converted at its own date
        """
        self.ensure_one()
        by_product, total = self._get_credit_amounts(remaining)
        company = self.company_id
        # The order's rate is computed afresh: the stored one can be written by anybody.
        worth = (self.currency_id or company.currency_id)._convert(
            total,
            company.currency_id,
            company,
            (self.date_order or fields.Datetime.now()).date(),
        )
        cents = round(worth * 10**company.currency_id.decimal_places)
        weights = {
            product: round(amount * 10**self.currency_id.decimal_places)
            for product, amount in by_product.items()
        }
        return split_exactly(cents, weights) if weights else {}

    def _get_credit_amounts(self, remaining):
        """Amounts by product and their total, taxes included, in the order's currency.

        Odoo's own tax engine computes what an invoice of these quantities would come to,
        so that rounding (per line or globally) agrees with the invoice to come.
        """
        if self._is_credit_whole(remaining):
            return self._get_credit_stored_amounts(remaining)
        # Odoo's own down payment lines have no quantity; a mark alone hides no goods.
        lines = self._get_priced_lines().filtered(
            lambda line: not line.is_downpayment or line._get_credit_quantity(False)
        )
        tax, company = self.env["account.tax"], self.company_id
        base_lines = [
            line._prepare_base_line_for_taxes_computation(
                quantity=line._get_credit_quantity(remaining)
            )
            for line in lines
        ]
        tax._add_tax_details_in_base_lines(base_lines, company)
        tax._round_base_lines_tax_details(base_lines, company)
        if discount := self._get_credit_early_discount(base_lines):
            base_lines += discount
            tax._add_tax_details_in_base_lines(base_lines, company)
            tax._round_base_lines_tax_details(base_lines, company)
        by_product = {}
        for base_line in base_lines:
            product = base_line["product_id"].id or None
            by_product[product] = by_product.get(product, 0.0) + self._get_credit_base(
                base_line
            )
        total = sum(by_product.values())
        if remaining:
            # A down payment beyond what is left, or an order below zero, is no money in
            # the debtor's hand until a credit note is posted.
            total = max(total - self._get_credit_down_paid(), 0.0)
        return by_product, self.currency_id.round(total)

    def _is_credit_whole(self, remaining):
        """Whether the order's own total is what an invoice would come to.

        Speed: so it is for nearly all orders when they are confirmed; then no tax is
        computed twice. Nobody can write that total, see ``TOTALS``.
        """
        term = self.payment_term_id
        return not (
            term.early_discount and term.early_pay_discount_computation == "mixed"
        ) and all(
            not line.is_downpayment
            and line._get_credit_quantity(remaining) == line.product_uom_qty
            for line in self.order_line
        )

    def _get_credit_stored_amounts(self, remaining):
        by_product = {}
        for line in self._get_priced_lines():
            product = line.product_id.id or None
            by_product[product] = by_product.get(product, 0.0) + line.price_total
        total = self.amount_total
        return by_product, self.currency_id.round(
            max(total, 0.0) if remaining else total
        )

    def _get_credit_early_discount(self, base_lines):
        """What a "mixed" early payment discount takes from the tax base.

        Rounded for each account and its taxes, as on invoices; Odoo's orders round it
        differently, but the invoice is what the debtor owes.

        :param list base_lines: with their tax details
        :return: base lines to add
        """
        term = self.payment_term_id
        if not term.early_discount or term.early_pay_discount_computation != "mixed":
            return []
        amounts = {}
        for base_line in base_lines:
            taxes = base_line["tax_ids"].filtered(
                lambda tax: tax.amount_type != "fixed"
            )
            if taxes:
                key = (*self._get_credit_account_key(base_line["record"]), taxes)
                share = base_line["tax_details"]["total_excluded_currency"]
                discount = self.currency_id.round(
                    share * term.discount_percentage / 100
                )
                amounts[key] = amounts.get(key, 0.0) + discount
        return [
            self.env["account.tax"]._prepare_base_line_for_taxes_computation(
                self,
                tax_ids=taxes_or_none,
                price_unit=amount * sign,
                quantity=1.0,
                currency_id=self.currency_id,
                product_id=self.env["product.product"],
                special_mode="total_excluded",
                special_type="early_payment",
                rate=self.currency_rate,
            )
            for (*_account, taxes), amount in amounts.items()
            for sign, taxes_or_none in ((-1, taxes), (1, taxes.browse()))
        ]

    def _get_credit_account_key(self, line):
        accounts = line.product_id.product_tmpl_id.get_product_accounts(
            fiscal_pos=self.fiscal_position_id
        )
        return accounts["income"], str(line.analytic_distribution or "")

    def _get_credit_base(self, base_line):
        details = base_line["tax_details"]
        return (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
            + sum(data["tax_amount_currency"] for data in details["taxes_data"])
        )

    def _get_credit_down_paid(self):
        """Posted down payments not yet deducted on an invoice, order currency."""
        advances = self.order_line.filtered("is_downpayment")
        return sum(line._get_credit_down_paid() for line in advances)
