# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..insurers.errors import InsurerError
from ..insurers.facts import GRANTING
from .credit_insurance_connection import ANALYST_GROUP

CHUNK = 500  # facts taken in together
BUDGET = 60  # seconds of one run; the next one goes on where it stopped
EVERY_HOURS = 1
FULL_EVERY_HOURS = 20
OVERLAP_DAYS = 2  # insurers print days of other time zones
# What one fact may fail with. A failure of the database itself ends the run.
BAD_FACT = (
    UserError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    psycopg2.DataError,
    psycopg2.IntegrityError,
)


class CreditInsuranceSync(models.Model):
    """One fetching of an insurer's decisions on one policy; it can be gone on with."""

    _name = "credit.insurance.sync"
    _description = "Fetching of Decisions"
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
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
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

    # === CRON === #

    @api.model
    def _cron_sync(self):
        """Fetch the decisions on each policy whose time it is."""
        cron = self.env["ir.cron"]
        policies = self.env["credit.insurance.policy"]._get_to_sync()
        for left, policy in zip(
            range(len(policies) - 1, -1, -1), policies, strict=True
        ):
            sync = self._start(policy)
            cron._commit_progress(remaining=left + 1)
            is_over = not sync._run()
            if not cron._commit_progress(1, remaining=left + is_over) or is_over:
                return

    def _run(self):
        """Go on with this run until it ends or its time is over.

        :return: whether it ended, well or not
        """
        self.ensure_one()
        limit = time.monotonic() + self._get_budget()
        try:
            with self.connection_id._open_line(policy=self.policy_id) as adapter:
                seen = set() if not self.cursor else None
                for page in self._iter_pages(adapter):
                    if not self._take_page(page, limit, seen):
                        return False
        except (InsurerError, *BAD_FACT) as error:
            self._end("failed", error=str(error)[:500])
            return True
        if self.kind == "full" and seen is not None:
            self._note_vanished(seen)
        self._end("done")
        return True

    def _iter_pages(self, adapter):
        """Read from the page on where the last run stopped."""
        key = self.connection_id._get_policy_key(self.policy_id)
        cursor = (self.cursor or {}).get("page", "")
        if adapter.can("decisions"):
            return adapter.iter_decisions(key, self.date_since or None, cursor)
        return adapter.iter_portfolio(key, cursor)

    def _take_page(self, page, limit, seen):
        """Take in a page, chunk by chunk, each in its own transaction.

        :return: False when the time is over before the page is
        """
        after = (self.cursor or {}).get("after", "")
        facts = sorted(page.facts, key=lambda fact: fact.external_id)
        if seen is not None:
            seen.update(fact.external_id for fact in facts)
        if not after:
            self.total_count += len(facts) + len(page.problems)
            self._note_problems(page.problems)
            self._keep_grades(page.buyers)
        todo = [fact for fact in facts if fact.external_id > after]
        for start in range(0, len(todo), CHUNK):
            chunk = todo[start : start + CHUNK]
            self._take_chunk(chunk)
            here = (self.cursor or {}).get("page", "")
            self.cursor = {"page": here, "after": chunk[-1].external_id}
            is_over = time.monotonic() > limit and start + CHUNK < len(todo)
            self.env["ir.cron"]._commit_progress(remaining=1)
            if is_over:
                return False
        self.cursor = {"page": page.cursor, "after": ""}
        return True

    def _take_chunk(self, facts):
        results = self._take_in(self.policy_id, facts)
        counts = self._count(results)
        self.read_count += len(facts)
        self.new_count += counts["new"]
        self.duplicate_count += counts["duplicate"]
        self.rejected_count += counts["rejected"]
        rejected = [
            {
                "sync_id": self.id,
                "external_id": fact.external_id,
                "buyer_number": fact.buyer_external_id,
                "message": result.get("error") or "",
                "raw": fact.raw,
            }
            for fact, result in zip(facts, results, strict=True)
            if result["status"] == "rejected"
        ]
        self.env["credit.insurance.sync.problem"].create(rejected)

    @api.model
    def _take_in(self, policy, facts):
        """Hand facts to the one door of decisions; a bad one does not stop the others.

        :return: list of dict as ``credit.cover.decision._ingest`` returns it
        """
        # sudo: the insurer's facts enter whoever fetched or replayed them.
        decisions = self.env["credit.cover.decision"].sudo()
        facts = list(facts)
        if not facts:
            return []
        try:
            with self.env.cr.savepoint():
                results = decisions._ingest(policy.sudo(), facts, "api")
                self.env.flush_all()
                return results
        except BAD_FACT as error:
            if len(facts) == 1:
                return [{"status": "rejected", "error": str(error)}]
        # Halving finds the bad one among many with few repetitions.
        middle = len(facts) // 2
        return self._take_in(policy, facts[:middle]) + self._take_in(
            policy, facts[middle:]
        )

    @api.model
    def _count(self, results, problems=()):
        """How many facts were new, known already, and not taken."""
        counts = {"new": 0, "duplicate": 0, "rejected": len(problems)}
        for result in results:
            counts[result["status"]] += 1
        return counts

    # === WHAT A HUMAN SHOULD SEE === #

    def _note_problems(self, problems):
        self.rejected_count += len(problems)
        self.env["credit.insurance.sync.problem"].create(
            [
                {
                    "sync_id": self.id,
                    "external_id": problem.external_id,
                    "message": problem.message,
                    "raw": problem.raw,
                }
                for problem in problems
            ]
        )

    def _note_vanished(self, seen):
        """Cover that runs here and that the insurer names no more: look, never cancel."""
        today = fields.Date.context_today(self)
        layers = self.env["credit.cover.layer"].search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("decision_id.source", "in", ("api", "webhook")),
                ("decision_id.outcome", "in", list(GRANTING)),
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        )
        vanished = layers.decision_id.filtered(lambda one: one.external_id not in seen)
        self.env["credit.insurance.sync.problem"].create(
            [
                {
                    "sync_id": self.id,
                    "external_id": decision.external_id,
                    "buyer_number": decision.buyer_id.insurer_buyer_id,
                    "message": self.env._(
                        "The insurer does not list this cover any more. It counts "
                        "until somebody has looked."
                    ),
                }
                for decision in vanished
            ]
        )

    def _keep_grades(self, candidates):
        """Note the grades that came along; buyers are known by their number."""
        grades = {
            candidate.external_id: candidate
            for candidate in candidates
            if candidate.grade
        }
        buyers = self.env["credit.insurer.buyer"].search(
            [
                ("insurer_id", "=", self.policy_id.insurer_id.id),
                ("environment", "=", self.policy_id.environment),
                ("company_id", "=", self.policy_id.company_id.id),
                ("insurer_buyer_id", "in", list(grades)),
            ]
        )
        for buyer in buyers:
            told = grades[buyer.insurer_buyer_id]
            if told.grade != buyer.grade_raw:
                buyer.write(
                    {
                        "grade_raw": told.grade,
                        "grade_scale": told.grade_scale,
                        "grade_previous": buyer.grade_raw or told.grade_previous,
                        "grade_date": told.grade_date or fields.Date.today(),
                    }
                )

    def _end(self, state, error=False):
        self.write(
            {
                "state": state,
                "date_end": fields.Datetime.now(),
                "cursor": False,
                "error": error,
            }
        )

    def _get_budget(self):
        """Seconds that one run may take."""
        return BUDGET

    @api.autovacuum
    def _gc_syncs(self):
        """Only the latest runs tell something."""
        oldest = fields.Datetime.now() - timedelta(days=30)
        self.search(
            [("date_start", "<", oldest), ("state", "!=", "running")], limit=1000
        ).unlink()

    # === ACTIONS === #

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


