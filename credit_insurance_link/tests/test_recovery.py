# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestRecovery(ClaimCommon):
    """What comes in on a loss: taken off before the indemnity, shared and told after it."""

    def test_recoveries_before_the_indemnity_lower_it(self):
        claim = self._claim()
        recoveries = self.env["credit.insurance.recovery"].with_user(self.analyst)
        recoveries.create({"claim_id": claim.id, "amount": 500})
        self.assertEqual(claim.indemnity_amount, 450)

    def test_money_that_is_matched_already_is_not_taken_off_twice(self):
        claim = self._claim()
        self._settle(self.invoice, 500)
        payment = self.invoice._get_reconciled_payments()
        self.env["credit.insurance.recovery"].create(
            {"claim_id": claim.id, "amount": 500, "payment_id": payment.id}
        )
        claim.action_compute()
        self.assertEqual((claim.owed_amount, claim.indemnity_amount), (500, 450))

    def test_recoveries_after_the_indemnity_are_shared(self):
        claim = self._paid_claim()
        recoveries = self.env["credit.insurance.recovery"].with_user(self.analyst)
        first = recoveries.create({"claim_id": claim.id, "amount": 100})
        self.assertEqual((first.insurer_amount, first.own_amount), (90, 10))
        self.assertEqual(claim.state, "recovering")
        rest = recoveries.create({"claim_id": claim.id, "amount": 900})
        self.assertEqual((rest.insurer_amount, rest.own_amount), (630, 270))
        with self.assertRaises(UserError):
            first.amount = 5
        with self.assertRaises(UserError):
            claim.action_close()
        claim.recovery_ids.settled_on = self._today()
        claim.action_close()
        self.assertEqual(claim.state, "closed")

    def test_the_insurer_is_told_of_recoveries_once(self):
        self.insurer.partner_id = self.env["res.partner"].create(
            {"name": "Nordassur", "email": "claims@nordassur.example.com"}
        )
        claim = self._paid_claim()
        self._recover(claim, 100)
        claim.action_tell_recoveries()
        self.assertEqual(claim.recovery_ids.told_on, self._today())
        message = claim.message_ids.filtered("attachment_ids")[:1]
        self.assertEqual(message.notified_partner_ids, self.insurer.partner_id)
        with self.assertRaises(UserError):
            claim.action_tell_recoveries()
        second = self._recover(claim, 50)
        claim.action_tell_recoveries()
        self.assertEqual(second.told_on, self._today())
        with self.assertRaises(AccessError):
            claim.with_user(self.viewer).action_tell_recoveries()

    def test_nobody_is_marked_as_told_when_there_is_nobody_to_tell(self):
        claim = self._paid_claim()
        recovery = self._recover(claim, 100)
        with self.assertRaises(UserError):
            claim.action_tell_recoveries()
        self.assertFalse(recovery.told_on)

    def test_the_statement_has_the_parts_and_what_is_still_owed(self):
        claim = self._paid_claim()
        self._recover(claim, 100).settled_on = self._today()
        self._recover(claim, 50)
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.viewer)
            ._render_qweb_html(
                "credit_insurance_link.credit_insurance_recovery_report", claim.ids
            )
        )
        parts = [one.insurer_amount for one in claim.recovery_ids]
        self.assertEqual(parts, [90, 45])
        self.assertEqual(claim._get_insurer_balance(), 45)
        page = html.decode().replace("\u00a0", " ")
        for text in ("135.00", "45.00", self.company.name, self.debtor.name):
            self.assertIn(text, page)

    def _recover(self, claim, amount):
        recoveries = self.env["credit.insurance.recovery"].with_user(self.analyst)
        return recoveries.create({"claim_id": claim.id, "amount": amount})

    def test_recoveries_by_shares_where_the_policy_says_so(self):
        self.insured_policy.recovery_allocation = "pro_rata_after_loss"
        claim = self._paid_claim()
        recovery = self.env["credit.insurance.recovery"].create(
            {"claim_id": claim.id, "amount": 100}
        )
        self.assertEqual((recovery.insurer_amount, recovery.own_amount), (72, 28))
