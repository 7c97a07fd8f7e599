# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """One engine sends: where our plan drives the levels, Odoo's own is silent."""

    _inherit = "res.partner"

    def _send_followup(self, options):
        """Override of `account_followup`: its one door to every channel.

        :raise UserError: where our runs send, so that nobody is reminded twice
        """
        if self._is_credit_followed():
            raise UserError(
                self.env._(
                    "Reminders of %s are sent by Credit ▸ Follow-ups. Make a run there: "
                    "it shows each message before it is sent.",
                    self.env.company.name,
                )
            )
        return super()._send_followup(options)

    def _execute_followup_partner(self, options=None):
        """Override of `account_followup`: the daily job passes these partners over."""
        if self._is_credit_followed() and not (options or {}).get("manual_followup"):
            return False
        return super()._execute_followup_partner(options)

    @api.model
    def _is_credit_followed(self):
        # sudo: who may send need not have the right to read plans.
        return bool(self.env.company.root_id.sudo().credit_followup_plan_id)
