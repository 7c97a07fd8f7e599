# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    def _is_credit_on_account(self):
        """Hook: whether orders are confirmed with this provider before money is taken."""
        self.ensure_one()
        mode = "custom_mode" in self._fields and self.custom_mode
        return self.code == "custom" and mode in ("cash_on_delivery", "on_site")

    @api.model
    def _get_compatible_providers(
        self, *args, sale_order_id=None, report=None, **kwargs
    ):
        """Override of `payment`: do not offer payment on account beyond the credit."""
        providers = super()._get_compatible_providers(
            *args, sale_order_id=sale_order_id, report=report, **kwargs
        )
        order = self.env["sale.order"].sudo().browse(sale_order_id or []).exists()
        on_account = providers.filtered(
            lambda provider: provider._is_credit_on_account()
        )
        if order and on_account and not order._fits_credit():
            providers -= on_account
        return providers
