# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditDunningPlan(models.Model):
    """The steps by which a debtor is chased, from before the due date to the hand-over."""

    _name = "credit.dunning.plan"
    _description = "Follow-up Plan"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        help="Invoices of an archived plan are not followed up, and runs say so.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        help="Empty: every company may use this plan.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    mode = fields.Selection(
        [
            ("sequence", "Step by step, none is left out"),
            ("latest", "The latest step that is due"),
        ],
        string="Steps",
        required=True,
        default="sequence",
        tracking=True,
        help="Step by step: who was never reminded gets the first step, however late he "
        "is. Latest: steps that were missed are left out.",
    )
    restart = fields.Selection(
        [
            ("never", "Goes on where it stopped"),
            ("pause", "Starts again after a pause"),
            ("end", "Starts again after the last step"),
        ],
        required=True,
        default="never",
        tracking=True,
        help="A pause is a promise, a dispute, a payment plan or an exclusion. After the "
        "last step, the plan starts again with the first one when its quiet days are over.",
    )
    level_ids = fields.One2many(
        "credit.dunning.level", "plan_id", string="Levels", copy=True
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for plan in self:
            plan.currency_id = (plan.company_id or self.env.company).currency_id
