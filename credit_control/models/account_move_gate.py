# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from ..engine.position import Claim, Part
from ..engine.scope import split_exactly

CHECKED_TYPES = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    """A stand-alone customer invoice passes the gate when it is posted.

    What confirmed orders stand for passed it there; delivered goods can always be
    invoiced, and what lowers the exposure is never looked at (P5).
    """

    _name = "account.move"
    _inherit = ["account.move", "credit.document.mixin"]

    # === WHAT AN INVOICE OWES BY ITSELF === #

    def _get_credit_claims(self, proposed=False):
        claims = dict.fromkeys(self)
        for move in self._filter_credit_checked():
            if move.state == "posted" or (proposed and move.state == "draft"):
                # sudo: what is owed does not depend on who posts (P7).
                claims[move] = move.sudo()._prepare_credit_claim()
        return claims

    def _filter_credit_checked(self):
        """Hook: the documents that the gate looks at; point of sale is none of them."""
        return self.filtered(
            lambda move: (
                move.move_type in CHECKED_TYPES
                and not ("pos_order_ids" in move._fields and move.sudo().pos_order_ids)
            )
        )

    def _prepare_credit_claim(self):
        debtor = self.commercial_partner_id._origin
        split = self._get_credit_own_split() if debtor else {}
        if not any(split.values()):
            return None
        term = self.invoice_payment_term_id._origin.id or None
        method = self.preferred_payment_method_line_id._origin.id or None
        total = sum(split.values())
        return Claim(
            partner_id=debtor.id,
            company_id=self.company_id._get_credit_root().id,
            parts=tuple(
                Part(cents, term, method, product) for product, cents in split.items()
            ),
            total=total,
            checkpoint="invoice",
            team=self.team_id._origin.id or None,
            sources=self._get_credit_sources(total),
        )

    def _get_credit_own_split(self):
        """Product id or None -> cents that no confirmed order stands for.

        In the company's currency, not more than what is still open of the invoice.
        """
        unit = 10**self.company_id.currency_id.decimal_places
        own = self._get_credit_own_amounts()
        if self._get_credit_orders() or not self._origin:
            worth = sum(own.values()) / (self.invoice_currency_rate or 1.0)
        else:
            worth = self.amount_total_signed
        cents = round(worth * unit)
        if self.state == "posted":
            cents = min(cents, round(self.amount_residual_signed * unit))
        weights = {
            product: round(amount * 10**self.currency_id.decimal_places)
            for product, amount in own.items()
            if amount > 0
        }
        return split_exactly(cents, weights) if cents > 0 and weights else {}

    def _get_credit_orders(self):
        orders = self.invoice_line_ids.sale_line_ids.order_id
        return orders.filtered(lambda order: order.state == "sale")

    def _get_credit_own_amounts(self):
        """Product id or None -> what no order stands for, taxes included."""
        amounts, left = {}, {}
        for line in self.invoice_line_ids:
            if line.display_type == "product":
                product = line.product_id.id or None
                own = line._get_credit_own(left)
                amounts[product] = amounts.get(product, 0.0) + own
        return amounts

    def _get_credit_sources(self, own):
        """The confirmed orders of the invoice, each with what it comes to with it."""
        orders = tuple(
            (
                (order._name, order.id),
                sum(order._get_credit_split(remaining=False).values()) + own,
            )
            for order in self._get_credit_orders()
        )
        return (orders,) if orders else ()

    # === THE GATE === #

    def write(self, vals):
        if vals.get("state") != "posted" or not self._is_credit_gated():
            result = super().write(vals)
        else:
            with self._credit_gate():
                result = super().write(vals)
        if vals.get("state") == "cancel":
            self._credit_void_holds()
        return result

    def unlink(self):
        self._filter_credit_checked()._credit_void_holds()
        return super().unlink()

    def _is_credit_gated(self):
        debtors = self._filter_credit_checked().commercial_partner_id
        rules = self.env["credit.rule"]
        return bool(debtors) and rules._looks_at("invoice", debtors.ids)

    def _get_credit_component(self):
        """Override of the mixin: posted, or as a draft, it is part of the exposure."""
        if self.state == "posted":
            return "receivable"
        return "draft_invoice" if self._origin else "none"

    def _get_credit_name(self, held=False):
        """Override of the mixin: the number goes to the next invoice that is posted."""
        if not held:
            return super()._get_credit_name(held)
        names = (
            self.env._("Draft Invoice"),
            str(self._origin.id or ""),
            self.ref or "",
        )
        return " ".join(filter(None, names))

    def _is_credit_unseen(self, position):
        """Override of the mixin: a draft that was saved before shows in the exposure."""
        drafts_count = "draft_invoice" in position.policy["components"]
        now = self.env.cr.now().replace(microsecond=0)
        return not drafts_count or self.create_date.replace(microsecond=0) == now

    def _is_credit_money_taken(self):
        """Override of the mixin: posted because it was paid online (P5)."""
        # sudo: accountants may not read transactions.
        states = self.sudo().transaction_ids.mapped("state")
        return "done" in states or "authorized" in states

    def _get_credit_paid(self):
        return self.sudo().transaction_ids._get_credit_uncounted(self.company_id)

    @api.model
    def _query_credit_taken(self, ids):
        return SQL(
            """SELECT DISTINCT r.invoice_id FROM account_invoice_transaction_rel r
            JOIN payment_transaction t ON t.id = r.transaction_id
            WHERE r.invoice_id = ANY(%s) AND t.state IN ('authorized', 'done')""",
            ids,
        )

    def _get_credit_salesperson(self):
        return self.invoice_user_id

    def _may_request_credit_release(self, user):
        """Override of the mixin: accountants post invoices."""
        return user.has_group(
            "account.group_account_invoice"
        ) or super()._may_request_credit_release(user)

    @api.model
    def _word_credit_part(self, amount):
        """The way out of doing a part, in words.

        :param str amount: with its currency
        """
        return self.env._("Invoice only %s of it now.", amount)

    def _credit_resume(self):
        """Override of the mixin: post what waited, if that is for the user to do."""
        waiting = self.filtered(lambda move: move.state == "draft")
        if self.env.user.has_group("account.group_account_invoice"):
            waiting.action_post()

    @api.depends(
        "state",
        "partner_id",
        "company_id",
        "currency_id",
        "amount_total",
        "invoice_payment_term_id",
        "preferred_payment_method_line_id",
    )
    @api.depends_context("lang", "uid")
    def _compute_credit_preview(self):
        waiting = self._filter_credit_checked().filtered(
            lambda move: move.state == "draft"
        )
        if not waiting._is_credit_gated():
            waiting = self.browse()
        (self - waiting).credit_preview = False
        return super(AccountMove, waiting)._compute_credit_preview()
