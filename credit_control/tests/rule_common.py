# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from ..exceptions import CreditHoldError
from .common import CreditCommon


class RuleCommon(CreditCommon):
    """A debtor with a large line, and rules made one at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._give_line(10_000)
        cls.profile = cls.line.profile_id

    @classmethod
    def _rule(cls, kind, effect="hold", **values):
        return cls.env["credit.rule"].create(
            {"policy_id": cls.policy.id, "kind": kind, "effect": effect, **values}
        )

    @classmethod
    def _exception(cls, **values):
        return cls.env["credit.rule.exception"].create(
            {"policy_id": cls.policy.id, **values}
        )

    @classmethod
    def _new_term(cls, days, delay_type="days_after", **values):
        return cls.env["account.payment.term"].create(
            {
                "name": f"{days} {delay_type}",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100,
                            "nb_days": days,
                            "delay_type": delay_type,
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _overdue(cls, amount, days, **values):
        """An invoice that was due some days ago."""
        day = cls._today(-days)
        return cls._new_invoice(
            amount, invoice_date=day, invoice_date_due=day, date=day, **values
        )

    def _held(self, order=None):
        """The explanation of an order that must be held now."""
        order = order or self._new_order(100)
        with self.assertRaises(CreditHoldError) as caught:
            order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "draft")
        return caught.exception.context["credit"]

    def _texts(self, order=None):
        facts = self._held(order)
        return [reason["text"] for reason in facts["reasons"]]

    def _passes(self, order=None):
        order = order or self._new_order(100)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def _decision(self, order):
        return self.env["credit.decision"].search(
            [("res_id", "=", order.id), ("res_model", "=", "sale.order")], limit=1
        )
