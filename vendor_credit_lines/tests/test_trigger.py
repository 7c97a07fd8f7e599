# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestTrigger(ProgrammeCommon):
    """Orders of the sponsor's goods open lines of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(2000)

    def _new_triggered(self, programme=None, **values):
        trigger = {
            "name": "1,000 of office licences",
            "min_amount": 1000,
            "product_tag_ids": [Command.set(self.brand.ids)],
            **values,
        }
        return self._new_programme(
            **{
                "name": "Licences",
                "line_end": "months",
                "line_months": 6,
                "date_to": False,
                "trigger_ids": [Command.create(trigger)],
                **(programme or {}),
            }
        )

    def _confirm(self, amount, **options):
        product = options.pop("product", self.branded)
        product.list_price = amount
        order = self._new_order(amount, product=product, **options)
        order.action_confirm()
        return order

    def test_an_order_opens_a_line_for_six_months(self):
        programme = self._new_triggered()
        order = self._confirm(1000)
        grant = self._grants(programme)
        self.assertEqual((grant.order_ids, grant.state), (order, "active"))
        self.assertEqual(grant.line_id.amount, 5000)
        self.assertAlmostEqual((grant.date_to - self._today()).days, 182, delta=3)
        self.assertIn("opens a line", order.message_ids[:1].body)

    def test_less_or_other_goods_open_nothing(self):
        programme = self._new_triggered()
        self._confirm(999.99)
        self._confirm(1000, product=self.goods)
        self.assertFalse(self._grants(programme))

    def test_a_quotation_that_grows_after_confirmation_opens_it_too(self):
        programme = self._new_triggered()
        order = self._confirm(600)
        self.assertFalse(self._grants(programme))
        order.order_line.product_uom_qty = 2
        self.assertEqual(self._grants(programme).state, "active")

    def test_the_line_may_pay_for_the_very_order_by_option(self):
        self._new_triggered(same_order=True)
        self.assertEqual(self._confirm(6000).state, "sale")

    def test_without_the_option_the_order_needs_other_credit(self):
        programme = self._new_triggered()
        self.branded.list_price = 6000
        order = self._new_order(6000, product=self.branded)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self.assertFalse(self._grants(programme))

    def test_p4_a_held_order_leaves_no_line(self):
        programme = self._new_triggered(same_order=True)
        self.branded.list_price = 9000
        order = self._new_order(9000, product=self.branded)
        with self.assertRaises(CreditHoldError), self.env.cr.savepoint():
            order.action_confirm()
        self.assertFalse(self._grants(programme))

    def test_cancelling_the_order_withdraws_the_line(self):
        programme = self._new_triggered()
        order = self._confirm(1000)
        order._action_cancel()
        grant = self._grants(programme)
        self.assertEqual((grant.state, grant.reason), ("withdrawn", "order_cancelled"))
        self.assertEqual(grant.line_id.state, "ended")

    def test_a_cancelled_order_whose_line_is_in_use_is_explained(self):
        programme = self._new_triggered()
        order = self._confirm(1000)
        other = self._confirm(5500)
        order._action_cancel()
        grant = self._grants(programme)
        self.assertEqual((grant.state, other.state), ("withdrawn", "sale"))
        self.assertIn("not covered", grant.message_ids[:1].body)
        self.assertTrue(programme.activity_ids)

    def test_cutting_the_order_withdraws_the_line_too(self):
        programme = self._new_triggered()
        order = self._confirm(500, quantity=2)
        self.assertEqual(self._grants(programme).state, "active")
        order.order_line.product_uom_qty = 1
        self.assertEqual(self._grants(programme).reason, "order_cancelled")

    def test_after_a_cancelled_order_the_chance_is_not_lost(self):
        programme = self._new_triggered()
        self._confirm(1000)._action_cancel()
        self._confirm(1000)
        self.assertEqual(
            self._grants(programme).mapped("state"), ["withdrawn", "active"]
        )

    def test_once_is_once(self):
        programme = self._new_triggered()
        self._confirm(1000)
        self._grants(programme)._end("ended", "expired")
        self._confirm(1000)
        self.assertEqual(len(self._grants(programme)), 1)

    def test_renewable_opens_again_after_it_ended(self):
        programme = self._new_triggered({"renewal": "again"})
        self._confirm(1000)
        self._grants(programme)._end("ended", "expired")
        self._confirm(1000)
        self.assertEqual(self._grants(programme).mapped("state"), ["ended", "active"])

    def test_a_further_order_starts_the_months_again(self):
        programme = self._new_triggered(prolong=True)
        self._confirm(1000)
        grant = self._grants(programme)
        grant.line_id.sudo().date_to = self._today(10)
        grant.date_to = self._today(10)
        self._confirm(1000)
        self.assertEqual(len(grant.order_ids), 2)
        self.assertGreater(grant.line_id.date_to, self._today(150))

    def test_orders_of_some_days_count_together(self):
        programme = self._new_triggered(period_days=30)
        orders = self._confirm(600) | self._confirm(400)
        grant = self._grants(programme)
        self.assertEqual((grant.state, grant.order_ids), ("active", orders))
        orders[:1]._action_cancel()
        self.assertEqual(grant.state, "withdrawn")

    def test_a_full_pot_never_stops_an_order(self):
        """P5: the order passes on its own credit; only the line is not given."""
        programme = self._new_triggered({"has_pot": True, "pot_amount": 4000})
        order = self._confirm(1000)
        self.assertEqual(order.state, "sale")
        self.assertFalse(self._grants(programme))

    def test_who_is_not_eligible_gets_nothing(self):
        (other,) = self._new_debtors(1)
        programme = self._new_triggered({"domain": self._only(other)})
        self._confirm(1000)
        self.assertFalse(self._grants(programme))

    def test_the_daily_job_finds_what_was_missed(self):
        programme = self._new_triggered()
        order = self._new_order(1000, product=self.branded)
        self.env["credit.programme.trigger"]._get_live_ids()
        programme.action_pause()
        order.action_confirm()
        programme.action_resume()
        self.assertFalse(self._grants(programme))
        self.env["sale.order"].sudo()._cron_missed_triggers()
        self.assertEqual(self._grants(programme).order_ids, order)

    def test_confirming_without_triggers_costs_no_query(self):
        """Asked at each confirmation, answered from the cache."""
        triggers = self.env["credit.programme.trigger"]
        triggers._were_ever()
        triggers._get_live_ids()
        with self.assertQueryCount(0):
            triggers._were_ever()
            triggers._get_live_ids()
