# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict, namedtuple

from odoo import api, models
from odoo.tools import SQL

from ..engine import duties
from ..engine.duties import Clock
from .credit_cover_tag import SQL_RUNS

BY_DEBT = ("stop", "notice", "extension", "handover", "claim")
# What is open and insured of one debtor under one policy.
Insured = namedtuple("Insured", "line move due cents cover")
Case = namedtuple("Case", "policy partner items facts")


class CreditInsuranceDuty(models.Model):
    """How duties follow the ledger and what was told to the insurer.

    Speed: the open insured items of all debtors are read in one statement, what was told
    in another; the dates are plain Python.
    """

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.duty"

    @api.model
    def _refresh(self, policies, partners=None):
        """Bring the duties of these policies up to date.

        :param policies: ``credit.insurance.policy``; of one company
        :param partners: only these debtors, None for all
        """
        # sudo: who records a payment or a notice need not see the policies.
        policies = policies.sudo().filtered(lambda policy: policy.state != "draft")
        for policy in policies:
            today = policy.company_id._credit_today()
            cases = self.sudo()._get_cases(policy, today, partners)
            self.sudo()._apply(policy, cases, today, partners)

    def _get_cases(self, policy, today, partners):
        """Each debtor with insured items: partner id -> Case."""
        found = defaultdict(list)
        self.env.flush_all()
        for partner_id, *item in self.env.execute_query(
            self._query_insured(policy, today, partners)
        ):
            found[partner_id].append(Insured(*item))
        told = self.env["credit.insurance.overdue"]._get_facts(policy, list(found))
        return {
            partner_id: Case(policy, partner_id, items, told[partner_id])
            for partner_id, items in found.items()
        }

    @api.model
    def _query_insured(self, policy, today, partners=None):
        """Hook: open items of debtors that the policy covered when they were delivered.

        What the insurer covered at delivery stays covered in run-off [A Atradius
        glossary]; what a factor bought without recourse is not declared again. Of an
        invoice of several deliveries, the part counts that was covered.

        :return: SQL of rows (debtor id, journal item id, entry id, due date, open
            amount, cover at delivery), amounts in the policy's currency
        """
        companies = self.env["res.company"].search(
            [("id", "child_of", policy.company_id.id)]
        )
        return SQL(
            """SELECT p.commercial_partner_id, l.id, l.move_id,
                COALESCE(l.date_maturity, l.date),
                l.amount_residual * %(rate)s * t.share, t.amount
            FROM account_move_line l
            JOIN account_move m ON m.id = l.move_id
            JOIN res_partner p ON p.id = l.partner_id
            CROSS JOIN LATERAL (%(tags)s) t
            WHERE l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
            AND l.amount_residual > 0 AND t.share > 0 AND m.move_type = 'out_invoice'
            AND l.account_id = ANY(ARRAY(
                SELECT id FROM account_account
                WHERE account_type = 'asset_receivable'))
            AND l.company_id = ANY(%(companies)s)
            AND (%(every)s OR p.commercial_partner_id = ANY(%(partners)s))
            AND NOT EXISTS (SELECT FROM credit_factoring f
                WHERE f.move_id = m.id AND f.state = 'sold'
                AND f.with_recourse IS NOT TRUE)""",
            rate=self._get_rate(policy, today),
            tags=self._query_covered(policy),
            companies=companies.ids,
            every=partners is None,
            partners=partners.ids if partners else [],
        )

    def _query_covered(self, policy):
        """Which part of the entry ``m`` was covered at its deliveries, and with how much."""
        return SQL(
            """SELECT MAX(t.amount) FILTER (WHERE %(runs)s) AS amount,
                SUM(t.delivered_amount) FILTER (WHERE t.amount > 0 AND %(runs)s)
                    / NULLIF(SUM(t.delivered_amount), 0) AS share
            FROM credit_cover_tag t
            WHERE t.move_id = m.id AND t.policy_id = %(policy)s""",
            runs=SQL_RUNS,
            policy=policy.id,
        )

    def _get_rate(self, policy, today):
        company = policy.company_id
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, policy.currency_id, company, today
        )

    @api.model
    def _get_terms(self, policy):
        """A policy's clocks, as the engine wants them."""

        def clock(days, anchor):
            return Clock(policy[days], policy[anchor])

        return duties.Terms(
            extension_days=policy.max_extension_days,
            stop=clock("stop_cover_days", "stop_cover_anchor"),
            notice=clock("overdue_notice_days", "overdue_notice_anchor"),
            handover=clock("handover_days", "handover_anchor"),
            waiting=clock("waiting_period_days", "waiting_anchor"),
            claim=clock("claim_filing_days", "claim_filing_anchor"),
            insolvency_days=policy.insolvency_notice_days,
        )

    # === WHAT IS DUE === #

    def _get_due(self, case, terms, today):
        """The duties of one debtor that are not fulfilled: kind -> Duty.

        :return: dict; of several extensions the first counts
        """
        told, debts = case.facts, self._get_debts(case)
        late = debts if told.facts.known_on else [d for d in debts if d.due < today]
        found = {}
        for duty in duties.get_duties(terms, late, told.facts):
            found.setdefault(duty.kind, duty)
        untold = [debt for debt in late if debt.key not in told.told]
        found.pop(duties.NOTICE, None)
        for duty in duties.get_duties(terms, untold, told.facts):
            if duty.kind == duties.NOTICE:
                found[duty.kind] = duty
        for kind in told.fulfilled:
            found.pop(kind, None)
        return found

    def _apply(self, policy, cases, today, partners):
        """Write the difference between what is due and what is on record."""
        terms, missing = self._get_terms(policy), []
        existing = self._get_existing(policy, partners)
        users = self._get_users(policy, cases)
        for partner_id, case in cases.items():
            for kind, duty in self._get_due(case, terms, today).items():
                values = self._prepare_duty(case, kind, duty)
                known = existing.pop((partner_id, kind), None)
                if known and not known._is_passed_on(values, today):
                    known._set(values)
                    continue
                if known:
                    known._clear_by_facts(case, today)
                if kind == duties.EXTENSION and duty.deadline < today:
                    # Nobody owed it before it was asked, and then it was too late.
                    continue
                missing.append({**values, "user_id": users[partner_id]})
        for (partner_id, _kind), duty in existing.items():
            duty._clear_by_facts(cases.get(partner_id), today)
        self.flush_model()  # what was cleared makes room for what is due
        # Speed: thousands at once; alerts tell people, not a mail for each duty.
        created = self.with_context(tracking_disable=True).create(missing)
        created.filtered(lambda duty: duty.deadline < today).is_missed = True

    def _get_existing(self, policy, partners):
        domain = [
            ("policy_id", "=", policy.id),
            ("state", "=", "open"),
            ("kind", "in", BY_DEBT),
        ]
        if partners is not None:
            domain.append(("partner_id", "in", partners.ids))
        return {(duty.partner_id.id, duty.kind): duty for duty in self.search(domain)}

    def _get_users(self, policy, cases):
        """Who does it: the analyst of the credit file, else who looks after the policy."""
        profiles = self.env["credit.profile"].search(
            [
                ("partner_id", "in", list(cases)),
                ("company_id", "=", policy.company_id.id),
                ("analyst_id.active", "=", True),
            ]
        )
        found = {profile.partner_id.id: profile.analyst_id.id for profile in profiles}
        other = policy._get_responsible().id
        return {key: found.get(key, other) for key in cases}

    def _prepare_duty(self, case, kind, duty):
        """Values of one duty; at stake is what is open, up to the cover."""
        total = sum(item.cents for item in case.items)
        cover = max(item.cover for item in case.items)
        moves = {item.line: item.move for item in case.items}
        currency = case.policy.currency_id
        return {
            "kind": kind,
            "policy_id": case.policy.id,
            "partner_id": case.partner,
            "company_id": case.policy.company_id.id,
            "currency_id": currency.id,
            "deadline": duty.deadline,
            "anchor": duty.anchor,
            "date_anchor": duty.anchored_on,
            "move_id": moves.get(duty.key) or case.items[0].move,
            "open_amount": currency.round(total),
            "stake_amount": currency.round(min(total, cover)),
        }

    def _is_passed_on(self, values, today):
        """Whether a missed duty's invoice is paid and another one drives now."""
        return self.deadline < today and values["deadline"] > self.deadline

    def _set(self, values):
        """Write what changed; unchanged duties cost nothing."""
        changed = {
            name: value
            for name, value in values.items()
            if (self[name].id if name.endswith("_id") else self[name]) != value
        }
        if changed:
            self.write(changed)

    def _clear_by_facts(self, case, today):
        """Clear the duty when a fact says so; data that is gone clears nothing (P12)."""
        day, proof = self._find_fact(case, today)
        if proof:
            self._clear(day, proof)

    def _find_fact(self, case, today):
        told = case and case.facts
        known = told and {**told.proofs, **told.fulfilled}.get(self.kind)
        if known:
            return known
        move = self.move_id
        if self.kind == duties.EXTENSION and told and not told.asked | told.accepted:
            return today, self.env._("It is no longer asked for.")
        if self.kind == duties.NOTICE and told and self._is_told(case):
            return told.proofs.get("told", (today, self.env._("Acknowledged.")))
        if not move:
            return today, None
        if move.state != "posted":
            return today, self.env._("The invoice was cancelled.")
        if move.currency_id.is_zero(move.amount_residual):
            return today, self.env._("%s was paid.", move.name)
        if self.env["credit.factoring"].search_count(
            [
                ("move_id", "=", move.id),
                ("state", "=", "sold"),
                ("with_recourse", "=", False),
            ],
            limit=1,
        ):
            return today, self.env._("%s was sold to a factor.", move.name)
        if told and any(
            told.accepted.get(item.line, today) > today
            for item in case.items
            if item.move == move.id
        ):
            return today, self.env._("The insurer accepted a later due date.")
        return today, None

    def _is_told(self, case):
        lines = [item.line for item in case.items if item.move == self.move_id.id]
        return bool(lines) and case.facts.told.issuperset(lines)
