# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from .credit_exposure import Branch


class CreditExposure(models.Model):
    """Orders beyond the credit horizon, for the policies that leave them out."""

    _inherit = "credit.exposure"  # pylint: disable=consider-merging-classes-inherited

    def _get_branches(self):
        """Override: orders to be delivered later than the horizon, below zero."""
        branches = super()._get_branches()
        return {**branches, "later": self._get_later_branch(branches["order"])}

    def _get_later_branch(self, order):
        columns = {**order.columns, "amount": SQL("-(%s)", order.columns["amount"])}
        return Branch(
            6,
            columns,
            SQL(
                """sale_order o
                JOIN res_partner hp ON hp.id = o.partner_invoice_id
                JOIN res_company hc ON hc.id = o.company_id
                JOIN res_company hr ON hr.id = split_part(hc.parent_path, '/', 1)::int
                LEFT JOIN credit_profile hf
                    ON hf.partner_id = hp.commercial_partner_id AND hf.company_id = hr.id
                JOIN credit_policy hy
                    ON hy.id = COALESCE(hf.policy_id, hr.credit_default_policy_id)"""
            ),
            # What was delivered in part is owed, whatever the date says.
            SQL(
                """%s AND o.commitment_date::date > CURRENT_DATE + hy.horizon_days
                AND NOT EXISTS (SELECT FROM sale_order_line hl
                    WHERE hl.order_id = o.id AND hl.qty_delivered > 0)""",
                order.where,
            ),
            SQL(
                """sale_order o WHERE o.state = 'sale' AND o.credit_open_company <> 0
                AND o.commitment_date > CURRENT_DATE"""
            ),
        )
