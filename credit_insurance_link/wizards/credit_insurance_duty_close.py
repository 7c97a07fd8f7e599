# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CreditInsuranceDutyClose(models.TransientModel):
    """The dialog that closes a duty by hand, or records its proof."""

    _name = "credit.insurance.duty.close"
    _description = "Close a Duty"

    duty_id = fields.Many2one("credit.insurance.duty", required=True)
    way = fields.Selection(
        [("prove", "It was done"), ("close", "It is not needed")],
        required=True,
        default="close",
    )
    is_missed = fields.Boolean(related="duty_id.is_missed")
    date = fields.Date(default=fields.Date.context_today)
    reason = fields.Text(
        required=True, help="Kept with your name; a missed duty stays marked as missed."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "credit_insurance_duty_close_attachment_rel",
        string="Proof",
    )

    def action_apply(self):
        """Close or prove, as chosen."""
        self.ensure_one()
        if self.way == "close":
            self.duty_id.close(self.reason)
        else:
            self.duty_id.prove(
                fields.Date.to_string(self.date), self.reason, self.attachment_ids.ids
            )
        return {"type": "ir.actions.act_window_close"}
