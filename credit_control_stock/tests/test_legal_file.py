# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestLegalFileDelivery(DeliveryCommon):
    """The legal file of a debtor proves that the goods arrived."""

    def test_slips_of_delivered_goods_are_in_the_file(self):
        order = self._ordered()
        picking = self._picking(order)
        self._pick(picking)
        picking.button_validate()
        legal = self.env["credit.legal.file"]
        report = type(self.env["ir.actions.report"])
        with patch.object(report, "_render_qweb_pdf", return_value=(b"slip", "pdf")):
            (paper,) = legal._get_delivery_proofs(order)
        name = order.picking_ids.name.replace("/", "-")
        self.assertEqual(paper.path, f"3-deliveries/{name}.pdf")
        self.assertEqual((paper.content, paper.proof), (b"slip", ""))
        self.assertEqual(paper.day, order.picking_ids.date_done)

    def test_what_was_not_delivered_proves_nothing(self):
        order = self._ordered(product=self.goods)
        legal = self.env["credit.legal.file"]
        self.assertEqual(legal._get_delivery_proofs(order), [])
