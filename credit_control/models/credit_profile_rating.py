# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

# Who rates a customer, and how, is not for everybody who sells to it.
READERS = "credit_control.credit_control_group_viewer"


class CreditProfile(models.Model):
    """How the customer is rated, and how far it was dunned: what rules look at."""

    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    risk_class_id = fields.Many2one(
        "credit.risk.class",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Rules, exceptions and the authority to release may depend on it.",
    )
    score = fields.Integer(
        tracking=True,
        groups=READERS,
        help="0 to 100, higher is better. It counts only with its date.",
    )
    score_date = fields.Date(
        tracking=True,
        groups=READERS,
        help="When the score was given. Empty: there is no score, and no rule asks for it.",
    )
    score_source = fields.Char(
        groups=READERS, help="Who gave the score: an agency, a model, a colleague."
    )
    promise_ids = fields.One2many("credit.promise", "profile_id", string="Promises")
    dispute_ids = fields.One2many("credit.dispute", "profile_id", string="Disputes")

    _score_range = models.Constraint(
        "CHECK(COALESCE(score, 0) BETWEEN 0 AND 100)",
        "A score is between 0 and 100, higher is better.",
    )

    def _get_rating_cause(self, vals):
        """Override: dates and dunning count as well as the rating."""
        if {"score_date", "dunning_level", "review_date"}.intersection(vals):
            return self.env._("The rating of the customer changed.")
        return super()._get_rating_cause(vals)
