# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestGateConfirmation(CreditCommon):
    """P2, P4, P6: every way to confirm passes the gate."""

    def test_p6_debtor_without_line_is_not_managed(self):
        order = self._new_order(1_000_000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(
            self.env["credit.decision"].search([("res_id", "=", order.id)])
        )

    def test_p6_line_of_zero_is_no_credit(self):
        self._give_line(0)
        order = self._new_order(1)
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        reasons = caught.exception.context["credit"]["reasons"]
        self.assertEqual([reason["code"] for reason in reasons], ["no_credit"])

    def test_p6_policy_says_no_credit_without_line(self):
        self.policy.no_line = "no_credit"
        with self.assertRaises(CreditHoldError):
            self._new_order(1).action_confirm()

    def test_p6_policy_gives_a_default_line(self):
        self.policy.write({"no_line": "default", "default_amount": 100})
        self._new_order(100).action_confirm()
        with self.assertRaises(CreditHoldError):
            self._new_order(1).action_confirm()

    def test_p6_expired_line_leaves_no_credit(self):
        self._give_line(1000, date_to=self._today(-1))
        with self.assertRaises(CreditHoldError):
            self._new_order(1).action_confirm()

    def test_p6_future_line_counts_for_nothing(self):
        self._give_line(100)
        self._give_line(1000, date_from=self._today(1))
        with self.assertRaises(CreditHoldError):
            self._new_order(101).action_confirm()

    def test_p6_suspended_and_draft_lines_count_for_nothing(self):
        self._give_line(100)
        self._give_line(1000, state="suspended")
        self._give_line(1000, state="draft")
        with self.assertRaises(CreditHoldError):
            self._new_order(101).action_confirm()

    def test_p6_line_counts_on_its_first_and_last_day(self):
        self._give_line(100, date_from=self._today(), date_to=self._today())
        order = self._new_order(100)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_p2_order_within_the_line_confirms(self):
        self._give_line(1000)
        order = self._new_order(1000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._available(), 0)

    def test_p2_one_cent_beyond_the_line_is_held(self):
        self._give_line(1000)
        order = self._new_order(1000.01)
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        self.assertEqual(caught.exception.context["credit"]["uncovered"], 0.01)
        self.assertEqual(order.state, "draft")

    def test_p2_lines_stack(self):
        self._give_line(600)
        self._give_line(400, kind="guarantee")
        order = self._new_order(1000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_p1_lines_are_used_in_the_order_of_their_kinds(self):
        def used():
            measure = self.env["credit.measure"]
            position = measure._get_positions(self.debtor.ids, self.company)
            return [line.key for line in position[self.debtor.id].lines]

        first, second = self.env["credit.line.kind"].create(
            [
                {"name": code, "code": code, "sequence": sequence}
                for code, sequence in (("first", 501), ("second", 502))
            ]
        )
        later = self._give_line(100, kind_id=second.id)
        lasting = self._give_line(100, kind_id=first.id)
        ending = self._give_line(100, kind_id=first.id, date_to=self._today())
        self.assertEqual(used(), [ending.id, lasting.id, later.id])
        second.sequence = 500
        self.assertEqual(used(), [later.id, ending.id, lasting.id])

    def test_p2_write_of_state_is_held(self):
        self._give_line(100)
        order = self._new_order(101)
        with self.assertRaises(CreditHoldError):
            order.write({"state": "sale"})

    def test_p2_create_in_state_sale_is_held(self):
        self._give_line(100)
        with self.assertRaises(CreditHoldError):
            self._new_order(101, state="sale")

    def test_p2_create_in_state_sale_within_the_line(self):
        self._give_line(100)
        order = self._new_order(100, state="sale")
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._exposure(), 100)

    def test_p2_import_of_state_is_held(self):
        self._give_line(100)
        order = self._new_order(101)
        result = self.env["sale.order"].load(
            [".id", "state"], [[str(order.id), "sale"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("exceeds the credit", result["messages"][0]["message"])
        self.assertEqual(order.state, "draft")

    def test_p2_superuser_and_context_do_not_pass(self):
        self._give_line(100)
        order = self._new_order(101)
        keys = (
            "bypass_risk",
            "credit_release",
            "credit_control.gate",
            "no_credit_check",
        )
        for forged in (order.sudo(), order.with_context(**dict.fromkeys(keys, True))):
            with self.subTest(env=forged.env), self.assertRaises(CreditHoldError):
                forged.action_confirm()

    def test_p2_server_action_is_held(self):
        self._give_line(100)
        order = self._new_order(101)
        action = (
            self.env["ir.actions.server"]
            .sudo()
            .create(
                {
                    "name": "Confirm",
                    "model_id": self.env["ir.model"]._get_id("sale.order"),
                    "state": "code",
                    "code": "records.write({'state': 'sale'})",
                }
            )
        )
        with self.assertRaises(CreditHoldError):
            action.with_context(active_model="sale.order", active_ids=order.ids).run()

    def test_p2_stored_amounts_cannot_be_forged(self):
        self._give_line(100)
        order = self._new_order(101)
        for values in ({"credit_open_company": 0}, {"credit_open_split": {}}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                order.write(values)
        order.write({"amount_total": 1, "currency_rate": 1000})
        order.order_line.write({"price_total": 1, "price_subtotal": 1})
        with self.assertRaises(CreditHoldError):
            order.write({"state": "sale"})

    def test_p2_batch_counts_what_was_accepted_before(self):
        self._give_line(100)
        orders = self._new_order(60) + self._new_order(60) + self._new_order(40)
        with self.assertRaises(CreditHoldError) as caught:
            orders.action_confirm()
        held = caught.exception.context["credit_documents"]
        self.assertEqual([facts["document"]["id"] for facts in held], [orders[1].id])
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_p2_batch_of_several_debtors(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._give_line(100)
        self._give_line(10, partner=other)
        orders = self._new_order(100) + self._new_order(10, partner=other)
        orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"sale"})

    def test_p4_a_hold_leaves_nothing_half_confirmed(self):
        self._give_line(100)
        order = self._new_order(101)
        messages = order.message_ids
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.message_ids, messages)
        self.assertFalse(self._exposure())

    def test_p7_child_contact_uses_the_credit_of_its_company(self):
        self._give_line(100)
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.debtor.id}
        )
        with self.assertRaises(CreditHoldError):
            self._new_order(101, partner=contact).action_confirm()

    def test_p7_the_invoice_address_is_the_debtor(self):
        payer = self.env["res.partner"].create({"name": "Payer", "is_company": True})
        self._give_line(0)
        self._give_line(100, partner=payer)
        order = self._new_order(100, partner_invoice_id=payer.id)
        order.action_confirm()
        self.assertEqual(self._exposure(payer), 100)
        self.assertEqual(self._exposure(), 0)

    def test_observing_policy_holds_nothing_and_records(self):
        self.policy.mode = "observe"
        self._give_line(100)
        order = self._new_order(101)
        order.action_confirm()
        decision = self.env["credit.decision"].search([("res_id", "=", order.id)])
        self.assertEqual(order.state, "sale")
        self.assertEqual((decision.outcome, decision.is_observed), ("warn", True))

    def test_rule_that_warns_holds_nothing(self):
        self.policy.rule_ids.effect = "warn"
        self._give_line(100)
        order = self._new_order(101)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_threshold_forgives_small_amounts(self):
        self.policy.rule_ids.threshold = 5
        self._give_line(100)
        self._new_order(105).action_confirm()
        with self.assertRaises(CreditHoldError):
            self._new_order(5.01).action_confirm()


@tagged("post_install", "-at_install")
class TestGateGrowth(CreditCommon):
    """P2: after the confirmation growth is held, shrinking never."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100)
        # Odoo computes the price again when a quantity changes.
        cls.goods.list_price = 10
        cls.order = cls._new_order(10, quantity=10)
        cls.order.action_confirm()

    def test_p2_more_quantity_is_held(self):
        with self.assertRaises(CreditHoldError):
            self.order.order_line.product_uom_qty = 11

    def test_p2_higher_price_is_held(self):
        with self.assertRaises(CreditHoldError):
            self.order.order_line.price_unit = 10.01

    def test_p2_less_discount_is_held(self):
        self.order.order_line.discount = 50
        self._new_order(50).action_confirm()
        with self.assertRaises(CreditHoldError):
            self.order.order_line.discount = 49

    def test_p2_new_line_is_held_on_either_road(self):
        values = {
            "product_id": self.goods.id,
            "price_unit": 1,
            "tax_ids": [Command.clear()],
        }
        with self.assertRaises(CreditHoldError):
            self.env["sale.order.line"].create({**values, "order_id": self.order.id})
        with self.assertRaises(CreditHoldError):
            self.order.write({"order_line": [Command.create(values)]})

    def test_p2_new_line_that_names_its_order_by_a_default_is_held(self):
        lines = self.env["sale.order.line"].with_user(self.salesman)
        values = {
            "product_id": self.goods.id,
            "price_unit": 1,
            "tax_ids": [Command.clear()],
        }
        by_context = lines.with_context(default_order_id=self.order.id)
        with self.assertRaises(CreditHoldError):
            by_context.create(values)
        with self.assertRaises(CreditHoldError):
            by_context.create([values, {**values, "order_id": self._new_order(1).id}])
        with self.assertRaises(CreditHoldError):
            self.order.order_line.with_context(default_order_id=self.order.id).copy()
        self.env["ir.default"].with_user(self.salesman).set(
            "sale.order.line", "order_id", self.order.id, user_id=True
        )
        with self.assertRaises(CreditHoldError):
            lines.create(values)

    def test_p2_new_tax_is_held(self):
        with self.assertRaises(CreditHoldError):
            self.order.order_line.tax_ids = self.company_data["default_tax_sale"]

    def test_p2_line_moved_in_from_another_order_is_held(self):
        other = self._new_order(1)
        with self.assertRaises(CreditHoldError):
            other.order_line.order_id = self.order

    def test_p2_removing_a_discount_line_is_held(self):
        discount = self.env["sale.order.line"].create(
            {
                "order_id": self.order.id,
                "product_id": self.goods.id,
                "price_unit": -30,
                "tax_ids": [Command.clear()],
            }
        )
        self._new_order(30).action_confirm()
        with self.assertRaises(CreditHoldError):
            discount.price_unit = -29

    def test_p2_another_debtor_is_held(self):
        poor = self.env["res.partner"].create({"name": "Poor", "is_company": True})
        self._give_line(50, partner=poor)
        with self.assertRaises(CreditHoldError):
            self.order.partner_invoice_id = poor

    def test_p2_another_debtor_with_room_is_fine(self):
        rich = self.env["res.partner"].create({"name": "Rich", "is_company": True})
        self._give_line(100, partner=rich)
        self.order.partner_invoice_id = rich
        self.assertEqual((self._exposure(), self._exposure(rich)), (0, 100))

    def test_p2_another_currency_is_held(self):
        dear = self.setup_other_currency("GBP", rates=[("2016-01-01", 0.5)])
        with self.assertRaises(CreditHoldError):
            self.order.currency_id = dear

    def test_p2_shrinking_is_never_held(self):
        self._give_line(0)  # another line changes nothing
        self.env["credit.line"].search([("partner_id", "=", self.debtor.id)]).write(
            {"amount": 0}
        )
        self.order.order_line.product_uom_qty = 9
        self.order.order_line.price_unit = 9
        self.order.order_line.discount = 10
        self.assertEqual(self._exposure(), 72.9)

    def test_p2_one_gate_for_nested_writes(self):
        """An order written with its lines is decided once, on the whole."""
        self.order.write(
            {
                "order_line": [
                    Command.update(self.order.order_line.id, {"product_uom_qty": 5}),
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "price_unit": 50,
                            "tax_ids": [Command.clear()],
                        }
                    ),
                ]
            }
        )
        self.assertEqual(self._exposure(), 100)

    def test_p2_reopened_order_is_decided_again(self):
        self.order._action_cancel()
        self._new_order(100).action_confirm()
        self.order.action_draft()
        with self.assertRaises(CreditHoldError):
            self.order.action_confirm()

    def test_p5_over_delivery_is_not_held(self):
        self.order.order_line.qty_delivered = 12
        self.assertEqual(self._exposure(), 120)

    def test_p5_invoicing_and_refunding_are_never_held(self):
        self.env["credit.line"].search([("partner_id", "=", self.debtor.id)]).write(
            {"amount": 0}
        )
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        refund = invoice._reverse_moves()
        refund.action_post()
        self.assertEqual(refund.state, "posted")

    def test_p5_an_order_of_nothing_is_never_held(self):
        self._give_line(0)
        order = self._new_order(0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
