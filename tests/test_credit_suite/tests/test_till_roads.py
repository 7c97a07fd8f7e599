# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from odoo.addons.credit_control.tests.common import CreditCommon
from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged("post_install", "-at_install")
class TestTillRoads(TestPoSCommon, CreditCommon):
    """P5: goods over the counter are handed out and invoiced whatever the credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(0)
        # The rule looks at every step there is.
        cls.policy.rule_ids.checkpoint_ids = [Command.clear()]
        cls.config = cls.basic_config
        cls.boxes = cls._new_product(
            "Boxes", type="consu", is_storable=True, available_in_pos=True
        )

    def _sell(self, **options):
        self.open_new_session()
        ticket = self.create_ui_order_data(
            [(self.boxes, 5)], customer=self.debtor, **options
        )
        found = self.env["pos.order"].sync_from_ui([ticket])
        return self.env["pos.order"].browse(found["pos.order"][0]["id"])

    def test_p5_what_is_sold_at_the_till_leaves_at_once(self):
        order = self._sell()
        picking = order.picking_ids
        self.assertEqual(set(picking.mapped("state")), {"done"})
        self.assertTrue(picking._is_credit_point_of_sale())
        self.assertFalse(picking.credit_hold_id)

    def test_p5_what_is_invoiced_at_the_till_is_posted(self):
        order = self._sell(is_invoiced=True)
        self.assertEqual(order.account_move.state, "posted")
        self.assertFalse(order.account_move.credit_hold_id)
