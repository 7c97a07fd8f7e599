# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from decimal import Decimal

from odoo import Command, api, models

from ..insurers.facts import DecisionFact

QUIET = {"mail_activity_quick_update": True}  # nobody gets mail about activities
COVERED_DAYS = 400  # how long ago the insurer decided


class CreditDutyDemo(models.AbstractModel):
    """Steps of the demonstration of duties and claims that no record can express."""

    _name = "credit.duty.demo"
    _description = "Demonstration of Duties to Insurers"

    @api.model
    def _cover(self, policy_id, *buyers):
        """Let the insurer have covered these buyers a year ago.

        :param buyers: ids of ``credit.insurer.buyer`` and amounts, by turns
        """
        policy = self.env["credit.insurance.policy"].browse(policy_id)
        decided = policy.company_id._credit_today() - timedelta(days=COVERED_DAYS)
        pairs = zip(buyers[::2], buyers[1::2], strict=True)
        facts = []
        for buyer_id, amount in pairs:
            buyer = self.env["credit.insurer.buyer"].browse(buyer_id)
            buyer.confirm_match(buyer.partner_id.id)
            facts.append(
                DecisionFact(
                    external_id=f"V{buyer_id}",
                    policy_number=policy.policy_number,
                    buyer_external_id=buyer.insurer_buyer_id,
                    outcome="granted",
                    amount=Decimal(amount),
                    currency=policy.currency_id.name,
                    decided_at=decided,
                )
            )
        self.env["credit.cover.decision"]._ingest(policy, facts, "manual")

    @api.model
    def _invoice(self, partner_id, company_id, amount, days):
        """An invoice that was due so many days ago, 30 days after its delivery."""
        company = self.env["res.company"].browse(company_id)
        due = company._credit_today() - timedelta(days=days)
        moves = self.env["account.move"].with_company(company)
        product = self.env.ref("credit_control.product_product_laptop_demo")
        line = {"product_id": product.id, "quantity": 1, "price_unit": amount}
        move = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": partner_id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        move.action_post()
        return move

    @api.model
    def _play(self, policy_id, insolvent_id, user_id):
        """Bring the board up to date, report an insolvency and prepare its claim."""
        policy = self.env["credit.insurance.policy"].browse(policy_id)
        duties = self.env["credit.insurance.duty"].with_context(**QUIET)
        debtor = self.env["res.partner"].browse(insolvent_id)
        today = policy.company_id._credit_today()
        duties._refresh(policy)
        judged = today - timedelta(days=12)
        notice = self.env["credit.insurance.overdue"]._propose_insolvency(
            debtor, policy.company_id, judged, judged + timedelta(days=3)
        )
        notice.with_user(user_id).action_sent()
        claims = self.env["credit.insurance.claim"].with_user(user_id)
        claim = claims.with_context(**QUIET).create(
            {
                "policy_id": policy.id,
                "partner_id": debtor.id,
                "cause": "insolvency",
                "user_id": user_id,
            }
        )
        claim.document_ids[10:].explanation = "Sans objet"
        self.env["credit.insurance.turnover"]._open_periods(policy)
        duties._refresh(policy)
        duties._find_alerted()._alert()

    @api.model
    def _sell(self, factor_id, partner_id, user_id):
        """Sell the invoices of a customer to a factor."""
        moves = self.env["account.move"].search(
            [("commercial_partner_id", "=", partner_id), ("state", "=", "posted")]
        )
        sales = self.env["credit.factoring"].with_user(user_id)
        sales.create([{"move_id": move.id, "factor_id": factor_id} for move in moves])

    @api.model
    def _guarantee(self, guarantee_id, user_id):
        """Put a guarantee in force, with its deed."""
        guarantee = self.env["credit.guarantee"].browse(guarantee_id)
        guarantee.document_ids = self.env["ir.attachment"].create(
            {"name": "Acte de caution.txt", "raw": b"Caution solidaire (exemple)"}
        )
        guarantee.with_user(user_id).action_activate()
