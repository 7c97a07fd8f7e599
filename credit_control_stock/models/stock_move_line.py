# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.credit_control.models.callers import get_named


class StockMoveLine(models.Model):
    """Corrections of what left already: more goods are one more delivery."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = get_named(self, "move_id", vals_list)
        pickings = moves._get_credit_corrected()
        if not pickings:
            return super().create(vals_list)
        with pickings._credit_gate():
            return super().create(vals_list)

    def write(self, vals):
        corrects = {"quantity", "product_uom_id", "move_id"}.intersection(vals)
        pickings = corrects and self.move_id._get_credit_corrected()
        if not pickings:
            return super().write(vals)
        with pickings._credit_gate():
            return super().write(vals)
