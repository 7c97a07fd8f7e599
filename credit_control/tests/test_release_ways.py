# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..exceptions import CreditHoldError
from .test_hold import HoldCommon


@tagged("post_install", "-at_install")
class TestReleaseWays(HoldCommon):
    """A release in parts, against a deposit or with another term."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.list_price = 999

    def _dialog(self, hold, user=None):
        user = user or self.manager
        action = hold.with_user(user).action_release()
        return Form(
            self.env["credit.hold.release"]
            .with_user(user)
            .with_context(**action["context"])
        )

    def _second(self, order):
        return self.env["sale.order"].search([("origin", "=", order.name)])

    def test_a_part_is_released_and_the_rest_is_a_quotation(self):
        order, hold = self._four()
        form = self._dialog(hold)
        form.way = "part"
        self.assertEqual((form.part_amount, form.kept_amount), (100, 100))
        form.part_amount = 160
        self.assertEqual(form.kept_amount, 150)
        form.save().action_apply_and_confirm()
        self.assertEqual((order.state, order.amount_total), ("sale", 150))
        self.assertEqual(order.order_line.price_unit, 50)
        second = self._second(order)
        self.assertEqual((second.state, second.amount_total), ("draft", 50))
        self.assertEqual(second.order_line.price_unit, 50)
        self.assertFalse(second.sudo().credit_hold_id)
        self.assertEqual((hold.amount, hold.release_amount), (150, 150))

    def _four(self):
        order = self._new_order(50, quantity=4)
        return order, self._try(order)

    def test_confirming_what_was_rejected_and_fits_now_clears(self):
        order, hold = self._held()
        hold.with_user(self.manager).reject(note="Pay first")
        self._pay(150)
        order.action_confirm()
        self.assertEqual((order.state, hold.state), ("sale", "cleared"))
        order.invalidate_recordset()
        self.assertFalse(order.credit_hold_state)

    def test_an_emptied_description_stops_nobody(self):
        order, hold = self._four()
        order.order_line.name = ""
        form = self._dialog(hold)
        form.way = "part"
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.name, self.goods.display_name)

    def test_the_rest_may_be_held_and_clears_by_itself(self):
        order, hold = self._four()
        quantities = {order.order_line.id: 3}
        hold.with_user(self.manager).release_part(quantities, rest="hold")
        waiting = self._second(order).sudo().credit_hold_id
        self.assertEqual((waiting.state, waiting.uncovered), ("open", 50))
        self.line.amount = 500
        self._commit()
        self.assertEqual(waiting.state, "cleared")

    def test_authority_looks_at_the_part(self):
        self.company.credit_authority_analyst = 60
        order, hold = self._four()
        with self.assertRaises(AccessError):
            hold.with_user(self.analyst).release()
        line = order.order_line
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            hold.with_user(self.analyst).release_part({line.id: 3.5})
        self.env.invalidate_all()
        self.assertEqual(order.amount_total, 200)
        hold.with_user(self.analyst).release_part({line.id: 3})
        self.assertEqual((hold.state, order.amount_total), ("released", 150))

    def test_whole_lines_and_their_discounts_move(self):
        order = self._new_order(50, quantity=2)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.goods.id,
                    "product_uom_qty": 3,
                    "price_unit": 40,
                    "discount": 10,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        hold = self._try(order)
        first = order.order_line[0]
        hold.with_user(self.manager).release_part({first.id: 2})
        self.assertEqual(order.order_line, first)
        moved = self._second(order).order_line
        self.assertEqual(
            (moved.product_uom_qty, moved.price_unit, moved.discount), (3, 40, 10)
        )

    def test_nonsense_is_refused(self):
        order, hold = self._four()
        line = order.order_line
        manager = hold.with_user(self.manager)
        for quantities in ({}, {line.id: 4}, {line.id: 5}, {line.id: -1}, [], {"x": 1}):
            with self.subTest(quantities=quantities), self.assertRaises(UserError):
                manager.release_part(quantities)
        for amount in (0, -1, 201, "1", float("nan")):
            with self.subTest(deposit=amount), self.assertRaises(UserError):
                manager.release_against_deposit(amount)
        for term in (0, 2**31, "1"):
            with self.subTest(term=term), self.assertRaises(UserError):
                manager.release_with_term(term)
        self.assertEqual((hold.state, order.amount_total), ("open", 200))

    def test_others_use_none_of_these_ways(self):
        order, hold = self._four()
        for user in (self.salesman, self.viewer):
            with self.subTest(user=user.login):
                mine = hold.with_user(user)
                with self.assertRaises(AccessError):
                    mine.release_part({order.order_line.id: 1})
                with self.assertRaises(AccessError):
                    mine.release_against_deposit(10)
                with self.assertRaises(AccessError):
                    mine.release_with_term(self.pay_terms_a.id)
        self.assertEqual(hold.state, "open")

    def test_the_deposit_releases_when_it_is_paid(self):
        order, hold = self._held(150)
        form = self._dialog(hold)
        form.way = "deposit"
        self.assertEqual(form.deposit_amount, 50)
        form.deposit_amount = 30
        form.save().action_apply()
        invoice = hold.deposit_move_id
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 30))
        self._commit()
        self.assertEqual(hold.state, "open")
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._pay_invoice(invoice)
        self.assertEqual((hold.state, hold.release_amount), ("released", 150))
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._exposure(), 120)

    def _pay_invoice(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self._commit()

    def test_an_order_less_its_paid_deposit_fits_without_release(self):
        order = self._new_order(150)
        self._pay_invoice(order.sudo()._credit_ask_deposit(50))
        self.assertEqual(order.credit_preview["outcome"], "pass")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_deposit_paid_after_the_end_releases_nothing(self):
        _order, hold = self._held(150)
        hold.with_user(self.manager).release_against_deposit(30)
        hold.sudo().release_until = self._today(-1)
        self._pay_invoice(hold.deposit_move_id)
        self.assertEqual(hold.state, "open")

    def test_another_payment_term(self):
        order, hold = self._held()
        form = self._dialog(hold)
        form.way = "term"
        form.payment_term_id = self.pay_terms_a
        form.save().action_apply()
        self.assertEqual(order.payment_term_id, self.pay_terms_a)
        self.assertEqual(hold.state, "released")


@tagged("post_install", "-at_install")
class TestMassAnswer(HoldCommon):
    """Many answers at once: each stands alone and its result is told."""

    def _answer(self, holds, user=None, **values):
        wizard = (
            self.env["credit.hold.release"]
            .with_user(user or self.manager)
            .create({"hold_ids": holds.ids, **values})
        )
        self.env.flush_all()
        return wizard

    def test_what_cannot_be_released_is_told_and_unchanged(self):
        self.company.credit_authority_analyst = 100
        first, hold = self._held(150)
        large, other = self._held(500)
        wizard = self._answer(hold | other, self.analyst)
        action = wizard.action_apply()
        self.assertEqual(action["res_id"], wizard.id)
        found = {r.name: (r.outcome, bool(r.message)) for r in wizard.result_ids}
        self.assertEqual(
            found, {first.name: ("done", False), large.name: ("failed", True)}
        )
        self.assertEqual((hold.state, other.state), ("released", "open"))

    def test_an_order_that_cannot_be_confirmed_stays_unreleased(self):
        order, hold = self._held(150)
        changed, other = self._held(150)
        changed.order_line.price_unit = 500
        wizard = self._answer(hold | other)
        wizard.action_apply_and_confirm()
        self.assertEqual((order.state, changed.state), ("sale", "draft"))
        self.assertEqual((hold.state, other.state), ("released", "open"))

    def test_mass_rejection(self):
        holds = self._held(150)[1] | self._held(160)[1]
        self._answer(holds, answer="reject", note="No").action_apply()
        self.assertEqual(set(holds.mapped("state")), {"rejected"})

    def test_of_all_in_the_list_those_that_wait_are_answered(self):
        holds = self._held(150)[1] | self._held(160)[1] | self._held(170)[1]
        holds[0].with_user(self.analyst).reject(note="Never")
        wizards = self.env["credit.hold.release"].with_user(self.manager)
        action = holds.with_user(self.manager).action_release()
        wizard = Form(wizards.with_context(**action["context"])).save()
        self.assertEqual((wizard.hold_count, wizard.left_out), (2, 1))
        wizard.action_apply()
        self.assertEqual(holds.mapped("state"), ["rejected", "released", "released"])
        action = holds.with_user(self.manager).action_reject()
        wizard = Form(wizards.with_context(**action["context"])).save()
        self.assertEqual((wizard.hold_count, wizard.left_out), (3, 0))

    def test_amounts_of_several_currencies_are_not_added(self):
        first, other = self._held(150)[1], self._held(160)[1]
        self.assertEqual(self._answer(first | other).currency_id, self.currency)
        dear = self.setup_other_currency("GBP")
        other.sudo().company_id = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": dear.id}
        )
        self.manager.sudo().company_ids |= other.company_id
        self.assertFalse(self._answer(first | other).currency_id)

    def test_an_answer_in_between_is_not_replaced(self):
        holds = self._held(150)[1] | self._held(160)[1]
        wizard = self._answer(holds)
        holds[0].with_user(self.analyst).reject(note="Faster")
        wizard.action_apply()
        self.assertEqual(sorted(holds.mapped("state")), ["rejected", "released"])
        failed = wizard.result_ids.filtered(lambda r: r.outcome == "failed")
        self.assertIn(self.analyst.name, failed.message)

    def test_a_single_answer_in_between_is_told(self):
        _order, hold = self._held()
        wizard = self._answer(hold)
        hold.with_user(self.analyst).reject(note="Faster")
        with self.assertRaisesRegex(UserError, "answered already"):
            wizard.action_apply()
        again = self._answer(hold)
        again.action_apply()
        self.assertEqual(hold.state, "released")

    def test_from_the_list_several_are_confirmed(self):
        orders = [self._held(150), self._held(160)]
        holds = orders[0][1] | orders[1][1]
        action = holds.with_user(self.manager).action_release_and_confirm()
        self.assertEqual(action["res_model"], "credit.hold.release")
        self.assertEqual({order.state for order, _hold in orders}, {"sale"})

    def test_the_dialog_tells_nothing_of_foreign_holds(self):
        _order, hold = self._held()
        stranger = self._new_user(
            "credit_elsewhere", "credit_control.credit_control_group_analyst"
        )
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger.sudo().write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        with self.assertRaises(AccessError):
            self._answer(hold, stranger)._compute_line_ids()
        self.assertEqual(hold.state, "open")
