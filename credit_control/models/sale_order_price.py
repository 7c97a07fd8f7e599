# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import ROUND_HALF_UP, Decimal

from odoo import models

WHOLE = 10_000  # basis points


class SaleOrder(models.Model):
    """How far an order is below what its customer's price list asks."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "sale.order"

    def _get_credit_price_cut(self):
        """By how much the order as a whole is below the customer's own prices.

        The customer's price list counts, whichever the order names; lines that lower the
        order (a global discount) count as what they are, deposits and their settlement
        do not. Dearer lines make up for cheaper ones.

        :return: int, basis points of the customer's prices, 0 at least; rounded half up,
            since a threshold has two decimals of a percent
        """
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        own = sum(line._get_credit_own_amount() for line in lines)
        asked = sum(
            line.price_unit * (1 - line.discount / 100) * line.product_uom_qty
            for line in lines
        )
        if own <= 0 or self.currency_id.compare_amounts(asked, own) >= 0:
            return 0
        # Floats are prices of Odoo's; their share is rounded once.
        share = Decimal(str(own - asked)) * WHOLE / Decimal(str(own))
        return int(share.to_integral_value(ROUND_HALF_UP))


class SaleOrderLine(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "sale.order.line"

    def _get_credit_own_amount(self):
        """What this line would cost at the customer's own prices.

        :return: float, order's currency, taxes as in ``price_unit``
        """
        order = self.order_id
        if not self.product_id or self.product_uom_qty <= 0 or self.price_unit < 0:
            return 0.0  # what lowers the order has no price of its own
        line = self.with_company(order.company_id)
        product = line.product_id
        pricelist = line.order_partner_id.property_product_pricelist
        price = pricelist._get_product_price(
            product,
            quantity=line.product_uom_qty,
            currency=order.currency_id,
            uom=line.product_uom_id,
            date=line._get_order_date(),
        )
        price = product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product.taxes_id._filter_taxes_by_company(order.company_id),
            fiscal_position=order.fiscal_position_id,
        )
        return price * line.product_uom_qty
