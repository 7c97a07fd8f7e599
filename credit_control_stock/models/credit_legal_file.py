# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from odoo.addons.credit_control.models.dunning.credit_legal_file import Paper


class CreditLegalFile(models.Model):
    _inherit = "credit.legal.file"

    def _get_delivery_proofs(self, orders):
        """Override: the slips of what was delivered for these orders."""
        pickings = orders.picking_ids.filtered(
            lambda picking: (
                picking.state == "done" and picking.picking_type_code == "outgoing"
            )
        )
        slips = [
            Paper(
                "3-deliveries",
                f"{picking.name}.pdf",
                self._print("stock.action_report_delivery", picking),
                self.env._("Delivery %s", picking.name),
                picking.date_done,
                self.env._("Signed by the customer") if picking.signature else "",
            )
            for picking in pickings
        ]
        return [*super()._get_delivery_proofs(orders), *slips]
