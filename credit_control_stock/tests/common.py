# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from odoo.addons.credit_control.exceptions import CreditHoldError
from odoo.addons.credit_control.tests.common import CreditCommon


class DeliveryCommon(CreditCommon):
    """A rule that looks at every step, a line of 1,000, a warehouse worker and boxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.rule_ids.checkpoint_ids = [Command.clear()]
        cls.line = cls._give_line(1000)
        cls.worker = cls._new_user("credit_worker", "stock.group_stock_user")
        cls.boxes = cls._new_product(
            "Boxes", type="consu", invoice_policy="delivery", list_price=10
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _ordered(cls, amount=100, quantity=10, **values):
        """A confirmed order."""
        values.setdefault("product", cls.boxes)
        order = cls._new_order(amount, quantity=quantity, **values)
        order.action_confirm()
        return order.sudo()

    def _picking(self, order):
        pickings = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        return pickings.with_user(self.worker)

    def _pick(self, pickings, quantity=None):
        for move in pickings.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
        pickings.move_ids.picked = True
        return pickings

    def _deliver(self, pickings, quantity=None):
        self._pick(pickings, quantity).with_context(
            skip_backorder=True
        ).button_validate()

    def _assert_held(self, picking, act):
        with self.assertRaises(CreditHoldError) as caught:
            act()
        self.assertNotEqual(picking.state, "done")
        self._record_holds()
        picking.invalidate_recordset()
        return caught.exception.context["credit"]

    def _release(self, document, **values):
        document.sudo().credit_hold_id.with_user(self.manager).release(**values)

    def _supply(self, quantity):
        """Goods that are kept in stock."""
        goods = self._new_product(
            "Stocked",
            type="consu",
            is_storable=True,
            invoice_policy="delivery",
            list_price=100,
        )
        if quantity:
            self.env["stock.quant"]._update_available_quantity(
                goods, self.warehouse.lot_stock_id, quantity
            )
        return goods
