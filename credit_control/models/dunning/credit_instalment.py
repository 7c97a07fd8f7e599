# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...engine.answer import fill, in_default
from ..readers import job


class CreditInstalment(models.Model):
    """One payment of a payment plan."""

    _name = "credit.instalment"
    _description = "Instalment"
    _order = "plan_id, date, id"
    _rec_name = "date"

    plan_id = fields.Many2one(
        "credit.instalment.plan", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True)
    paid_amount = fields.Monetary(string="Paid", readonly=True)
    status = fields.Selection(
        [("waiting", "Waiting"), ("late", "Late"), ("paid", "Paid")],
        compute="_compute_status",
    )
    reminded_before = fields.Date(readonly=True)
    reminded_after = fields.Date(readonly=True)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "An instalment is about an amount above zero."
    )

    @api.depends("date", "amount", "paid_amount")
    def _compute_status(self):
        for part in self:
            today = (part.company_id or self.env.company)._credit_today()
            late = part.date and part.date < today
            part.status = "paid" if part._is_paid() else "late" if late else "waiting"

    def _is_paid(self):
        left = self.amount - self.paid_amount
        return self.currency_id.compare_amounts(left, 0.0) <= 0

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_draft()
        return parts

    def write(self, vals):
        if not self.env.su:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_draft()

    def _check_draft(self):
        if any(plan.state != "draft" for plan in self.plan_id):
            raise UserError(
                self.env._("Take the plan back to draft before you change its terms.")
            )


class CreditInstalmentPlan(models.Model):
    """What happens to running plans by itself: payments, reminders, default."""

    _inherit = "credit.instalment.plan"

    @api.model
    @job
    def _cron_follow(self):
        """Look at every running plan: payments, reminders, default."""
        # sudo: what becomes of plans does not depend on who runs the job.
        plans = self.sudo().search([("state", "=", "running")])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(plans))
        for plan in plans:
            plan._follow_safely()
            if not cron._commit_progress(1):
                break

    @api.model
    def _follow_debtors(self, partner_ids):
        """Look at the plans of debtors whose payments were matched or undone.

        :param list partner_ids: commercial partners
        """
        # sudo: what becomes of plans does not depend on who matches the payment.
        plans = self.sudo().search(
            Domain("partner_id", "in", partner_ids)
            & Domain("state", "in", ("running", "kept"))
        )
        for plan in plans:
            plan._count()

    def _follow(self):
        self._count()
        if self.state == "running":
            self._remind()
            self._find_default()

    def _count(self):
        """Fill the instalments with what was paid since the customer agreed."""
        self.env.flush_all()
        cents = 10**self.currency_id.decimal_places
        paid = round(self._get_paid() * cents)
        parts = self.instalment_ids.sorted("date")
        filled = fill([round(part.amount * cents) for part in parts], paid)
        for part, amount in zip(parts, filled, strict=True):
            if round(part.paid_amount * cents) != amount:
                part.paid_amount = amount / cents
        owed = sum(self.move_ids.mapped("amount_residual"))
        kept = all(part._is_paid() for part in parts) or not owed
        values = {"state": "kept" if kept else "running"}
        if round(self.paid_amount * cents) != paid or self.state != values["state"]:
            self.write(values | {"paid_amount": paid / cents})
            self._tell_holds()

    def _get_paid(self):
        """What was paid and credited on its invoices since, in their currency.

        Credit notes count too: they make smaller what is left to pay.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(x.debit_amount_currency), 0)
                FROM account_partial_reconcile x
                JOIN account_move_line l ON l.id = x.debit_move_id
                JOIN account_account a ON a.id = l.account_id
                    AND a.account_type = 'asset_receivable'
                WHERE l.move_id = ANY(%s) AND x.id > %s""",
                self.move_ids.ids,
                self.matched_after,
            )
        )
        return float(rows[0][0])

    def _find_default(self):
        today = self.company_id._credit_today()
        parts = self.instalment_ids.sorted("date")
        missed = in_default(
            [
                (part.date, part.amount, part._is_paid() and part.amount or 0)
                for part in parts
            ],
            self.grace_days,
            today,
        )
        if missed is None or self._is_excused(today, today):
            return
        self.write({"state": "broken", "date_broken": today})
        self.message_post(
            body=self.env._(
                "The instalment of %(date)s was not paid: the plan is broken, and "
                "follow-ups of its invoices go on.",
                date=format_date(self.env, parts[missed].date),
            )
        )
        self._assign_call(
            lambda plan: plan.env._("Payment plan broken: call the customer")
        )
        self._tell_holds()
