# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js

from ..engine.interest import half_year
from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestTours(CreditCommon, HttpCase):
    """The main road of each user, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tour_debtor = cls.env["res.partner"].create(
            {"name": "Tour Debtor", "is_company": True}
        )
        cls.line = cls._give_line(1000, partner=cls.tour_debtor)
        cls.order = cls._new_order(1500, partner=cls.tour_debtor)

    def _action_url(self, record, action):
        return f"/odoo/action-{action}/{record.id}"

    def _hold(self):
        self.env.invalidate_all()
        return self.order.sudo().credit_hold_id

    def test_the_roads_of_salesperson_and_manager(self):
        self.start_tour(
            self._action_url(self.order, "sale.action_quotations_with_onboarding"),
            "credit_salesperson",
            login=self.salesman.login,
        )
        self.assertEqual(self._hold().state, "requested")
        self.assertEqual(self.order.state, "draft")
        self.start_tour(
            "/odoo/action-credit_control.credit_hold_action",
            "credit_manager",
            login=self.manager.login,
        )
        self.assertEqual((self._hold().state, self.order.state), ("released", "sale"))

    def test_the_road_of_a_new_account(self):
        self.policy.opening_required_ids = False
        self.start_tour(
            "/odoo/action-credit_control.credit_opening_action_mine",
            "credit_opening_ask",
            login=self.salesman.login,
        )
        sheet = self.env["credit.opening"].search([("customer_name", "=", "Tour SARL")])
        self.assertEqual(sheet.state, "submitted")
        self.start_tour(
            self._action_url(sheet, "credit_control.credit_opening_action"),
            "credit_opening_answer",
            login=self.analyst.login,
        )
        self.env.invalidate_all()
        self.assertEqual(sheet.profile_id.line_ids.mapped("amount"), [2500])

    def test_the_road_of_the_analyst(self):
        with self.assertRaises(CreditHoldError):
            self.order.action_confirm()
        self._record_holds()
        hold = self._hold()
        self.start_tour(
            self._action_url(self.line, "credit_control.credit_line_action"),
            "credit_analyst",
            login=self.analyst.login,
        )
        self.env.invalidate_all()
        self.assertEqual((self.line.amount, hold.state), (5000, "cleared"))

    def test_the_road_from_the_cockpit(self):
        self.start_tour(
            "/odoo/credit-cockpit", "credit_cockpit", login=self.manager.login
        )

    def test_the_road_of_the_manager_who_asks_what_if(self):
        order = self._new_order(900, partner=self.tour_debtor)
        self.start_tour(
            "/odoo/action-credit_control.credit_simulation_action",
            "credit_what_if",
            login=self.manager.login,
        )
        self.env.invalidate_all()
        self.assertEqual((self.line.amount, order.state), (1000, "draft"))

    def test_the_road_of_the_accountant_who_reminds(self):
        level = {"name": "Tour step", "delay": 10, "by_email": False, "by_portal": True}
        self.policy.dunning_plan_id = self.env["credit.dunning.plan"].create(
            {"name": "Tour plan", "level_ids": [Command.create(level)]}
        )
        due = self._today(-20)
        self._new_invoice(
            900, partner=self.tour_debtor, invoice_date=due, invoice_date_due=due
        )
        accountant = self._new_user("tour_accountant", "account.group_account_user")
        self.start_tour(
            "/odoo/credit-follow-ups", "credit_dunning", login=accountant.login
        )
        notice = self.env["credit.dunning.notice"].search(
            [("partner_id", "=", self.tour_debtor.id)]
        )
        self.assertEqual((notice.state, notice.run_id.state), ("prepared", "done"))
        self.assertTrue(notice.date_checked)

    def test_the_road_of_who_calls(self):
        second = self.env["res.partner"].create({"name": "Tour Second"})
        self.env["res.partner"].create(
            {
                "name": "Ann Decides",
                "parent_id": self.tour_debtor.id,
                "phone": "+33 4 00 00 00 00",
                "credit_decides": True,
            }
        )
        for partner, amount in ((self.tour_debtor, 900), (second, 10)):
            due = self._today(-20)
            self._new_invoice(
                amount,
                partner=partner,
                invoice_date=due,
                invoice_date_due=due,
                invoice_payment_term_id=False,
            )
        self.start_tour("/odoo/credit-calls", "credit_call", login=self.analyst.login)
        self.env.invalidate_all()
        promise = self.env["credit.promise"].search(
            [("partner_id", "=", self.tour_debtor.id)]
        )
        self.assertEqual((promise.amount, promise.source), (700, "call"))
        calls = self.env["credit.dunning.contact"].search([], limit=2)
        self.assertEqual(calls.mapped("result"), ["no_answer", "promise"])

    def test_the_road_of_the_accountant_to_late_interest(self):
        accountant = self._new_user(
            "credit_accountant",
            "account.group_account_invoice,credit_control.credit_control_group_viewer",
        )
        france = self.env.ref("base.fr")
        self.company.account_fiscal_country_id = france
        self.company.credit_interest_journal_id = self.env["account.journal"].create(
            {"name": "Late interest", "code": "LINT", "type": "sale"}
        )
        due = self._today(-20)
        rates = self.env["credit.interest.rate"]
        for since in {half_year(due), half_year(self._today())}:
            known = [("country_id", "=", france.id), ("date_from", "=", since)]
            if not rates.search([*known, ("kind", "=", "ecb")]):
                rates.create({"country_id": france.id, "date_from": since, "rate": 2})
        self._new_invoice(
            9_000,
            partner=self.tour_debtor,
            invoice_date=due,
            invoice_date_due=due,
            invoice_payment_term_id=False,
        )
        self.start_tour(
            "/odoo/credit-aged-balance", "credit_money", login=accountant.login
        )
        self.env.invalidate_all()
        claim = self.env["credit.interest.claim"].search(
            [("partner_id", "=", self.tour_debtor.id)]
        )
        self.assertEqual((claim.state, claim.indemnity), ("claimed", 40))

    def test_the_road_of_the_analyst_to_many_lines(self):
        tag = self.env["res.partner.category"].create({"name": "Tour Resellers"})
        self.tour_debtor.category_id = tag
        self.start_tour(
            "/odoo/action-credit_control.credit_line_batch_action",
            "credit_batch",
            login=self.analyst.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self.line.amount, 1200)


@tagged("post_install", "-at_install")
class TestUnits(HttpCase):
    """The unit tests of our widgets, run by the web client's own framework."""

    def test_widgets(self):
        suite = test_js.HOOTCommon._generate_hash(self, "@credit_control")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
        )
