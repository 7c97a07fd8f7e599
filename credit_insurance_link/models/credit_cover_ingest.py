# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.credit_control.models.readers import for_reader
from odoo.addons.credit_control.models.turns import take_turn

_logger = logging.getLogger(__name__)

CHUNK = 1000
NEW, DUPLICATE, REJECTED = "new", "duplicate", "rejected"
# What one fact may be refused for. Conflicts with other sessions and mistakes of ours
# are none of these: they end the transaction.
REFUSALS = (
    UserError,
    ValidationError,
    psycopg2.IntegrityError,
    psycopg2.DataError,
    ValueError,
)
SOURCES = ("api", "webhook", "file", "manual")


class CreditCoverDecision(models.Model):
    """How decisions come in: each once, in any order, one bad one stops no other."""

    _inherit = "credit.cover.decision"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _ingest(self, policy, facts, source):
        """Take in what an insurer told us: the one door of decisions (P12).

        The same fact told twice is one decision. An unknown outcome grants nothing and
        is put before a person. Lines, holds and salespeople follow at once.

        :param policy: one ``credit.insurance.policy``
        :param facts: list of ``insurers.facts.DecisionFact``
        :param str source: "api", "webhook", "file" or "manual"
        :return: list of dict, one per fact in its order: "status" ("new", "duplicate"
            or "rejected"), "decision" (record, may be empty), "error" (text or "")
        """
        policy.ensure_one()
        if source not in SOURCES:
            raise ValueError(source)
        # sudo: who may tell of decisions was checked by the caller; nobody may write them.
        door, results = self.sudo(), []
        for start in range(0, len(facts), CHUNK):
            chunk = facts[start : start + CHUNK]
            results += door._ingest_safely(policy.sudo(), chunk, source)
        return results

    def _ingest_safely(self, policy, facts, source):
        """Take in a chunk; if it fails as a whole, one by one."""
        try:
            with self.env.cr.savepoint():
                return self._ingest_chunk(policy, facts, source)
        except REFUSALS as error:
            if len(facts) == 1:
                _logger.warning("A decision was rejected: %s", error)
                return [self._answer(REJECTED, error=str(error))]
            return [
                result
                for fact in facts
                for result in self._ingest_safely(policy, [fact], source)
            ]

    @api.model
    def _answer(self, status, decision=None, error=""):
        decision = self.browse() if decision is None else decision
        return {"status": status, "decision": decision, "error": error}

    def _ingest_chunk(self, policy, facts, source):
        errors = [self._get_fact_error(policy, fact) for fact in facts]
        good = [fact for fact, error in zip(facts, errors, strict=True) if not error]
        buyers = self.env["credit.insurer.buyer"]._get_for_facts(policy, good)
        take_turn(self.env["credit.insurer.buyer"].union(*buyers.values()))
        known = self._get_known(policy, good)
        rows, places, found = [], {}, {}
        for fact in good:
            key = self._get_fact_key(fact, known, places)
            found[id(fact)] = key
            if key not in known and key not in places:
                places[key] = len(rows)
                values = self._prepare_decision(policy, fact, buyers, source)
                rows.append({**values, "version": key[1]})
        self._link_requests(policy, rows)
        self._add_previous(policy, rows)
        fresh = self._insert(policy, rows)
        self._after_ingest(policy, self.browse(d.id for d in fresh))
        return self._answer_all(facts, errors, found, known, places, fresh)

    def _insert(self, policy, rows):
        """Append decisions; within a batch the least comes last.

        Later ids count later where nothing else tells the order of one day.

        :return: list of decisions, in the order of ``rows``
        """
        order = sorted(range(len(rows)), key=lambda i: -rows[i]["amount_granted"])
        ids = policy._bulk_insert(self, [rows[index] for index in order])
        placed = dict(zip(order, ids, strict=True))
        for name in ("credit.insurer.buyer", "credit.cover.request"):
            self.env[name].invalidate_model(["decision_ids"])
        return [self.browse(placed[index]) for index in range(len(rows))]

    def _answer_all(self, facts, errors, found, known, places, fresh):
        """One answer per fact, in its order; of twins in one batch the first is new."""
        answers, told = [], set()
        for fact, error in zip(facts, errors, strict=True):
            key = found.get(id(fact))
            if error:
                answers.append(self._answer(REJECTED, error=error))
            elif key in known:
                decision = self.browse(known[key][0])
                answers.append(self._answer(DUPLICATE, decision))
            else:
                status = DUPLICATE if key in told else NEW
                told.add(key)
                answers.append(self._answer(status, fresh[places[key]]))
        return answers

    # === WHAT IS TAKEN IN === #

    def _get_fact_error(self, policy, fact):
        """Hook: why a fact cannot be taken in, empty when it can."""
        number, ours = fact.policy_number.strip(), policy.policy_number.strip()
        if number and number.lstrip("0") != ours.lstrip("0"):
            return self.env._("It is about the policy %s.", number)
        if fact.currency and fact.currency != policy.currency_id.name:
            return self.env._(
                "Its amounts are in %(currency)s, the policy's in %(ours)s.",
                currency=fact.currency,
                ours=policy.currency_id.name,
            )
        if not (fact.buyer_external_id or fact.identifiers):
            return self.env._("It names no buyer.")
        if not fact.external_id:
            return self.env._("It has no number of its own.")
        smallest = Decimal(1).scaleb(-policy.currency_id.decimal_places)
        if fact.amount is not None and fact.amount % smallest:
            return self.env._("Its amount has too many decimals: %s", fact.amount)
        return ""

    def _get_known(self, policy, facts):
        """Decisions that are there already: (id, version, layer) -> (record, hash)."""
        found = self.search_fetch(
            [
                ("policy_id", "=", policy.id),
                ("external_id", "in", list({fact.external_id for fact in facts})),
            ],
            ["external_id", "version", "layer", "payload_hash"],
        )
        return {
            (d.external_id, d.version, d.layer): (d.id, d.payload_hash) for d in found
        }

    def _get_fact_key(self, fact, known, places):
        """What makes a fact one decision.

        A version told again with other words is another version: nothing is lost.
        """
        external_id, version = fact.key
        key = (external_id, version, fact.layer)
        told = known.get(key)
        if told and told[1] != fact.fingerprint:
            return (external_id, f"{version}#{fact.fingerprint[:12]}", fact.layer)
        return key

    def _prepare_decision(self, policy, fact, buyers, source):
        """Hook: the values of one decision."""
        today = policy.company_id._credit_today()
        decided = fact.decided_at or fact.effective_from or today
        words = "\n".join
        return {
            "policy_id": policy.id,
            "buyer_id": buyers[fact].id,
            "company_id": policy.company_id.id,
            "external_id": fact.external_id,
            "layer": fact.layer,
            "outcome": fact.outcome,
            "code": fact.code or False,
            "has_amount": fact.amount is not None,
            "amount_granted": float(fact.amount or 0),
            "amount_requested": float(fact.requested_amount or 0),
            "decided_at": decided,
            "received_at": fields.Datetime.now(),
            "date_effective": fact.effective_from or decided,
            "date_expiry": fact.expires_on or False,
            "insured_percent": float(fact.insured_percent or 0),
            "max_terms_days": fact.max_terms_days or 0,
            "reasons": words(map(_word, fact.reasons)) or False,
            "conditions": words(map(_word, fact.conditions)) or False,
            "is_preliminary": fact.is_preliminary,
            "pending_action": fact.pending_action or False,
            "pending_date": fact.pending_date or False,
            "own_reference": fact.own_reference or False,
            "identifiers": [number.to_json() for number in fact.identifiers],
            "raw_payload": fact.raw or False,
            "payload_hash": fact.fingerprint,
            "source": source,
        }

    def _add_previous(self, policy, rows):
        """Note what the layer was worth the day before each decision takes effect."""
        layers = self.env["credit.cover.layer"].search(
            [
                ("policy_id", "=", policy.id),
                ("buyer_id", "in", [row["buyer_id"] for row in rows]),
            ]
        )
        unit = 10**policy.currency_id.decimal_places
        spans = {
            key: group._get_spans(unit)
            for key, group in layers.grouped(
                lambda la: (la.buyer_id.id, la.layer)
            ).items()
        }
        for row in rows:
            day = fields.Date.add(row["date_effective"], days=-1)
            mine = spans.get((row["buyer_id"], row["layer"]), ())
            held = [span.amount for span in mine if span.holds(day)]
            row["previous_amount"] = sum(held) / unit

    # === WHAT FOLLOWS === #

    def _after_ingest(self, policy, decisions):
        """Hook: what follows from new decisions, all at once."""
        if not decisions:
            return
        decisions._settle_requests()
        buyers = decisions.buyer_id
        self.env["credit.cover.layer"]._rebuild(policy, buyers)
        buyers._note_pending(policy)
        buyers._follow_cover(policy)
        decisions.filtered(lambda d: d.outcome == "unknown")._ask_somebody()

    def _ask_somebody(self):
        """Put what nobody understood before a person; it granted nothing (P12)."""
        for decision in self:
            keeper = decision.policy_id._get_responsible()
            buyer = for_reader(decision.buyer_id, keeper)
            buyer.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=keeper.id,
                summary=buyer.env._("A decision of the insurer was not understood"),
                note=buyer.env._(
                    "Code %(code)s, number %(number)s: it granted nothing. Read it and type "
                    "the decision by hand.",
                    code=decision.code or "?",
                    number=decision.external_id,
                ),
            )


def _word(code):
    return " ".join(part for part in (code.code, code.text) if part)
