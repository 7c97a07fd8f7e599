# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from .credit_cover_request import LAYERS


class CreditCoverLayer(models.Model):
    """From when to when a policy covers a buyer with how much.

    Worked out from the decisions, for every day, past and future; nobody edits it.
    """

    _name = "credit.cover.layer"
    _description = "Layer of Cover"
    _order = "buyer_id, date_from desc, id desc"

    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    buyer_id = fields.Many2one(
        "credit.insurer.buyer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="buyer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    layer = fields.Selection(LAYERS, required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    date_from = fields.Date(required=True, readonly=True)
    date_to = fields.Date(readonly=True, help="Last day. Empty: no end.")
    insured_percent = fields.Float(string="Insured (%)", readonly=True)
    max_terms_days = fields.Integer(string="Longest Terms (days)", readonly=True)
    decision_id = fields.Many2one(
        "credit.cover.decision",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
