# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The kit of this suite's tests; other add-ons may import it."""

from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class CreditCommon(AccountTestInvoicingCommon):
    """A company, users with just their groups, a debtor and goods without taxes."""

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return (
            groups
            | cls.quick_ref("sales_team.group_sale_manager")
            | cls.quick_ref("credit_control.credit_control_group_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.currency = cls.company.currency_id
        cls.policy = cls.env["credit.policy"].create(
            {
                "name": "Test policy",
                "rule_ids": [Command.create({"kind": "uncovered", "effect": "hold"})],
            }
        )
        cls.company.credit_default_policy_id = cls.policy
        cls.salesman = cls._new_user("credit_sales", "sales_team.group_sale_salesman")
        cls.viewer = cls._new_user(
            "credit_viewer", "credit_control.credit_control_group_viewer"
        )
        cls.analyst = cls._new_user(
            "credit_analyst", "credit_control.credit_control_group_analyst"
        )
        cls.manager = cls._new_user(
            "credit_manager",
            "credit_control.credit_control_group_manager,"
            "sales_team.group_sale_salesman_all_leads",
        )
        cls.debtor = cls.env["res.partner"].create(
            {"name": "Debtor", "is_company": True}
        )
        cls.goods = cls._new_product("Goods")

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _new_product(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _give_line(cls, amount, partner=None, kind="own", **values):
        """Give a debtor an active credit line."""
        profile = cls.env["credit.profile"]._get_or_create(
            partner or cls.debtor, cls.company
        )
        return cls.env["credit.line"].create(
            {
                "profile_id": profile.id,
                "kind_id": cls.env.ref(f"credit_control.credit_line_kind_{kind}").id,
                "amount": amount,
                "currency_id": cls.company.currency_id.id,
                "state": "active",
                **values,
            }
        )

    @classmethod
    def _new_order(
        cls, amount, partner=None, product=None, user=None, quantity=1, **values
    ):
        """A quotation over ``amount`` for each unit, owned by the salesman."""
        user = user or cls.salesman
        return (
            cls.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": (partner or cls.debtor).id,
                    "user_id": user.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.goods).id,
                                "product_uom_qty": quantity,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _position(cls, partner=None, company=None):
        partner = (partner or cls.debtor).commercial_partner_id
        measure = cls.env["credit.measure"]
        return measure._get_positions([partner.id], company or cls.company)[partner.id]

    @classmethod
    def _exposure(cls, partner=None):
        """What a debtor owes, in main units."""
        unit = 10**cls.company.currency_id.decimal_places
        return sum(cls._position(partner).counted.values()) / unit

    @classmethod
    def _available(cls, partner=None):
        unit = 10**cls.company.currency_id.decimal_places
        return cls._position(partner).available() / unit

    @classmethod
    def _today(cls, days=0):
        return cls.company._credit_today() + timedelta(days=days)

    @classmethod
    def _new_invoice(
        cls, amount, partner=None, move_type="out_invoice", post=True, **values
    ):
        """A stand-alone invoice without taxes."""
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.debtor).id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "product_id": cls.goods.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _pay(cls, amount, partner=None):
        """A payment that is not matched with any invoice."""
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or cls.debtor).id,
                "amount": amount,
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    def _record_holds(self):
        """Run what waits for the end of a failed transaction, as a rollback would.

        On the test's own cursor: another one does not see what the test created. Real
        rollbacks are tested with a real server.
        """
        with patch.object(type(self.env.registry), "cursor", self._get_own_cursor):
            self.env.cr.postrollback.run()
            self.env.cr.postcommit.run()

    def _get_own_cursor(self, *_args, **_kwargs):
        return nullcontext(self.env.cr)

    def _run_cron(self, model, method):
        """Run the job of a cron without its commits."""
        cron = type(self.env["ir.cron"])
        endless = float("inf")
        with patch.object(cron, "_commit_progress", return_value=endless) as commit:
            getattr(self.env[model], method)()
            self.env.flush_all()
            self.env.invalidate_all()
        return commit
