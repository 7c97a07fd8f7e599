# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AccountMoveLine(models.Model):
    """An item moves with both: our steps, and a level that somebody sets in Odoo."""

    _inherit = "account.move.line"

    credit_no_followup = fields.Boolean(
        string="Left Out by Credit Control",
        readonly=True,
        copy=False,
        help="A promise, dispute, payment plan or exclusion keeps it out of follow-ups; "
        "it comes back when that ends.",
    )

    _credit_no_followup_idx = models.Index("(id) WHERE credit_no_followup")

    def write(self, vals):
        result = super().write(vals)
        if "followup_line_id" in vals:
            self._credit_step_back(vals["followup_line_id"])
        return result

    def _credit_step_back(self, line_id):
        """Forget the steps beyond the level that an item was put back to."""
        line = self.env["account_followup.followup.line"].sudo().browse(line_id)
        if line and not line.credit_level_id:
            return
        # sudo: whoever may set the level decided; the trace of what was sent stays.
        steps = self.env["credit.dunning.item"].sudo()
        steps.search(
            [
                ("move_line_id", "in", self.ids),
                ("kind", "=", "step"),
                ("counts", "=", True),
                ("rank", ">", line.credit_level_id.rank),
            ]
        ).counts = False
