# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class FollowupLine(models.Model):
    """A level: unique by its days and by its name within a company."""

    _name = "account_followup.followup.line"
    _description = "Follow-up Criteria"
    _order = "delay asc"

    name = fields.Char(required=True, translate=True)
    delay = fields.Integer(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    mail_template_id = fields.Many2one(
        "mail.template", domain=[("model", "=", "res.partner")]
    )
    send_email = fields.Boolean(default=True)
    join_invoices = fields.Boolean()
    send_sms = fields.Boolean()
    create_activity = fields.Boolean()
    activity_summary = fields.Char()
    activity_note = fields.Text()
    activity_type_id = fields.Many2one("mail.activity.type")
    activity_default_responsible_type = fields.Selection(
        [
            ("followup", "Follow-up Responsible"),
            ("salesperson", "Salesperson"),
            ("account_manager", "Account Manager"),
        ],
        default="followup",
    )
    auto_execute = fields.Boolean()

    _days_uniq = models.Constraint(
        "UNIQUE(company_id, delay)", "Days of the follow-up lines must be different."
    )
    _uniq_name = models.Constraint(
        "UNIQUE(company_id, name)", "A level of this name exists in this company."
    )

    def _get_next_followup(self):
        return self.search(
            [("delay", ">", self.delay), ("company_id", "=", self.company_id.id)],
            limit=1,
        )

    def _get_previous_followup(self):
        return self.search(
            [("delay", "<", self.delay), ("company_id", "=", self.company_id.id)],
            order="delay desc",
            limit=1,
        )
