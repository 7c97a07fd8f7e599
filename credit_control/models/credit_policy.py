# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class CreditPolicy(models.Model):
    """Rules and defaults of a segment of debtors."""

    _name = "credit.policy"
    _description = "Credit Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        domain=[("parent_id", "=", False)],
        help="Empty: every company may use this policy.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    mode = fields.Selection(
        [("hold", "Hold what does not fit"), ("observe", "Observe only")],
        required=True,
        default="hold",
        tracking=True,
        help="Observe: decisions are made, recorded and shown, but nothing is held. "
        "Use it to see for some weeks what would be stopped.",
    )
    no_line = fields.Selection(
        [
            ("unmanaged", "Not managed: never held"),
            ("no_credit", "No credit: only what is paid"),
            ("default", "A default line"),
        ],
        string="Debtors Without Line",
        required=True,
        default="unmanaged",
        tracking=True,
        help="What a debtor gets who never had a credit line. "
        "A line of zero is different: it means no credit.",
    )
    default_amount = fields.Monetary(
        tracking=True,
        help="Credit of a debtor without line, in the company's currency.",
    )
    component_ids = fields.Many2many(
        "credit.exposure.component",
        string="Counted as Exposure",
        default=lambda self: self._default_component_ids(),
        help="Only these parts of what a debtor owes use up credit. "
        "The exposure analysis always shows all of them.",
    )
    uncleared_days = fields.Integer(
        default=10,
        string="Return Delay (days)",
        help="Payments recorded but not cleared count this long. Zero: until they clear.",
    )
    horizon_days = fields.Integer(
        default=60,
        string="Credit Horizon (days)",
        help="Orders to be delivered later than this count only then, where the policy "
        "ticks “Less: orders beyond the horizon”.",
    )
    release_days = fields.Integer(
        default=15,
        string="Release Valid For (days)",
        help="Proposed when a document is released. After that it is checked again.",
    )
    release_tolerance_percent = fields.Float(
        default=5.0,
        help="A released document may grow by this much without being held again.",
    )
    release_tolerance_amount = fields.Monetary(
        help="A released document may grow by this much; the larger tolerance applies.",
    )
    four_eyes = fields.Boolean(
        tracking=True,
        help="Nobody releases a document that he entered, sells, tried to confirm or asked "
        "to release, neither for himself nor for a colleague who is away.",
    )
    four_eyes_amount = fields.Monetary(
        string="Second Person From",
        help="Below this uncovered amount one person is enough. Zero: always a second one.",
    )
    when_fits = fields.Selection(
        [("clear", "Clear the hold"), ("ready", "Mark it as ready to release")],
        string="When a Held Document Fits",
        required=True,
        default="clear",
        tracking=True,
        help="Clear: the hold closes and the salesperson may confirm. Ready: the hold "
        "stays on the list, marked, until a person releases it.",
    )
    rule_ids = fields.One2many(
        "credit.rule",
        "policy_id",
        string="Rules",
        copy=True,
        # Rules that are switched off stay in sight.
        context={"active_test": False},
    )
    exception_ids = fields.One2many(
        "credit.rule.exception",
        "policy_id",
        string="Exceptions",
        context={"active_test": False},
    )
    review_bounced = fields.Boolean(
        string="Review When a Payment Comes Back",
        help="The analyst is asked to look at what was confirmed or released but not "
        "delivered yet, when the payment of an invoice is undone: a returned direct "
        "debit, a bounced cheque, a cancelled or reversed payment.",
    )
    profile_ids = fields.One2many("credit.profile", "policy_id")

    _default_amount_positive = models.Constraint(
        "CHECK(COALESCE(default_amount, 0) >= 0)",
        "The default line of a policy cannot be negative. Use zero for no credit.",
    )
    _delays_positive = models.Constraint(
        "CHECK(COALESCE(uncleared_days, 0) >= 0 AND COALESCE(release_days, 0) >= 0"
        " AND COALESCE(horizon_days, 0) >= 0)",
        "Delays are numbers of days, zero or more.",
    )
    _tolerance_positive = models.Constraint(
        "CHECK(COALESCE(release_tolerance_percent, 0) BETWEEN 0 AND 100"
        " AND COALESCE(release_tolerance_amount, 0) >= 0)",
        "A tolerance is between 0 and 100 percent, and never a negative amount.",
    )

    @api.model
    def _default_component_ids(self):
        return self.env["credit.exposure.component"].search([("is_default", "=", True)])

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env["credit.measure"]._forget()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.measure"]._forget()
        self.env["credit.hold"]._look_again(self.env._("Credit policy changed"))
        return result
