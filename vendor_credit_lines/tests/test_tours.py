# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestTours(ProgrammeCommon, HttpCase):
    """The main roads of a programme, in a real browser."""

    def _url(self, record, action):
        return f"/odoo/action-{action}/{record.id}"

    def test_the_road_of_the_manager(self):
        debtors = self._new_debtors(3)
        programme = self._new_programme(domain=self._only(debtors))
        self.start_tour(
            self._url(programme, "vendor_credit_lines.credit_programme_action"),
            "credit_programme_open",
            login=self.manager.login,
        )
        self.env.invalidate_all()
        lines = self._grants(programme).line_id
        self.assertEqual(lines.mapped("amount"), [5000, 5000, 5000])
        self.assertEqual(lines.partner_id, debtors)

    def test_the_road_of_the_salesperson(self):
        self._give_line(2000)
        self.branded.list_price = 360
        trigger = {
            "name": "Licences",
            "min_amount": 1000,
            "product_tag_ids": [Command.set(self.brand.ids)],
        }
        programme = self._new_programme(
            line_end="months", date_to=False, trigger_ids=[Command.create(trigger)]
        )
        order = self._new_order(360, product=self.branded)
        self.start_tour(
            self._url(order, "sale.action_quotations_with_onboarding"),
            "credit_programme_quote",
            login=self.salesman.login,
        )
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._grants(programme).line_id.amount, 5000)
