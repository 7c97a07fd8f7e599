# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .credit_insurance_step import MANAGER

AT_HOME, ABROAD = 2, 4  # months


class CreditInsuranceDuty(models.Model):
    """How long a creditor has to declare its claim in insolvency proceedings.

    Law: two months from the publication (C. com. L622-24, R622-24), four for creditors
    who do not reside in metropolitan France [G]. Who a creditor is, a person knows.
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.duty"

    months = fields.Selection(
        [(str(AT_HOME), "Two Months"), (str(ABROAD), "Four Months")],
        string="Time to Declare",
        compute="_compute_months",
        inverse="_inverse_months",
        help="Two months from the publication (C. com. L622-24, R622-24). Four when your "
        "company does not reside in metropolitan France: have your counsel confirm it. "
        "The deadline moves, and the history keeps who said so.",
    )

    @api.depends("kind", "deadline", "date_anchor")
    def _compute_months(self):
        for duty in self:
            runs = duty.kind == "declaration" and duty.date_anchor and duty.deadline
            abroad = runs and duty.deadline > duty._get_declaration_end(AT_HOME)
            duty.months = runs and str(ABROAD if abroad else AT_HOME)

    def _inverse_months(self):
        for duty in self:
            duty._check_term()
            deadline = duty._get_declaration_end(int(duty.months))
            today = duty.company_id._credit_today()
            # sudo: who may do it was checked; it is the deadline that moves.
            duty.sudo().write({"deadline": deadline, "is_missed": deadline < today})

    def _get_declaration_end(self, months):
        return self.date_anchor + relativedelta(months=months)

    def _check_term(self):
        """Its owner says which term applies; once it is missed, a manager."""
        if self.kind != "declaration" or self.state != "open" or not self.months:
            raise UserError(self.env._("This cannot be done in this state."))
        user = self.env.user
        owns = self.user_id == user and not self.is_missed and self.days_left >= 0
        if not (self.env.su or owns or user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "Its responsible person says which term applies; once it is missed, "
                    "a credit manager."
                )
            )
