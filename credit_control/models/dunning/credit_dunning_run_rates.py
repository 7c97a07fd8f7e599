# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditDunningRun(models.Model):
    """Late interest needs the rate of each half-year: say so before a message fails."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

    rate_warning = fields.Char(string="Missing Rates", compute="_compute_rate_warning")

    def _compute_rate_warning(self):
        # sudo: which rates are entered is no secret of who enters them.
        rates = self.env["credit.interest.rate"].sudo()
        words = {
            company: rates._word_missing(company)
            if self._tells_interest(company)
            else ""
            for company in self.company_id
        }
        for run in self:
            run.rate_warning = words.get(run.company_id, "")

    def _tells_interest(self, company):
        """Whether a step of the company's plans announces or claims late interest."""
        # sudo: as for the plans of the engine.
        levels = self.env["credit.dunning.level"].sudo()
        return bool(
            levels.search_count(
                [
                    ("plan_id.active", "=", True),
                    ("plan_id.company_id", "in", (False, company.id)),
                    ("interest", "!=", "none"),
                ],
                limit=1,
            )
        )
