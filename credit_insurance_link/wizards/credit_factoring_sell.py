# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CreditFactoringSell(models.TransientModel):
    """The dialog that sells invoices to a factor; it says first what will change."""

    _name = "credit.factoring.sell"
    _description = "Sell Invoices to a Factor"

    move_ids = fields.Many2many("account.move", string="Invoices")
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    factor_id = fields.Many2one("credit.factor", required=True)
    with_recourse = fields.Boolean(
        compute="_compute_with_recourse", store=True, readonly=False
    )
    sold_on = fields.Date(required=True, default=fields.Date.context_today)
    notified_on = fields.Date(string="Customers Told on")
    reference = fields.Char()
    move_count = fields.Integer(string="Invoices to Sell", compute="_compute_figures")
    skip_count = fields.Integer(
        string="Left Out",
        compute="_compute_figures",
        help="Not posted, paid, sold already, or of another company.",
    )
    amount = fields.Monetary(string="Open Amount", compute="_compute_figures")
    unapproved_ids = fields.Many2many("res.partner", compute="_compute_unapproved_ids")

    @api.model
    def default_get(self, fields):
        """Override of `base`: the invoices that are selected in the list."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "account.move":
            values["move_ids"] = [(6, 0, self.env.context.get("active_ids") or [])]
        return values

    @api.depends("move_ids")
    def _compute_company_id(self):
        for wizard in self:
            company = wizard.move_ids[:1].company_id or self.env.company
            wizard.company_id = company.root_id

    @api.depends("factor_id")
    def _compute_with_recourse(self):
        for wizard in self:
            wizard.with_recourse = wizard.factor_id.with_recourse

    @api.depends("move_ids", "factor_id")
    def _compute_figures(self):
        for wizard in self:
            moves = wizard._get_moves()
            wizard.move_count = len(moves)
            wizard.skip_count = len(wizard.move_ids) - len(moves)
            wizard.amount = sum(moves.mapped("amount_residual_signed"))

    @api.depends("move_ids", "factor_id", "with_recourse", "sold_on")
    def _compute_unapproved_ids(self):
        for wizard in self:
            wizard.unapproved_ids = wizard._get_unapproved()

    def _get_unapproved(self):
        """The customers of whose invoices the factor bears nothing, without recourse."""
        debtors = self._get_moves().commercial_partner_id
        if self.with_recourse or not self.factor_id or not self.sold_on:
            return debtors.browse()
        approvals = self.factor_id.approval_ids.filtered(
            lambda a: (
                a.amount and a.date_from <= self.sold_on <= (a.date_to or date.max)
            )
        )
        return debtors - approvals.partner_id

    def _get_moves(self):
        """Those of the selected invoices that can be sold."""
        root = self.factor_id.company_id or self.company_id
        domain = (
            Domain("id", "in", self.move_ids.ids)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("company_id", "child_of", root.ids)
        )
        moves = self.env["account.move"].search(domain)
        sold = self.env["credit.factoring"].search(
            [("move_id", "in", moves.ids), ("state", "=", "sold")]
        )
        return moves - sold.move_id

    def action_sell(self):
        """Record the sale of each invoice."""
        self.ensure_one()
        moves = self._get_moves()
        if not moves:
            raise UserError(self.env._("None of these invoices can be sold."))
        self.env["credit.factoring"].create(
            [self._prepare_factoring(move) for move in moves]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_factoring_action"
        )
        return {**action, "domain": [("move_id", "in", moves.ids)]}

    def _prepare_factoring(self, move):
        return {
            "move_id": move.id,
            "factor_id": self.factor_id.id,
            "with_recourse": self.with_recourse,
            "sold_on": self.sold_on,
            "notified_on": self.notified_on,
            "reference": self.reference,
        }
