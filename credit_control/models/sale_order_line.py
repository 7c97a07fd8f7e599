# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from .callers import get_named, without

# What makes a confirmed order worth more. What was delivered is not among them:
# delivered goods can always be invoiced (P5).
GATED_FIELDS = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "technical_price_unit",
        "discount",
        "tax_ids",
        "display_type",
        "is_downpayment",
        "extra_tax_data",
    }
)
# Computed, see the order's.
TOTALS = frozenset({"price_subtotal", "price_tax", "price_total"})


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        self._credit_refuse_forged(*vals_list)
        vals_list = [without(vals, TOTALS) for vals in vals_list]
        orders = get_named(self, "order_id", vals_list)
        bound = orders.filtered(lambda order: order.state == "sale")
        if not bound:
            return super().create(vals_list)
        with bound._credit_gate():
            return super().create(vals_list)

    def write(self, vals):
        self._credit_refuse_forged(vals)
        vals = without(vals, TOTALS)
        if not GATED_FIELDS.intersection(vals):
            return super().write(vals)
        orders = self.order_id | self.env["sale.order"].browse(
            vals.get("order_id") or []
        )
        bound = orders.filtered(lambda order: order.state == "sale")
        if bound:
            with bound._credit_gate():
                result = super().write(vals)
        else:
            result = super().write(vals)
        orders._credit_changed()
        return result

    def unlink(self):
        orders = self.order_id
        # Without a discount line the order is worth more.
        bound = orders.filtered(lambda order: order.state == "sale")
        if bound:
            with bound._credit_gate():
                result = super().unlink()
        else:
            result = super().unlink()
        orders.exists()._credit_changed()
        return result

    def _credit_refuse_forged(self, *vals_list):
        # A link to some posted invoice would make the goods look paid for. Invoices are
        # linked from their own side, which takes the right to write them.
        forged = any("invoice_lines" in vals for vals in vals_list)
        if not forged or self.env.su:
            return
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only accountants say which invoices an order line is on.")
            )

    # === QUANTITIES AND AMOUNTS === #

    def _get_credit_quantity(self, remaining=True):
        """The quantity that the debtor still will have to pay.

        What was ordered, or delivered beyond that, less what posted invoices hold. Lines
        with a negative quantity (goods taken back) mirror this. What was delivered is
        anybody's entry: it makes a line worth more, never less.

        :param bool remaining: False for the whole line, invoiced or not
        """
        self.ensure_one()
        sign = -1 if self.product_uom_qty < 0 else 1
        due = sign * self._get_credit_ordered()
        if sign * self.price_unit * (1 - self.discount / 100) > 0:
            due = max(due, sign * self.qty_delivered)
        if not remaining:
            return sign * due
        return sign * max(due - sign * self._get_credit_invoiced_quantity(), 0.0)

    def _get_credit_title(self):
        """The first line of the description, which anybody may have emptied."""
        return next(iter(self.name.splitlines()), "") or self.product_id.display_name

    def _get_credit_ordered(self):
        """Hook: what will still be delivered or was; less than ordered when a remainder
        was cancelled."""
        return self.product_uom_qty

    def _get_credit_posted_lines(self):
        return self.invoice_lines.filtered(lambda line: line.parent_state == "posted")

    def _get_credit_invoiced_quantity(self, lines=None):
        lines = self._get_credit_posted_lines() if lines is None else lines
        return sum(
            line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id)
            * -line.move_id.direction_sign
            for line in lines
        )

    def _take_credit_invoiceable(self, invoice_line, wanted, left):
        """Use up what this line lets other entries than the invoice's invoice.

        :param invoice_line: of an invoice, posted or not
        :param float wanted: in the invoice line's unit
        :param dict left: order line -> quantity, in the order's unit
        :return: float, what is used, in the invoice line's unit
        """
        self.ensure_one()
        if self not in left:
            others = self._get_credit_posted_lines().filtered(
                lambda line: line.move_id != invoice_line.move_id
            )
            invoiced = self._get_credit_invoiced_quantity(others)
            left[self] = self._get_credit_quantity(remaining=False) - invoiced
        theirs = self.product_uom_id
        mine = invoice_line.product_uom_id or theirs
        most = theirs._compute_quantity(max(left[self], 0.0), mine, round=False)
        used = min(max(wanted, 0.0), most)
        left[self] -= mine._compute_quantity(used, theirs, round=False)
        return used

    def _get_credit_unit_price(self, invoice_line):
        """The price that was agreed for a unit of an invoice line, taxes included.

        In another currency the price is not compared: it is the invoice line's own.
        """
        same = self.currency_id == invoice_line.currency_id
        if not same or not self.product_uom_qty:
            return invoice_line.price_total / invoice_line.quantity
        unit = invoice_line.product_uom_id or self.product_uom_id
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, unit, round=False
        )
        return self.price_total / quantity

    def _get_credit_down_paid(self):
        """Posted as down payment for this line, taxes included, in the order's currency.

        The invoice tells what is one: the order's mark could be set on paid goods.
        """
        return sum(
            line.currency_id._convert(
                line.price_total,
                self.currency_id,
                self.company_id,
                line.move_id.invoice_date or fields.Date.today(),
            )
            * -line.move_id.direction_sign
            for line in self._get_credit_posted_lines()
            if line.is_downpayment
        )
