# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.credit_control.engine.scope import split_exactly

from ..engine import duties, indemnity

LIVE = ("filed", "in_review", "docs_requested", "accepted", "paid", "recovering")
PAID = ("paid", "recovering", "closed")


class CreditInsuranceClaim(models.Model):
    """What a claim is made of, and what it should bring: stored, line by line."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.claim"

    def _get_case(self):
        """The open insured items of the debtor, and what the insurer was told."""
        duty = self.env["credit.insurance.duty"]
        today = self.company_id._credit_today()
        cases = duty._get_cases(self.policy_id, today, self.partner_id)
        return cases.get(self.partner_id.id)

    def _get_loss_date(self):
        """The day of the loss by the policy's terms, False when it is not known."""
        case = self._get_case()
        if not case:
            return False
        duty = self.env["credit.insurance.duty"]
        terms, debts = duty._get_terms(self.policy_id), duty._get_debts(case)
        return duties.get_loss_date(terms, debts, case.facts.facts) or False

    def _get_acknowledged(self):
        """The notices of this default or insolvency that the insurer received."""
        return self.env["credit.insurance.overdue"].search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("kind", "=", "default"),
                ("state", "=", "acknowledged"),
            ],
            order="received_on, id",
        )

    # === LINES === #

    def _fill(self):
        """All that the debtor owes, insured or not: payments went to the oldest first."""
        self.line_ids.unlink()
        items = self.env["account.move.line"].search(self._get_items_domain())
        self.env["credit.insurance.claim.line"].create(
            [row for item in items for row in self._prepare_lines(item)]
        )
        # Their money is off the invoices now: it must not be taken off twice.
        booked = self.recovery_ids.filtered(
            lambda one: one.payment_id.is_reconciled and not one.is_after
        )
        booked.is_booked = True

    def _get_items_domain(self):
        """Hook: the journal items that a claim takes in."""
        return [
            ("move_id.commercial_partner_id", "=", self.partner_id.id),
            ("company_id", "child_of", self.company_id.ids),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
            ("move_id.move_type", "=", "out_invoice"),
        ]

    def _prepare_lines(self, item):
        """The values of an item's lines: one for each day of delivery, to the cent."""
        cents = self._to_cents(self._get_insurable(item))
        delivered = {
            day: self._to_cents(amount)
            for day, amount in self._get_deliveries(item.move_id).items()
        }
        return [
            self._prepare_line(item, day, self._from_cents(part))
            for day, part in sorted(split_exactly(cents, delivered).items())
        ]

    def _get_deliveries(self, move):
        """What was delivered when, as it is tagged: date -> amount."""
        tags = self._get_tags(move)
        return {
            tag.date: tag.delivered_amount for tag in tags
        } or move._get_credit_deliveries()

    def _get_tags(self, move):
        return move.credit_cover_tag_ids.filtered(
            lambda tag: tag.policy_id == self.policy_id
        )

    def _prepare_line(self, item, day, amount):
        cover, percent = self._get_cover_at(item.move_id, day)
        return {
            "claim_id": self.id,
            "move_line_id": item.id,
            "date_due": item.date_maturity or item.date,
            "date_delivery": day,
            "amount": amount,
            "cover_amount": cover,
            "has_cover": bool(cover),
            "insured_percent": percent,
        }

    def _get_insurable(self, item):
        """What is open of an item, in the policy's currency and tax basis."""
        policy, move = self.policy_id, item.move_id
        amount = item.amount_residual
        if policy.tax_basis == "net" and move.amount_total:
            amount *= move.amount_untaxed / move.amount_total
        company = self.company_id
        return company.currency_id._convert(
            amount, policy.currency_id, company, company._credit_today()
        )

    def _get_cover_at(self, move, day):
        """Hook: the cover in force at a delivery, and the insured percentage.

        :param move: the invoice
        :param date day: of the delivery
        :return: tuple (amount in the policy's currency, percentage 0..100)
        """
        if self.date_stop and day > self.date_stop:
            return 0.0, 0.0
        tag = self._get_tags(move).filtered(lambda tag: tag.date == day)
        if not tag or not tag._runs():
            return 0.0, 0.0
        # Terms longer than the policy's are not insured.
        return tag.is_within_terms and tag.amount, tag.insured_percent

    # === COMPUTATION === #

    def _compute_claim(self):
        """Work out the indemnity and store every step of it."""
        self.env.flush_all()
        result = indemnity.get_indemnity(
            [line._to_engine() for line in self.line_ids],
            self._get_conditions(),
            [one._to_engine() for one in self.recovery_ids if one._counts()],
            self.date_loss or None,
        )
        by_line = {line.key: line for line in result.lines}
        for line in self.line_ids:
            line._store(by_line[line.id])
        self.step_ids.unlink()
        self.env["credit.insurance.claim.step"].create(
            [
                {
                    "claim_id": self.id,
                    "sequence": number,
                    "code": step.code,
                    "amount": self._from_cents(step.amount),
                }
                for number, step in enumerate(result.steps)
            ]
        )
        self.write(
            {
                "loss_amount": self._from_cents(result.loss),
                "indemnity_amount": self._from_cents(result.amount),
                "aggregate_used": self._from_cents(result.aggregate_used),
                "computed_on": self.env.cr.now(),
            }
        )

    def _get_conditions(self):
        """The policy's terms, less what other claims of the insurance year used up."""
        policy, others = self.policy_id, self._get_year_claims()
        used = sum(others.mapped("aggregate_used"))
        paid = sum(claim.paid_amount or claim.indemnity_amount for claim in others)
        left = max(policy.max_liability - paid, 0.0) if policy.max_liability else None
        shares = policy.recovery_allocation == "pro_rata_after_loss"
        return indemnity.Conditions(
            deductible=self._to_cents(policy.deductible_each),
            deductible_first=policy.deductible_order == "before",
            aggregate_left=self._to_cents(max(policy.deductible_aggregate - used, 0.0)),
            minimum=self._to_cents(policy.minimum_claim),
            liability_left=None if left is None else self._to_cents(left),
            allocation="shares" if shares else "oldest",
        )

    def _get_year_claims(self):
        """Other claims that the insurer has, with a loss in the same insurance year."""
        start, end = self._get_insurance_year()
        return self.search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("id", "!=", self.id),
                ("state", "in", (*LIVE, "closed")),
                ("date_loss", ">=", start),
                ("date_loss", "<=", end),
            ]
        )

    def _get_insurance_year(self):
        """First and last day of the year of the loss, from the policy's start on."""
        return self.policy_id._get_insurance_year(
            self.date_loss or self.company_id._credit_today()
        )

    def _to_cents(self, amount):
        return round(amount * 10**self.currency_id.decimal_places)

    def _from_cents(self, cents):
        return cents / 10**self.currency_id.decimal_places

    # === DUTIES === #

    @api.model
    def _add_filed(self, policy, partner_ids, found):
        """Hook of the notices: a claim that the insurer received fulfils the duty."""
        claims = self.search(
            [
                ("policy_id", "=", policy.id),
                ("partner_id", "in", partner_ids),
                ("state", "in", LIVE),
                ("received_on", "!=", False),
            ]
        )
        for claim in claims:
            proof = (
                claim.received_on,
                self.env._("Received by the insurer: %s", claim.external_id or ""),
            )
            told = found[claim.partner_id.id]
            told.fulfilled["claim"] = told.fulfilled["handover"] = proof

    def _refresh_replies(self):
        """The duty to send what the insurer asked for."""
        duty = self.env["credit.insurance.duty"].sudo()
        for claim in self.sudo():
            known = duty.search([("claim_id", "=", claim.id), ("state", "=", "open")])
            if claim.state == "docs_requested" and not known:
                duty.create(claim._prepare_reply_duty())

    def _prepare_reply_duty(self):
        due = duties.get_reply_duty(self.asked_on, self.policy_id.document_reply_days)
        return {
            "kind": due.kind,
            "policy_id": self.policy_id.id,
            "partner_id": self.partner_id.id,
            "claim_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "deadline": due.deadline,
            "anchor": due.anchor,
            "date_anchor": due.anchored_on,
            "open_amount": self.owed_amount,
            "stake_amount": self.indemnity_amount,
            "user_id": (self.user_id or self.policy_id._get_responsible()).id,
        }
