# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from dataclasses import replace

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.credit_control.models.readers import job

from ..insurers.errors import InsurerError
from ..insurers.facts import GRANTING

CHUNK = 500  # facts taken in together
BUDGET = 60  # seconds of one run; the next one goes on where it stopped
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
    """Read page by page, take in chunk by chunk, go on after an interruption."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.sync"

    # === CRON === #

    @api.model
    @job
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
        if self._stop_if_asked():
            return False
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
        todo = [fact for fact in facts if fact.external_id > after]
        for start in range(0, len(todo), CHUNK):
            if self._stop_if_asked():
                return False
            chunk = todo[start : start + CHUNK]
            self._take_chunk(chunk)
            self.read_count += len(chunk)
            here = (self.cursor or {}).get("page", "")
            self.cursor = {"page": here, "after": chunk[-1].external_id}
            is_over = time.monotonic() > limit and start + CHUNK < len(todo)
            self.env["ir.cron"]._commit_progress(remaining=1)
            if is_over:
                return False
        self._keep_grades(page.buyers)
        self.cursor = {"page": page.cursor, "after": ""}
        return True

    def _take_chunk(self, facts):
        results = self._take_in(self.policy_id, facts)
        facts = [*facts, *self._find_restored(facts, results)]
        results += self._take_in(self.policy_id, facts[len(results) :])
        counts = self._count(results)
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

    def _find_restored(self, facts, results):
        """Facts that are known and listed, though something else was told in between.

        An insurer that takes a decision back tells the old one again, word for word.
        Where it prints no time of day, its version is the old one as well. The list is
        what holds now, so it counts anew.
        """
        known = [
            fact
            for fact, result in zip(facts, results, strict=True)
            if result["status"] == "duplicate" and not fact.version
        ]
        latest = self._get_latest_words([fact.external_id for fact in known])
        moment = fields.Datetime.now().isoformat()
        return [
            replace(fact, version=moment)
            for fact in known
            if latest[fact.external_id, fact.layer] != fact.fingerprint
        ]

    def _get_latest_words(self, external_ids):
        """The hash of what was told last, by (external id, layer)."""
        decisions = self.env["credit.cover.decision"].search_fetch(
            [
                ("policy_id", "=", self.policy_id.id),
                ("external_id", "in", external_ids),
            ],
            ["external_id", "layer", "payload_hash"],
            order="id",
        )
        return {(one.external_id, one.layer): one.payload_hash for one in decisions}

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
