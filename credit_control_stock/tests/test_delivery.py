# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryGate(DeliveryCommon):
    """P2, P4: goods that are not covered any more stay, whoever validates."""

    def test_p2_what_is_covered_leaves(self):
        order = self._ordered()
        picking = self._picking(order)
        self._deliver(picking)
        self.assertEqual(picking.state, "done")
        decision = self.env["credit.decision"].search(
            [("res_model", "=", "stock.picking"), ("res_id", "=", picking.id)]
        )
        self.assertEqual((decision.outcome, decision.amount), ("pass", 1000))
        self.assertTrue(decision.replay())

    def test_p2_what_is_not_covered_any_more_is_held(self):
        picking = self._picking(self._ordered())
        self.line.amount = 700
        facts = self._assert_held(picking, lambda: self._deliver(picking))
        self.assertEqual(picking.credit_hold_state, "open")
        hold = picking.sudo().credit_hold_id
        self.assertEqual((hold.uncovered, hold.amount), (300, 1000))
        self.assertTrue(facts["can_request"])

    def test_p2_the_covered_part_leaves(self):
        order = self._ordered()
        self.line.amount = 700
        picking = self._picking(order)
        self._deliver(picking, 7)
        self.assertEqual(picking.state, "done")
        rest = self._picking(order)
        self._assert_held(rest, lambda: self._deliver(rest))
        self.assertEqual(order.order_line.qty_delivered, 7)

    def test_p2_code_and_a_written_state_are_held(self):
        picking = self._pick(self._picking(self._ordered()))
        self.line.amount = 0
        for act in (
            picking._action_done,
            picking.move_ids._action_done,
            picking.sudo().with_context(credit_release=True)._action_done,
            lambda: picking.move_ids.write({"state": "done"}),
        ):
            self._assert_held(picking, act)

    def test_p2_a_correction_upwards_is_held(self):
        order = self._ordered()
        picking = self._picking(order)
        self._deliver(picking)
        picking.sudo().is_locked = False
        lines = picking.move_ids.move_line_ids
        lines.quantity = 8
        self.assertEqual(order.order_line.qty_delivered, 8)
        self.line.amount = 0
        with self.assertRaises(CreditHoldError):
            lines.quantity = 9
        lines.quantity = 7
        self.assertEqual(order.order_line.qty_delivered, 7)

    def test_p2_goods_beyond_the_order_are_held(self):
        picking = self._picking(self._ordered())
        self._assert_held(picking, lambda: self._deliver(picking, 11))
        self._deliver(picking, 10)
        self.assertEqual(picking.state, "done")

    def test_p2_many_at_once_name_all_that_are_held(self):
        pickings = self._picking(self._ordered(quantity=4) | self._ordered(quantity=6))
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._give_line(100, partner=other)
        fine = self._picking(self._ordered(quantity=1, partner=other))
        self.line.amount = 0
        with self.assertRaises(CreditHoldError) as caught:
            self._deliver(pickings | fine)
        held = caught.exception.context["credit_documents"]
        self.assertEqual({f["document"]["id"] for f in held}, set(pickings.ids))
        self._deliver(fine)
        self.assertEqual(fine.state, "done")

    def test_p2_drop_shipments_are_held(self):
        order = self._ordered()
        move = order.order_line.move_ids
        move.location_id = self.env.ref("stock.stock_location_suppliers")
        picking = self._picking(order)
        self.line.amount = 0
        self._assert_held(picking, lambda: self._deliver(picking))

    def test_p2_of_several_steps_only_the_last_is_held(self):
        self.warehouse.delivery_steps = "pick_ship"
        goods = self._supply(10)
        order = self._ordered(product=goods)
        self.line.amount = 0
        pick = self._picking(order)
        self._deliver(pick)
        self.assertEqual(pick.state, "done")
        ship = self._picking(order)
        self.assertEqual(ship.picking_type_code, "outgoing")
        self._assert_held(ship, lambda: self._deliver(ship))

    def test_another_customer_pays_for_nobody(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        picking = self._picking(self._ordered(partner=other))
        self.line.amount = 0
        self._deliver(picking)
        self.assertEqual(picking.state, "done")

    def test_rules_that_do_not_name_deliveries_hold_none(self):
        self.policy.rule_ids.checkpoint_ids = self.env["credit.checkpoint"].search(
            [("code", "=", "confirmation")]
        )
        picking = self._picking(self._ordered())
        self.line.amount = 0
        self._deliver(picking)
        self.assertEqual(picking.state, "done")

    def test_goods_without_any_order_leave(self):
        customers = self.env.ref("stock.stock_location_customers")
        places = {
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": customers.id,
        }
        move = {"product_id": self.boxes.id, "product_uom_qty": 1, **places}
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.debtor.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "move_ids": [Command.create(move)],
                **places,
            }
        )
        self.line.amount = 0
        self._deliver(picking.with_user(self.worker))
        self.assertEqual(picking.state, "done")

    def test_the_worker_is_told_without_figures(self):
        picking = self._picking(self._ordered(quantity=1, amount=77.77))
        self.line.amount = 0
        with self.assertRaises(CreditHoldError) as caught:
            self._deliver(picking)
        told = str(caught.exception) + str(caught.exception.context)
        self.assertNotIn("77", told)
        self.assertIn("credit department", str(caught.exception))
        self._record_holds()
        picking.invalidate_recordset()
        self.assertFalse(picking.credit_preview)
        self.assertTrue(picking.credit_hold_note)
        self.assertFalse(
            self.env["credit.hold"].with_user(self.worker).has_access("read")
        )

    def test_credit_people_see_before_what_is_not_covered(self):
        picking = self._picking(self._ordered())
        self.line.amount = 700
        seen = picking.with_user(self.analyst).sudo(True).with_user(self.manager)
        facts = seen.sudo().credit_preview
        self.assertEqual((facts["outcome"], facts["uncovered"]), ("hold", 300))


@tagged("post_install", "-at_install")
class TestDeliveryQueries(DeliveryCommon):
    """The gate's statements do not grow with the number of transfers."""

    def _count(self, number):
        orders = self.env["sale.order"]
        for _index in range(number):
            orders |= self._ordered(amount=1, quantity=1)
        pickings = self._pick(self._picking(orders))
        self.env.flush_all()
        self.env.invalidate_all()
        moves = pickings.sudo().move_ids
        moves.mapped("state")
        start = self.env.cr.sql_log_count
        claims = pickings._get_credit_claims(proposed=True)
        positions = pickings.sudo()._credit_measure(self.company, claims)
        for picking, claim in claims.items():
            picking.sudo()._credit_ask(positions[claim.partner_id], claim)
        self.assertEqual(len(claims), number)
        return self.env.cr.sql_log_count - start

    def test_twenty_transfers_ask_no_more_than_two(self):
        few = self._count(2)
        self.assertLessEqual(self._count(20), few)
