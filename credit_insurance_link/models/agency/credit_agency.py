# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...insurers.breaker import Breaker
from ..credit_insurance_policy import ENVIRONMENTS

CONNECTION = "credit_insurance_link.credit_insurance_group_connection"
ANALYST = "credit_control.credit_control_group_analyst"
MANUAL = "manual"
# Who is asked for the score of one debtor, and bills it.
SCORING = ("creditsafe", "dnb", "coface_icon")
# Of these, who takes orders: what they tell arrives later.
ORDERED = ("coface_icon",)
CREDENTIALS = ("username", "password", "api_key")


class CreditAgency(models.Model):
    """Who tells us about companies: a register, a bulletin, a rating agency.

    Nothing is asked of anybody before a person has switched it on.
    """

    _name = "credit.agency"
    _description = "Agency"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    kind = fields.Selection(
        [
            ("bodacc", "BODACC"),
            ("recherche", "Recherche d'entreprises"),
            ("sirene", "INSEE Sirene"),
            ("creditsafe", "Creditsafe"),
            ("dnb", "D&B (Altares)"),
            ("coface_icon", "Coface ICON"),
            (MANUAL, "Typed by Hand"),
        ],
        required=True,
        default=MANUAL,
        tracking=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("off", "Off"), ("on", "On"), ("locked", "Login Refused")],
        default="off",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Off: nobody is asked. Login Refused: the agency did not take the "
        "credentials, and nothing is sent until a person switches it on again.",
    )
    environment = fields.Selection(
        ENVIRONMENTS,
        required=True,
        default="production",
        tracking=True,
        help="What a sandbox tells is kept apart and has no effect.",
    )
    url = fields.Char(
        string="Address",
        groups=CONNECTION,
        help="Empty: the agency's own, for this environment.",
    )
    username = fields.Char(groups=CONNECTION, copy=False)
    password = fields.Char(groups=CONNECTION, copy=False)
    api_key = fields.Char(string="Key", groups=CONNECTION, copy=False)
    cost = fields.Monetary(
        string="Cost per Score",
        help="Noted with each score that is asked for, so that you know what you spend.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    refresh_days = fields.Integer(
        string="Ask Again After (days)",
        default=1,
        help="How often the watch asks about each debtor who owes us something, has "
        "credit or cover. Zero: only when a person asks.",
    )
    lookback_days = fields.Integer(
        string="Look Back (days)",
        default=365,
        help="How far back the first question about a new debtor reaches.",
    )
    feeds_score = fields.Boolean(
        string="Sets the Score",
        tracking=True,
        help="A new score becomes the score of the credit file, and sets its risk class "
        "where the bands below say so. Rules then see it.",
    )
    band_ids = fields.One2many("credit.agency.band", "agency_id", string="Bands")
    last_run = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)
    breaker = fields.Json(readonly=True, copy=False)
    rests_until = fields.Datetime(compute="_compute_rests_until", compute_sudo=True)
    event_ids = fields.One2many("credit.agency.event", "agency_id")
    score_ids = fields.One2many("credit.agency.score", "agency_id")
    watch_count = fields.Integer(compute="_compute_watch", compute_sudo=True)
    late_count = fields.Integer(
        string="Not Asked in Time", compute="_compute_watch", compute_sudo=True
    )

    _refresh_positive = models.Constraint(
        "CHECK(refresh_days >= 0 AND lookback_days >= 0)",
        "Days cannot be negative.",
    )

    @api.depends("breaker")
    def _compute_rests_until(self):
        for agency in self:
            breaker = Breaker(**agency.breaker) if agency.breaker else Breaker()
            rests = breaker.state == "open"
            agency.rests_until = rests and datetime.fromtimestamp(
                breaker.retry_at, UTC
            ).replace(tzinfo=None)

    def _compute_watch(self):
        groups = self.env["credit.agency.watch"]._read_group(
            [("agency_id", "in", self.ids), ("is_watched", "=", True)],
            ["agency_id", "has_error"],
            ["__count"],
        )
        counts = {(agency, failed): count for agency, failed, count in groups}
        for agency in self:
            late = counts.get((agency._origin, True), 0)
            agency.late_count = late
            agency.watch_count = late + counts.get((agency._origin, False), 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_switch(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_switch(vals)
        if {*CREDENTIALS, "url"}.intersection(vals):
            vals = {**vals, "breaker": False}
        self._get_moved(vals)._forget_credentials()
        return super().write(vals)

    def _get_moved(self, vals):
        """Agencies that become another party."""
        return self.filtered(
            lambda agency: any(
                name in vals and vals[name] != agency[name]
                for name in ("kind", "environment")
            )
        )

    def _forget_credentials(self):
        """What opens the sandbox is never sent to production, nor the other way."""
        if self:
            gone = dict.fromkeys((*CREDENTIALS, "url", "breaker"), False)
            # sudo: who may not read credentials may make them be forgotten.
            self.sudo().write({**gone, "state": "off"})

    def _check_switch(self, vals):
        if "state" in vals and not self.env.su:
            raise AccessError(self.env._("Use the buttons to switch an agency."))

    # === SWITCH === #

    def action_switch_on(self):
        """Let the agency be asked from now on; also after a refused login."""
        self._check_connection()
        for agency in self:
            if agency.kind == MANUAL:
                raise UserError(self.env._("There is nobody to ask: scores are typed."))
            agency._check_credentials()
        # sudo: the right to switch was checked above.
        self.sudo().write({"state": "on", "breaker": False, "last_error": False})
        return True

    def action_switch_off(self):
        """Ask nobody any more; what was told stays."""
        self._check_connection()
        # sudo: the right to switch was checked above.
        self.sudo().state = "off"
        return True

    def _check_connection(self):
        if not self.env.user.has_group(CONNECTION):
            raise AccessError(
                self.env._("Only who keeps connections switches agencies.")
            )

    def _check_credentials(self):
        needed = self._get_needed_credentials()
        if not all(self[name] for name in needed):
            names = ", ".join(
                self._fields[name]._description_string(self.env) for name in needed
            )
            raise UserError(self.env._("Fill in first: %s.", names))

    def _get_needed_credentials(self):
        """Hook: the fields without which an agency cannot be asked."""
        return {
            "sirene": ["api_key"],
            "creditsafe": ["username", "password"],
            "dnb": ["username", "password"],
            "coface_icon": ["username", "password", "api_key"],
        }.get(self.kind, [])

    def action_open_orders(self):
        """Open what was ordered from this agency."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_agency_order_action"
        )
        return {**action, "domain": [("agency_id", "=", self.id)], "context": {}}

    def action_open_events(self):
        """Open what this agency told."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_agency_event_action"
        )
        return {**action, "domain": [("agency_id", "=", self.id)], "context": {}}


class CreditAgencyBand(models.Model):
    """From which score on a debtor belongs to a risk class."""

    _name = "credit.agency.band"
    _description = "Band of an Agency's Scores"
    _order = "agency_id, position desc, id"

    agency_id = fields.Many2one(
        "credit.agency", required=True, index=True, ondelete="cascade"
    )
    position = fields.Integer(
        string="Score From",
        required=True,
        help="0 to 100, higher is better. The highest band that the score reaches counts.",
    )
    risk_class_id = fields.Many2one(
        "credit.risk.class", required=True, ondelete="restrict"
    )

    _position_uniq = models.Constraint(
        "UNIQUE(agency_id, position)", "Two bands cannot start at the same score."
    )
