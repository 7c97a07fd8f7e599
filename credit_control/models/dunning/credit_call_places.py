# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    credit_decides = fields.Boolean(
        string="Decides on Payments",
        prefetch="credit",
        help="The call screen proposes this person first.",
    )


class CreditProfile(models.Model):
    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    def action_call(self):
        """Open the call screen with this customer."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "credit_control.credit_dunning_call_action"
        )
        return action | {"params": {"partner_id": self.partner_id.id}}
