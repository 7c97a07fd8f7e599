# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestLine(CreditCommon):
    """Lines: who may change them, up to which amount, and what bad input gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_authority_analyst = 1000
        cls.company.credit_authority_manager = 5000
        cls.line = cls._give_line(500)

    def _as(self, user, line=None):
        return (line or self.line).with_user(user)

    def test_a_line_without_a_name_is_shown_as_its_kind_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        kind = self.env.ref("credit_control.credit_line_kind_own")
        kind.with_context(lang="fr_FR").name = "Les nôtres"
        line = self._give_line(100, kind_id=kind.id)
        french = line.with_context(lang="fr_FR")
        self.assertEqual((line.label, french.label), (kind.name, "Les nôtres"))
        self.assertIn("Les nôtres", french.display_name)
        lines = self.env["credit.line"].with_context(lang="fr_FR")
        self.assertIn(line.id, [key for key, _name in lines.name_search("Les nôtres")])
        line.name = "Autumn"
        french.invalidate_recordset()
        self.assertEqual((line.label, french.label), ("Autumn", "Autumn"))

    def test_only_analysts_change_lines(self):
        for user in (self.salesman, self.viewer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user).write({"amount": 600})
        self._as(self.analyst).amount = 600
        self.assertEqual(self.line.amount, 600)

    def test_authority_ends_what_one_person_does(self):
        self._as(self.analyst).amount = 1000
        with self.assertRaises(UserError):
            self._as(self.analyst).amount = 1000.01
        self._as(self.manager).amount = 5000
        with self.assertRaises(UserError):
            self._as(self.manager).amount = 5001

    def test_a_user_may_have_an_authority_of_his_own(self):
        self.analyst.sudo().write({"credit_own_authority": True, "credit_authority": 0})
        with self.assertRaises(UserError):
            self._as(self.analyst).amount = 501
        self.analyst.sudo().credit_authority = 2000
        self._as(self.analyst).amount = 2000

    def test_many_small_lines_sum_up(self):
        lines = self.env["credit.line"].with_user(self.analyst)
        values = {
            "profile_id": self.line.profile_id.id,
            "kind_id": self.line.kind_id.id,
            "amount": 300,
            "state": "active",
            "currency_id": self.currency.id,
        }
        lines.create(values)
        with self.assertRaises(UserError):
            lines.create(values)

    def test_a_second_currency_does_not_hide_the_amount(self):
        dear = self.setup_other_currency("GBP", rates=[("2016-01-01", 0.5)])
        self._as(self.analyst).write({"currency_id": dear.id, "amount": 500})
        with self.assertRaises(UserError):
            self._as(self.analyst).amount = 501

    def test_cutting_beyond_ones_authority_needs_a_second_person(self):
        self.line.amount = 4000
        with self.assertRaises(UserError):
            self._as(self.analyst).amount = 100

    def test_stopping_a_line_needs_one_person_only(self):
        self.line.amount = 4000
        self._as(self.analyst).action_suspend()
        self.assertEqual(self.line.state, "suspended")
        with self.assertRaises(UserError):
            self._as(self.analyst).action_activate()

    def test_second_person_approves_beyond_the_authority(self):
        change = (
            self.env["credit.line.change"]
            .with_user(self.analyst)
            .create({"line_id": self.line.id, "amount": 3000, "reason": "Grows fast"})
        )
        self.assertTrue(change.needs_approval)
        change.action_apply()
        self.assertEqual((change.state, self.line.amount), ("waiting", 500))
        self.assertIn(self.manager, self.line.activity_ids.user_id)
        with self.assertRaises(AccessError):
            change.action_approve()
        change.with_user(self.manager).action_approve()
        self.assertEqual((change.state, self.line.amount), ("done", 3000))
        self.assertIn("Grows fast", "".join(self.line.message_ids.mapped("body")))

    def test_nobody_approves_his_own_change_or_beyond_his_authority(self):
        change = (
            self.env["credit.line.change"]
            .with_user(self.manager)
            .create({"line_id": self.line.id, "amount": 6000, "reason": "Huge"})
        )
        change.action_apply()
        second = self._new_user(
            "credit_second", "credit_control.credit_control_group_manager"
        )
        for user in (self.manager, self.analyst, second):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                change.with_user(user).action_approve()
        self.assertEqual(self.line.amount, 500)

    def test_a_waiting_change_cannot_be_forged(self):
        change = (
            self.env["credit.line.change"]
            .with_user(self.analyst)
            .create(
                {
                    "line_id": self.line.id,
                    "amount": 3000,
                    "reason": "x",
                    "state": "done",
                }
            )
        )
        self.assertEqual(change.state, "new")
        change.action_apply()
        for values in ({"amount": 9000}, {"state": "new"}, {"approver_id": 1}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                change.write(values)

    def test_a_refused_change_changes_nothing(self):
        change = (
            self.env["credit.line.change"]
            .with_user(self.analyst)
            .create({"line_id": self.line.id, "amount": 3000, "reason": "x"})
        )
        change.action_apply()
        change.with_user(self.manager).action_refuse()
        self.assertEqual((change.state, self.line.amount), ("refused", 500))

    def test_changes_are_tracked(self):
        self.env.cr.flush()
        self.line.with_env(self.env(context={})).amount = 700
        self.env.cr.flush()
        tracked = self.line.message_ids.tracking_value_ids
        self.assertIn(
            (500, 700), [(t.old_value_float, t.new_value_float) for t in tracked]
        )

    def test_bad_input_gets_a_clear_message(self):
        absurd = {
            "negative": {"amount": -1},
            "absurd": {"amount": 1e15},
            "reversed": {"date_from": self._today(2), "date_to": self._today(1)},
        }
        for name, values in absurd.items():
            error = IntegrityError if name == "reversed" else ValidationError
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
            ):
                self.line.write(values)
                self.env.flush_all()

    def test_a_temporary_line_needs_an_end(self):
        with self.assertRaises(ValidationError):
            self._give_line(100, kind="temporary")
        self._give_line(100, kind="temporary", date_to=self._today(30))

    def test_a_huge_name_is_refused_and_nothing_is_lost(self):
        line = self._give_line(100, name="Seasonal")
        available = self._available()
        for name in ("x" * 201, "x" * 1_000_000):
            with self.assertRaises(ValidationError) as caught:
                line.name = name
            self.assertIn("200 characters", str(caught.exception))
            with self.assertRaises(ValidationError):
                self._give_line(100, name=name)
        self.assertEqual((line.name, self._available()), ("Seasonal", available))

    def test_a_currency_without_rate_is_refused(self):
        odd = self.env["res.currency"].create({"name": "ODD", "symbol": "o"})
        with self.assertRaises(ValidationError):
            self._give_line(100, currency_id=odd.id)

    def test_a_line_whose_currency_lost_its_rate_counts_for_nothing(self):
        dear = self.setup_other_currency("GBP", rates=[("2016-01-01", 0.5)])
        self.line.write({"currency_id": dear.id})
        self.assertEqual(self._available(), 1000)
        dear.rate_ids.unlink()
        self.assertEqual(self._available(), 0)

    def test_a_line_in_another_currency_counts_at_todays_rate(self):
        odd = self.setup_other_currency("GBP", rates=[("2016-01-01", 3.0)])
        self.line.write({"currency_id": odd.id, "amount": 100})
        worth = odd._convert(100, self.currency, self.company, self._today())
        self.assertEqual(self._available(), worth)

    def test_archived_debtors_get_no_line(self):
        self.debtor.active = False
        with self.assertRaises(ValidationError):
            self._give_line(10)

    def test_only_drafts_are_deleted(self):
        with self.assertRaises(UserError):
            self.line.unlink()
        draft = self._give_line(10, state="draft")
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_a_contact_has_no_file_of_its_own(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.debtor.id}
        )
        with self.assertRaises(ValidationError):
            self.env["credit.profile"].create({"partner_id": contact.id})

    def test_overlapping_lines_are_allowed_and_add_up(self):
        self._give_line(200, date_from=self._today(-5), date_to=self._today(5))
        self._give_line(300, date_from=self._today(-1), date_to=self._today(9))
        self.assertEqual(self._available(), 1000)


@tagged("post_install", "-at_install")
class TestScope(CreditCommon):
    """A scoped line pays only for what it may pay for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brand = cls.env["res.partner"].create({"name": "Brand", "is_company": True})
        cls.category = cls.env["product.category"].create({"name": "Software"})
        cls.leaf = cls.env["product.category"].create(
            {"name": "Office", "parent_id": cls.category.id}
        )
        cls.tag = cls.env["product.tag"].create({"name": "Promoted"})
        cls.term = (
            cls.company_data["default_tax_sale"]
            .env["account.payment.term"]
            .create({"name": "Bill of exchange"})
        )
        cls.special = cls._new_product(
            "Special",
            categ_id=cls.leaf.id,
            product_tag_ids=[Command.set(cls.tag.ids)],
            seller_ids=[Command.create({"partner_id": cls.brand.id})],
        )

    def _check_only_special(self, **scope):
        self._give_line(100)
        self._give_line(50, kind="vendor", **scope)
        self._new_order(50, product=self.special).action_confirm()
        self._new_order(100).action_confirm()
        with self.assertRaises(CreditHoldError):
            self._new_order(1, product=self.special).action_confirm()

    def test_scope_by_product(self):
        self._check_only_special(product_ids=[Command.set(self.special.ids)])

    def test_scope_by_category_and_its_children(self):
        self._check_only_special(category_ids=[Command.set(self.category.ids)])

    def test_scope_by_tag(self):
        self._check_only_special(product_tag_ids=[Command.set(self.tag.ids)])

    def test_scope_by_vendor(self):
        self._check_only_special(vendor_ids=[Command.set(self.brand.ids)])

    def test_scoped_room_is_of_no_use_for_other_goods(self):
        self._give_line(100)
        self._give_line(50, kind="vendor", vendor_ids=[Command.set(self.brand.ids)])
        with self.assertRaises(CreditHoldError):
            self._new_order(101).action_confirm()
        self.assertEqual(self._available(), 100)

    def test_a_mixed_order_uses_each_line_for_its_goods(self):
        self._give_line(100)
        self._give_line(50, kind="vendor", vendor_ids=[Command.set(self.brand.ids)])
        lines = [
            Command.create(
                {"product_id": p.id, "price_unit": price, "tax_ids": [Command.clear()]}
            )
            for p, price in ((self.goods, 100), (self.special, 50))
        ]
        order = self._new_order(0, order_line=lines)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_scope_by_payment_term(self):
        self._give_line(0)
        self._give_line(50, payment_term_ids=[Command.set(self.term.ids)])
        self._new_order(50, payment_term_id=self.term.id).action_confirm()
        with self.assertRaises(CreditHoldError):
            self._new_order(1, payment_term_id=False).action_confirm()

    def test_scope_by_payment_method(self):
        method = self.company_data[
            "default_journal_bank"
        ].inbound_payment_method_line_ids[:1]
        self._give_line(0)
        self._give_line(50, payment_method_line_ids=[Command.set(method.ids)])
        self._new_order(50, preferred_payment_method_line_id=method.id).action_confirm()
        with self.assertRaises(CreditHoldError):
            self._new_order(1).action_confirm()

    def test_scope_follows_the_goods_onto_the_invoice_and_its_rest(self):
        self._give_line(100)
        self._give_line(50, kind="vendor", vendor_ids=[Command.set(self.brand.ids)])
        order = self._new_order(50, product=self.special)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self._available(), 100)
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment.create({"amount": 20}).action_create_payments()
        self.assertEqual(self._available(), 100)
        self._new_order(20, product=self.special).action_confirm()
        with self.assertRaises(CreditHoldError):
            self._new_order(101).action_confirm()

    def test_a_deleted_or_archived_product_takes_no_scoped_line_along(self):
        self._give_line(0)
        self._give_line(50, product_ids=[Command.set(self.special.ids)])
        self.special.active = False
        order = self._new_order(50, product=self.special)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
