# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine.position import Claim, Part
from .callers import without
from .readers import for_colleagues

# What may bind credit, move it to another debtor or change which lines carry it.
GATED_FIELDS = frozenset(
    {
        "state",
        "partner_id",
        "partner_invoice_id",
        "company_id",
        "currency_id",
        "pricelist_id",
        "date_order",
        "commitment_date",
        "fiscal_position_id",
        "payment_term_id",
        "preferred_payment_method_line_id",
        "order_line",
    }
)
OWN_FIELDS = frozenset(
    {"credit_open_company", "credit_open_split", "credit_reserved_company"}
)

# Computed from the lines. Odoo lets anybody write them by RPC; here they decide about
# credit, so what is written is left out.
TOTALS = frozenset({"amount_untaxed", "amount_tax", "amount_total"})


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "credit.document.mixin"]

    credit_company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    credit_open_company = fields.Monetary(
        string="Open for Credit",
        compute="_compute_credit_open",
        store=True,
        currency_field="credit_company_currency_id",
        help="What this order still adds to the exposure: confirmed, not invoiced, taxes "
        "included, less posted down payments, in the company's currency.",
    )
    credit_open_split = fields.Json(compute="_compute_credit_open", store=True)

    _credit_open_idx = models.Index(
        "(partner_invoice_id) WHERE credit_open_company <> 0"
    )

    @api.depends(
        "state",
        "company_id",
        "currency_id",
        "date_order",
        "payment_term_id",
        "order_line.product_id",
        "order_line.display_type",
        "order_line.is_downpayment",
        "order_line.extra_tax_data",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "order_line.qty_delivered",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.tax_ids",
        "order_line.invoice_lines.parent_state",
        "order_line.invoice_lines.quantity",
        "order_line.invoice_lines.product_uom_id",
        "order_line.invoice_lines.price_total",
    )
    def _compute_credit_open(self):
        for order in self:
            split = order._get_credit_split() if order.state == "sale" else {}
            unit = 10**order.company_id.currency_id.decimal_places
            order.credit_open_company = sum(split.values()) / unit
            order.credit_open_split = {
                str(key or 0): cents for key, cents in split.items()
            }

    # === THE GATE === #

    def _get_credit_claims(self, proposed=False):
        bound = self.filtered(lambda order: order.state == "sale" or proposed)
        if bound:
            bound._credit_read_partners()
            bound._credit_settle_lines()
        if proposed:
            # Speed: the taxes of all lines in one statement.
            self.sudo().order_line.mapped("tax_ids")
        return {
            order: order._prepare_credit_claim(proposed)
            if order.state == "sale" or proposed
            else None
            for order in self.sudo()
        }

    def _credit_read_partners(self):
        """Read in one statement the partners that a confirmation looks at.

        The debtors, the companies for their time zone, the user for the chatter.
        """
        orders = self.sudo()
        companies = orders.company_id._get_credit_root()
        partners = orders.partner_invoice_id | companies.partner_id
        (partners | self.env.user.sudo().partner_id).mapped("commercial_partner_id")

    def _credit_settle_lines(self):
        """Compute now what Odoo would else write in one more statement.

        Speed: the measurement writes all that is pending, and of the lines this amount
        comes after another one that has the lines written already.
        """
        self.sudo().order_line.mapped("untaxed_amount_to_invoice")

    def _prepare_credit_claim(self, proposed):
        debtor = self.partner_invoice_id.commercial_partner_id._origin
        if not debtor:
            return None
        if self.state == "sale":
            split = self.credit_open_split or {}
            # Speed: taxes are computed once while nothing is invoiced.
            whole = (
                self._get_credit_split(remaining=False)
                if self.order_line.invoice_lines
                else split
            )
        else:
            whole = self._get_credit_split(remaining=False)
            # A deposit that was invoiced before is owed by its invoice.
            split = self._get_credit_split() if self.order_line.invoice_lines else whole
        term = self.payment_term_id._origin.id or None
        method = self.preferred_payment_method_line_id._origin.id or None
        return Claim(
            partner_id=debtor.id,
            company_id=self.company_id._get_credit_root().id,
            parts=tuple(
                Part(cents, term, method, int(product or 0) or None)
                for product, cents in split.items()
            ),
            total=sum(whole.values()),
            paid=self._get_credit_paid() if proposed else 0,
            team=self.team_id._origin.id or None,
            costly={"price_cut": self._get_credit_price_cut},
            due=self.commitment_date.date() if self.commitment_date else None,
        )

    def _get_credit_paid(self):
        """Cents taken online for this order that no posted payment shows yet (P5)."""
        return self.sudo().transaction_ids._get_credit_uncounted(self.company_id)

    @api.model
    def _query_credit_taken(self, ids):
        return SQL(
            """SELECT DISTINCT r.sale_order_id FROM sale_order_transaction_rel r
            JOIN payment_transaction t ON t.id = r.transaction_id
            WHERE r.sale_order_id = ANY(%s) AND t.state IN ('authorized', 'done')""",
            ids,
        )

    @api.model
    def _query_credit_taken_guard(self, ids):
        return SQL(
            "SELECT FROM sale_order_transaction_rel r WHERE r.sale_order_id = ANY(%s)",
            ids,
        )

    @api.model
    def _query_credit_split(self, ids):
        return SQL(
            "SELECT id, credit_open_split FROM sale_order WHERE id = ANY(%s)",
            ids,
        )

    def _is_credit_money_taken(self):
        """Override of the mixin: the confirmation that a payment triggers."""
        return self in self.env.cr.cache.get("credit_control.paid_orders", ())

    def _get_credit_name(self, held=False):
        """Override of the mixin: its number alone, which is not computed first."""
        return self.name

    def _get_credit_checkpoint(self, before):
        return "confirmation" if before is None else "change"

    def _get_credit_salesperson(self):
        return self.user_id

    @api.model_create_multi
    def create(self, vals_list):
        self._credit_refuse_forged(*vals_list)
        vals_list = [without(vals, TOTALS) for vals in vals_list]
        if not any(vals.get("state", "draft") == "sale" for vals in vals_list):
            return super().create(vals_list)
        with self.browse()._credit_gate() as gate:
            orders = super().create(vals_list)
            gate.before.update(dict.fromkeys(orders))
        return orders

    def write(self, vals):
        self._credit_refuse_forged(vals)
        vals = without(vals, TOTALS)
        if not GATED_FIELDS.intersection(vals):
            return super().write(vals)
        if self._credit_binds(vals):
            with self._credit_gate():
                result = super().write(vals)
        else:
            result = super().write(vals)
            self._credit_changed()
        if vals.get("state") == "cancel":
            self._credit_void_holds()
        return result

    def unlink(self):
        self._credit_void_holds()
        return super().unlink()

    def _recompute_prices(self):
        with self._credit_gate():
            return super()._recompute_prices()

    def _credit_binds(self, vals):
        return vals.get("state") == "sale" or any(
            order.state == "sale" for order in self
        )

    def _credit_refuse_forged(self, *vals_list):
        # Stored computed fields are writable by RPC; these decide about money.
        if any(OWN_FIELDS.intersection(vals) for vals in vals_list):
            raise AccessError(
                self.env._("What an order owes is computed, never entered.")
            )

    def _credit_changed(self):
        debtors = self.sudo().partner_invoice_id.commercial_partner_id
        self.env["credit.profile"]._debtors_changed(
            debtors.ids, for_colleagues(self).env._("An order changed.")
        )

    def _credit_resume(self):
        """Override of the mixin: confirm what waited."""
        self.filtered(lambda order: order.state in ("draft", "sent")).action_confirm()

    @api.depends(
        "partner_invoice_id",
        "amount_total",
        "currency_id",
        "company_id",
        "payment_term_id",
        "preferred_payment_method_line_id",
        "state",
    )
    @api.depends_context("lang", "uid")
    def _compute_credit_preview(self):
        waiting = self.filtered(lambda order: order.state in ("draft", "sent"))
        (self - waiting).credit_preview = False
        return super(SaleOrder, waiting)._compute_credit_preview()

    @api.depends("company_id", "partner_id", "amount_total")
    def _compute_partner_credit_warning(self):
        """Override of `sale`: the native banner gives way to ours where we manage."""
        result = super()._compute_partner_credit_warning()
        for order in self.filtered("partner_credit_warning"):
            preview = order.credit_preview
            if preview and preview["managed"]:
                order.partner_credit_warning = ""
        return result

    def _fits_credit(self):
        self.ensure_one()
        facts = self.sudo()._credit_simulate()
        return not facts or facts["outcome"] != "hold"

    def _check_credit_on_account(self):
        """:raise UserError: in words that a shopper may read (no figures)"""
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            if not order._fits_credit():
                raise UserError(
                    self.env._(
                        "This order cannot be paid on delivery. Please choose another way "
                        "to pay, or contact us."
                    )
                )
