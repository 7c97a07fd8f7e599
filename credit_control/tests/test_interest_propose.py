# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .test_interest import InterestCommon

UNTIL = date(2025, 6, 30)


@tagged("post_install", "-at_install")
class TestInterestPropose(InterestCommon):
    """Late interest of many customers is worked out at once, and nothing is booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("credit_acc", "account.group_account_invoice")
        cls.Claim = cls.env["credit.interest.claim"]
        cls.move = cls._late_invoice(10_000)

    def _propose(self, moves):
        return self.Claim._propose(self.company, self._get_item(moves).ids, UNTIL)

    def test_the_wizard_proposes_and_lists(self):
        wizard = self.env["credit.interest.propose"].with_user(self.accountant)
        action = wizard.create(
            {"date": UNTIL, "partner_ids": self.debtor.ids}
        ).action_propose()
        self.assertEqual(action["res_model"], "credit.interest.claim")
        claim = self.Claim.search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((claim.amount, claim.state), (205.73, "proposed"))

    def test_an_unknown_rate_leaves_out_its_customers_by_name(self):
        """Everybody else is worked out; what was proposed before stays."""
        italian = self.debtor.copy({"name": "Gondola"})
        file = self.env["credit.profile"]._get_or_create(italian, self.company)
        late = self._late_invoice(500, partner=italian)
        former = self._propose(late)
        file.interest_country_id = self.env.ref("base.it")
        wizard = self.env["credit.interest.propose"].with_user(self.accountant)
        wizard = wizard.create(
            {"date": UNTIL, "partner_ids": (self.debtor + italian).ids}
        )
        action = wizard.action_propose()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (wizard._name, wizard.id)
        )
        said = html2plaintext(wizard.left_out)
        self.assertRegex(said, "ECB.* first half-year of 2025 .*Italy(?s:.)*Gondola")
        self.assertNotIn(self.debtor.name, said)
        self.assertEqual(self._proposed(italian), former)
        self.assertEqual(self._proposed(self.debtor).amount, 205.73)
        self.assertEqual(
            wizard.action_open_claims()["res_model"], "credit.interest.claim"
        )
        with self.assertRaisesRegex(UserError, "Italy"):
            self._propose(late)

    def _proposed(self, partner):
        return self.Claim.search([("partner_id", "=", partner.id)])
