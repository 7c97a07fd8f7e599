# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

# L441-10, II: the floor of contractual rates; points on the central bank's rate, for
# which the Directive asks for eight.
FACTORS = {"legal": 3.0}
POINTS = {"FR": 10.0}


class CreditInterestRate(models.Model):
    """A rate published for one half-year in one country, with its source.

    France: Code de commerce, article L441-10, II (European Central Bank plus ten points;
    three times the legal rate as the floor of contractual rates). Of the two legal rates
    the higher one is for creditors who are private persons (Code monétaire et financier,
    L313-2): a consumer owes a company the other one. Directive 2011/7/EU asks for at
    least eight points elsewhere in the Union.
    """

    _name = "credit.interest.rate"
    _description = "Late-Interest Rate"
    _inherit = ["mail.thread"]
    _order = "date_from desc, country_id, kind"
    _rec_name = "period"

    country_id = fields.Many2one(
        "res.country",
        required=True,
        index=True,
        default=lambda self: self._default_country_id(),
        help="The country whose law applies to the contract.",
    )
    kind = fields.Selection(
        [
            ("ecb", "Central bank (ECB: main refinancing)"),
            ("legal", "Legal rate"),
            ("legal_individual", "Rate for consumers"),
        ],
        required=True,
        default="ecb",
        help="The first one is the rule between professionals; three times the second "
        "is the floor of a contractual rate. Consumers owe the third where their law has "
        "one (Germany: base rate plus five points), else the second as it is published.",
    )
    date_from = fields.Date(
        string="First Day of the Half-Year",
        required=True,
        tracking=True,
        help="1 January or 1 July. The rate that was in force on that day counts for the "
        "whole half-year.",
    )
    period = fields.Char(string="Half-Year", compute="_compute_period")
    rate = fields.Float(string="Published (%)", digits=(7, 4), tracking=True)
    factor = fields.Float(
        digits=(5, 2),
        compute="_compute_factor",
        store=True,
        readonly=False,
        help="The published rate is multiplied by this.",
    )
    points = fields.Float(
        string="Added Points",
        digits=(5, 2),
        compute="_compute_points",
        store=True,
        readonly=False,
        help="Added to the published rate: ten by French law, at least eight elsewhere in "
        "the European Union.",
    )
    applied_rate = fields.Float(
        string="Applied (%)", digits=(7, 4), compute="_compute_applied_rate"
    )
    source = fields.Char(tracking=True, help="Where the rate was read, and when.")
    is_missing = fields.Boolean(
        string="Unknown",
        help="The rate was not found. Interest that needs it cannot be computed: an error "
        "says so. Entering the rate ends that.",
    )

    _half_year_uniq = models.Constraint(
        "UNIQUE(country_id, kind, date_from)",
        "This rate is there already: change it instead of adding another one.",
    )
    _rate_positive = models.Constraint(
        "CHECK(COALESCE(rate, 0) >= 0 AND COALESCE(factor, 0) >= 0"
        " AND COALESCE(points, 0) >= 0)",
        "Rates, factors and points are zero or more.",
    )

    @api.model
    def _default_country_id(self):
        company = self.env.company
        return company.account_fiscal_country_id or company.country_id

    # One method each: a value given for one would keep the other from being computed.
    @api.depends("kind")
    def _compute_factor(self):
        for rate in self:
            rate.factor = FACTORS.get(rate.kind, 1.0)

    @api.depends("kind", "country_id")
    def _compute_points(self):
        for rate in self:
            is_bank = rate.kind == "ecb"
            rate.points = POINTS.get(rate.country_id.code, 8.0) if is_bank else 0.0

    @api.depends("rate", "factor", "points")
    def _compute_applied_rate(self):
        for rate in self:
            rate.applied_rate = rate.rate * rate.factor + rate.points

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_period(self):
        for rate in self:
            rate.period = rate.date_from and self._get_period_name(rate.date_from)

    @api.constrains("date_from")
    def _check_date_from(self):
        for rate in self:
            if (rate.date_from.month, rate.date_from.day) not in ((1, 1), (7, 1)):
                raise ValidationError(
                    self.env._("A half-year begins on 1 January or on 1 July.")
                )

    @api.onchange("rate")
    def _onchange_rate(self):
        self.is_missing = False

    def write(self, vals):
        if "rate" in vals and "is_missing" not in vals:
            vals = {**vals, "is_missing": False}
        return super().write(vals)

    @api.model
    def _get_period_name(self, since):
        """How a half-year is called.

        :param date since: its first day
        """
        if since.month < 7:
            return self.env._("first half-year of %s", since.year)
        return self.env._("second half-year of %s", since.year)
