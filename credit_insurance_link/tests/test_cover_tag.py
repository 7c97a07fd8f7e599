# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import importlib.util
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from .duty_common import InsuranceCommon

SCRIPT = Path(__file__).parents[1] / "migrations/19.0.1.1.0/post-delivered.py"


@tagged("post_install", "-at_install")
class TestCoverTag(InsuranceCommon):
    """What was covered on the day on which it was delivered, and what was not."""

    def _deliver(self, invoice, *parts):
        """Let the goods of an invoice have left on these days: (days from now, amount)."""
        found = {self._today(days): amount for days, amount in parts}
        moves = self.registry["account.move"]
        with patch.object(moves, "_get_credit_deliveries", lambda _move: dict(found)):
            invoice._credit_delivered()
        return invoice.credit_cover_tag_ids.sorted("date")

    def _late_in_two(self):
        """Overdue for 20 days, half delivered before the insurer's cut, half after."""
        self.env["credit.cover.layer"].sudo().search(
            [("policy_id", "=", self.insured_policy.id)]
        ).date_to = self._today(-45)
        invoice = self._late_invoice(1000, 20)
        self._deliver(invoice, (-50, 400), (-40, 600))
        return invoice

    # === SEVERAL DELIVERIES === #

    def test_p12_each_delivery_has_the_cover_of_its_own_day(self):
        tags = self._late_in_two().credit_cover_tag_ids.sorted("date")
        found = [(tag.amount, tag.delivered_amount) for tag in tags]
        self.assertEqual(found, [(10_000, 400), (0, 600)])

    def test_p12_only_the_covered_part_is_at_stake(self):
        self._late_in_two()
        self._refresh()
        self.assertEqual(self._duties("notice").open_amount, 400)

    def test_a_claim_takes_each_delivery_with_its_cover(self):
        invoice = self._late_in_two()
        self._settle(invoice, 0.01)
        claim = self.env["credit.insurance.claim"].with_user(self.analyst)
        claim = claim.create(
            {"policy_id": self.insured_policy.id, "partner_id": self.debtor.id}
        )
        lines = claim.line_ids.sorted("date_delivery")
        found = [(line.amount, line.has_cover) for line in lines]
        self.assertEqual(found, [(400.00, True), (599.99, False)])
        self.assertEqual(claim.loss_amount, 400)

    def test_what_leaves_after_the_invoice_is_covered_as_on_that_day(self):
        invoice = self._new_invoice(1000)
        layer = self.env["credit.cover.layer"].sudo()
        layer.search([]).date_to = self._today()
        first, second = self._deliver(invoice, (0, 300), (3, 700))
        self.assertEqual((first.amount, second.amount), (10_000, 0))
        [only] = self._deliver(invoice, (0, 1000))
        self.assertEqual((only, only.delivered_amount), (first, 1000))

    def test_an_older_tag_stands_for_its_whole_invoice(self):
        tag = self._new_invoice(1000).credit_cover_tag_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_cover_tag SET delivered_amount = NULL WHERE id = %s",
            tag.ids,
        )
        spec = importlib.util.spec_from_file_location("delivered", SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        tag.invalidate_recordset()
        self.assertEqual(tag.delivered_amount, 1000)

    # === STOP OF COVER === #

    def _delivered_after_stop(self, restore_days=30, paid=0):
        """A delivery 10 days ago, when an invoice had been overdue beyond the stop.

        :param int paid: of which this many days later it was paid
        :return: (the old invoice, the tag of the delivery)
        """
        self.insured_policy.restore_days = restore_days
        old = self._late_invoice(500, 75)  # cover stopped 15 days ago
        tag = self._new_invoice(200, delivery_date=self._today(-10))
        return old, tag.credit_cover_tag_ids

    def test_p12_deliveries_to_a_buyer_in_arrears_are_not_insured(self):
        old, tag = self._delivered_after_stop()
        self.assertEqual(tag.stopped_on, self._today(-15))
        self.assertEqual(tag.stop_line_id.move_id, old)
        self._refresh()
        self.assertEqual(self._duties("stop").open_amount, 500)

    def test_what_was_delivered_before_the_stop_stays_insured(self):
        self._late_invoice(500, 75)
        before = self._new_invoice(200, delivery_date=self._today(-15))
        self.assertFalse(before.credit_cover_tag_ids.stopped_on)

    def test_a_payment_in_time_restores_the_cover_from_the_stop_on(self):
        old, tag = self._delivered_after_stop(restore_days=15)
        self._settle(old)
        self._refresh()
        self.assertEqual(tag.restored_on, self._today())

    def test_p12_a_payment_too_late_or_without_such_a_term_restores_nothing(self):
        for days in (14, 0):
            with self.subTest(days), self.env.cr.savepoint() as savepoint:
                old, tag = self._delivered_after_stop(restore_days=days)
                self._settle(old)
                self._refresh()
                self.assertTrue(tag.stopped_on)
                self.assertFalse(tag.restored_on)
                savepoint.rollback()

    def test_what_was_paid_too_late_leaves_the_list_of_every_night(self):
        old, tag = self._delivered_after_stop(restore_days=14)
        self._settle(old)
        cases = type(self.insured_policy)
        with patch.object(cases, "_get_cases", return_value={}) as looked:
            tag._restore(self.insured_policy)
            self.assertFalse(looked.call_args.args[0])
        self.assertFalse(tag._find_paid_in_time(self.insured_policy, None))
        self.insured_policy.restore_days = 15
        self.assertEqual(tag._find_paid_in_time(self.insured_policy, None), tag)

    def test_another_overdue_invoice_goes_on_stopping(self):
        second = self._late_invoice(100, 72)
        old, tag = self._delivered_after_stop()
        self._settle(old)
        self._refresh()
        self.assertFalse(tag.restored_on)
        self.assertEqual(tag.stop_line_id.move_id, second)
        self._settle(second)
        self._refresh()
        self.assertEqual(tag.restored_on, self._today())

    def test_restored_it_is_claimed_like_any_other(self):
        old, tag = self._delivered_after_stop()
        claims = self.env["credit.insurance.claim"].with_user(self.analyst)
        values = {"policy_id": self.insured_policy.id, "partner_id": self.debtor.id}
        claim = claims.create(values)
        found = {line.move_id: line.has_cover for line in claim.line_ids}
        self.assertEqual(found, {old: True, tag.move_id: False})
        self._settle(old)
        self._refresh()
        claim.action_compute()
        self.assertEqual(claim.line_ids.mapped("has_cover"), [True])
