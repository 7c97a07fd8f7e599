# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        """Override of `sale`: whoever sends a quotation is told, and never stopped."""
        drafts = self.browse()
        if vals.get("state") == "sent":
            drafts = self.filtered(lambda order: order.state == "draft")
        result = super().write(vals)
        if drafts and self.env["credit.rule"]._looks_at("quotation"):
            drafts._credit_inform_sender()
        return result

    def _credit_inform_sender(self):
        """Note on each quotation what rules say about it now.

        An internal note: the customer, who may follow the quotation, gets nothing.
        """
        for order in self.sudo():
            facts = order._credit_simulate("quotation")
            if facts and facts["managed"] and facts["reasons"]:
                order._message_log(body=order._word_credit_note(facts))

    def _word_credit_note(self, facts):
        reasons = Markup().join(
            Markup("<li>%s</li>") % reason["text"] for reason in facts["reasons"]
        )
        return Markup("<p>%s</p><p>%s</p><ul>%s</ul>") % (
            self.env._(
                "For information: the quotation was sent. %s", facts["headline"]
            ),
            self.env._("What the rules say about it today:"),
            reasons,
        )
