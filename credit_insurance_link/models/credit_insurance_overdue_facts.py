# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from dataclasses import dataclass, field, replace

from odoo import api, models

from ..engine.duties import NOTHING, Facts
from .credit_insurance_duty import STATUS
from .credit_insurance_overdue import LIVE

ASKING = ("extension", "rescheduling")


@dataclass(slots=True)
class Told:
    """What the insurer knows of one debtor.

    :ivar set told: journal items that he acknowledged as overdue
    :ivar dict accepted: journal item -> due date that he accepted
    :ivar dict asked: journal item -> due date that was asked, not answered
    :ivar dict fulfilled: duties that are done for now: kind -> (date, proof)
    :ivar dict proofs: what cleared a duty: kind -> (date, proof)
    """

    told: set = field(default_factory=set)
    accepted: dict = field(default_factory=dict)
    asked: dict = field(default_factory=dict)
    fulfilled: dict = field(default_factory=dict)
    proofs: dict = field(default_factory=dict)
    facts: Facts = NOTHING


class CreditInsuranceOverdue(models.Model):
    """What was told, as the engine of duties wants it."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.overdue"

    @api.model
    def _get_facts(self, policy, partner_ids):
        """What the insurer of a policy knows of some debtors.

        :return: dict, partner id -> Told; debtors of whom nothing was told as well
        """
        found = defaultdict(Told)
        notices = self.search(
            [
                ("policy_id", "=", policy.id),
                ("partner_id", "in", partner_ids),
                ("state", "in", ("to_do", *LIVE)),
            ],
            order="id",
        )
        for notice in notices:
            notice._add_to(found[notice.partner_id.id])
        self._add_stopped(policy, partner_ids, found)
        self.env["credit.insurance.claim"]._add_filed(policy, partner_ids, found)
        return found

    def _add_to(self, told):
        acknowledged = self.state == "acknowledged"
        if self.cause == "insolvency":
            # Whether told or not: it is a fact that we know of it.
            told.facts = replace(
                told.facts, judged_on=self.judged_on, known_on=self.known_on
            )
        if self.kind in ASKING:
            self._add_extension(told)
        elif self.kind == "handover":
            if acknowledged:
                told.facts = replace(told.facts, handed_on=self.received_on)
                told.fulfilled["handover"] = self._get_proof()
        elif self.state in LIVE:
            sent = told.facts.sent_on or self.sent_on
            told.facts = replace(told.facts, sent_on=sent)
            if acknowledged:
                received = told.facts.received_on or self.received_on
                told.facts = replace(told.facts, received_on=received)
                told.told.update(self.line_ids.move_line_id.ids)
                told.proofs["told"] = self._get_proof()

    def _add_extension(self, told):
        dates = {
            line.move_line_id.id: line.date_extended
            for line in self.line_ids
            if line.date_extended
        }
        if self.state == "acknowledged" and self.answer == "accepted":
            told.accepted.update(dates)
        elif self.state in ("to_do", "sent"):
            told.asked.update(dates)
        elif self.state == "acknowledged":
            told.proofs["extension"] = self._get_proof()

    def _get_proof(self):
        return self.received_on, self.env._(
            "Received by the insurer: %s", self.external_id or ""
        )

    def _add_stopped(self, policy, partner_ids, found):
        """Deliveries that are stopped need no stopping."""
        profiles = self.env["credit.profile"].search(
            [
                ("partner_id", "in", partner_ids),
                ("company_id", "=", policy.company_id.id),
                ("status", "in", list(STATUS)),
            ]
        )
        today = policy.company_id._credit_today()
        for profile in profiles:
            words = dict(profile._fields["status"]._description_selection(self.env))
            proof = today, words[profile.status]
            found[profile.partner_id.id].fulfilled["stop"] = proof

    @api.model
    def _propose_insolvency(self, partner, company, judged_on, known_on):
        """Prepare the notice of an insolvency under each policy that covers the debtor.

        :param partner: the debtor's commercial partner
        :param company: the root company
        :param date judged_on: opening of the proceedings
        :param date known_on: when we learned of it
        :return: the notices, to be sent by a person
        """
        tags = self.env["credit.cover.tag"].search(
            [
                ("company_id", "=", company.id),
                ("amount", ">", 0),
                ("move_id.commercial_partner_id", "=", partner.id),
                ("move_id.payment_state", "in", ("not_paid", "partial")),
            ]
        )
        policies = tags.policy_id
        known = self.search(
            [
                ("partner_id", "=", partner.id),
                ("policy_id", "in", policies.ids),
                ("cause", "=", "insolvency"),
                ("state", "!=", "closed"),
            ]
        )
        return self.create(
            [
                {
                    "policy_id": policy.id,
                    "partner_id": partner.id,
                    "cause": "insolvency",
                    "judged_on": judged_on,
                    "known_on": known_on,
                }
                for policy in policies - known.policy_id
            ]
        )
