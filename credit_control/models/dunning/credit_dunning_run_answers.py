# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from .skip_branch import SkipBranch


class CreditDunningRun(models.Model):
    """Whom an answer keeps out of follow-ups."""

    _inherit = "credit.dunning.run"

    @api.model
    def _get_skip_branches(self, company, day):
        """Override: promised, disputed, paid off in instalments, excluded for a while."""
        answers = {
            "excluded": self._get_excluded_branch(company, day),
            "in_plan": self._get_plan_branch(company),
            "disputed": self._get_disputed_branch(company),
            "promised": self._get_promised_branch(company, day),
        }
        return {**super()._get_skip_branches(company, day), **answers}

    def _get_excluded_branch(self, company, day):
        return SkipBranch(
            SQL(
                """SELECT x.partner_id, l.id AS move_line_id, x.date_to AS until,
                    x.id AS res_id
                FROM credit_dunning_exclusion x
                LEFT JOIN (%(lines)s) l ON l.move_id = x.move_id
                WHERE x.company_id = %(company)s AND %(day)s BETWEEN x.date AND x.date_to
                AND (x.move_id IS NULL OR l.id IS NOT NULL)""",
                lines=self._query_receivable_lines(),
                company=company.id,
                day=day,
            ),
            "credit.dunning.exclusion",
            pauses=True,
        )

    def _get_plan_branch(self, company):
        return SkipBranch(
            SQL(
                """SELECT x.partner_id, l.id AS move_line_id, NULL::date AS until,
                    x.id AS res_id
                FROM credit_instalment_plan x
                JOIN account_move_credit_instalment_plan_rel r
                    ON r.credit_instalment_plan_id = x.id
                JOIN (%(lines)s) l ON l.move_id = r.account_move_id
                WHERE x.company_id = %(company)s AND x.state = 'running'""",
                lines=self._query_receivable_lines(),
                company=company.id,
            ),
            "credit.instalment.plan",
            pauses=True,
        )

    def _get_disputed_branch(self, company):
        return SkipBranch(
            SQL(
                """SELECT x.partner_id, l.id AS move_line_id, NULL::date AS until,
                    x.id AS res_id
                FROM credit_dispute x
                JOIN (%(lines)s) l ON l.move_id = x.move_id
                WHERE x.company_id = %(company)s AND x.state = 'open'""",
                lines=self._query_receivable_lines(),
                company=company.id,
            ),
            "credit.dispute",
            pauses=True,
        )

    def _get_promised_branch(self, company, day):
        return SkipBranch(
            SQL(
                """SELECT x.partner_id, l.id AS move_line_id, x.date AS until,
                    x.id AS res_id
                FROM credit_promise x
                LEFT JOIN account_move_credit_promise_rel r
                    ON r.credit_promise_id = x.id
                LEFT JOIN (%(lines)s) l ON l.move_id = r.account_move_id
                WHERE x.company_id = %(company)s AND x.state = 'open'
                AND x.date >= %(day)s
                AND (r.account_move_id IS NULL OR l.id IS NOT NULL)""",
                lines=self._query_receivable_lines(),
                company=company.id,
                day=day,
            ),
            "credit.promise",
            pauses=True,
        )

    def _query_receivable_lines(self):
        """Open receivable items, to be joined by their entry."""
        return SQL(
            """SELECT l.id, l.move_id FROM account_move_line l
            JOIN account_account a ON a.id = l.account_id
                AND a.account_type = 'asset_receivable'
            WHERE l.parent_state = 'posted' AND l.reconciled IS NOT TRUE"""
        )

    def _query_contacts(self, company):
        """Override: who was reached on the phone has its quiet days too."""
        return SQL(
            """%s UNION ALL
            SELECT partner_id, date FROM credit_dunning_contact
            WHERE result NOT IN ('no_answer', 'wrong_number') AND company_id = %s""",
            super()._query_contacts(company),
            company.id,
        )
