# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import tagged

from ..hooks import compute_open_orders, post_init_hook
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestInstall(CreditCommon):
    """Installing into a running company stops nothing and knows what is open."""

    def _forget(self, orders):
        """Leave orders as they were before the add-on came."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET credit_open_company = NULL, credit_open_split = NULL"
            " WHERE id = ANY(%s)",
            [orders.ids],
        )
        self.env.invalidate_all()

    def test_p8_open_orders_count_from_the_first_minute(self):
        order, done = self._new_order(700), self._new_order(900)
        (order | done).action_confirm()
        done.sudo()._create_invoices().action_post()
        self._forget(order | done)
        self.assertEqual(self._position().counted.get("order", 0), 0)
        compute_open_orders(self.env)
        self.assertEqual(self._position().counted["order"], 70000)
        self.assertEqual(order.credit_open_company, 700)

    def test_p6_nobody_is_held_who_has_no_line(self):
        post_init_hook(self.env)
        self._new_invoice(1_000_000)
        order = self._new_order(1_000_000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.env["credit.hold"].search([]))

    def test_p6_the_policy_that_is_installed_leaves_debtors_alone(self):
        policy = self.env["credit.policy"].create({"name": "New"})
        self.assertEqual(policy.no_line, "unmanaged")
        standard = self.env.ref("credit_control.credit_policy_default")
        self.assertEqual(standard.no_line, "unmanaged")

    def test_every_root_company_gets_the_policy_and_keeps_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.credit_default_policy_id = False
        post_init_hook(self.env)
        standard = self.env.ref("credit_control.credit_policy_default")
        self.assertEqual(other.credit_default_policy_id, standard)
        self.assertEqual(self.company.credit_default_policy_id, self.policy)


@tagged("post_install", "-at_install")
class TestUpgrade(CreditCommon):
    """What earlier versions stored keeps its meaning."""

    def _migrate(self, name):
        path = Path(__file__).parents[1] / "migrations" / name
        migration = load_script(str(path), path.stem)
        self.env.flush_all()
        migration.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_the_policy_of_the_company_is_kept_under_its_new_name(self):
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE res_company"
            " RENAME credit_default_policy_id TO credit_policy_id"
        )
        for _time in range(2):
            self._migrate("19.0.3.0.0/pre-company_policy.py")
        self.assertEqual(self.company.credit_default_policy_id, self.policy)

    def test_a_run_of_the_onboarding_can_still_be_undone(self):
        old = self._give_line(100, origin="Onboarding 2026-03-31")
        own = self._give_line(100, origin="Onboarding of March")
        self._migrate("19.0.2.0.0/post-onboarded-lines.py")
        self.assertEqual(str(old.date_onboarded), "2026-03-31")
        self.assertFalse(own.date_onboarded)
