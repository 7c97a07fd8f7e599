# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .credit_insurance_connection import ANALYST_GROUP

FULL_EVERY_HOURS = 20
OVERLAP_DAYS = 2  # insurers print days of other time zones


class CreditInsuranceSync(models.Model):
    """One fetching of an insurer's decisions on one policy; it can be gone on with."""

    _name = "credit.insurance.sync"
    _description = "Fetching of Decisions"
    _inherit = ["credit.stoppable"]
    _order = "id desc"
    _rec_name = "policy_id"

    policy_id = fields.Many2one(
        "credit.insurance.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    connection_id = fields.Many2one(
        "credit.insurance.connection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("changes", "Changes"), ("full", "Everything")],
        required=True,
        readonly=True,
        default="changes",
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    date_start = fields.Datetime(
        string="Started", readonly=True, default=lambda self: fields.Datetime.now()
    )
    date_end = fields.Datetime(string="Ended", readonly=True)
    date_since = fields.Date(string="Decisions Since", readonly=True)
    cursor = fields.Json(readonly=True)
    total_count = fields.Integer(string="To Read", readonly=True)
    read_count = fields.Integer(string="Read", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    duplicate_count = fields.Integer(string="Known Already", readonly=True)
    rejected_count = fields.Integer(string="Not Taken", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    error = fields.Char(string="Trouble", readonly=True)
    problem_ids = fields.One2many("credit.insurance.sync.problem", "sync_id")

    _one_running = models.UniqueIndex(
        "(policy_id) WHERE state = 'running'", "This policy is being fetched already."
    )

    @api.depends("state", "total_count", "read_count")
    def _compute_progress(self):
        for sync in self:
            share = sync.read_count / sync.total_count if sync.total_count else 0.0
            sync.progress = 100.0 if sync.state == "done" else min(share * 100, 99.0)

    # === START === #

    @api.model
    def _start(self, policy, *, kind=None):
        """Start fetching, or return the run that is under way.

        :param policy: one ``credit.insurance.policy`` with a connection
        :param str kind: "changes" or "full"; by default full once a day
        """
        running = self.search(
            [("policy_id", "=", policy.id), ("state", "=", "running")], limit=1
        )
        return running or self.create(self._prepare_sync(policy, kind))

    @api.model
    def _prepare_sync(self, policy, kind):
        now = fields.Datetime.now()
        done = [("policy_id", "=", policy.id), ("state", "=", "done")]
        last = self.search(done, limit=1)
        long_ago = now - timedelta(hours=FULL_EVERY_HOURS)
        recent = [*done, ("kind", "=", "full"), ("date_start", ">", long_ago)]
        kind = kind or ("changes" if self.search_count(recent, limit=1) else "full")
        since = last.date_start and last.date_start.date()
        is_full = kind == "full" or not since
        return {
            "policy_id": policy.id,
            "connection_id": policy._get_connection().id,
            "kind": "full" if is_full else "changes",
            "date_since": False if is_full else since - timedelta(days=OVERLAP_DAYS),
        }

    @api.autovacuum
    def _gc_syncs(self):
        """Only the latest runs tell something."""
        oldest = fields.Datetime.now() - timedelta(days=30)
        self.search(
            [("date_start", "<", oldest), ("state", "!=", "running")], limit=1000
        ).unlink()

    # === ACTIONS === #

    def action_stop(self):
        """Stop after the decisions that are being taken in; what was read stays."""
        self._require_analyst()
        self._ask_to_stop()
        self._trigger_sync()
        return True

    def action_go_on(self):
        """Go on where a run was stopped."""
        self.ensure_one()
        self._require_analyst()
        if self.state != "stopped" or self.policy_id.sync_ids[:1] != self:
            raise UserError(
                self.env._("Only the last run goes on, and only if it was stopped.")
            )
        # sudo: runs are written by the machine; the right to go on was checked.
        self.sudo().state = "running"
        self._trigger_sync()
        return True

    @api.model
    def _trigger_sync(self):
        # sudo: starting this job is all that is done with it.
        self.env.ref("credit_insurance_link.ir_cron_insurance_sync").sudo()._trigger()

    def _require_analyst(self):
        self.check_access("read")
        self.env["credit.insurance.connection"]._require(ANALYST_GROUP)

    def action_open_problems(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_sync_problem_action"
        )
        return {**action, "domain": [("sync_id", "=", self.id)]}


class CreditInsuranceSyncProblem(models.Model):
    """A row of an insurer that could not be taken; the others went on without it."""

    _name = "credit.insurance.sync.problem"
    _description = "Decision Not Taken"
    _order = "id desc"
    _rec_name = "external_id"

    sync_id = fields.Many2one(
        "credit.insurance.sync",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    policy_id = fields.Many2one(related="sync_id.policy_id", store=True)
    company_id = fields.Many2one(related="sync_id.company_id", store=True)
    external_id = fields.Char(string="Insurer's Reference", readonly=True)
    buyer_number = fields.Char(string="Insurer's Number of the Buyer", readonly=True)
    message = fields.Text(string="Why", readonly=True)
    raw = fields.Json(readonly=True)
