# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .credit_insurance_policy import ENVIRONMENTS


class CreditInsurerBuyer(models.Model):
    """A debtor as one insurer knows it: a legal entity, never matched by name alone."""

    _name = "credit.insurer.buyer"
    _description = "Buyer at an Insurer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(
        required=True, help="As the insurer writes it; proposes, never decides."
    )
    insurer_id = fields.Many2one(
        "credit.insurer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    environment = fields.Selection(ENVIRONMENTS, required=True, default="production")
    insurer_buyer_id = fields.Char(
        string="Insurer's Number",
        index="btree_not_null",
        tracking=True,
        help="Kept as text: leading zeros belong to it.",
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
        domain="[('commercial_partner_id', '=', id)]",
    )
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
    discretionary_amount = fields.Monetary(
        help="What we grant on our own under the policy's discretionary maximum."
    )
    discretionary_date = fields.Date(string="Discretionary Since")
    currency_id = fields.Many2one(related="company_id.currency_id")
    request_ids = fields.One2many("credit.cover.request", "buyer_id")
    decision_ids = fields.One2many("credit.cover.decision", "buyer_id")
    layer_ids = fields.One2many("credit.cover.layer", "buyer_id")

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
