# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .duty_common import InsuranceCommon

BOARD = "/odoo/action-credit_insurance_link.credit_insurance_duty_action"


@tagged("post_install", "-at_install")
class TestDutyTour(InsuranceCommon, HttpCase):
    """The board in a real browser: the notice and the claim reach the insurer."""

    def _tour(self, name, days):
        """Let somebody work on the board about an invoice that was due so long ago."""
        self._late_invoice(1000, days)
        self._refresh()
        self.start_tour(BOARD, name, login=self.manager.login)
        self.env.invalidate_all()

    def test_the_notice_is_received_and_what_was_missed_stays(self):
        self._tour("credit_duty", 85)
        notice, stop = self._duties("notice"), self._duties("stop")
        self.assertEqual((notice.state, notice.is_missed), ("done", False))
        self.assertIn("OVD-12", notice.cleared_by)
        self.assertEqual((stop.state, stop.is_missed), ("open", True))

    def test_the_claim_is_gathered_worked_out_and_received(self):
        wanted = self.env["credit.insurance.document.type"].search(
            [("code", "in", ("invoices", "terms"))]
        )
        self.insured_policy.claim_document_ids = wanted
        self._tour("credit_claim", 155)
        claim = self.env["credit.insurance.claim"].search([])
        self.assertEqual((claim.state, claim.indemnity_amount), ("in_review", 900))
        self.assertEqual(self._duties("claim").state, "done")
        self.assertEqual(len(claim.document_ids.attachment_ids), 1)
        self.assertEqual(sum(map(bool, claim.document_ids.mapped("explanation"))), 1)
