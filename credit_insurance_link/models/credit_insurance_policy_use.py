# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain

FIGURES = ("granted", "used", "free", "uncovered", "unused")
UNANSWERED = ("draft", "to_send", "claimed", "sent", "referred")
PENDING = Domain("pending_action", "!=", False)
UNMATCHED = Domain("match_state", "!=", "confirmed")


class CreditInsurancePolicy(models.Model):
    """The dashboard of a policy: each figure opens what it counts (P1)."""

    _inherit = "credit.insurance.policy"  # pylint: disable=consider-merging-classes-inherited

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    buyer_count = fields.Integer(string="Buyers", compute="_compute_work")
    granted_total = fields.Monetary(
        string="Granted", compute="_compute_use", currency_field="company_currency_id"
    )
    used_total = fields.Monetary(
        string="Used", compute="_compute_use", currency_field="company_currency_id"
    )
    free_total = fields.Monetary(
        string="Free", compute="_compute_use", currency_field="company_currency_id"
    )
    uncovered_total = fields.Monetary(
        string="Uncovered", compute="_compute_use", currency_field="company_currency_id"
    )
    unused_total = fields.Monetary(
        string="To Give Back",
        compute="_compute_use",
        currency_field="company_currency_id",
    )
    used_percent = fields.Integer(string="Used (%)", compute="_compute_use")
    request_count = fields.Integer(string="Open Requests", compute="_compute_work")
    pending_count = fields.Integer(string="Announced Cuts", compute="_compute_work")
    unmatched_count = fields.Integer(string="Not Matched", compute="_compute_work")

    def _compute_use(self):
        rows = self.env["credit.cover.report"]._read_group(
            [("policy_id", "in", self.ids)],
            ["policy_id"],
            [f"{name}:sum" for name in FIGURES],
        )
        by_policy = {policy: figures for policy, *figures in rows}
        for policy in self:
            sums = by_policy.get(policy, [0] * len(FIGURES))
            policy.update({f"{n}_total": v for n, v in zip(FIGURES, sums, strict=True)})
            whole = policy.granted_total
            policy.used_percent = round(100 * policy.used_total / whole) if whole else 0

    def _compute_work(self):
        requests = self.env["credit.cover.request"]._read_group(
            [("policy_id", "in", self.ids), ("state", "in", UNANSWERED)],
            ["policy_id"],
            ["__count"],
        )
        by_policy = dict(requests)
        known = self._count_buyers(Domain.TRUE)
        pending = self._count_buyers(PENDING)
        unmatched = self._count_buyers(UNMATCHED)
        for policy in self:
            key = policy.insurer_id, policy.company_id, policy.environment
            policy.request_count = by_policy.get(policy, 0)
            policy.buyer_count = known.get(key, 0)
            policy.pending_count = pending.get(key, 0)
            policy.unmatched_count = unmatched.get(key, 0)

    def _count_buyers(self, domain):
        """Count the insurers' buyers, for all policies at once.

        :return: dict, (insurer, company, environment) -> count
        """
        groups = self.env["credit.insurer.buyer"]._read_group(
            domain & Domain("insurer_id", "in", self.insurer_id.ids),
            ["insurer_id", "company_id", "environment"],
            ["__count"],
        )
        return {tuple(key): count for *key, count in groups}

    def _open(self, action, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"credit_insurance_link.{action}"
        )
        return {**action, "domain": list(domain), "context": {}}

    def action_open_use(self):
        """Show which customers make up a figure of this policy.

        The button's context names the figure; without one all customers are shown.
        """
        domain = Domain("policy_id", "=", self.id)
        figure = self.env.context.get("cover_figure")
        if figure in FIGURES:
            domain &= Domain(figure, ">", 0)
        return self._open("credit_cover_report_action", domain)

    def action_open_buyers(self):
        """Show the buyers of this policy."""
        return self._open_buyers(Domain.TRUE)

    def action_open_pending(self):
        """Show the buyers whose cover the insurer announced to cut."""
        return self._open_buyers(PENDING)

    def action_open_unmatched(self):
        """Show the buyers of whom nobody has said which customer they are."""
        return self._open_buyers(UNMATCHED)

    def _open_buyers(self, domain):
        mine = Domain(self._get_buyers_domain())
        return self._open("credit_insurer_buyer_action", mine & domain)

    def action_open_requests(self):
        """Show the requests of this policy that nobody has answered yet."""
        return self._open(
            "credit_cover_request_action",
            Domain("policy_id", "=", self.id) & Domain("state", "in", UNANSWERED),
        )
