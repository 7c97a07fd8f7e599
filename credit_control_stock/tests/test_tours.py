# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryTours(DeliveryCommon, HttpCase):
    """The worker is held, the manager releases, the goods leave: in a real browser."""

    def test_the_roads_of_worker_and_manager(self):
        receiver = self.env["res.partner"].create(
            {"name": "Tour Receiver", "is_company": True}
        )
        line = self._give_line(1000, partner=receiver)
        picking = self._pick(self._picking(self._ordered(partner=receiver)))
        line.amount = 0
        url = f"/odoo/action-stock.action_picking_tree_all/{picking.id}"
        self.start_tour(url, "credit_delivery_held", login=self.worker.login)
        self.start_tour(
            "/odoo/action-credit_control.credit_hold_action",
            "credit_delivery_manager",
            login=self.manager.login,
        )
        self.start_tour(url, "credit_delivery_done", login=self.worker.login)
        self.env.invalidate_all()
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.sudo().credit_hold_id.state, "released")
