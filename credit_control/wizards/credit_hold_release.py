# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditHoldRelease(models.TransientModel):
    """Answer one hold or many: release up to an amount and a date, or reject."""

    _name = "credit.hold.release"
    _description = "Answer Credit Holds"

    hold_ids = fields.Many2many("credit.hold", string="Holds", required=True)
    hold_count = fields.Integer(compute="_compute_figures")
    answer = fields.Selection(
        [("release", "Release"), ("reject", "Reject")], default="release", required=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_figures")
    amount = fields.Monetary(
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="What the document may come to, taxes included.",
    )
    uncovered = fields.Monetary(
        compute="_compute_figures", help="What no credit line carries: your decision."
    )
    tolerance_percent = fields.Float(
        string="Tolerance (%)", compute="_compute_proposal", store=True, readonly=False
    )
    tolerance_amount = fields.Monetary(
        string="Tolerance", compute="_compute_proposal", store=True, readonly=False
    )
    until = fields.Date(
        compute="_compute_proposal",
        store=True,
        readonly=False,
        help="Last day on which the release counts. After it the document is checked again.",
    )
    note = fields.Text(help="Kept with the release and shown to the salesperson.")

    @api.depends("hold_ids")
    def _compute_figures(self):
        for wizard in self:
            wizard.hold_count = len(wizard.hold_ids)
            wizard.currency_id = wizard.hold_ids[:1].currency_id
            wizard.uncovered = sum(wizard.hold_ids.mapped("uncovered"))

    @api.depends("hold_ids")
    def _compute_proposal(self):
        for wizard in self:
            holds = wizard.hold_ids
            policy, first = holds.sudo().policy_id[:1], holds[:1]
            today = (first.company_id or self.env.company)._credit_today()
            wizard.amount = sum(holds.mapped("amount"))
            wizard.tolerance_percent = policy.release_tolerance_percent
            wizard.tolerance_amount = policy.release_tolerance_amount
            wizard.until = fields.Date.add(today, days=policy.release_days)

    def action_apply(self):
        self.ensure_one()
        if self.answer == "reject":
            self.hold_ids.reject(note=self.note or "")
        else:
            self._release()
        return {"type": "ir.actions.act_window_close"}

    def action_apply_and_confirm(self):
        self.ensure_one()
        self._release()
        self.hold_ids._confirm_documents()
        return {"type": "ir.actions.act_window_close"}

    def _release(self):
        """One hold gets the amount that was entered, of many each its own."""
        alone = self.hold_count == 1
        self.hold_ids.release(
            amount=self.amount if alone else None,
            tolerance_percent=self.tolerance_percent,
            tolerance_amount=self.tolerance_amount,
            until=fields.Date.to_string(self.until) if self.until else None,
            note=self.note or "",
        )
