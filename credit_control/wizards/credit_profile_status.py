# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditProfileStatus(models.TransientModel):
    """The dialog that changes the status of credit files and asks why."""

    _name = "credit.profile.status"
    _description = "Change the Status of Credit Files"

    profile_ids = fields.Many2many(
        "credit.profile", string="Credit Files", required=True
    )
    profile_count = fields.Integer(compute="_compute_profile_count")
    status = fields.Selection(
        selection=lambda self: self._selection_status(),
        required=True,
        default="hold",
    )
    reason_id = fields.Many2one("credit.reason", domain=[("is_status", "=", True)])
    until = fields.Date(
        string="Remind On",
        help="On this day somebody is reminded. The status stays until a person lifts it.",
    )
    note = fields.Text(help="Kept on the credit file, for colleagues.")

    @api.model
    def _selection_status(self):
        return (
            self.env["credit.profile"]
            ._fields["status"]
            ._description_selection(self.env)
        )

    @api.depends("profile_ids")
    def _compute_profile_count(self):
        for wizard in self:
            wizard.profile_count = len(wizard.profile_ids)

    def action_apply(self):
        self.ensure_one()
        self.profile_ids.set_status(
            self.status,
            reason_id=self.reason_id.id or None,
            note=self.note or "",
            until=fields.Date.to_string(self.until) if self.until else None,
        )
        return {"type": "ir.actions.act_window_close"}
