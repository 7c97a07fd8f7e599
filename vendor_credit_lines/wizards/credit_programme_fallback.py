# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 500


class CreditProgrammeFallback(models.TransientModel):
    """One customer's figures if a programme ended today."""

    _name = "credit.programme.fallback"
    _description = "If a Programme Ended Today"
    _order = "uncovered desc, used desc, id"

    user_id = fields.Many2one("res.users", required=True)
    programme_id = fields.Many2one("credit.programme", index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    currency_id = fields.Many2one("res.currency")
    date_to = fields.Date(string="End of Line")
    amount = fields.Float(string="Line", digits=(16, 2))
    used = fields.Monetary(string="In Use")
    moved = fields.Monetary(string="Falls on Other Lines")
    uncovered = fields.Monetary(string="Not Covered Then")

    @api.model
    def _fill(self, programme):
        """Work the list out anew for the current user, batch by batch."""
        mine = Domain("programme_id", "=", programme.id) & Domain(
            "user_id", "=", self.env.uid
        )
        self.search(mine).unlink()
        grants = self.env["credit.grant"].search(
            [("programme_id", "=", programme.id), ("state", "=", "active")]
        )
        for start in range(0, len(grants), BATCH):
            batch = grants[start : start + BATCH]
            found = programme._get_fallback(batch)
            self.create(
                [
                    self._prepare_row(grant, *figures)
                    for grant, figures in found.items()
                    if figures[0]
                ]
            )

    @api.model
    def _prepare_row(self, grant, used, moved, uncovered):
        return {
            "user_id": self.env.uid,
            "programme_id": grant.programme_id.id,
            "partner_id": grant.partner_id.id,
            "currency_id": grant.company_id.currency_id.id,
            "date_to": grant.date_to,
            "amount": grant.amount,
            "used": used,
            "moved": moved,
            "uncovered": uncovered,
        }
