# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.credit_control.models.debtors import DEBTORS


class CreditFactor(models.Model):
    """A factor or a bank that buys our invoices, and up to how much it bears the risk."""

    _name = "credit.factor"
    _description = "Factor"
    _inherit = ["mail.thread", "credit.rooted"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    partner_id = fields.Many2one(
        "res.partner",
        string="Bank or Factor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_company", "=", True)],
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    contract = fields.Char(help="Number of the factoring contract.", tracking=True)
    with_recourse = fields.Boolean(
        help="The factor takes the money back when the customer does not pay: what is sold "
        "still uses the customer's credit.",
        tracking=True,
    )
    active = fields.Boolean(default=True)
    approval_ids = fields.One2many(
        "credit.factor.approval", "factor_id", string="Approvals"
    )
    sold_amount = fields.Monetary(
        string="Sold and Open", compute="_compute_amounts", compute_sudo=True
    )
    borne_amount = fields.Monetary(
        string="Borne by the Factor",
        compute="_compute_amounts",
        compute_sudo=True,
        help="Sold without recourse, within what the factor approved for each customer.",
    )
    note = fields.Text()

    @api.depends("partner_id")
    def _compute_name(self):
        for factor in self:
            factor.name = factor.name or factor.partner_id.name

    def _compute_amounts(self):
        """What is open on sold invoices, and how much of it exposure leaves out (P1)."""
        sold = self.env["credit.factoring"].search(
            [("factor_id", "in", self.ids), ("state", "=", "sold")]
        )
        borne = sold._get_borne()
        for factor in self:
            mine = sold.filtered(lambda one, factor=factor: one.factor_id == factor)
            factor.sold_amount = sum(mine.mapped("open_amount"))
            factor.borne_amount = sum(borne.get(one.id, 0.0) for one in mine)

    def action_open_sold(self):
        """Open the invoices sold to this factor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_factoring_action"
        )
        return {**action, "domain": [("factor_id", "=", self.id)]}


class CreditFactorApproval(models.Model):
    """Up to how much a factor bears the risk of a customer; zero is no approval."""

    _name = "credit.factor.approval"
    _description = "Approval of a Factor"
    _inherit = ["mail.thread"]
    _order = "partner_id, date_from desc, id desc"
    _rec_name = "partner_id"

    factor_id = fields.Many2one(
        "credit.factor", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="factor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="factor_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain=DEBTORS,
    )
    amount = fields.Monetary(
        required=True,
        tracking=True,
        help="What is sold beyond it stays at our own risk and uses the customer's credit. "
        "To change it, end this approval and enter a new one: what was sold keeps its own.",
    )
    date_from = fields.Date(
        string="Start", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="End",
        tracking=True,
        help="Last day on which invoices can be sold within it. Empty: no end.",
    )
    reference = fields.Char(help="The factor's number of the approval.", tracking=True)

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "An approval is zero or more; zero is no approval."
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_from <= date_to)",
        "An approval cannot end before it starts.",
    )
    _customer_idx = models.Index("(factor_id, partner_id)")

    @api.constrains("factor_id", "partner_id", "date_from", "date_to")
    def _check_overlap(self):
        for approval in self:
            last = approval.date_to or fields.Date.to_date("9999-12-31")
            others = self.sudo().search_count(
                [
                    ("factor_id", "=", approval.factor_id.id),
                    ("partner_id", "=", approval.partner_id.id),
                    ("id", "!=", approval.id),
                    ("date_from", "<=", last),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", approval.date_from),
                ],
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%s has an approval of this factor at that time: end it first.",
                        approval.partner_id.display_name,
                    )
                )

    @api.constrains("partner_id")
    def _check_debtor(self):
        for approval in self:
            if approval.partner_id.commercial_partner_id != approval.partner_id:
                raise ValidationError(
                    self.env._("An approval is for the company, not for a contact.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        approvals = super().create(vals_list)
        approvals._credit_changed()
        return approvals

    def write(self, vals):
        if {"amount", "partner_id", "factor_id", "date_from"} & set(vals):
            self._check_unused()
        debtors = self.partner_id
        result = super().write(vals)
        self._credit_changed(debtors)
        return result

    def unlink(self):
        self._credit_changed()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        """What was sold under an approval was borne by the factor: that stays true."""
        for approval in self:
            used = self.env["credit.factoring"].search_count(
                [
                    ("factor_id", "=", approval.factor_id.id),
                    ("move_id.commercial_partner_id", "=", approval.partner_id.id),
                    ("sold_on", ">=", approval.date_from),
                    ("sold_on", "<=", approval.date_to or fields.Date.today()),
                ],
                limit=1,
            )
            if used:
                raise UserError(
                    self.env._(
                        "Invoices were sold under this approval: end it and enter a new one."
                    )
                )

    def _credit_changed(self, debtors=None):
        debtors = (debtors or self.env["res.partner"]) | self.partner_id
        self.env["credit.profile"]._debtors_changed(
            debtors.ids, self.env._("A factor's approval changed.")
        )
