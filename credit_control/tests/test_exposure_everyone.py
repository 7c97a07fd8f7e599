# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields
from odoo.tests import tagged

from .test_exposure_common import ExposureCase


@tagged("post_install", "-at_install")
class TestExposureEveryone(ExposureCase):
    """P1, P7: one figure, whoever looks, wherever he looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.cr.precommit.run()  # Odoo completes the branch's accounts there
        cls.branch.account_fiscal_country_id = cls.company.account_fiscal_country_id
        cls.colleague = cls._new_user("colleague", "sales_team.group_sale_salesman")
        cls.env.user.company_ids += cls.branch
        cls.salesman.company_ids += cls.branch
        cls._give_line(1000.0)

    def _some_documents(self):
        self._order(self._line(10.01, 3, self.tax20), user_id=self.colleague.id)
        self._new_invoice(55.55)
        self._new_invoice(7.0, post=False)
        self._settle(self._new_invoice(44.44), 40.0)

    def test_p1_every_place_shows_the_same(self):
        self._some_documents()
        self._assert_owes(
            order=36.04, receivable=59.99, draft_invoice=7.0, uncleared=40.0
        )
        self._assert_one_truth()

    def test_p7_salesman_with_own_documents_only(self):
        self._some_documents()
        visible = self.env["sale.order"].with_user(self.salesman).search([])
        self.assertFalse(visible.filtered(lambda o: o.partner_id == self.debtor))
        self._assert_one_truth(user=self.salesman)

    def test_p7_viewer_superuser_and_manager(self):
        self._some_documents()
        root = self.env.ref("base.user_root")
        root.company_ids += self.company
        for user in (self.viewer, self.manager, root):
            with self.subTest(user=user.login):
                self._assert_one_truth(user=user, companies=self.company)

    def test_p7_company_switcher_and_language(self):
        self._some_documents()
        for companies in (self.company, self.branch, self.company | self.branch):
            with self.subTest(companies=companies.mapped("name")):
                self._assert_one_truth(user=self.salesman, companies=companies)

    def test_p7_order_and_invoice_in_a_branch(self):
        env = self.env(
            context={**self.env.context, "allowed_company_ids": self.branch.ids}
        )
        order = env["sale.order"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.branch.id,
                "order_line": [self._line(10.01, 3, self.tax20)],
            }
        )
        order.action_confirm()
        self._assert_owes(order=36.04)
        self._invoice(order)
        self._assert_owes(receivable=36.04)
        self._assert_one_truth()
        row = self.env["credit.exposure"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual((row.company_id, row.branch_id), (self.company, self.branch))

    def test_p7_another_root_company_is_kept_apart(self):
        other = self.setup_other_company(name="Other root")["company"]
        self._new_invoice(20.0)
        order = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.debtor.id,
                    "company_id": other.id,
                    "order_line": [self._line(500.0)],
                }
            )
        )
        order.action_confirm()
        self._assert_owes(receivable=20.0)
        self.assertEqual(self._position(company=other).counted, {"order": 50000})
        self.assertEqual(self._position(company=other).limit, 0)
        self._assert_one_truth()

    def test_p7_child_contacts_count_for_the_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.debtor.id}
        )
        self._order(self._line(10.0), partner_id=contact.id)
        self._new_invoice(20.0, partner=contact)
        self._pay(5.0, partner=contact)
        self._assert_owes(order=10.0, receivable=15.0, uncleared=5.0)
        self._assert_one_truth(contact)
        self.assertEqual(contact.credit_exposure, 30.0)

    def test_p7_archived_contacts_and_debtors_count(self):
        contact = self.env["res.partner"].create(
            {"name": "Gone", "parent_id": self.debtor.id}
        )
        self._new_invoice(20.0, partner=contact)
        contact.active = False
        self._assert_owes(receivable=20.0)

    def test_p7_the_invoice_address_owes(self):
        payer = self.env["res.partner"].create({"name": "Payer", "is_company": True})
        order = self._order(self._line(10.0), partner_invoice_id=payer.id)
        self._assert_owes()
        self._assert_owes(payer, order=10.0)
        order.partner_invoice_id = self.debtor
        self._assert_owes(order=10.0)
        self._assert_owes(payer)

    def test_p1_every_row_opens_its_record(self):
        self._some_documents()
        rows = self.env["credit.exposure"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(len(rows), 5)
        for row in rows:
            action = row.action_open_source()
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(record.partner_id.commercial_partner_id, self.debtor)

    def test_p1_lists_sort_and_filter_by_the_same_figure(self):
        small = self.env["res.partner"].create({"name": "Small", "is_company": True})
        self._new_invoice(20.0)
        self._new_invoice(10.0, partner=small)
        partners = self.env["res.partner"]
        both = [("id", "in", (self.debtor + small).ids)]
        found = partners.search(both, order="credit_exposure desc")
        self.assertEqual(found, self.debtor + small)
        found = partners.search([*both, ("credit_exposure", ">", 10.0)])
        self.assertEqual(found, self.debtor)
        found = partners.search([*both, ("credit_exposure", "<=", 10.0)])
        self.assertEqual(found, small)


@tagged("post_install", "-at_install")
class TestExposurePolicy(ExposureCase):
    """P1: a policy says what counts; the rows always show everything."""

    def test_p1_uncleared_payments_count_only_when_the_policy_says(self):
        component = self.env.ref("credit_control.credit_exposure_component_uncleared")
        self._settle(self._new_invoice(100.0))
        self._assert_owes(uncleared=100.0)
        self.policy.component_ids -= component
        self.assertEqual(self._components(), {})
        figures = self._figures()
        self.assertEqual(figures.pop("rows"), 100.0)
        self.assertEqual(set(figures.values()), {0.0})

    def test_p1_a_new_policy_counts_what_no_other_does(self):
        component = self.env.ref("credit_control.credit_exposure_component_uncleared")
        policies = self.env["credit.policy"].with_context(active_test=False)
        policies.search([]).component_ids -= component
        self._settle(self._new_invoice(100.0))
        self.assertEqual(self._components(), {})
        self.company.credit_default_policy_id = policies.create(
            {"name": "New", "component_ids": [Command.set(component.ids)]}
        )
        self.assertEqual(self._components(), {"uncleared": 100.0})

    def test_p1_uncleared_payments_count_only_for_the_return_delay(self):
        self._new_invoice(100.0)
        self.policy.uncleared_days = 10
        for days, exposure in ((0, 100.0), (9, 100.0), (10, 0.0), (400, 0.0)):
            payment = self._pay_days_ago(100.0, days)
            with self.subTest(days=days):
                figures = self._figures()
                self.assertEqual(figures.pop("rows"), 100.0)
                self.assertEqual(set(figures.values()), {exposure})
            payment.action_draft()
            payment.action_cancel()

    def _pay_days_ago(self, amount, days):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": amount,
                "date": self._today(-days),
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    def test_p1_money_on_the_bank_account_is_no_exposure(self):
        journal = self.company_data["default_journal_bank"]
        line = journal.inbound_payment_method_line_ids[:1]
        line.payment_account_id = journal.default_account_id
        self._settle(self._new_invoice(100.0), payment_method_line_id=line.id)
        self._assert_owes()

    def test_p1_matched_with_a_bank_statement(self):
        invoice = self._new_invoice(100.0)
        payment = self._settle(invoice, 60.0)
        self._assert_owes(receivable=40.0, uncleared=60.0)
        self._clear(payment)
        self._assert_owes(receivable=40.0)

    def test_p1_bank_statement_pays_without_a_payment(self):
        invoice = self._new_invoice(100.0)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_ref": "transfer",
                "partner_id": self.debtor.id,
                "amount": 100.0,
                "date": fields.Date.today(),
            }
        )
        self._assert_owes(receivable=100.0)
        owed = invoice.line_ids.filtered(
            lambda owed: owed.account_type == "asset_receivable"
        )
        suspense = line._seek_for_lines()[1]
        suspense.write({"account_id": owed.account_id.id})
        (suspense + owed).reconcile()
        self._assert_owes()

    def test_p1_policy_without_any_component(self):
        self._new_invoice(100.0)
        self.policy.component_ids = [Command.clear()]
        self.assertEqual(self._components(), {})
        figures = self._figures()
        self.assertEqual(figures.pop("rows"), 100.0)
        self.assertEqual(set(figures.values()), {0.0})
