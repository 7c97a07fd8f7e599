# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the exposure tests share: short words for business events, and a second opinion.

The second opinion asks none of our fields: it reads Odoo's own records and does the sum
again in plain decimals.
"""

from decimal import ROUND_HALF_UP, Decimal

from odoo import Command, fields
from odoo.tools import SQL

from .common import CreditCommon

CENT = Decimal("0.01")


def exact(number):
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def price(lines, globally=False):
    """What an invoice of these lines comes to, worked out by hand.

    :param lines: (unit price, discount percent, quantity, tax percent, tax included)
    :param bool globally: each tax is rounded once, and so is the sum of the bases; where
        all prices include their taxes, the total
    """
    total, taxes, excluded = Decimal(0), {}, False
    for unit, discount, quantity, percent, included in lines:
        gross = exact(unit) * (1 - exact(discount) / 100) * exact(quantity)
        rate = exact(percent) / 100
        # Line by line, Odoo rounds the price before it adds the taxes.
        gross = gross if globally else cents(gross)
        tax = gross * rate / (1 + rate) if included else gross * rate
        tax = tax if globally else cents(tax)
        total += gross - tax if included else gross
        taxes[percent, included] = taxes.get((percent, included), 0) + tax
        excluded = excluded or bool(percent and not included)
    if excluded:
        return cents(total) + sum(map(cents, taxes.values()))
    return cents(total + sum(taxes.values()))


class ExposureCase(CreditCommon):
    """A debtor without credit limit, so that every event goes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_per_line"
        cls.policy.component_ids = cls.env["credit.exposure.component"].search([])
        cls.policy.uncleared_days = 0
        code = "CHF" if cls.currency.name != "CHF" else "EUR"
        cls.foreign = cls.setup_other_currency(code, rates=[("2000-01-01", 1.3757)])
        cls.tax20 = cls._new_tax(20.0)
        cls.tax55 = cls._new_tax(5.5)
        cls.tax20_included = cls._new_tax(20.0, price_include_override="tax_included")
        cls.delivered_goods = cls._new_product("On delivery", invoice_policy="delivery")

    @classmethod
    def _new_tax(cls, amount, **values):
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} {values.get('price_include_override', '')}",
                "amount": amount,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
                **values,
            }
        )

    # === EVENTS === #

    def _line(self, unit, quantity=1, tax=None, product=None, **values):
        return Command.create(
            {
                "product_id": (product or self.goods).id,
                "product_uom_qty": quantity,
                "price_unit": unit,
                "tax_ids": [Command.set((tax or self.env["account.tax"]).ids)],
                **values,
            }
        )

    def _order(self, *lines, confirm=True, **values):
        order = self.env["sale.order"].create(
            {"partner_id": self.debtor.id, "order_line": list(lines), **values}
        )
        if confirm:
            order.action_confirm()
        return order

    def _abroad(self):
        """Values of an order in the foreign currency."""
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": self.foreign.id}
        )
        return {"pricelist_id": pricelist.id}

    def _invoice(self, order, post=True, final=True):
        invoice = order._create_invoices(final=final)
        if post:
            self._post(invoice)
        return invoice

    def _post(self, invoice):
        invoice.invoice_date = invoice.invoice_date or fields.Date.today()
        invoice.action_post()

    def _down_payment(self, order, percent=None, fixed=None, post=True):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage" if percent else "fixed",
                "amount": percent or 0,
                "fixed_amount": fixed or 0,
            }
        )
        invoice = wizard._create_invoices(order)
        if post:
            self._post(invoice)
        return invoice

    def _settle(self, invoice, amount=None, **values):
        """Pay an invoice, fully or partly."""
        if amount:
            values["amount"] = amount
        return self._register_payment(
            invoice, payment_date=fields.Date.today(), **values
        )

    def _refund(self, invoice, post=True):
        return self._reverse_invoice(invoice, post=post, date=fields.Date.today())

    def _clear(self, payment):
        """The bank statement shows the payment."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "payment_ref": payment.name,
                "amount": payment.amount_signed,
                "date": payment.date,
            }
        )
        liquidity = payment._seek_for_lines()[0]
        suspense = line._seek_for_lines()[1]
        suspense.account_id = liquidity.account_id
        (liquidity | suspense).reconcile()

    # === THE SECOND OPINION === #

    def _by_hand(self, partner=None):
        """What a debtor owes, component by component, from Odoo's own records."""
        debtor = (partner or self.debtor).commercial_partner_id
        family = self.env["res.partner"].with_context(active_test=False)
        family = family.search([("commercial_partner_id", "=", debtor.id)])
        companies = self.env["res.company"].search(
            [("id", "child_of", self.company.ids)]
        )
        mine = [("company_id", "in", companies.ids)]
        return {
            "receivable": self._by_hand_receivable(family, mine),
            "order": self._by_hand_orders(family, mine),
            "draft_invoice": self._by_hand_drafts(family, mine),
            "uncleared": self._by_hand_uncleared(family, mine),
        }

    def _by_hand_receivable(self, family, mine):
        lines = self.env["account.move.line"].search(
            [
                *mine,
                ("partner_id", "in", family.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum((exact(line.amount_residual) for line in lines), Decimal(0))

    def _by_hand_orders(self, family, mine):
        orders = self.env["sale.order"].search(
            [*mine, ("partner_invoice_id", "in", family.ids), ("state", "=", "sale")]
        )
        return sum((self._by_hand_order(order) for order in orders), Decimal(0))

    def _by_hand_order(self, order):
        lines = order.order_line.filtered(lambda line: not line.display_type)
        advances = lines.filtered("is_downpayment")
        globally = order.company_id.tax_calculation_rounding_method == "round_globally"
        goods = price([self._by_hand_line(line) for line in lines - advances], globally)
        rest = goods - sum(exact(line.amount_invoiced) for line in advances)
        # An advance beyond what is left, or an order below zero, lends nothing.
        rest = max(rest, Decimal(0))
        if order.currency_id == order.company_id.currency_id:
            return cents(rest)
        rate = order.currency_id._get_rates(order.company_id, order.date_order.date())
        return cents(rest / exact(rate[order.currency_id.id]))

    def _by_hand_line(self, line):
        sign = -1 if line.product_uom_qty < 0 else 1
        due = sign * line.product_uom_qty
        if sign * line.price_unit > 0:
            due = max(due, sign * line.qty_delivered)
        quantity = max(due - sign * line.qty_invoiced_posted, 0) * sign
        tax = line.tax_ids
        return (
            line.price_unit,
            line.discount,
            quantity,
            tax.amount or 0,
            tax.price_include,
        )

    def _by_hand_drafts(self, family, mine):
        drafts = self.env["account.move"].search(
            [
                *mine,
                ("partner_id", "in", family.ids),
                ("state", "=", "draft"),
                ("move_type", "in", ("out_invoice", "out_receipt")),
            ]
        )
        return sum((max(self._by_hand_draft(draft), 0) for draft in drafts), Decimal(0))

    def _by_hand_draft(self, draft):
        """Of a draft, what no confirmed order counts already."""
        lines = draft.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        alone = lines.filtered(
            lambda line: "sale" not in line.sale_line_ids.mapped("state")
        )
        if alone == lines:
            return exact(draft.amount_total_signed)
        rest = sum((exact(line.price_total) for line in alone), Decimal(0))
        return cents(rest / exact(draft.invoice_currency_rate))

    def _by_hand_uncleared(self, family, mine):
        payments = self.env["account.payment"].search(
            [
                *mine,
                ("partner_id", "in", family.ids),
                ("payment_type", "=", "inbound"),
                ("partner_type", "=", "customer"),
                ("state", "in", ("in_process", "paid")),
            ]
        )
        # Money that is on its way: still open on an account of its own.
        waiting = payments.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.reconcile
                and line.account_type not in ("asset_receivable", "liability_payable")
            )
        )
        return sum((exact(line.amount_residual) for line in waiting), Decimal(0))

    # === COMPARING === #

    def _components(self, partner=None):
        """Our measurement, component by component, zeros left out."""
        counted = self._position(partner).counted
        return {code: amount / 100 for code, amount in counted.items() if amount}

    def _assert_owes(self, partner=None, **components):
        """The debtor owes exactly this, by our measurement and by hand."""
        self.assertEqual(self._components(partner), components)
        self.assertEqual(self._by_hand_components(partner), components)

    def _by_hand_components(self, partner=None):
        return {
            code: float(sum_) for code, sum_ in self._by_hand(partner).items() if sum_
        }

    def _figures(self, partner=None, user=None, companies=None):
        """One debtor's exposure as each place shows it to a user (P1, P7)."""
        partner = (partner or self.debtor).commercial_partner_id
        env = self.env(user=user or self.env.user)
        if companies:
            env = env(context={**env.context, "allowed_company_ids": companies.ids})
        env.invalidate_all()
        partner = partner.with_env(env)
        profile = self.env["credit.profile"]._get_or_create(
            partner.sudo(), self.company
        )
        answer = env["credit.profile"].check(partner.id, 0.0)
        return {
            "partner": partner.credit_exposure,
            "profile": profile.with_env(env).sudo().exposure,
            "api": answer["exposure"],
            "list": self._list_figure(env, partner),
            "rows": self._sum_of_rows(env, partner),
        }

    def _list_figure(self, env, partner):
        """The figure by which lists sort and filter."""
        table = env["credit.measure"]._query_totals(env.company)
        rows = env.execute_query(
            SQL("SELECT exposure FROM (%s) t WHERE partner_id = %s", table, partner.id)
        )
        return float(rows[0][0]) if rows else 0.0

    def _sum_of_rows(self, env, partner):
        # sudo: salespeople have no right to open the items, only the sums.
        rows = env["credit.exposure"].sudo().search([("partner_id", "=", partner.id)])
        rows = rows.filtered(lambda row: row.company_id == self.company)
        return round(sum(rows.mapped("amount")), 2)

    def _assert_one_truth(self, partner=None, user=None, companies=None):
        """Every place shows the sum that was worked out by hand."""
        by_hand = float(sum(self._by_hand(partner).values()))
        figures = self._figures(partner, user, companies)
        self.assertEqual(figures, dict.fromkeys(figures, by_hand))
