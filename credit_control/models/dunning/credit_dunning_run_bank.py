# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

BANK_FIGURES = (
    "bank_date",
    "bank_unmatched_count",
    "bank_unmatched_amount",
    "payment_open_count",
    "payment_open_amount",
)


class CreditDunningRun(models.Model):
    """How fresh the bank is: reminders rest on payments that were matched (P13)."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

    bank_date = fields.Date(
        string="Last Bank Statement Line",
        compute="_compute_bank",
        help="The day of the last money that the bank told of.",
    )
    bank_unmatched_count = fields.Integer(
        string="Receipts Not Matched",
        compute="_compute_bank",
        help="Money received that is on a bank statement and not matched yet.",
    )
    bank_unmatched_amount = fields.Monetary(compute="_compute_bank")
    payment_open_count = fields.Integer(
        string="Payments Not Cleared",
        compute="_compute_bank",
        help="Payments of customers that are recorded and not on a bank statement yet.",
    )
    payment_open_amount = fields.Monetary(compute="_compute_bank")
    bank_stale_days = fields.Integer(
        string="Days without News of the Bank",
        compute="_compute_bank_stale_days",
        help="Zero as long as the bank is fresh enough for the company, or is not read.",
    )

    @api.depends("bank_date")
    def _compute_bank_stale_days(self):
        for run in self:
            company = run.company_id
            limit, last = company.credit_dunning_bank_days, run.bank_date
            days = (company._credit_today() - last).days if last and limit else 0
            run.bank_stale_days = days if days > limit else 0

    def _compute_bank(self):
        found = {
            company: self._read_bank(company) for company in self.company_id if company
        }
        for run in self:
            figures = found.get(run.company_id) or dict.fromkeys(BANK_FIGURES, False)
            run.update(figures)

    def _read_bank(self, company):
        """Numbers of the bank of a company and its branches, in its currency."""
        self.env.flush_all()
        query = SQL(
            """SELECT b.date AS bank_date, b.count AS bank_unmatched_count,
                b.amount AS bank_unmatched_amount, y.count AS payment_open_count,
                y.amount AS payment_open_amount
            FROM (SELECT MAX(m.date) AS date,
                    COUNT(*) FILTER (WHERE %(open)s) AS count,
                    COALESCE(SUM(ABS(m.amount_total_signed)) FILTER (WHERE %(open)s), 0)
                        AS amount
                FROM account_bank_statement_line l
                JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
                WHERE l.company_id = ANY(%(companies)s)) b,
            (SELECT COUNT(*) AS count,
                    COALESCE(SUM(amount_company_currency_signed), 0) AS amount
                FROM account_payment
                WHERE state = 'in_process' AND is_matched IS NOT TRUE
                AND payment_type = 'inbound' AND partner_type = 'customer'
                AND company_id = ANY(%(companies)s)) y""",
            open=SQL("l.is_reconciled IS NOT TRUE AND l.amount > 0"),
            companies=self._get_tree_ids(company),
        )
        return self.env.execute_query_dict(query)[0]

    def _word_bank(self):
        """Why a person should look at the bank first, or an empty string."""
        self.ensure_one()
        if self.bank_unmatched_count:
            return self.env._(
                "Receipts on the bank statement that are not matched: %(count)s, "
                "%(amount)s. Match them, then send.",
                count=self.bank_unmatched_count,
                amount=self.currency_id.format(self.bank_unmatched_amount),
            )
        if self.bank_stale_days:
            return self.env._(
                "The bank was read %s days ago: whoever paid since would be reminded. "
                "Read the bank statement, then send.",
                self.bank_stale_days,
            )
        return ""

    def _get_keeper(self):
        """Hook: who is asked to look at a daily run that waits."""
        group = self.env.ref("account.group_account_user")
        # sudo: who is in a group is no secret among colleagues.
        keepers = group.sudo().all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return keepers[:1] or self.env.ref("base.user_admin")

    def action_open_bank(self):
        """Open the receipts that are not matched."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receipts Not Matched"),
            "res_model": "account.bank.statement.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("is_reconciled", "=", False),
                ("amount", ">", 0),
                ("company_id", "child_of", self.company_id.id),
            ],
        }

    def action_open_payments(self):
        """Open the payments that are not on a bank statement yet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payments Not Cleared"),
            "res_model": "account.payment",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("state", "=", "in_process"),
                ("is_matched", "=", False),
                ("payment_type", "=", "inbound"),
                ("partner_type", "=", "customer"),
                ("company_id", "child_of", self.company_id.id),
            ],
        }
