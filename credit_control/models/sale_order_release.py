# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare, float_is_zero


class SaleOrder(models.Model):
    """What an order offers to who releases it: parts, a deposit, another term."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _get_credit_release_ways(self):
        self.ensure_one()
        if self.state not in ("draft", "sent") or self.locked:
            return set()
        ways = {"deposit", "term"}
        lines = self._get_credit_split_lines()
        combos = any(line.product_type == "combo" for line in lines)
        if lines and not combos and not self.order_line.invoice_lines:
            ways.add("part")
        return ways

    def _get_credit_split_lines(self):
        return self._get_priced_lines().filtered(
            lambda line: not line.is_downpayment and line.product_uom_qty > 0
        )

    def _is_credit_undelivered(self):
        """Whether goods of this order are still in our hands."""
        return any(
            line.qty_delivered < line.product_uom_qty
            for line in self._get_credit_split_lines()
        )

    def _get_credit_release_lines(self):
        company = self.company_id
        rate = self.currency_id._get_conversion_rate(
            self.currency_id, company.currency_id, company, self.date_order.date()
        )
        return [
            {
                "res_id": line.id,
                "name": line._get_credit_title(),
                "quantity": line.product_uom_qty,
                "rounding": line.product_uom_id.rounding or 0.01,
                "unit": line.price_total / line.product_uom_qty * rate,
            }
            for line in self._get_credit_split_lines()
        ]

    def _credit_split_off(self, quantities):
        self.ensure_one()
        if "part" not in self._get_credit_release_ways():
            raise self._get_way_error()
        rest = self._get_credit_rest(quantities)
        second = self.copy(
            {
                "origin": self.name,
                "user_id": self.user_id.id,
                "order_line": [
                    Command.create(self._prepare_credit_rest(line, quantity))
                    for line, quantity in rest.items()
                ],
            }
        )
        self._credit_reduce(rest)
        for order, other in ((self, second), (second, self)):
            order._message_log(
                body=self.env._(
                    "Split by credit control: see also %s.", other._get_html_link()
                )
            )
        return second

    def _get_credit_rest(self, quantities):
        """What goes to the second order.

        :return: dict, line -> quantity above 0
        :raise UserError: for quantities that make no sense, or nothing to split
        """
        rest, kept = {}, False
        for line in self._get_credit_split_lines():
            rounding = line.product_uom_id.rounding or 0.01
            keep = quantities.get(line.id, 0.0)
            more = float_compare(
                keep, line.product_uom_qty, precision_rounding=rounding
            )
            if more > 0 or keep < 0:
                raise UserError(
                    self.env._("%s: release between nothing and all of it.", line.name)
                )
            kept = kept or not float_is_zero(keep, precision_rounding=rounding)
            if more < 0:
                rest[line] = line.product_uom_qty - keep
        if not rest or not kept:
            raise UserError(
                self.env._("Release a part: neither nothing nor the whole order.")
            )
        return rest

    def _prepare_credit_rest(self, line, quantity):
        values = line.copy_data({"product_uom_qty": quantity})[0]
        values.pop("order_id", None)
        return values

    def _credit_reduce(self, rest):
        # The price is written as well: Odoo takes it from the list when only the
        # quantity changes.
        for line, quantity in rest.items():
            keep = line.product_uom_qty - quantity
            if float_is_zero(keep, precision_rounding=line.product_uom_id.rounding):
                line.unlink()
            else:
                line.write(
                    {
                        "product_uom_qty": keep,
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                    }
                )

    def _credit_ask_deposit(self, amount):
        self.ensure_one()
        if "deposit" not in self._get_credit_release_ways():
            raise self._get_way_error()
        company = self.company_id
        worth = company.currency_id._convert(
            amount, self.currency_id, company, fields.Date.today()
        )
        if self.currency_id.compare_amounts(worth, self.amount_total) > 0:
            raise UserError(self.env._("The deposit is more than the whole order."))
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": worth,
                "sale_order_ids": [Command.set(self.ids)],
            }
        )
        wizard._check_amount_is_positive()
        invoice = wizard._create_invoices(self)
        invoice.action_post()
        return invoice

    def _credit_change_term(self, term):
        self.ensure_one()
        if "term" not in self._get_credit_release_ways():
            raise self._get_way_error()
        before = self.payment_term_id.name or "-"
        self.payment_term_id = term
        self._message_log(
            body=self.env._(
                "Payment term changed by credit control: %(before)s → %(term)s.",
                before=before,
                term=term.name,
            )
        )
