# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models, sql_db

_logger = logging.getLogger(__name__)

CURRENT = ("open", "requested", "released", "rejected")
WAITING = ("open", "requested")
# The class of the advisory locks of those who record holds ("hold").
LOCK_CLASS = 0x686F6C64


class CreditHold(models.Model):
    """One stop on one document: why, how much, who let it through.

    A document has one current hold, brought up to date by each try; cleared and void
    holds are its history. Only the methods below change a hold, and they check rights.
    """

    _name = "credit.hold"
    _description = "Credit Hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="Document", readonly=True)
    state = fields.Selection(
        [
            ("open", "Held"),
            ("requested", "Release Requested"),
            ("released", "Released"),
            ("rejected", "Rejected"),
            ("cleared", "Cleared"),
            ("void", "Void"),
        ],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        group_expand=True,
    )
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document Record", model_field="res_model", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("credit.policy", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    reason_ids = fields.Many2many("credit.reason", string="Reasons", readonly=True)
    amount = fields.Monetary(readonly=True, help="The whole document.")
    uncovered = fields.Monetary(readonly=True, help="What no line carries.")
    at_stake = fields.Monetary(
        readonly=True,
        help="What whoever releases it decides about: what is not covered, or the whole "
        "growth where something else than the amount holds the document.",
    )
    exposure = fields.Monetary(
        readonly=True, help="Of the debtor, before this document."
    )
    limit_amount = fields.Monetary(string="Limit", readonly=True)
    is_stop = fields.Boolean(
        string="Stopped",
        readonly=True,
        help="No release opens it: the cause has to go away.",
    )
    explanation = fields.Json(readonly=True)
    findings = fields.Json(
        readonly=True, help="Codes and values, from which the words are made again."
    )
    explanation_shown = fields.Json(
        string="Explanation Today", compute="_compute_explanation_shown"
    )
    date_held = fields.Datetime(
        string="Held Since", default=fields.Datetime.now, readonly=True
    )
    date_closed = fields.Datetime(readonly=True)
    tries = fields.Integer(default=1, readonly=True)
    age_days = fields.Integer(
        string="Age (days)",
        compute="_compute_age_days",
        help="Days since the first try.",
    )
    request_user_id = fields.Many2one("res.users", string="Requested by", readonly=True)
    request_note = fields.Text(string="Request", readonly=True)
    release_user_id = fields.Many2one("res.users", string="Answered by", readonly=True)
    release_date = fields.Datetime(string="Answered on", readonly=True)
    release_amount = fields.Monetary(
        string="Released Amount", readonly=True, tracking=True
    )
    release_tolerance_percent = fields.Float(string="Tolerance (%)", readonly=True)
    release_tolerance_amount = fields.Monetary(string="Tolerance", readonly=True)
    release_until = fields.Date(string="Released Until", readonly=True, tracking=True)
    release_note = fields.Text(string="Answer", readonly=True)
    decision_ids = fields.Many2many(
        "credit.decision", compute="_compute_decision_ids", string="Decisions"
    )
    can_release = fields.Boolean(compute="_compute_can_release")

    _one_current = models.UniqueIndex(
        "(res_model, res_id) WHERE state IN ('open', 'requested', 'released', 'rejected')",
        "This document has a hold already.",
    )
    _waiting_idx = models.Index("(partner_id) WHERE state IN ('open', 'requested')")

    @api.depends("date_held", "date_closed")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for hold in self:
            end = hold.date_closed or now
            hold.age_days = (end - (hold.date_held or now)).days

    def _compute_decision_ids(self):
        for hold in self:
            hold.decision_ids = self.env["credit.decision"].search(
                [("res_model", "=", hold.res_model), ("res_id", "=", hold.res_id)]
            )

    @api.depends("state", "uncovered")
    @api.depends_context("uid")
    def _compute_can_release(self):
        for hold in self:
            hold.can_release = (
                hold.state in CURRENT and not hold._get_release_obstacle()
            )

    @api.depends("explanation", "state")
    @api.depends_context("lang")
    def _compute_explanation_shown(self):
        """While a document waits: how it stands now, in the reader's words.

        Afterwards what was recorded at the last try, in the reader's words as well.
        """
        for hold in self:
            hold.explanation_shown = hold._explain_now() or hold._explain_then()

    def _explain_now(self):
        # sudo: who may read the hold is told the whole story (P7, P9).
        document = self.sudo().env[self.res_model].browse(self.res_id).exists()
        if self.state not in WAITING or not document:
            return False
        if document._get_credit_claims().get(document) is not None:
            return False
        return document._credit_simulate()

    def _explain_then(self):
        if not self.findings or not self.explanation:
            return self.explanation
        try:
            return self.env["credit.explanation"]._word_again(
                self.company_id, self.explanation, self.findings
            )
        except (KeyError, TypeError, ValueError):
            # Recorded by a version or an add-on that is not there: its own words.
            return self.explanation

    # === RECORDING === #

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._invalidate_documents()
        return holds

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._invalidate_documents()
        return result

    def _invalidate_documents(self):
        """Documents tell of their hold without storing it."""
        for res_model, holds in self.grouped("res_model").items():
            documents = self.env[res_model].browse(holds.mapped("res_id"))
            documents.invalidate_recordset(["credit_hold_id", "credit_hold_state"])

    @api.model
    def _get_current(self, res_model, res_ids):
        """The current hold of each document.

        :return: dict, document id -> hold
        """
        holds = self.search(
            [
                ("res_model", "=", res_model),
                ("res_id", "in", list(res_ids)),
                ("state", "in", CURRENT),
            ]
        )
        return {hold.res_id: hold for hold in holds}

    @api.model
    def _record_later(self, records):
        """Record holds once the present transaction is out of the way (P4).

        After a rollback, because the failing transaction holds locks that we would wait
        for; after a commit, when somebody caught the error in a savepoint (an import)
        and went on. Whichever comes first; never twice.

        :param list records: values of ``_prepare_credit_hold`` with "decision"
        """
        registry, uid, context = self.env.registry, self.env.uid, self.env.context
        clean = {key: context[key] for key in ("lang", "tz") if context.get(key)}
        done = []

        def record():
            if done:
                return
            done.append(True)
            try:
                with self._alone(registry.db_name, records), registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, clean)
                    env["credit.hold"]._record_now(records, uid)
            except psycopg2.Error:
                # The hold itself stands, it was raised; only its record is missing.
                _logger.exception("A credit hold could not be recorded")

        self.env.cr.postrollback.add(record)
        self.env.cr.postcommit.add(record)

    @contextmanager
    def _alone(self, database, records):
        """Wait for whoever records holds of the same documents.

        On another connection, because the recording transaction must begin after the
        wait: else it would not see, and record again, what the others recorded.
        """
        documents = [f"{values['res_model']},{values['res_id']}" for values in records]
        with sql_db.db_connect(database).cursor() as cr:
            # In one order for everybody, so that no two wait for each other.
            cr.execute(
                """SELECT pg_advisory_xact_lock(%s, key) FROM (
                    SELECT DISTINCT hashtext(name) AS key
                    FROM unnest(%s) AS name ORDER BY 1) k""",
                [LOCK_CLASS, documents],
            )
            yield

    @api.model
    def _record_now(self, records, uid):
        decisions = [values.pop("decision", None) for values in records]
        self.env["credit.decision"]._insert(
            [{**decision, "user_id": uid} for decision in decisions if decision]
        )
        existing = [
            v for v in records if self.env[v["res_model"]].browse(v["res_id"]).exists()
        ]
        self._record(existing)

    @api.model
    def _record(self, records):
        """Create or bring up to date the current hold of each document."""
        holds = self.browse()
        for values in records:
            codes = values.pop("reason_codes")
            reasons = self.env["credit.reason"].search([("code", "in", codes)])
            values["reason_ids"] = [fields.Command.set(reasons.ids)]
            hold = self._get_current(values["res_model"], [values["res_id"]]).get(
                values["res_id"]
            )
            if hold:
                hold._update_try(values)
            else:
                hold = self.create(values)
                hold._notify_salesperson()
            holds |= hold
        return holds

    def _update_try(self, values):
        """Another try of a held document: new figures; a spent release opens again."""
        self.ensure_one()
        grown = self.currency_id.compare_amounts(values["amount"], self.amount) > 0
        if self.state == "released" or (self.state == "rejected" and grown):
            values["state"] = "open"
        self.write({**values, "tries": self.tries + 1})

    def _notify_salesperson(self):
        partner = self.user_id.partner_id
        if partner and self.user_id.active:
            self.message_subscribe(partner.ids)

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
