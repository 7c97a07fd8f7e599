# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditDunningLevel(models.Model):
    """A step tells the levels of Odoo that follow it when it changes."""

    _inherit = "credit.dunning.level"

    followup_template_id = fields.Many2one(
        "mail.template",
        string="Template in Odoo's Follow-ups",
        ondelete="restrict",
        domain=[("model", "=", "res.partner")],
        default=lambda self: self._default_followup_template_id(),
        help="What Odoo's follow-up report proposes at this level. Reminders themselves "
        "are sent with the e-mail template of this step.",
    )

    @api.model
    def _default_followup_template_id(self):
        return self.env.ref(
            "credit_control_account_followup.mail_template_followup", False
        )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.plan_id._sync_followup()
        return steps

    def write(self, vals):
        result = super().write(vals)
        self.plan_id._sync_followup()
        return result

    def unlink(self):
        plans = self.plan_id
        result = super().unlink()
        plans._sync_followup()
        return result

    def _prepare_followup_line(self, company):
        """Hook: the values of Odoo's level that follows this step, besides its name.

        :param company: ``res.company``
        :return: dict; Odoo never sends by itself, one engine does
        """
        return {
            "company_id": company.id,
            "credit_level_id": self.id,
            "delay": self.delay,
            "mail_template_id": self.followup_template_id.id,
            "send_email": self.by_email,
            "send_sms": self.by_sms,
            "join_invoices": self.attach_invoices,
            "create_activity": self.by_phone,
            "activity_summary": self.name,
            "activity_note": self.phone_script,
            "activity_default_responsible_type": (
                "salesperson" if self.responsible == "salesperson" else "followup"
            ),
            "auto_execute": False,
        }


class CreditDunningPlan(models.Model):
    _inherit = "credit.dunning.plan"

    def _sync_followup(self):
        # sudo: which companies follow a plan; only their levels are written.
        companies = self.env["res.company"].sudo()
        companies.search(
            [("credit_followup_plan_id", "in", self.ids)]
        )._sync_followup_levels()
