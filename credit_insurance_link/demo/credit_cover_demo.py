# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from decimal import Decimal

from odoo import Command, api, models

from ..insurers.facts import Code, DecisionFact, Identifier

# SIREN, the insurer's number, granted, days ago.
GRANTED = (
    ("999100100", "B-1001", 30000, 400),
    ("999100878", "B-1002", 12000, 380),
    ("999101660", "B-1003", 45000, 300),
    ("999102437", "B-1004", 8000, 210),
    ("999103229", "B-1005", 20000, 190),
    ("999104011", "B-1006", 10000, 150),
    ("999104789", "B-1007", 15000, 120),
    ("999105570", "B-1008", 40000, 90),
    ("999106347", "B-1009", 25000, 80),
    ("999107139", "B-1010", 5000, 60),
    ("999107923", "B-1011", 0, 30),
)
CUT, RAISED, EXTRA, ANNOUNCED = "B-1003", "B-1001", "B-1008", "B-1005"
# Somebody whom the insurer knows and we do not yet.
UNKNOWN = ("B-1099", "LAGUNE DISTRIB SARL", 7000)


class CreditCoverDemo(models.AbstractModel):
    """Steps of the demonstration data that no record can express."""

    _name = "credit.cover.demo"
    _description = "Cover Demonstration Data"

    @api.model
    def _tell(self, policy_id):
        """What the insurer granted in the last year."""
        policy = self.env["credit.insurance.policy"].browse(policy_id)
        facts = [
            self._fact(policy, number, amount, days, siren=siren)
            for siren, number, amount, days in GRANTED
        ]
        facts += [
            self._fact(policy, RAISED, 50000, 100, version="2"),
            self._fact(
                policy, EXTRA, 15000, 20, layer="temporary", name="C-1008-T", until=40
            ),
            self._fact(policy, UNKNOWN[0], UNKNOWN[2], 15, buyer_name=UNKNOWN[1]),
        ]
        self.env["credit.cover.decision"]._ingest(policy, facts, "file")

    @api.model
    def _cut(self, policy_id):
        """A limit cut while orders are open, and a withdrawal announced."""
        policy = self.env["credit.insurance.policy"].browse(policy_id)
        reasons = (Code("BA03", "overdues reported"),)
        today = policy.company_id._credit_today()
        facts = [
            self._fact(
                policy, CUT, 20000, 2, version="2", outcome="reduced", reasons=reasons
            ),
            self._fact(
                policy,
                ANNOUNCED,
                20000,
                1,
                version="2",
                pending_action="withdrawal",
                pending_date=today + timedelta(days=25),
            ),
        ]
        self.env["credit.cover.decision"]._ingest(policy, facts, "file")

    def _fact(
        self, policy, number, amount, days, siren="", name="", until=None, **values
    ):
        today = policy.company_id._credit_today()
        return DecisionFact(
            **{
                "external_id": name or f"C-{number[2:]}",
                "policy_number": policy.policy_number,
                "buyer_external_id": number,
                "outcome": "granted" if amount else "refused",
                "amount": Decimal(amount),
                "currency": policy.currency_id.name,
                "decided_at": today - timedelta(days=days),
                "expires_on": today + timedelta(days=until) if until else None,
                "identifiers": (Identifier("siren", siren, "FR"),) if siren else (),
                "version": "1",
                **values,
            }
        )

    @api.model
    def _owe(self, partner_id, company_id, amount):
        """An order on account, confirmed."""
        company = self.env["res.company"].browse(company_id)
        product = self.env.ref("credit_control.product_product_licence_demo")
        partner = self.env["res.partner"].browse(partner_id)
        order = self.env["sale.order"].with_company(company)
        order = order.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "user_id": partner.user_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": "Matériel de démonstration",
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()

    @api.model
    def _ask(self, policy_id, partner_id, amount):
        """A request that waits for the insurer's answer."""
        policy = self.env["credit.insurance.policy"].browse(policy_id)
        partner = self.env["res.partner"].browse(partner_id)
        request = self.env["credit.cover.request"].create(
            {
                "policy_id": policy.id,
                "buyer_id": policy._get_buyers_of(partner)[partner].id,
                "type": "increase",
                "amount_requested": amount,
                "user_id": self.env.ref("credit_control.res_users_analyst_demo").id,
            }
        )
        request.action_send()
        request.action_mark_sent()
