# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..insurers.demo import is_loopback
from ..insurers.errors import InsurerError
from .credit_insurance_policy import ENVIRONMENTS

CONNECTION_GROUP = "credit_insurance_link.credit_insurance_group_connection"
ANALYST_GROUP = "credit_control.credit_control_group_analyst"
ENVIRONMENT_KEY = "credit_insurance_link.environment"
PING_PATIENCE = 600  # seconds until a ping that was not answered is asked for again
PING_PAUSE = 10  # seconds between two fetchings that pings asked for


def _secret(label):
    return fields.Char(
        string=label, groups=CONNECTION_GROUP, copy=False, exportable=False
    )


class CreditInsuranceConnection(models.Model):
    """How one company logs in at one insurer, in one environment.

    Production and sandbox are two records, without any way from one to the other: a
    sandbox never answers in a production database, nor the reverse (P12).
    """

    _name = "credit.insurance.connection"
    _description = "Connection with an Insurer"
    _inherit = ["mail.thread", "credit.rooted"]
    _order = "insurer_id, environment, id"
    _rec_names_search = ["insurer_id.name"]

    name = fields.Char(compute="_compute_name")
    active = fields.Boolean(default=True, tracking=True)
    insurer_id = fields.Many2one(
        "credit.insurer",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("adapter", "not in", ("manual", "file"))],
    )
    adapter = fields.Selection(related="insurer_id.adapter")
    company_id = fields.Many2one(tracking=True)
    environment = fields.Selection(
        ENVIRONMENTS,
        required=True,
        default="sandbox",
        tracking=True,
        help="A sandbox is used in test databases only, production only in the real "
        "one. Which one this is, the settings say.",
    )
    client_id = _secret("Client")
    client_secret = _secret("Client Secret")
    app_key = _secret("Application Key")
    api_key = _secret("API Key")
    username = _secret("User")
    password = _secret("Password")
    base_url = fields.Char(
        string="Address",
        help="Only for the demonstration insurer: where its simulator runs on this "
        "machine. Real insurers have fixed addresses.",
    )
    is_sync_on = fields.Boolean(
        string="Fetch Decisions",
        default=True,
        tracking=True,
        help="Off: decisions are fetched only when somebody asks for it.",
    )
    breaker_state = fields.Selection(
        [
            ("closed", "Working"),
            ("open", "Paused"),
            ("half_open", "Trying"),
            ("locked", "Login Refused"),
        ],
        string="Connection",
        default="closed",
        required=True,
        readonly=True,
        copy=False,
        help="Paused: after failures in a row nothing is sent for a while. Login "
        "refused: nothing is sent until somebody tries it, for insurers lock "
        "accounts after some wrong logins.",
    )
    breaker_failures = fields.Integer(
        string="Failures in a Row", readonly=True, copy=False
    )
    breaker_since = fields.Datetime(string="Since", readonly=True, copy=False)
    breaker_retry_at = fields.Datetime(string="Next Try", readonly=True, copy=False)
    breaker_pause = fields.Integer(readonly=True, copy=False)
    breaker_reason = fields.Char(string="Trouble", readonly=True, copy=False)
    webhook_secret = fields.Char(
        default=lambda self: secrets.token_urlsafe(32),
        groups=CONNECTION_GROUP,
        copy=False,
        exportable=False,
        readonly=True,
    )
    webhook_url = fields.Char(
        string="Notification Address",
        compute="_compute_webhook_url",
        groups=CONNECTION_GROUP,
        exportable=False,
        help="Give it to the insurer. Whoever knows it can make us fetch decisions, "
        "nothing else: what a notification says is never believed.",
    )
    date_ping = fields.Datetime(string="Last Notification", readonly=True, copy=False)
    is_usable = fields.Boolean(compute="_compute_is_usable")
    exchange_ids = fields.One2many(
        "credit.insurance.exchange", "connection_id", groups=ANALYST_GROUP
    )

    _one_active = models.UniqueIndex(
        "(insurer_id, company_id, environment) WHERE active",
        "There is such a connection already.",
    )

    @api.depends("insurer_id.name", "environment")
    @api.depends_context("lang")
    def _compute_name(self):
        labels = dict(self._fields["environment"]._description_selection(self.env))
        for connection in self:
            label = labels.get(connection.environment, "")
            connection.name = f"{connection.insurer_id.name or ''} ({label})"

    @api.depends("webhook_secret")
    def _compute_webhook_url(self):
        for connection in self:
            path = (
                f"credit_insurance/notify/{connection.id}/{connection.webhook_secret}"
            )
            connection.webhook_url = (
                f"{connection.get_base_url()}/{path}" if connection.id else False
            )

    @api.depends("environment")
    def _compute_is_usable(self):
        environment = self._get_environment()
        for connection in self:
            connection.is_usable = connection.environment == environment

    @api.constrains("base_url", "insurer_id", "environment")
    def _check_base_url(self):
        for connection in self:
            is_demo = connection.adapter == "demo"
            if connection.base_url and not (
                is_demo and is_loopback(connection.base_url)
            ):
                raise ValidationError(
                    self.env._(
                        "Only the demonstration insurer has an address, and only on "
                        "this machine, such as http://127.0.0.1:8479."
                    )
                )
            if is_demo and connection.environment != "sandbox":
                raise ValidationError(
                    self.env._("The demonstration insurer is a sandbox.")
                )

    # === ACTIONS === #

    def action_try(self):
        """Log in once, whatever the breaker says; a human asked for it."""
        self.ensure_one()
        self._require(CONNECTION_GROUP)
        try:
            with self._open_line(is_probe=True) as adapter:
                adapter.authenticate()
        except InsurerError as error:
            raise UserError(self._word_error(error)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s accepted the login.", self.insurer_id.name),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_new_webhook_secret(self):
        """The old notification address ends at once."""
        self.ensure_one()
        self._require(CONNECTION_GROUP)
        self.webhook_secret = secrets.token_urlsafe(32)

    def action_open_exchanges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_exchange_action"
        )
        return {**action, "domain": [("connection_id", "=", self.id)]}

    def _require(self, group):
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("You are not allowed to do this."))

    # === ENVIRONMENT === #

    @api.model
    def _get_environment(self):
        """Which environment this database is: "production" or "sandbox".

        A neutralized copy is a sandbox, whatever is set.
        """
        # sudo: two technical parameters, nothing else.
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            return "sandbox"
        kind = parameters.get_param(ENVIRONMENT_KEY, "production")
        return "sandbox" if kind == "sandbox" else "production"

    def _check_environment(self, policy=None):
        """Refuse to mix environments: connection, database and policy are of one.

        :raise UserError: they are not
        """
        self.ensure_one()
        if self.environment != self._get_environment():
            raise UserError(
                self.env._(
                    "%(connection)s is not for this database. A test database talks to "
                    "sandboxes only, the real one to production only.",
                    connection=self.name,
                )
            )
        if policy and policy.environment != self.environment:
            raise UserError(
                self.env._(
                    "%(policy)s and %(connection)s are of two environments.",
                    policy=policy.name,
                    connection=self.name,
                )
            )

    # === NOTIFICATIONS === #

    def _take_ping(self):
        """There may be something to fetch. Many pings make one fetching.

        A ping after the last fetching started asks for another one; while that one is
        waiting, further pings change nothing: it will see what they are about.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        started = self.env["credit.insurance.sync"].search(
            [("connection_id", "=", self.id)], limit=1
        )
        last = started.date_start
        if self.date_ping and (not last or self.date_ping >= last):
            if now - self.date_ping < timedelta(seconds=PING_PATIENCE):
                return
        # Nobody waits: who holds the row is fetching or pinging just now.
        if not self.try_lock_for_update(allow_referencing=True):
            return
        self.date_ping = now
        # Never more often than this, however fast they come.
        soonest = max(now, last + timedelta(seconds=PING_PAUSE)) if last else now
        for name in ("sync", "outbox"):
            cron = self.env.ref(f"credit_insurance_link.ir_cron_insurance_{name}")
            cron._trigger(soonest)
