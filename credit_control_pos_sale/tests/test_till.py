# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.credit_control.exceptions import CreditHoldError
from odoo.addons.credit_control.tests.common import CreditCommon
from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged("post_install", "-at_install")
class TestTill(TestPoSCommon, CreditCommon):
    """P5: the till never stops because of credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(100)
        cls.goods.available_in_pos = True

    def _settle(self, order, amount, paid=True):
        self.config = self.basic_config
        self.open_new_session()
        line = {
            "product_id": self.goods.id,
            "qty": 1,
            "price_unit": amount,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "discount": 0,
            "tax_ids": [],
            "pack_lot_ids": [],
            "sale_order_line_id": order.order_line[0].id,
            "sale_order_origin_id": order.id,
        }
        payment = {
            "amount": amount,
            "name": fields.Datetime.now(),
            "payment_method_id": self.cash_pm1.id,
        }
        ticket = {
            "amount_paid": amount if paid else 0,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "lines": [Command.create(line)],
            "partner_id": self.debtor.id,
            "payment_ids": [Command.create(payment)] if paid else [],
            "pricelist_id": self.basic_config.pricelist_id.id,
            "session_id": self.pos_session.id,
            "state": "paid" if paid else "draft",
            "to_invoice": False,
            "user_id": self.env.uid,
            "uuid": f"ticket-{order.name}",
        }
        return self.env["pos.order"].sync_from_ui([ticket])

    def test_p5_a_settled_quotation_is_confirmed_beyond_the_limit(self):
        order = self._new_order(500)
        self._settle(order, 500)
        self.assertEqual(order.state, "sale")

    def test_p2_an_unpaid_ticket_confirms_nothing(self):
        order = self._new_order(500)
        self._settle(order, 500, paid=False)
        self.assertEqual(order.state, "draft")
        with self.assertRaises(CreditHoldError):
            order.action_confirm()

    def test_p2_outside_the_till_a_paid_ticket_opens_no_door(self):
        order = self._new_order(500)
        self._settle(order, 500)
        with self.assertRaises(CreditHoldError):
            order.order_line[0].price_unit = 900
