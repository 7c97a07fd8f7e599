# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from odoo.tools.convert import convert_file

from ..exceptions import CreditHoldError


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demonstration data loads and shows each situation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        loaded = cls.env.ref("credit_control.res_company_demo", False)
        if not loaded:
            with mute_logger("odoo.addons.account.models.chart_template"):
                for name in Manifest.for_addon("credit_control")["demo"]:
                    convert_file(
                        cls.env, "credit_control", name, {}, mode="init", noupdate=True
                    )
        cls.company = cls.env.ref("credit_control.res_company_demo")
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _user(self, name):
        return self.env.ref(f"credit_control.res_users_{name}_demo")

    def _profile(self, name):
        return self.env.ref(f"credit_control.credit_profile_{name}_demo")

    def _order(self, name):
        order = self.env.ref(f"credit_control.sale_order_{name}_demo")
        return order.with_user(self._user("salesperson")).with_company(self.company)

    def test_the_wholesaler_trades_in_euro(self):
        self.assertEqual(self.company.currency_id, self.env.ref("base.EUR"))
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        self.assertEqual(orders.currency_id, self.company.currency_id)
        states = set(orders.mapped("state"))
        self.assertEqual(states, {"draft", "sale"})

    def test_each_login_is_its_password_and_has_just_its_groups(self):
        for login in ("salesperson", "analyst", "manager", "accountant"):
            user = self._user(login)
            credential = {"type": "password", "login": login, "password": login}
            user.with_user(user)._check_credentials(credential, {"interactive": True})
            self.assertFalse(user.has_group("base.group_system"))
        analyst = "credit_control.credit_control_group_analyst"
        self.assertTrue(self._user("manager").has_group(analyst))
        self.assertFalse(self._user("salesperson").has_group(analyst))

    def test_each_situation_is_there(self):
        self.assertEqual(self._profile("vendome").limit_amount, 0)
        self.assertLess(self._profile("mistral").available, 0)
        self.assertGreater(self._profile("brunel").secured_amount, 0)
        season = self.env.ref("credit_control.credit_line_noella_season_demo")
        self.assertEqual((season.in_force, season.kind_id.code), ("now", "temporary"))
        expired = self.env.ref("credit_control.credit_line_quai_insured_demo")
        self.assertEqual(expired.in_force, "over")
        self.assertTrue(self._profile("pixel").line_ids.filtered("is_scoped"))
        self.assertEqual(self._profile("tessier").line_ids.state, "suspended")
        foreign = self._profile("helvetie")
        self.assertNotEqual(foreign.line_ids.currency_id, self.company.currency_id)
        self.assertGreater(foreign.limit_amount, foreign.line_ids.amount)

    def test_the_hold_list_shows_something(self):
        holds = self.env["credit.hold"].search([("company_id", "=", self.company.id)])
        found = sorted(holds.mapped("state"))
        self.assertEqual(found, ["open", "rejected", "released", "requested"])
        self.assertTrue(all(holds.mapped("reason_ids")))
        self.assertGreater(max(holds.mapped("age_days")), 2)

    def test_a_change_waits_for_a_second_person(self):
        change = self.env.ref("credit_control.credit_line_vercors_demo").change_id
        self.assertEqual(change.state, "waiting")
        change.with_user(self._user("manager")).action_approve()
        self.assertEqual(change.line_id.amount, 60000)

    def test_accounts_wait_to_be_opened(self):
        complete = self.env.ref("credit_control.credit_opening_rivoli_demo")
        self.assertEqual(complete.state, "submitted")
        analyst = self._user("analyst")
        self.assertIn(analyst, complete.activity_ids.user_id)
        self.assertTrue(complete._exceeds_authority(analyst))
        draft = self.env.ref("credit_control.credit_opening_halles_demo")
        self.assertEqual(draft.state, "draft")
        found = set(complete.document_ids.mapped("status"))
        self.assertEqual(found, {"missing", "valid"})

    def test_quotations_confirm_or_are_held_as_their_bars_say(self):
        for name in ("brunel_3", "noella_2", "canal_2", "pixel_2", "helvetie_2"):
            order = self._order(name)
            self.assertEqual(order.credit_preview["outcome"], "pass", name)
        for name in ("vendome_1", "mistral_2", "quai_2"):
            order = self._order(name)
            self.assertEqual(order.credit_preview["outcome"], "hold", name)
            with self.assertRaises(CreditHoldError):
                order.action_confirm()

    def test_customers_without_line_and_released_orders_go_through(self):
        for name in ("arcenciel_2", "tessier_1"):
            order = self._order(name)
            order.action_confirm()
            self.assertEqual(order.state, "sale", name)

    def test_reminders_of_today_are_written_and_nothing_has_left(self):
        messages = self.env["credit.dunning.message"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(messages)
        self.assertEqual(set(messages.mapped("state")), {"prepared"})
