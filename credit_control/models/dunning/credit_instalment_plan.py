# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.answer import due_dates, split
from ..credit_authority import ANALYST

MOST = 120  # instalments: ten years of months


class CreditInstalmentPlan(models.Model):
    """Invoices that a debtor pays off in instalments, agreed and approved.

    While the plan is kept, follow-ups of its invoices wait. When it is broken they go on
    from the level they had reached. Amounts are in the invoices' own currency.
    """

    _name = "credit.instalment.plan"
    _description = "Payment Plan"
    _inherit = ["credit.filed", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(
        default=lambda self: self.env._("New"), readonly=True, copy=False
    )
    profile_id = fields.Many2one(ondelete="restrict")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=True
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        bypass_search_access=True,
        required=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('state', '=', 'posted'), ('amount_residual', '>', 0),"
        " ('commercial_partner_id', '=', partner_id)]",
        help="Their follow-ups wait while the plan is kept.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        tracking=True,
        help="What is paid off: what the invoices owe, unless you agreed on less.",
    )
    paid_amount = fields.Monetary(string="Paid", readonly=True)
    number = fields.Integer(string="Instalments", required=True, default=3)
    date_first = fields.Date(
        string="First on",
        required=True,
        default=lambda self: fields.Date.add(self.env.company._credit_today(), days=15),
    )
    every = fields.Integer(required=True, default=1)
    unit = fields.Selection(
        [("week", "Weeks"), ("month", "Months")], required=True, default="month"
    )
    instalment_ids = fields.One2many("credit.instalment", "plan_id", copy=False)
    remind_before = fields.Integer(
        string="Reminder before (days)",
        default=5,
        help="So many days before each instalment the customer gets an e-mail. "
        "Zero: none.",
    )
    remind_after = fields.Integer(
        string="Reminder after (days)",
        default=3,
        help="So many days after an instalment that was not paid. Zero: none.",
    )
    grace_days = fields.Integer(
        string="Broken after (days)",
        default=8,
        help="An instalment that is not paid so many days after its day breaks the plan: "
        "follow-ups go on from the level that was reached, and rules see a broken promise.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("running", "Running"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_agreed = fields.Date(
        string="Agreed on",
        readonly=True,
        copy=False,
        help="The day the customer agreed; payments matched from then on count.",
    )
    date_broken = fields.Date(readonly=True, copy=False)
    matched_after = fields.Integer(readonly=True, copy=False)
    next_date = fields.Date(string="Next Instalment", compute="_compute_next")
    note = fields.Text()

    _sensible = models.Constraint(
        f"CHECK(number BETWEEN 1 AND {MOST} AND every BETWEEN 1 AND 12"
        " AND COALESCE(remind_before, 0) >= 0 AND COALESCE(remind_after, 0) >= 0"
        " AND COALESCE(grace_days, 0) >= 0)",
        "A plan has 1 to 120 instalments, at most 12 weeks or months apart; days are zero "
        "or more.",
    )
    _running_idx = models.Index("(profile_id) WHERE state = 'running'")

    @api.depends("move_ids")
    def _compute_currency_id(self):
        for plan in self:
            currency = plan.move_ids.currency_id[:1]
            plan.currency_id = currency or plan.company_id.currency_id

    @api.depends("move_ids")
    def _compute_amount(self):
        for plan in self:
            plan.amount = sum(plan.move_ids.mapped("amount_residual"))

    @api.depends("instalment_ids.paid_amount", "instalment_ids.date")
    def _compute_next(self):
        for plan in self:
            left = plan.instalment_ids.filtered(lambda part: not part._is_paid())
            plan.next_date = left[:1].date

    @api.constrains("move_ids", "profile_id", "amount")
    def _check_moves(self):
        for plan in self:
            # sudo: whose invoices they are, nothing more.
            moves = plan.sudo().move_ids
            if moves.commercial_partner_id - plan.partner_id or (
                moves.company_id.root_id - plan.company_id
            ):
                raise ValidationError(
                    self.env._("The invoices of a plan are of its customer.")
                )
            if len(moves.currency_id) > 1:
                raise ValidationError(
                    self.env._("Make one plan for each currency of the invoices.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a customer may be named instead of its credit file."""
        name_file = self.env["credit.promise"]._name_file
        plans = super().create(
            [name_file(vals) | {"state": "draft"} for vals in vals_list]
        )
        for plan in plans:
            # Not a sequence: the number tells no more than which plan it is.
            plan.name = f"PLAN/{plan.create_date.year}/{plan.id:05d}"
        return plans

    def write(self, vals):
        """Override: what was agreed is changed by nobody alone."""
        self._check_frozen(vals)
        return super().write(vals)

    def _check_frozen(self, vals):
        if self.env.su:
            return
        if self._get_flow_fields().intersection(vals):
            raise AccessError(self.env._("Use the buttons: they keep who did what."))
        agreed = self.filtered(lambda plan: plan.state != "draft")
        if agreed and self._get_terms().intersection(vals):
            raise UserError(
                self.env._("Take the plan back to draft before you change its terms.")
            )

    @api.model
    def _get_flow_fields(self):
        return {
            "state",
            "approved_by_id",
            "date_agreed",
            "paid_amount",
            "matched_after",
        }

    @api.model
    def _get_terms(self):
        return {"move_ids", "amount", "number", "date_first", "every", "unit"} | {
            "instalment_ids",
            "profile_id",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if any(plan.state not in ("draft", "cancelled") for plan in self):
            raise UserError(self.env._("Cancel a plan that was agreed; it is kept."))

    # === ACTIONS === #

    def action_schedule(self):
        """Work out the instalments; the rest of the rounding is on the last one."""
        self.check_access("write")
        for plan in self:
            plan._check_state("draft")
            parts = plan._prepare_instalments()
            plan.instalment_ids = [Command.clear()] + [
                Command.create(part) for part in parts
            ]

    def _prepare_instalments(self):
        unit = 10**self.currency_id.decimal_places
        amounts = split(round(self.amount * unit), self.number)
        dates = due_dates(self.date_first, self.number, self.every, self.unit)
        return [
            {"date": day, "amount": cents / unit}
            for day, cents in zip(dates, amounts, strict=True)
        ]

    def action_approve(self):
        """Approve the terms: credit analysts and managers do."""
        if not self.env.user.has_group(ANALYST):
            raise AccessError(self.env._("Credit analysts approve payment plans."))
        self.check_access("write")
        for plan in self:
            plan._check_state("draft")
            if not plan.instalment_ids:
                plan.action_schedule()
            plan._check_total()
        # sudo: the state is written by this flow only.
        self.sudo().write({"state": "approved", "approved_by_id": self.env.uid})

    def _check_total(self):
        total = sum(self.instalment_ids.mapped("amount"))
        owed = sum(self.move_ids.mapped("amount_residual"))
        compare = self.currency_id.compare_amounts
        if compare(total, self.amount):
            raise UserError(
                self.env._(
                    "The instalments come to %(total)s, the plan to %(amount)s.",
                    total=self.currency_id.format(total),
                    amount=self.currency_id.format(self.amount),
                )
            )
        if self.amount <= 0 or compare(self.amount, owed) > 0:
            raise UserError(
                self.env._(
                    "The invoices owe %s: a plan cannot be about more, nor about nothing.",
                    self.currency_id.format(owed),
                )
            )

    def action_start(self):
        """The customer agreed: from now on payments fill the instalments."""
        self.check_access("write")
        for plan in self:
            plan._check_state("approved")
            # sudo: the state is written by this flow only.
            plan.sudo().write(
                {
                    "state": "running",
                    "date_agreed": plan.company_id._credit_today(),
                    "matched_after": self.env["credit.promise"]._get_last_match(),
                }
            )
        self._tell_holds()

    def action_draft(self):
        """Back to draft; follow-ups of its invoices go on."""
        self.check_access("write")
        for plan in self:
            plan._check_state("approved", "cancelled")
        # sudo: the state is written by this flow only.
        self.sudo().write({"state": "draft", "approved_by_id": False})

    def action_cancel(self):
        """End the plan; follow-ups of its invoices go on, and nothing counts as broken."""
        self.check_access("write")
        for plan in self:
            plan._check_state("draft", "approved", "running")
        # sudo: the state is written by this flow only.
        self.sudo().write({"state": "cancelled"})

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(self.env._("The plan is not in the state for this."))

    def _tell_holds(self):
        # sudo: accountants keep plans; they need not see credit files.
        self.sudo().profile_id._credit_changed(self.env._("A payment plan changed."))
