# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.credit_control.models.readers import job

SWEEP_DAYS = 7


class SaleOrder(models.Model):
    """Orders that open lines, and take them along when they are cancelled."""

    _inherit = "sale.order"

    @api.model
    def _credit_decide_changes(self, changes):
        """Override of `credit_control`: orders open and close lines of programmes."""
        triggers = self.env["credit.programme.trigger"]
        if not triggers._were_ever():
            return super()._credit_decide_changes(changes)
        # sudo: the programme gives and takes the line, on the terms that were approved.
        orders = self.sudo().browse(document.id for document, _before in changes)
        orders = orders.exists()
        orders._fire_triggers(same_order=True)
        result = super()._credit_decide_changes(changes)
        orders._fire_triggers(same_order=False)
        orders._drop_lines()
        return result

    def _fire_triggers(self, same_order):
        triggers = self.env["credit.programme.trigger"]
        live = triggers._get_live_ids()
        for trigger in triggers.browse(key for key, own in live if own == same_order):
            trigger._fire(self)

    def _drop_lines(self):
        """Withdraw lines whose orders were cancelled or no longer reach the amount."""
        grants = self.env["credit.grant"].search(
            [("order_ids", "in", self.ids), ("state", "in", ("active", "queued"))]
        )
        gone = grants.filtered(lambda grant: not grant.trigger_id._is_earned(grant))
        gone._end("withdrawn", "order_cancelled")

    @api.model
    @job
    def _cron_missed_triggers(self):
        """Look again at recent orders: a session may have stepped back for another."""
        since = fields.Datetime.now() - timedelta(days=SWEEP_DAYS)
        orders = self.search([("state", "=", "sale"), ("date_order", ">=", since)])
        for same_order in (True, False):
            orders._fire_triggers(same_order)
