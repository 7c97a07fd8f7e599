# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from .common import InsuranceCommon


@tagged("post_install", "-at_install")
class TestCoverTour(InsuranceCommon, HttpCase):
    """The main road in a real browser: asked, decided, sold."""

    def test_a_manager_asks_for_cover_and_the_order_passes(self):
        profile = self._give_line(0).profile_id
        order = self._new_order(7500)
        with self.assertRaises(CreditHoldError), self.env.cr.savepoint():
            order.action_confirm()
        self.start_tour(
            f"/odoo/action-credit_control.credit_profile_action/{profile.id}",
            "credit_cover",
            login=self.manager.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self._insured().amount, 8000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
