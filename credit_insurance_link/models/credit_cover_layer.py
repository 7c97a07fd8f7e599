# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.cover import END, GRANT, SUPERSEDE, Ruling, Span, get_spans
from ..insurers.facts import ENDING, GRANTING
from .credit_cover_request import LAYERS

# Decisions of one day that their versions do not put in order: what takes cover away
# counts last, so that a doubt never grants anything (P12).
RANKS = {GRANT: 0, "reduced": 1, SUPERSEDE: 2, END: 3}


class CreditCoverLayer(models.Model):
    """From when to when a policy covers a buyer with how much.

    Worked out from the decisions, for every day, past and future; nobody edits it.
    """

    _name = "credit.cover.layer"
    _description = "Layer of Cover"
    _inherit = ["credit.cover.fact"]
    _order = "buyer_id, date_from desc, id desc"

    policy_id = fields.Many2one(ondelete="cascade")
    buyer_id = fields.Many2one(ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", readonly=True, index=True, ondelete="cascade"
    )
    layer = fields.Selection(LAYERS, required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(
        string="Until", readonly=True, help="Last day. Empty: no end."
    )
    decision_id = fields.Many2one(
        "credit.cover.decision",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    @api.model
    def _rebuild(self, policy, buyers):
        """Work out anew what the decisions of these buyers mean.

        :param policy: one ``credit.insurance.policy``
        :param buyers: ``credit.insurer.buyer``
        """
        decisions = self.env["credit.cover.decision"].search(
            [("policy_id", "=", policy.id), ("buyer_id", "in", buyers.ids)]
        )
        unit = 10**policy.currency_id.decimal_places
        rulings = {buyer: [] for buyer in buyers}
        for decision in decisions:
            rulings[decision.buyer_id] += self._prepare_rulings(decision, unit)
        self.env.cr.execute(
            SQL(
                "DELETE FROM credit_cover_layer WHERE policy_id = %s"
                " AND buyer_id = ANY(%s)",
                policy.id,
                buyers.ids,
            )
        )
        self.invalidate_model()
        rows = [
            self._prepare_layer(policy, buyer, span, unit)
            for buyer, told in rulings.items()
            for span in get_spans(told)
        ]
        policy._bulk_insert(self, rows)
        told = ["layer_ids", "cover_today", "cover_history"]
        self.env["credit.insurer.buyer"].invalidate_model(told)

    @api.model
    def _prepare_rulings(self, decision, unit):
        """What a decision means for cover: at most one ruling."""
        if decision.outcome in GRANTING and decision.has_amount:
            effect = GRANT
        elif decision.outcome in ENDING:
            effect = END
        elif decision.outcome == "superseded":
            effect = SUPERSEDE
        else:
            return []
        cents = round(decision.amount_granted * unit) if effect == GRANT else 0
        return [
            Ruling(
                key=decision.id,
                cover=decision.external_id,
                layer=decision.layer,
                effect=effect,
                decided=decision.decided_at,
                order=(
                    decision._get_version_order(),
                    RANKS.get(decision.outcome, RANKS[effect]),
                ),
                effective=decision.date_effective,
                amount=cents,
                expires=decision.date_expiry or None,
            )
        ]

    @api.model
    def _prepare_layer(self, policy, buyer, span, unit):
        decision = self.env["credit.cover.decision"].browse(span.key)
        country = buyer.country_id or buyer.partner_id.country_id
        terms = policy._get_country_terms(country)
        return {
            "policy_id": policy.id,
            "buyer_id": buyer.id,
            "partner_id": buyer.partner_id.id,
            "company_id": policy.company_id.id,
            "layer": span.layer,
            "amount": span.amount / unit,
            "date_from": span.start,
            "date_to": span.end or False,
            "insured_percent": decision.insured_percent or terms["insured_percent"],
            "max_terms_days": decision.max_terms_days
            or terms["max_payment_terms_days"],
            "decision_id": decision.id,
        }

    def _get_spans(self, unit):
        """These layers as the engine reads them."""
        return [
            Span(
                layer.layer,
                round(layer.amount * unit),
                layer.date_from,
                layer.date_to or None,
                layer.decision_id.id,
            )
            for layer in self
        ]
