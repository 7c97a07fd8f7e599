# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from .readers import for_colleagues


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._credit_changed()
        return partials

    def unlink(self):
        self._credit_changed()
        # sudo: which invoices were paid does not depend on who undoes it.
        partials = self.sudo()
        moves = (partials.debit_move_id | partials.credit_move_id).move_id
        self.env["credit.profile"]._payments_undone(moves)
        return super().unlink()

    def _credit_changed(self):
        """A match with the bank clears payments, and ends what they count for."""
        lines = self.sudo().debit_move_id | self.sudo().credit_move_id
        self.env["credit.profile"]._debtors_changed(
            lines.partner_id.commercial_partner_id.ids,
            for_colleagues(self).env._("A payment was matched."),
        )
