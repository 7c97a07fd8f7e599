# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .test_hold import HoldCommon


@tagged("post_install", "-at_install")
class TestHoldEvent(HoldCommon):
    """Events look at all holds of a debtor at once, in the order they were held."""

    def test_what_clears_counts_for_the_next(self):
        holds = [self._held(150)[1] for _number in range(3)]
        self.line.amount = 320
        self._commit()
        self.assertEqual([h.state for h in holds], ["cleared", "cleared", "open"])

    def test_a_smaller_later_hold_passes_an_earlier_one_that_does_not_fit(self):
        _order, large = self._held(300)
        _order, small = self._held(150)
        self.line.amount = 200
        self._commit()
        self.assertEqual((large.state, small.state), ("open", "cleared"))

    def test_the_cause_is_written_on_hold_and_order(self):
        order, hold = self._held()
        self.line.amount = 200
        self._commit()
        for record in (hold, order):
            self.assertIn("Credit line changed", str(record.message_ids.mapped("body")))

    def test_a_policy_that_only_observes_does_not_claim_that_the_order_fits(self):
        order, hold = self._held()
        self.policy.mode = "observe"
        order.action_confirm()
        told = str(order.message_ids.mapped("body"))
        self.assertEqual((order.state, hold.state), ("sale", "cleared"))
        self.assertIn("only observes", told)
        self.assertNotIn("fits", told)

    def test_policy_marks_as_ready_and_takes_the_mark_back(self):
        self.policy.when_fits = "ready"
        order, hold = self._held()
        self.line.amount = 200
        self._commit()
        self.assertEqual((hold.state, hold.is_ready), ("open", True))
        self.line.amount = 100
        self._commit()
        self.assertFalse(hold.is_ready)
        self.line.amount = 200
        self._commit()
        hold.with_user(self.manager).action_release_and_confirm()
        self.assertEqual((order.state, hold.is_ready), ("sale", False))

    def test_many_at_once_are_told_in_one_message(self):
        for _number in range(7):
            self._held(150)
        self.line.amount = 7 * 150
        partner = self.salesman.partner_id
        before = self.env["mail.notification"].search_count(
            [("res_partner_id", "=", partner.id)]
        )
        self._commit()
        after = self.env["mail.notification"].search_count(
            [("res_partner_id", "=", partner.id)]
        )
        self.assertEqual(after - before, 1)

    def _paid_invoice(self):
        invoice = self._new_invoice(100)
        payments = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return invoice, payments.create({})._create_payments()

    def test_a_payment_that_comes_back_asks_for_a_review(self):
        self.policy.review_bounced = True
        profile = self.line.profile_id
        profile.analyst_id = self.analyst
        invoice, payment = self._paid_invoice()
        order = self._new_order(100)
        order.action_confirm()
        self._commit()
        payment.action_draft()
        payment.action_cancel()
        self._commit()
        task = profile.activity_ids
        self.assertEqual(task.user_id, self.analyst)
        self.assertIn(invoice.name, task.summary)
        self.assertIn(order.name, str(task.note))
        self.assertEqual(order.state, "sale")

    def test_no_review_without_the_policy_or_when_it_is_matched_again(self):
        self._new_order(100).action_confirm()
        invoice, _payment = self._paid_invoice()
        lines = invoice.line_ids.matched_credit_ids.credit_move_id
        due = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        due.remove_move_reconcile()
        self._commit()
        self.policy.review_bounced = True
        (due | lines).reconcile()
        due.remove_move_reconcile()
        (due | lines).reconcile()
        self._commit()
        self.assertFalse(self.line.profile_id.activity_ids)

    def test_statements_do_not_grow_with_holds(self):
        for _number in range(2):
            self._held(150)
        counts = []
        for more in (0, 0, 10):
            for _number in range(more):
                self._held(150)
            holds = self.env["credit.hold"].search(
                [("partner_id", "=", self.debtor.id)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertFalse(holds._filter_fitting())
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*counts[1:])
