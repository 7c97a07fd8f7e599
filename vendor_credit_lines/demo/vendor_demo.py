# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import date_utils

QUIET = {"mail_activity_quick_update": True}  # nobody gets mail about activities


class CreditProgrammeDemo(models.AbstractModel):
    """Steps of the demonstration data that no record can express."""

    _name = "credit.programme.demo"
    _description = "Demonstration of Credit Programmes"

    @api.model
    def _submit(self, programme_id, user_id):
        programme = self.env["credit.programme"].browse(programme_id)
        programme.with_user(user_id).with_context(**QUIET).action_submit()

    @api.model
    def _approve(self, programme_id, user_id):
        programme = self.env["credit.programme"].browse(programme_id)
        programme.with_user(user_id).with_context(**QUIET).action_approve()

    @api.model
    def _open_lines(self, programme_id):
        """Open the lines of everybody who is eligible."""
        programme = self.env["credit.programme"].browse(programme_id)
        run = self.env["credit.programme.run"].create({"programme_id": programme_id})
        run.action_preview()
        run.action_start()
        programme.grant_ids.write({"to_tell": False})

    @api.model
    def _backdate(self, programme_id, days):
        """Let the lines have started some days ago."""
        grants = self.env["credit.programme"].browse(programme_id).grant_ids
        start = fields.Date.today() - timedelta(days=days)
        grants.date_from = start
        grants.line_id.date_from = start

    @api.model
    def _accept(self, partner_id):
        grants = self.env["credit.grant"].search(
            [("partner_id", "=", partner_id), ("state", "=", "offered")]
        )
        grants.action_accept()

    @api.model
    def _finance(self, financing_id, user_id):
        financing = self.env["credit.financing"].browse(financing_id)
        financing.with_user(user_id).action_accept()

    @api.model
    def _state_last_month(self, programme_id):
        """The statement of last month, as if it had been sent."""
        programme = self.env["credit.programme"].browse(programme_id)
        last = date_utils.start_of(fields.Date.today(), "month") - timedelta(days=1)
        statement = self.env["credit.programme.statement"]._make(
            programme, date_utils.start_of(last, "month"), last
        )
        statement.sent_on = last + timedelta(days=1)

    @api.model
    def _claim(self, partner_id):
        """A claim that is being prepared, from the customer's overdue invoices."""
        grant = self.env["credit.grant"].search(
            [("partner_id", "=", partner_id), ("line_id", "!=", False)], limit=1
        )
        context = grant.action_claim()["context"]
        self.env["credit.programme.claim"].with_context(**context).create({})
