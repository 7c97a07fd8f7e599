# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.credit_control.models.debtors import DEBTORS

from .credit_agency import MANUAL


class CreditAgencyScore(models.Model):
    """A score as an agency gave it, with its date, source and cost.

    History: a later score is another record, and nothing is overwritten.
    """

    _name = "credit.agency.score"
    _description = "Score of an Agency"
    _order = "fetched_at desc, id desc"
    _rec_name = "raw_score"

    agency_id = fields.Many2one(
        "credit.agency", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        domain=DEBTORS,
    )
    external_id = fields.Char(
        string="Agency's Number", help="Under which number the agency knows the debtor."
    )
    raw_score = fields.Char(string="Score", required=True)
    scale = fields.Char(help="What the agency's score means, in its own words.")
    grade = fields.Char()
    position = fields.Integer(
        string="Out of 100",
        help="The score from 0 to 100, higher is better, where the scale is known.",
    )
    has_position = fields.Boolean(readonly=True)
    probability = fields.Float(string="Probability of Default (%)", digits=(16, 4))
    recommended_limit = fields.Monetary()
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    payment_days = fields.Integer(string="Days Paid Late")
    previous = fields.Char(string="Before")
    scored_on = fields.Date(
        string="Date of the Score", help="The agency's own date. Empty: it told none."
    )
    fetched_at = fields.Datetime(
        string="Received", readonly=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    age_days = fields.Integer(string="Age (days)", compute="_compute_age_days")
    cost = fields.Monetary(currency_field="cost_currency_id", readonly=True)
    cost_currency_id = fields.Many2one(
        related="agency_id.currency_id", string="Currency of the Cost"
    )
    is_sandbox = fields.Boolean(readonly=True)
    proof = fields.Binary(
        help="A rating typed by hand needs its document: Banque de France gives its "
        "rating to the company only, which may hand it on (L144-1 CMF).",
    )
    proof_name = fields.Char()
    raw_payload = fields.Json(readonly=True)

    _position_range = models.Constraint(
        "CHECK(COALESCE(position, 0) BETWEEN 0 AND 100)",
        "A score out of 100 is between 0 and 100.",
    )

    @api.depends("scored_on", "fetched_at")
    def _compute_age_days(self):
        today = fields.Date.context_today(self)
        for score in self:
            since = (
                score.scored_on or (score.fetched_at or fields.Datetime.now()).date()
            )
            score.age_days = (today - since).days

    @api.model_create_multi
    def create(self, vals_list):
        scores = super().create([self._prepare_score(vals) for vals in vals_list])
        scores._check_typed()
        scores._feed_profiles()
        return scores

    def _prepare_score(self, vals):
        """Values as they may come: by hand nobody says when and by whom."""
        if self.env.su:
            return vals
        own = ("fetched_at", "user_id", "cost", "is_sandbox", "raw_payload")
        vals = {name: value for name, value in vals.items() if name not in own}
        return {**vals, "has_position": "position" in vals and vals["position"] > 0}

    def _check_typed(self):
        """By hand come only scores of agencies that nobody asks, with their proof."""
        if self.env.su:
            return
        for score in self:
            if score.agency_id.kind != MANUAL:
                raise AccessError(self.env._("Scores of this agency come from itself."))
            if not score.scored_on or not score.proof:
                raise UserError(self.env._("Give the date of the score and its proof."))
            if score.partner_id.commercial_partner_id != score.partner_id:
                raise UserError(self.env._("A score belongs to the company itself."))

    def write(self, vals):
        # History for everybody: pylint: disable=method-required-super
        raise AccessError(self.env._("A score stays as it came; add a new one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Scores of agencies cannot be deleted."))

    @api.model
    def _take_in(self, agency, partner, fact, **values):
        """Keep what an agency answered.

        :param agency: who answered
        :param partner: the debtor that was asked for, by number
        :param fact: ``agencies.facts.ScoreFact``
        :param values: what is known better here, such as that it was billed already
        """
        vals = {**self._prepare_fact(agency, partner, fact), **values}
        # sudo: asking was allowed; the answer is kept as it came.
        return self.sudo().create(vals)

    @api.model
    def _prepare_fact(self, agency, partner, fact):
        currency = self.env["res.currency"].search([("name", "=", fact.currency)])
        return {
            "agency_id": agency.id,
            "partner_id": partner.id,
            "external_id": fact.external_id,
            "raw_score": fact.raw_score,
            "scale": fact.scale,
            "grade": fact.grade,
            "position": fact.position or 0,
            "has_position": fact.position is not None,
            "probability": float(fact.probability or 0),
            "recommended_limit": float(fact.recommended_limit or 0),
            "currency_id": (currency or agency.currency_id).id,
            "payment_days": fact.payment_days or 0,
            "previous": fact.previous,
            "scored_on": fact.scored_on,
            "user_id": self.env.uid,
            "cost": agency.cost,
            "is_sandbox": agency.environment == "sandbox",
            "raw_payload": fact.raw,
        }

    # === THE CREDIT FILE === #

    def _feed_profiles(self):
        """Let the score and the risk class of credit files follow, by setting."""
        for score in self:
            if score._may_feed():
                # sudo: the setting of the agency says so, whoever asked for the score.
                profiles = self.env["credit.profile"].sudo()
                found = profiles.search([("partner_id", "=", score.partner_id.id)])
                for profile in found:
                    profile.write(score._prepare_profile(profile))

    def _may_feed(self):
        return self.agency_id.feeds_score and self.has_position and not self.is_sandbox

    def _prepare_profile(self, profile):
        """Hook: what a score changes on a credit file; never an older one a newer."""
        day = self.scored_on or self.fetched_at.date()
        if profile.score_date and profile.score_date > day:
            return {}
        vals = {
            "score": self.position,
            "score_date": day,
            "score_source": self.agency_id.name,
        }
        bands = self.agency_id.band_ids.sorted("position", reverse=True)
        reached = bands.filtered(lambda band: band.position <= self.position)[:1]
        if reached:
            vals["risk_class_id"] = reached.risk_class_id.id
        return vals
