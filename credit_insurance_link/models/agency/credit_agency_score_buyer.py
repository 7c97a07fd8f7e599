# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ...agencies.coface_icon import WORDS

# The agency of an insurer -> the adapter of that insurer.
INSURERS = {"coface_icon": "coface"}
SCALES = {words: scale for scale, words in WORDS.items()}


class CreditAgencyScore(models.Model):
    """The agency of an insurer: its score is the grade of the insurer's buyer."""

    _inherit = "credit.agency.score"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        scores = super().create(vals_list)
        scores._feed_buyers()
        return scores

    def _feed_buyers(self):
        """Let the grade follow, of the buyer that is this legal entity."""
        for score in self:
            if score.agency_id.kind in INSURERS:
                for buyer in score._get_rated_buyers():
                    buyer.write(score._prepare_grade(buyer))

    def _get_rated_buyers(self):
        """The insurer's buyers of the same legal entity: by number, never by name."""
        kin = self.partner_id._get_credit_kin()[self.partner_id]
        # sudo: what was told of an entity goes to all buyers that are this entity.
        buyers = self.env["credit.insurer.buyer"].sudo()
        environment = "sandbox" if self.is_sandbox else "production"
        return buyers.search(
            [
                ("insurer_id.adapter", "=", INSURERS[self.agency_id.kind]),
                ("environment", "=", environment),
                ("partner_id", "in", kin.ids),
                ("match_state", "=", "confirmed"),
            ]
        )

    def _prepare_grade(self, buyer):
        """Hook: what a score changes on a buyer; never an older one a newer."""
        day = self.scored_on or self.fetched_at.date()
        if buyer.grade_date and buyer.grade_date > day:
            return {}
        if buyer.grade_raw == self.raw_score:
            return {"grade_date": day}
        return {
            "grade_raw": self.raw_score,
            "grade_ordinal": float(self.raw_score) if self.has_position else 0.0,
            "grade_scale": SCALES.get(self.scale, ""),
            "grade_previous": buyer.grade_raw or self.previous,
            "grade_date": day,
        }