class CreditInsurancePolicy(models.Model):
    _inherit = "credit.insurance.policy"

    sync_ids = fields.One2many("credit.insurance.sync", "policy_id")

    def _get_connection(self):
        """The connection that this policy's insurer is reached by; may be empty."""
        self.ensure_one()
        # sudo: that there is a connection is no secret; its credentials have groups.
        return (
            self.env["credit.insurance.connection"]
            .sudo()
            .search(
                [
                    ("insurer_id", "=", self.insurer_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("environment", "=", self.environment),
                ],
                limit=1,
            )
            .sudo(self.env.su)
        )

    @api.model
    def _get_to_sync(self):
        """The policies whose decisions are to be fetched now."""
        connections = self.env["credit.insurance.connection"].search(
            [
                ("is_sync_on", "=", True),
                (
                    "environment",
                    "=",
                    self.env["credit.insurance.connection"]._get_environment(),
                ),
                ("breaker_state", "!=", "locked"),
            ]
        )
        policies = self.search(
            [
                ("state", "in", ("live", "suspended")),
                ("insurer_id", "in", connections.insurer_id.ids),
            ]
        )
        return policies.filtered(lambda policy: policy._is_time_to_sync())

    def _is_time_to_sync(self):
        connection = self._get_connection()
        if not connection or not connection.is_sync_on:
            return False
        last = self.sync_ids[:1]
        if not last or last.state == "running":
            return True
        if connection.date_ping and connection.date_ping >= last.date_start:
            return True
        return last.date_start <= fields.Datetime.now() - timedelta(hours=EVERY_HOURS)

    def action_fetch(self):
        """Fetch the decisions of this policy now, in the background."""
        self.ensure_one()
        self.check_access("read")
        connection = self._get_connection()
        self.env["credit.insurance.connection"]._require(ANALYST_GROUP)
        if not connection:
            raise UserError(
                self.env._(
                    "This insurer has no connection: import a file, or type its "
                    "decisions by hand."
                )
            )
        connection._check_environment(self)
        # sudo: runs are written by the machine; starting one is all that is asked.
        sync = self.env["credit.insurance.sync"].sudo()._start(self, kind="full")
        self.env.ref("credit_insurance_link.ir_cron_insurance_sync").sudo()._trigger()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.insurance.sync",
            "res_id": sync.id,
            "views": [(False, "form")],
        }
