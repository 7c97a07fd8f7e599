# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from stdnum import luhn

from odoo.tests import tagged

from ..insurers.facts import Identifier
from .common import InsuranceCommon

MANY = 60


@tagged("post_install", "-at_install")
class TestCoverScale(InsuranceCommon):
    """A portfolio costs statements by the batch, not by the buyer."""

    def _portfolio(self, count, amount, version):
        sirens = [f"1000{i:04}" for i in range(count)]
        sirens = [number + luhn.calc_check_digit(number) for number in sirens]
        if version == "1":
            self.env["res.partner"].create(
                [
                    {
                        "name": f"Buyer {siren}",
                        "is_company": True,
                        "country_id": self.france.id,
                        "company_registry": siren,
                    }
                    for siren in sirens
                ]
            )
        return [
            self._fact(
                amount,
                external_id=f"C{siren}",
                buyer_external_id=f"B{siren}",
                version=version,
                identifiers=(Identifier("siren", siren, "FR"),),
            )
            for siren in sirens
        ]

    def _count(self, facts):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        answers = self._tell(*facts)
        self.env.flush_all()
        self.assertEqual({a["status"] for a in answers}, {"new"})
        return self.env.cr.sql_log_count - before

    def _count_dashboard(self):
        self.env.flush_all()
        self.env.invalidate_all()
        policies = self.env["credit.insurance.policy"].with_user(self.viewer)
        names = [
            *("buyer_count", "granted_total", "uncovered_total", "unused_total"),
            *("request_count", "pending_count", "duty_count", "missed_count"),
        ]
        before = self.env.cr.sql_log_count
        found = policies.search_read([], names)
        return self.env.cr.sql_log_count - before, found

    def test_the_dashboard_costs_as_much_for_many_policies_and_customers(self):
        self._tell(self._fact("5000"))
        self._count_dashboard()
        few, _found = self._count_dashboard()
        self._count(self._portfolio(MANY, "1000", "1"))
        for number in ("2", "3", "4"):
            self.cover_policy.copy({"policy_number": number, "state": "live"})
        many, found = self._count_dashboard()
        self.assertEqual(many, few)
        self.assertEqual(
            max(policy["granted_total"] for policy in found), 5000 + 1000 * MANY
        )

    def test_a_first_portfolio_and_the_next_one(self):
        first = self._count(self._portfolio(MANY, "5000", "1"))
        self.assertLess(first, 3 * MANY)
        lines = self.env["credit.line"].search([("cover_policy_id", "!=", False)])
        self.assertEqual(sum(lines.mapped("amount")), 5000 * MANY)
        again = self._count(self._portfolio(MANY, "6000", "2"))
        self.assertLess(again, 6 * MANY)
        self.assertEqual(sum(lines.mapped("amount")), 6000 * MANY)
