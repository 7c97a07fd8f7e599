# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .credit_cover_request import PENDING
from .credit_insurance_policy import ENVIRONMENTS

# Written by matching and by its own buttons only: they decide whose cover it is.
MATCH_FIELDS = frozenset(
    {"partner_id", "match_state", "matched_on", "matched_value", "match_score"}
)

# What the lines follow besides the insurer's decisions.
FOLLOWED = frozenset({"discretionary_amount", "discretionary_date", "country_id"})


class CreditInsurerBuyer(models.Model):
    """A debtor as one insurer knows it: a legal entity, never matched by name alone."""

    _name = "credit.insurer.buyer"
    _description = "Buyer at an Insurer"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.rooted"]
    _order = "name, id"

    name = fields.Char(
        required=True, help="As the insurer writes it; proposes, never decides."
    )
    insurer_id = fields.Many2one(
        "credit.insurer", required=True, index=True, ondelete="restrict"
    )
    environment = fields.Selection(ENVIRONMENTS, required=True, default="production")
    insurer_buyer_id = fields.Char(
        string="Insurer's Number",
        index="btree_not_null",
        tracking=True,
        help="Kept as text: leading zeros belong to it. A former number is kept as well.",
    )
    number_ids = fields.One2many(
        "credit.insurer.buyer.number", "buyer_id", string="Former Numbers"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        readonly=True,
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customer Files",
        compute="_compute_partner_ids",
        help="All customer files with the same number of the legal entity. They share one "
        "cover: together they never get more than it.",
    )
    is_shared = fields.Boolean(compute="_compute_partner_ids")
    country_id = fields.Many2one("res.country")
    match_state = fields.Selection(
        [
            ("unmatched", "Not Matched"),
            ("candidate", "Proposed"),
            ("ambiguous", "Ambiguous"),
            ("confirmed", "Confirmed"),
        ],
        required=True,
        default="unmatched",
        tracking=True,
        readonly=True,
        help="Only a number or a person confirms; cover of a buyer that is not confirmed "
        "reaches nobody.",
    )
    matched_on = fields.Char(readonly=True, help="The kind of number that matched.")
    matched_value = fields.Char(readonly=True)
    match_score = fields.Integer(readonly=True)
    grade_raw = fields.Char(string="Grade", help="As the insurer words it.")
    grade_ordinal = fields.Float(
        help="The grade as a number, where the scale is known; compare it only within "
        "one scale."
    )
    grade_scale = fields.Char()
    grade_date = fields.Date()
    grade_previous = fields.Char()
    trading_status = fields.Char()
    pending_action = fields.Selection(
        PENDING,
        string="Announced",
        readonly=True,
        tracking=True,
        help="The insurer announced it; cover still runs until then.",
    )
    pending_date = fields.Date(string="Announced For", readonly=True, tracking=True)
    discretionary_amount = fields.Monetary(
        tracking=True,
        help="What we grant on our own, up to the policy's discretionary maximum. Any "
        "decision of the insurer about this buyer ends it, a refusal included.",
    )
    discretionary_date = fields.Date(
        string="Discretionary Since",
        compute="_compute_discretionary_date",
        store=True,
        readonly=False,
        tracking=True,
        help="What was delivered before was not covered by it.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    request_ids = fields.One2many("credit.cover.request", "buyer_id")
    decision_ids = fields.One2many("credit.cover.decision", "buyer_id")
    layer_ids = fields.One2many("credit.cover.layer", "buyer_id")
    line_ids = fields.One2many("credit.line", "cover_buyer_id")

    _number_uniq = models.UniqueIndex(
        "(insurer_id, environment, insurer_buyer_id, company_id)"
        " WHERE insurer_buyer_id IS NOT NULL",
        "Another buyer of this insurer has this number.",
    )
    _partner_uniq = models.UniqueIndex(
        "(insurer_id, environment, partner_id, company_id)"
        " WHERE partner_id IS NOT NULL AND match_state = 'confirmed'",
        "This debtor is a buyer of this insurer already.",
    )
    _discretionary_positive = models.Constraint(
        "CHECK(COALESCE(discretionary_amount, 0) >= 0)",
        "The discretionary amount cannot be negative.",
    )

    @api.depends("partner_id", "match_state")
    def _compute_partner_ids(self):
        kin = self.partner_id._get_credit_kin()
        for buyer in self:
            partners = kin.get(buyer.partner_id, buyer.partner_id)
            buyer.partner_ids = partners.filtered(buyer._is_of_company)
            buyer.is_shared = len(buyer.partner_ids) > 1

    @api.depends("discretionary_amount")
    def _compute_discretionary_date(self):
        for buyer in self:
            since = buyer.discretionary_date or buyer.company_id._credit_today()
            buyer.discretionary_date = buyer.discretionary_amount and since

    def _is_of_company(self, partner):
        """Whether a customer file belongs to the company of this buyer, or to all."""
        company = partner.company_id
        return not company or company.root_id == self.company_id

    @api.constrains("partner_id")
    def _check_partner(self):
        for buyer in self.filtered("partner_id"):
            partner = buyer.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s belongs to %(company)s: the insurer covers the latter.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_match_writer(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_match_writer(vals)
        if "insurer_buyer_id" in vals:
            self._keep_former_number(vals["insurer_buyer_id"])
        result = super().write(vals)
        if "partner_id" in vals:
            # sudo: layers name their debtor so that they are found by him.
            layers = self.env["credit.cover.layer"].sudo()
            mine = layers.search([("buyer_id", "in", self.ids)])
            mine.partner_id = vals["partner_id"]
        if FOLLOWED.intersection(vals):
            # sudo: the lines follow; the right to change this was checked above.
            self.sudo()._follow_cover()
        return result

    def _check_match_writer(self, *vals_list):
        if not self.env.su and any(map(MATCH_FIELDS.intersection, vals_list)):
            raise AccessError(
                self.env._("Use “Confirm Match”: it checks and keeps who decided.")
            )

    def _keep_former_number(self, number):
        today = fields.Date.context_today(self)
        # sudo: nobody writes the history of numbers by hand.
        self.env["credit.insurer.buyer.number"].sudo().create(
            [
                {
                    "buyer_id": buyer.id,
                    "number": buyer.insurer_buyer_id,
                    "date_to": today,
                }
                for buyer in self
                if buyer.insurer_buyer_id and buyer.insurer_buyer_id != number
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        # sudo: what counts is whether there are decisions, not who may see them.
        if self.sudo().decision_ids:
            raise UserError(
                self.env._("The insurer decided about this buyer: the history stays.")
            )


class CreditInsurerBuyerNumber(models.Model):
    """A number under which the insurer knew a buyer: numbers change, history stays."""

    _name = "credit.insurer.buyer.number"
    _description = "Former Number of a Buyer"
    _order = "date_to desc, id desc"
    _rec_name = "number"

    buyer_id = fields.Many2one(
        "credit.insurer.buyer", required=True, index=True, ondelete="cascade"
    )
    insurer_id = fields.Many2one(related="buyer_id.insurer_id", store=True)
    number = fields.Char(required=True, readonly=True)
    date_to = fields.Date(string="Until", readonly=True)

    _number_idx = models.Index("(insurer_id, number)")
