# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestHint(ProgrammeCommon):
    """What a salesperson is told while quoting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(2000)
        cls.branded.list_price = 360
        trigger = {
            "name": "Licences",
            "min_amount": 1000,
            "product_tag_ids": [Command.set(cls.brand.ids)],
        }
        cls.programme = cls._new_programme(
            name="Six months",
            line_end="months",
            date_to=False,
            trigger_ids=[Command.create(trigger)],
        )

    def test_what_is_missing_for_a_line(self):
        order = self._new_order(360, product=self.branded)
        hint = order.credit_programme_hint
        self.assertIn("640", hint)
        self.assertIn("Nordwell Test", hint)
        self.assertIn("5,000", hint)
        order.order_line.product_uom_qty = 3
        self.assertIn("Confirming this order opens", order.credit_programme_hint)

    def test_it_follows_while_typing(self):
        form = Form(self.env["sale.order"].with_user(self.salesman))
        form.partner_id = self.debtor
        with form.order_line.new() as line:
            line.product_id = self.branded
        self.assertIn("640", form.credit_programme_hint)

    def test_the_room_per_brand_counts_all_lines(self):
        self._give_line(
            500, kind="vendor", product_tag_ids=[Command.set(self.brand.ids)]
        )
        self._new_invoice(300)
        order = self._new_order(100, product=self.goods)
        self.assertIn("2,200", order.credit_programme_hint)

    def test_who_has_the_line_is_told_nothing_more(self):
        self._give(self.programme, self.debtor)
        hint = self._new_order(360, product=self.branded).credit_programme_hint
        self.assertNotIn("640", hint)
        self.assertIn("7,000", hint)

    def test_customers_are_told_nothing(self):
        order = self._new_order(360, product=self.branded)
        portal = new_test_user(self.env, "credit_portal", groups="base.group_portal")
        self.assertFalse(order.with_user(portal).sudo().credit_programme_hint)
