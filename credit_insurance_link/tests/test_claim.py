# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaim(ClaimCommon):
    """From a default or an insolvency to the indemnity, and what comes in afterwards."""

    def test_the_computation_is_stored_line_by_line(self):
        claim = self._claim()
        self.assertEqual(claim.indemnity_amount, 720)
        self.assertEqual(
            self._steps(claim), {"owed": 1000, "uncovered": -200, "own_share": -80}
        )
        line = claim.line_ids
        self.assertEqual((line.covered_amount, line.insured_amount), (800, 720))
        self.assertEqual(claim.date_loss, self._today(-50))

    def test_terms_of_the_policy_order_deductible_and_percentage(self):
        self.insured_policy.write({"deductible_each": 100})
        self.assertEqual(self._claim().indemnity_amount, 620)

    def test_taxes_are_not_insured_where_the_policy_says_so(self):
        tax = self.env["account.tax"].create(
            {"name": "T", "amount": 25.0, "type_tax_use": "sale"}
        )
        self._cover(10_000, other := self.env["res.partner"].create({"name": "T"}))
        invoice = self._late_invoice(400, 200, other)
        invoice.button_draft()
        invoice.invoice_line_ids.tax_ids = tax
        invoice.action_post()
        self.insured_policy.tax_basis = "net"
        self.assertEqual(invoice.amount_residual, 500)
        self.assertEqual(self._claim(partner_id=other.id).owed_amount, 400)

    def test_an_uninsured_invoice_is_part_of_the_account_and_brings_nothing(self):
        self.env["credit.cover.layer"].sudo().search([]).date_to = self._today(-100)
        self._late_invoice(300, 5)
        claim = self._claim()
        self.assertEqual((claim.owed_amount, claim.indemnity_amount), (1300, 720))

    def test_nothing_is_filed_while_papers_are_missing(self):
        claim = self._claim()
        self.assertEqual(claim.missing_count, len(claim.document_ids))
        with self.assertRaises(UserError):
            claim.action_file()
        self._complete(claim)
        claim.action_file()
        self.assertEqual(claim.state, "filed")

    def test_papers_of_an_insolvency_are_asked_only_then(self):
        default = self._claim()
        self.assertEqual(len(default.document_ids), 14)
        default.unlink()
        self.assertEqual(len(self._claim(cause="insolvency").document_ids), 16)

    def test_p12_filed_is_not_received(self):
        self._refresh()
        self.assertEqual(self._duties("claim").state, "open")
        claim = self._claim()
        self._complete(claim)
        claim.action_file()
        self._refresh()
        self.assertEqual(self._duties("claim").state, "open")
        self._say(claim, "received")
        self.assertEqual(self._duties("claim").state, "done")
        self.assertEqual(claim.external_id, "S-77")

    def test_what_was_filed_stays_as_it_is(self):
        claim = self._claim()
        self._complete(claim)
        claim.action_file()
        for record, values in (
            (claim, {"date_loss": self._today()}),
            (claim.line_ids, {"cover_amount": 1_000_000}),
        ):
            with self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            claim.unlink()
        with self.assertRaises(AccessError):
            claim.write({"paid_amount": 5})
        with self.assertRaises(AccessError):
            claim.step_ids.write({"amount": 5})

    def test_asked_documents_are_a_duty_until_they_are_received(self):
        claim = self._claim()
        self._complete(claim)
        claim.action_file()
        self._say(claim, "documents", date=self._today(-3))
        duty = self._duties("reply")
        self.assertEqual(duty.deadline, self._today(27))
        self.assertEqual(duty.action_open_record()["res_id"], claim.id)
        self._say(claim, "replied")
        self.assertEqual((duty.state, claim.state), ("done", "in_review"))

    def test_somebody_asks_when_the_insurer_is_silent_until_he_paid(self):
        claim = self._claim(user_id=self.manager.id)
        self._complete(claim)
        self.assertFalse(claim.activity_ids)
        claim.action_file()
        self.assertEqual(claim.activity_ids.user_id, self.manager)
        self.assertEqual(claim.activity_ids.date_deadline, self._today(30))
        self._say(claim, "documents")
        self.assertFalse(claim.activity_ids, "now it is ours to answer")
        self._say(claim, "replied")
        self.insured_policy.claim_silence_days = 10
        self._say(claim, "accepted")
        self.assertEqual(claim.activity_ids.date_deadline, self._today(10))
        self._say(claim, "paid")
        self.assertFalse(claim.activity_ids)

    def test_a_refusal_needs_its_reason_and_can_be_contested(self):
        claim = self._claim()
        self._complete(claim)
        claim.action_file()
        self._say(claim, "received")
        with self.assertRaises(UserError):
            self._say(claim, "refused")
        self._say(claim, "refused", note="Reported late")
        self.assertEqual((claim.state, claim.refusal), ("refused", "Reported late"))
        self._say(claim, "reopened")
        self.assertEqual(claim.state, "in_review")

    def test_the_archive_holds_the_whole_file(self):
        claim = self._claim()
        self._complete(claim)
        content = claim.with_context(force_report_rendering=False)._get_archive()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            table = archive.read("Computation.csv").decode("utf-8-sig")
        self.assertIn("Claim.pdf", names)
        self.assertTrue(any("order-1.pdf" in name for name in names), names)
        self.assertFalse([name for name in names if ".." in name.split("/")])
        self.assertEqual(len(names), 4, "what is only explained has no file")
        self.assertIn(";720,00", table)

    def test_a_person_opens_a_claim_and_a_declaration_on_empty_screens(self):
        form = Form(self.env["credit.insurance.claim"].with_user(self.analyst))
        form.policy_id = self.insured_policy
        form.partner_id = self.debtor
        self.assertEqual(form.save().indemnity_amount, 720)
        form = Form(self.env["credit.insurance.turnover"].with_user(self.analyst))
        form.policy_id = self.insured_policy
        form.date_from, form.date_to = self._today(-60), self._today(-1)
        self.assertEqual(form.save().state, "draft")

    def _gather(self, claim):
        """Gather, without the seconds that a statement takes to print."""
        statement = type(self.env["credit.statement"])
        with patch.object(statement, "_render_pdf", lambda *_args: b"%PDF-1.4"):
            claim.action_gather()

    def _paper_of(self, claim, code):
        return claim.document_ids.filtered(lambda paper: paper.type_id.code == code)

    def test_what_is_on_record_is_gathered_and_what_people_added_stays(self):
        claim = self._claim()
        self._paper_of(claim, "statement").explanation = "On request"
        added = self._paper("signed.pdf")
        self._paper_of(claim, "delivery").attachment_ids = added
        self._gather(claim)
        invoices = self._paper_of(claim, "invoices").attachment_ids
        number = self.invoice.name.replace("/", "-")
        self.assertEqual(invoices.mapped("name"), [f"{number}.pdf"])
        self.assertTrue(self._paper_of(claim, "open_items").attachment_ids)
        self.assertFalse(self._paper_of(claim, "statement").attachment_ids)
        self.assertEqual(self._paper_of(claim, "delivery").attachment_ids, added)
        self.assertTrue(self._paper_of(claim, "terms").is_missing)
        names = [name for name, _content in claim._get_archive_files()]
        self.assertEqual(sum(number in name for name in names), 1)

    def test_the_orders_of_the_invoices_are_gathered(self):
        self._give_line(10_000)
        order = self._new_order(300)
        order.action_confirm()
        order._create_invoices().action_post()
        claim = self._claim()
        self._gather(claim)
        orders = self._paper_of(claim, "orders").attachment_ids
        self.assertEqual(orders.mapped("name"), [f"{order.name}.pdf"])

    def test_without_documents_the_archive_has_the_invoices(self):
        claim = self._claim()
        names = [name for name, _content in claim._get_archive_files()]
        number = self.invoice.name.replace("/", "-")
        self.assertIn(f"Invoices/{number}.pdf", names)

    def test_nothing_on_record_is_said(self):
        claim = self._claim()
        claim.document_ids.filtered(
            lambda paper: paper.type_id.code != "power"
        ).explanation = "Not needed"
        with self.assertRaises(UserError):
            claim.action_gather()

    def test_nobody_packs_a_file_that_he_may_not_read(self):
        private = self.env["ir.attachment"].create({"name": "pay.pdf", "raw": b"x"})
        paper = self._claim().document_ids[0]
        with self.assertRaises(AccessError):
            paper.attachment_ids = private

    def test_a_claim_takes_no_invoice_of_others(self):
        claim = self._claim()
        other = self.env["res.partner"].create(
            {"name": "Daughter", "is_company": True, "parent_id": self.debtor.id}
        )
        foreign = self._late_invoice(50, 200, partner=other)
        item = foreign.line_ids.filtered("date_maturity")
        claim.action_compute()
        self.assertEqual(claim.line_ids.move_id, self.invoice)
        with self.assertRaises(ValidationError):
            claim.line_ids.move_line_id = item

    def test_papers_that_were_filed_stay_and_others_may_follow(self):
        claim = self._claim()
        self._complete(claim)
        claim.document_ids[1].unlink()
        claim.action_file()
        paper = claim.document_ids[0]
        with self.assertRaises(UserError):
            paper.attachment_ids = False
        with self.assertRaises(UserError):
            paper.unlink()
        paper.attachment_ids |= self._paper("late.pdf")
        self.assertEqual(len(paper.attachment_ids), 2)

    def test_only_what_may_happen_next_is_offered(self):
        claim = self._claim()
        self._complete(claim)
        claim.action_file()
        dialog = self.env["credit.insurance.claim.answer"].with_user(self.analyst)
        seen = []
        for way in ("received", "accepted"):
            asked = dialog.with_context(default_claim_id=claim.id).new({})
            seen.append((asked.way, set(asked.ways.split(","))))
            self._say(claim, way)
        asked = dialog.with_context(default_claim_id=claim.id).new({})
        seen.append((asked.way, set(asked.ways.split(","))))
        self.assertEqual(
            seen,
            [
                ("received", {"received", "documents"}),
                ("accepted", {"documents", "accepted", "refused"}),
                ("paid", {"refused", "paid"}),
            ],
        )

    def test_the_insurers_yearly_liability_counts_other_claims(self):
        self.insured_policy.max_liability = 1000
        self._paid_claim()
        other = self.env["res.partner"].create({"name": "Second", "is_company": True})
        self._cover(800, other)
        self._late_invoice(800, 200, other)
        claim = self._claim(partner_id=other.id)
        self.assertEqual(claim.indemnity_amount, 280)

    def test_steps_are_for_the_credit_team(self):
        claim = self._claim().with_user(self.viewer)
        self.assertEqual(claim.indemnity_amount, 720)
        with self.assertRaises(AccessError):
            claim.action_compute()
