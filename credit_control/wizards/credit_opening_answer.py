# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class CreditOpeningAnswer(models.TransientModel):
    """Send an account opening back, or refuse it, with the words for the salesperson."""

    _name = "credit.opening.answer"
    _description = "Answer an Account Opening"

    opening_id = fields.Many2one("credit.opening", required=True, ondelete="cascade")
    answer = fields.Selection(
        [("return", "Send Back"), ("refuse", "Refuse")], default="return", required=True
    )
    reason_id = fields.Many2one(
        "credit.reason",
        domain=[("code", "=like", "opening_%")],
        help="Kept when the customer's data are forgotten.",
    )
    note = fields.Text(help="The salesperson reads this.")

    def action_apply(self):
        """Give the answer; the sheet checks the caller's rights.

        :raise UserError: without the words that the answer needs
        """
        self.ensure_one()
        if self.answer == "refuse":
            if not self.reason_id:
                raise UserError(self.env._("Choose the reason of the refusal."))
            self.opening_id._refuse(self.reason_id, self.note or "")
        else:
            if not self.note:
                raise UserError(self.env._("Say what is missing."))
            self.opening_id._send_back(self.note)
        return {"type": "ir.actions.act_window_close"}
