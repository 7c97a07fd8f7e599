# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

CACHE = "res_partner_all_followup"


class ResPartner(models.Model):
    _inherit = "res.partner"

    unreconciled_aml_ids = fields.One2many(
        "account.move.line", compute="_compute_unreconciled_aml_ids"
    )
    followup_next_action_date = fields.Date(company_dependent=True)
    followup_reminder_type = fields.Selection(
        [("automatic", "Automatic"), ("manual", "Manual")], default="automatic"
    )
    followup_responsible_id = fields.Many2one("res.users", company_dependent=True)
    followup_line_id = fields.Many2one(
        "account_followup.followup.line",
        compute="_compute_followup_status",
        # The documented name: pylint: disable=method-inverse
        inverse="_set_followup_line_on_unreconciled_amls",
    )
    followup_status = fields.Selection(
        [
            ("in_need_of_action", "In need of action"),
            ("with_overdue_invoices", "With overdue invoices"),
            ("no_action_needed", "No action needed"),
        ],
        compute="_compute_followup_status",
    )

    def _get_unreconciled_aml_domain(self):
        return [
            ("reconciled", "=", False),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("partner_id", "in", self.ids),
            ("company_id", "child_of", self.env.company.id),
        ]

    @api.depends_context("company")
    def _compute_unreconciled_aml_ids(self):
        for partner in self:
            domain = partner._get_unreconciled_aml_domain()
            partner.unreconciled_aml_ids = self.env["account.move.line"].search(domain)

    @api.depends_context("company")
    def _compute_followup_status(self):
        found = self._query_followup_data()
        for partner in self:
            data = found.get(partner.id, {})
            partner.followup_status = data.get("followup_status", "no_action_needed")
            partner.followup_line_id = data.get("followup_line_id", False)

    def _query_followup_data(self, all_partners=False):
        """What each partner needs; kept for the whole transaction, as documented."""
        cache = self.env.cr.cache.setdefault(CACHE, {})
        for partner in self:
            cache.setdefault(
                (partner.id, self.env.company.id), partner._get_followup_data()
            )
        return {partner.id: cache[partner.id, self.env.company.id] for partner in self}

    def _get_followup_data(self):
        today = fields.Date.context_today(self)
        levels = self.env["account_followup.followup.line"].search(
            [("company_id", "=", self.env.company.id)]
        )
        due = self.unreconciled_aml_ids.filtered(
            lambda line: line.date_maturity < today and not line.no_followup
        )
        reached = due.followup_line_id.sorted("delay")[-1:]
        late = max(((today - line.date_maturity).days for line in due), default=0)
        following = levels.filtered(
            lambda level: level.delay > (reached.delay if reached else -(10**6))
        )[:1]
        status = "no_action_needed"
        if due:
            action = following and late >= following.delay
            status = "in_need_of_action" if action else "with_overdue_invoices"
        return {
            "followup_status": status,
            "followup_line_id": (following or reached).id,
        }

    def _set_followup_line_on_unreconciled_amls(self):
        for partner in self:
            previous = partner.followup_line_id._get_previous_followup()
            partner.unreconciled_aml_ids.followup_line_id = previous

    def _update_next_followup_action_date(self, followup_line):
        self.followup_next_action_date = fields.Date.context_today(self)

    def _send_followup(self, options):
        """Documented extension point: the stand-in only notes that it was called."""
        self._message_log(body=self.env._("Follow-up sent"))

    def _execute_followup_partner(self, options=None):
        options = options or {}
        if self.followup_status != "in_need_of_action":
            return False
        self._send_followup(options)
        return True

    def execute_followup(self, options):
        """Send by hand; returns whether anything was done, as documented."""
        return self._execute_followup_partner(options)

    def action_manually_process_automatic_followups(self):
        for partner in self:
            partner._execute_followup_partner()

    @api.model
    def _cron_execute_followup(self):
        for company in self.env["res.company"].search([("active", "=", True)]):
            partners = self.with_company(company).search(
                [("followup_reminder_type", "=", "automatic")], limit=1000
            )
            for partner in partners:
                if partner.followup_status == "in_need_of_action":
                    partner._execute_followup_partner()
