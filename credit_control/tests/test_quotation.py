# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestQuotation(CreditCommon):
    """Sending a quotation informs the sender; it is never stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        step = cls.env.ref("credit_control.credit_checkpoint_quotation")
        cls.policy.rule_ids.checkpoint_ids = [Command.link(step.id)]
        cls._give_line(1000)

    def _send(self, order):
        order.with_context(mark_so_as_sent=True).message_post(
            body="Our offer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=order.partner_id.ids,
        )
        return order.message_ids.filtered(lambda m: "For information" in (m.body or ""))

    def test_the_sender_is_told_and_not_stopped(self):
        order = self._new_order(1200)
        note = self._send(order)
        self.assertEqual((order.state, len(note)), ("sent", 1))
        self.assertIn("is not covered by the credit lines", note.body)
        self.assertFalse(order.credit_hold_id)
        self.assertFalse(
            self.env["credit.decision"].search([("res_id", "=", order.id)])
        )

    def test_the_customer_is_not_told(self):
        order = self._new_order(1200)
        order.message_subscribe(order.partner_id.ids)
        note = self._send(order).sudo()
        self.assertTrue(note.is_internal)
        self.assertFalse(note.notified_partner_ids)

    def test_what_fits_is_sent_without_a_word(self):
        self.assertFalse(self._send(self._new_order(1000)))

    def test_it_is_said_once(self):
        order = self._new_order(1200)
        self._send(order)
        self.assertEqual(len(self._send(order)), 1)

    def test_without_a_rule_for_quotations_nothing_is_said(self):
        rules = self.env["credit.rule"].search([])
        rules.checkpoint_ids = self.env.ref("credit_control.credit_checkpoint_change")
        self.assertFalse(self._send(self._new_order(1200)))
