# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditDunningCallLock(models.Model):
    """Who has which debtor on his call screen; nobody else is given it meanwhile."""

    _name = "credit.dunning.call.lock"
    _description = "Debtor on a Call Screen"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
    until = fields.Datetime(required=True)

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)", "A debtor is on one call screen at a time."
    )

    @api.autovacuum
    def _gc_locks(self):
        self.search([("until", "<", fields.Datetime.now())]).unlink()
