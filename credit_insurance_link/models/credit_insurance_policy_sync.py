# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .credit_insurance_connection import ANALYST_GROUP

EVERY_HOURS = 1


class CreditInsurancePolicy(models.Model):
    """How the decisions on a policy are fetched."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    sync_ids = fields.One2many("credit.insurance.sync", "policy_id")
    has_connection = fields.Boolean(compute="_compute_has_connection")

    @api.depends("insurer_id", "company_id", "environment")
    def _compute_has_connection(self):
        for policy in self:
            policy.has_connection = bool(policy._get_connection())

    def _get_connection(self):
        """The connection that this policy's insurer is reached by; may be empty."""
        self.ensure_one()
        # sudo: that there is a connection is no secret; its credentials have groups.
        return (
            self.env["credit.insurance.connection"]
            .sudo()
            .search(
                [
                    ("insurer_id", "=", self.insurer_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("environment", "=", self.environment),
                ],
                limit=1,
            )
            .sudo(self.env.su)
        )

    @api.model
    def _get_to_sync(self):
        """The policies whose decisions are to be fetched now."""
        connections = self.env["credit.insurance.connection"].search(
            [
                ("is_sync_on", "=", True),
                (
                    "environment",
                    "=",
                    self.env["credit.insurance.connection"]._get_environment(),
                ),
                ("breaker_state", "!=", "locked"),
            ]
        )
        policies = self.search(
            [
                ("state", "in", ("live", "suspended")),
                ("insurer_id", "in", connections.insurer_id.ids),
            ]
        )
        return policies.filtered(lambda policy: policy._is_time_to_sync())

    def _is_time_to_sync(self):
        connection = self._get_connection()
        if not connection or not connection.is_sync_on:
            return False
        last = self.sync_ids[:1]
        if not last or last.state == "running":
            return True
        if connection.date_ping and connection.date_ping >= last.date_start:
            return True
        return last.date_start <= fields.Datetime.now() - timedelta(hours=EVERY_HOURS)

    def action_fetch(self):
        """Fetch the decisions of this policy now, in the background."""
        self.ensure_one()
        self.check_access("read")
        connection = self._get_connection()
        self.env["credit.insurance.connection"]._require(ANALYST_GROUP)
        if not connection:
            raise UserError(
                self.env._(
                    "This insurer has no connection: import a file, or type its "
                    "decisions by hand."
                )
            )
        connection._check_environment(self)
        # sudo: runs are written by the machine; starting one is all that is asked.
        sync = self.env["credit.insurance.sync"].sudo()._start(self, kind="full")
        sync._trigger_sync()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.insurance.sync",
            "res_id": sync.id,
            "views": [(False, "form")],
        }
