# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class CreditInsuranceAnswer(models.TransientModel):
    """What an insurer answered, recorded by hand: with date, number and document."""

    _name = "credit.insurance.answer"
    _description = "Answer of the Insurer"

    overdue_id = fields.Many2one("credit.insurance.overdue", string="Notice")
    overdue_kind = fields.Selection(related="overdue_id.kind")
    turnover_id = fields.Many2one("credit.insurance.turnover", string="Declaration")
    date = fields.Date(
        string="Received by the Insurer on",
        required=True,
        default=fields.Date.context_today,
        help="As the insurer's acknowledgement says, not when you sent it: it starts "
        "clocks of the policy.",
    )
    number = fields.Char(string="Insurer's Number", required=True)
    answer = fields.Selection(
        [("accepted", "Accepted"), ("refused", "Refused")],
        help="For an extension: only what the insurer accepts moves deadlines. Empty: "
        "received, not answered yet.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "credit_insurance_answer_attachment_rel",
        string="Acknowledgement",
        help="The insurer's letter, mail or screenshot: the proof that you were in time.",
    )
    note = fields.Text()

    def action_apply(self):
        """Record the answer where it belongs."""
        self.ensure_one()
        target = self.overdue_id or self.turnover_id
        if not self.attachment_ids:
            raise UserError(
                self.env._("Add the insurer's acknowledgement: it is your proof.")
            )
        if self.overdue_id:
            self.overdue_id._acknowledge(self.date, self.number, self.answer)
        else:
            self.turnover_id._acknowledge(self.date, self.number)
        target._adopt(self.attachment_ids)
        target.message_post(
            body=self.note or self.env._("Acknowledged by the insurer."),
            attachment_ids=self.attachment_ids.ids,
        )
        return {"type": "ir.actions.act_window_close"}
