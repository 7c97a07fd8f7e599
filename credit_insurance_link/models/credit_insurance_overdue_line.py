# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class CreditInsuranceOverdueLine(models.Model):
    """One instalment of an invoice as the insurer was told of it."""

    _name = "credit.insurance.overdue.line"
    _description = "Invoice of a Notice"
    _inherit = ["credit.insurance.part"]
    _order = "date_due, id"
    _rec_name = "move_id"

    _whole = "overdue_id"

    overdue_id = fields.Many2one(
        "credit.insurance.overdue", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="overdue_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="overdue_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ],
    )
    move_id = fields.Many2one(related="move_line_id.move_id", store=True, index=True)
    date_issue = fields.Date(
        string="Issued", compute="_compute_told", store=True, compute_sudo=True
    )
    date_due = fields.Date(
        string="Original Due Date",
        compute="_compute_told",
        store=True,
        compute_sudo=True,
    )
    date_extended = fields.Date(
        string="New Due Date", help="What is asked of the insurer, or agreed with him."
    )
    amount_gross = fields.Monetary(
        string="Invoiced", compute="_compute_told", store=True, compute_sudo=True
    )
    amount_net = fields.Monetary(
        string="Without Taxes", compute="_compute_told", store=True, compute_sudo=True
    )
    amount_open = fields.Monetary(
        string="Open When Told",
        compute="_compute_told",
        store=True,
        compute_sudo=True,
        help="As it was when the notice was made; it does not change afterwards.",
    )

    _item_uniq = models.Constraint(
        "UNIQUE(overdue_id, move_line_id)", "This invoice is on the notice already."
    )

    @api.depends("move_line_id", "overdue_id")
    def _compute_told(self):
        """Copied once: what was told does not follow later payments."""
        for line in self.filtered("move_line_id"):
            move, item = line.move_line_id.move_id, line.move_line_id
            share = item.balance / move.amount_total_signed if move.amount_total else 1
            line.update(
                {
                    "date_issue": move.invoice_date or move.date,
                    "date_due": item.date_maturity or item.date,
                    "amount_gross": line._to_policy(item.balance),
                    "amount_net": line._to_policy(move.amount_untaxed_signed * share),
                    "amount_open": line._to_policy(item.amount_residual),
                }
            )

    def _to_policy(self, amount):
        policy = self.overdue_id.policy_id
        company = policy.company_id
        return company.currency_id._convert(
            amount, policy.currency_id, company, company._credit_today()
        )

    @api.constrains("move_line_id", "overdue_id")
    def _check_debtor(self):
        for line in self:
            # sudo: whose invoice it is, nothing more.
            item = line.move_line_id.sudo()
            notice = line.overdue_id
            if (
                item.partner_id.commercial_partner_id != notice.partner_id
                or item.company_id.root_id != notice.company_id
                or item.account_id.account_type != "asset_receivable"
            ):
                raise ValidationError(
                    self.env._("The invoice is not one of this customer.")
                )

    @api.constrains("date_extended", "date_due")
    def _check_extended(self):
        for line in self:
            if line.date_extended and line.date_extended <= line.date_due:
                raise ValidationError(
                    self.env._("A new due date is after the original one.")
                )

    def write(self, vals):
        if not self.env.su and set(vals) - {"date_extended"}:
            raise AccessError(self.env._("Take the invoice off and add another one."))
        return super().write(vals)

    def _are_paid(self):
        items = self.move_line_id
        return all(
            item.reconciled or item.company_currency_id.is_zero(item.amount_residual)
            for item in items
        )
