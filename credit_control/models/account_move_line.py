# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

# Money: invoiced in parts, a line may differ from its order by some cents of rounding.
ROUNDINGS = 2


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_credit_own(self, left):
        """What of this line no confirmed order stands for: more goods, or dearer ones.

        :param dict left: order line -> quantity that may still be invoiced; brought up
            to date, because several lines may invoice one line of an order
        :return: float, taxes included, in the entry's currency
        """
        self.ensure_one()
        sources = self.sale_line_ids.filtered(lambda line: line.state == "sale")
        if not sources or self.price_total <= 0:
            return 0.0 if sources else self.price_total
        if self.is_downpayment or any(sources.mapped("is_downpayment")):
            return 0.0  # what is asked in advance takes off what the order owes
        unit, quantity, own = self.price_total / self.quantity, self.quantity, 0.0
        for source in sources:
            used = source._take_credit_invoiceable(self, quantity, left)
            quantity -= used
            own += used * max(unit - source._get_credit_unit_price(self), 0.0)
        own += max(quantity, 0.0) * unit
        return own if own > ROUNDINGS * self.currency_id.rounding else 0.0
