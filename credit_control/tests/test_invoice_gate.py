# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


class InvoiceGateCommon(CreditCommon):
    """A debtor with a line of 1,000 and a rule that looks at invoices as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("credit_books", "account.group_account_invoice")
        cls.policy.rule_ids.checkpoint_ids = [Command.clear()]
        cls.line = cls._give_line(1000)

    def _draft(self, amount, **values):
        move = self._new_invoice(amount, post=False, **values)
        return move.with_user(self.accountant)

    def _ordered(self, amount, **values):
        order = self._new_order(amount, **values)
        order.action_confirm()
        return order.sudo()

    def _cut(self, amount=0):
        """The line is cut after all was said and done."""
        self.line.amount = amount

    def _assert_held(self, move, post):
        with self.assertRaises(CreditHoldError) as caught:
            post()
        self.assertEqual(move.state, "draft")
        return caught.exception.context["credit"]


@tagged("post_install", "-at_install")
class TestInvoiceGate(InvoiceGateCommon):
    """P2: a stand-alone invoice passes the gate, whichever way it is posted."""

    def test_p2_an_invoice_within_the_line_posts(self):
        move = self._draft(1000)
        move.action_post()
        self.assertEqual(move.state, "posted")
        decision = self.env["credit.decision"].search([("res_id", "=", move.id)])
        self.assertEqual((decision.outcome, decision.replay()), ("pass", True))

    def test_p2_one_cent_beyond_the_line_is_held(self):
        move = self._draft(1000.01)
        facts = self._assert_held(move, move.action_post)
        self.assertEqual((facts["uncovered"], facts["exposure"]), (0.01, 0))

    def test_p2_write_of_state_is_held(self):
        move = self._draft(1001)
        self._assert_held(move, lambda: move.write({"state": "posted"}))

    def test_p2_post_in_code_is_held(self):
        move = self._draft(1001)
        self._assert_held(move, lambda: move.sudo()._post())

    def test_p2_a_receipt_of_a_sale_is_held(self):
        move = self._draft(1001, move_type="out_receipt")
        self._assert_held(move, move.action_post)

    def test_p2_the_list_is_held_as_a_whole(self):
        moves = self._draft(600) | self._draft(600)
        with self.assertRaises(CreditHoldError) as caught:
            moves.action_post()
        self.assertEqual(len(caught.exception.context["credit_documents"]), 2)
        self.assertEqual(set(moves.mapped("state")), {"draft"})

    def test_p2_a_draft_that_is_not_counted_is_held_all_the_same(self):
        component = self.env.ref(
            "credit_control.credit_exposure_component_draft_invoice"
        )
        self.policy.component_ids -= component
        move = self._draft(1001)
        self._assert_held(move, move.action_post)

    def test_p4_the_hold_is_recorded_and_clears(self):
        move = self._draft(1001)
        self._assert_held(move, move.action_post)
        self._record_holds()
        self.assertEqual(move.credit_hold_state, "open")
        # Its number was rolled back and goes to another invoice.
        self.assertEqual(move.sudo().credit_hold_id.name, f"Draft Invoice {move.id}")
        self._cut(2000)
        self.env.cr.flush()
        self.assertFalse(move.credit_hold_id)
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_a_released_invoice_posts(self):
        move = self._draft(1500)
        self._assert_held(move, move.action_post)
        self._record_holds()
        move.sudo().credit_hold_id.with_user(self.manager).release()
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_accountants_request_a_release(self):
        move = self._draft(1500)
        facts = self._assert_held(move, move.action_post)
        self.assertTrue(facts["can_request"])
        self._record_holds()
        move.action_credit_request_release()
        self.assertEqual(move.credit_hold_state, "requested")

    def test_release_and_confirm_posts_for_those_who_may(self):
        move = self._draft(1500)
        self._assert_held(move, move.action_post)
        self._record_holds()
        hold = move.sudo().credit_hold_id
        hold.with_user(self.manager).action_release_and_confirm()
        self.assertEqual((hold.state, move.state), ("released", "draft"))
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        hold.with_user(self.manager).action_release_and_confirm()
        self.assertEqual(move.state, "posted")

    def test_a_cancelled_or_deleted_draft_voids_its_hold(self):
        first, second = self._draft(1500), self._draft(1600)
        for move in (first, second):
            self._assert_held(move, move.action_post)
        self._record_holds()
        holds = (first | second).sudo().credit_hold_id
        self.assertEqual(len(holds), 2)
        first.sudo().button_cancel()
        second.sudo().unlink()
        self.assertEqual(set(holds.mapped("state")), {"void"})

    def test_the_form_tells_before_posting(self):
        move = self._draft(1001)
        self.assertEqual(move.credit_preview["outcome"], "hold")
        self.assertEqual(move.credit_preview["uncovered"], 1)
        move.invoice_line_ids.price_unit = 900
        self.assertEqual(move.credit_preview["outcome"], "pass")

    def test_a_new_invoice_tells_before_it_is_saved(self):
        line = {
            "name": "Goods",
            "quantity": 1,
            "price_unit": 1001.0,
            "tax_ids": [Command.clear()],
        }
        move = self.env["account.move"].new(
            {
                "move_type": "out_invoice",
                "partner_id": self.debtor.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        self.assertEqual(move.credit_preview["uncovered"], 1)


@tagged("post_install", "-at_install")
class TestInvoiceCron(InvoiceGateCommon):
    """The cron posts what it may; one held invoice does not stop the others."""

    def _autopost(self):
        """Run the cron on the test's cursor; a rollback goes back to a savepoint."""
        jobs = self.env["ir.cron"]
        savepoint = self.env.cr.savepoint(flush=True)
        saved = [savepoint]

        def commit(_self, *_args, **_kwargs):
            self.env.flush_all()
            saved[0] = self.env.cr.savepoint(flush=True)
            return float("inf")

        def rollback(*_args):
            saved[0].rollback()
            self.env.invalidate_all()

        with (
            patch.object(type(jobs), "_commit_progress", commit),
            patch.object(self.env.cr, "rollback", rollback, create=True),
        ):
            self.env["account.move"]._autopost_draft_entries()

    def test_one_held_invoice_does_not_stop_the_others(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        auto = {"auto_post": "at_date", "date": yesterday}
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        held, fine = self._draft(1500, **auto), self._draft(10, partner=other, **auto)
        self._autopost()
        self.assertEqual((held.state, fine.state), ("draft", "posted"))
        self.assertIn("exceeds the credit", held.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestInvoiceNoHarm(InvoiceGateCommon):
    """P5: what orders stand for, and what lowers the exposure, is never held."""

    def test_p5_delivered_quantities_can_always_be_invoiced(self):
        goods = self._new_product("Hours", invoice_policy="delivery")
        order = self._ordered(100, product=goods, quantity=10)
        order.order_line.qty_delivered = 12
        self._cut()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 1200))

    def test_p5_ordered_quantities_can_be_invoiced_in_parts(self):
        order = self._ordered(333.33, quantity=3)
        self._cut()
        for quantity in (1, 2):
            invoice = order._create_invoices()
            invoice.invoice_line_ids.quantity = quantity
            invoice.action_post()
            self.assertEqual(invoice.state, "posted")

    def test_p5_the_part_beyond_the_order_is_held(self):
        order = self._ordered(100, quantity=10)
        invoice = order._create_invoices().with_user(self.accountant)
        invoice.invoice_line_ids.quantity = 11
        facts = self._assert_held(invoice, invoice.action_post)
        self.assertEqual((facts["document"]["amount"], facts["uncovered"]), (100, 100))

    def test_p5_what_is_dearer_than_ordered_is_held(self):
        order = self._ordered(100, quantity=10)
        invoice = order._create_invoices().with_user(self.accountant)
        invoice.invoice_line_ids.price_unit = 100.5
        facts = self._assert_held(invoice, invoice.action_post)
        self.assertEqual(facts["uncovered"], 5)

    def test_p5_a_line_of_its_own_on_an_orders_invoice_is_held(self):
        order = self._ordered(1000)
        invoice = order._create_invoices().with_user(self.accountant)
        invoice.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Freight",
                            "quantity": 1,
                            "price_unit": 20,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        facts = self._assert_held(invoice, invoice.action_post)
        self.assertEqual(facts["uncovered"], 20)

    def test_p5_a_down_payment_is_never_held(self):
        order = self._ordered(1000)
        self._cut()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 400,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        wizard.create_invoices()
        order.invoice_ids.action_post()
        final = order._create_invoices(final=True)
        final.action_post()
        self.assertEqual((final.state, final.amount_total), ("posted", 600))

    def test_p5_refunds_bills_and_entries_are_never_held(self):
        self._new_invoice(900)
        self._cut()
        for move_type in ("out_refund", "in_invoice", "in_receipt", "in_refund"):
            move = self._new_invoice(5000, move_type=move_type)
            self.assertEqual(move.state, "posted", move_type)

    def test_p5_a_credit_note_makes_room(self):
        self._new_invoice(1000)
        move = self._draft(100)
        self._assert_held(move, move.action_post)
        self._new_invoice(100, move_type="out_refund")
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_running_companies_are_not_stopped(self):
        self.policy.rule_ids.unlink()
        rule = self.env["credit.rule"].create({"policy_id": self.policy.id})
        codes = rule.checkpoint_ids.mapped("code")
        self.assertEqual(set(codes), {"confirmation", "change"})
        move = self._draft(5000)
        move.action_post()
        self.assertEqual(move.state, "posted")
        self.assertFalse(self.env["credit.hold"].search([("res_id", "=", move.id)]))


@tagged("post_install", "-at_install")
class TestInvoiceRemembered(InvoiceGateCommon):
    """P10: the release of an order counts for its invoices, unless it grew."""

    def _released_order(self, amount):
        order = self._new_order(amount, quantity=1)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        order.sudo().credit_hold_id.with_user(self.manager).release()
        order.action_confirm()
        return order.sudo()

    def test_p10_a_surplus_within_the_tolerance_is_not_asked_again(self):
        self.policy.release_tolerance_percent = 5
        invoice = self._released_order(2000)._create_invoices()
        invoice.invoice_line_ids.price_unit = 2100
        invoice.with_user(self.accountant).action_post()
        self.assertEqual(invoice.state, "posted")

    def test_p10_a_surplus_beyond_the_tolerance_is_asked_again(self):
        self.policy.release_tolerance_percent = 5
        invoice = self._released_order(2000)._create_invoices()
        invoice.invoice_line_ids.price_unit = 2101
        facts = self._assert_held(
            invoice, invoice.with_user(self.accountant).action_post
        )
        codes = [reason["code"] for reason in facts["reasons"]]
        self.assertIn("release_exceeded", codes)
