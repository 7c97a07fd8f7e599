# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import IrCron

from ..exceptions import CreditHoldError
from ..wizards import credit_onboarding_work as work
from .common import CreditCommon


class OnboardingCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_use_credit_limit = True
        cls.policy.company_id = cls.company

    @classmethod
    def _new_debtor(cls, name, limit=None):
        partner = cls.env["res.partner"].create({"name": name, "is_company": True})
        if limit is not None:
            partner.with_company(cls.company).credit_limit = limit
        return partner

    @classmethod
    def _set_default(cls, amount):
        defaults = cls.env["ir.default"].sudo()
        defaults.set("res.partner", "credit_limit", amount, company_id=cls.company.id)

    def _wizard(self, user=None, **values):
        wizards = self.env["credit.onboarding"].with_user(user or self.manager)
        values = {"mode": "hold", "no_line": "unmanaged", **values}
        return wizards.with_company(self.company).create(values)

    def _preview(self, **values):
        wizard = self._wizard(**values)
        wizard.action_preview()
        return wizard

    def _create(self, **values):
        wizard = self._preview(**values)
        wizard.action_create_lines()
        return wizard

    def _rows(self, wizard):
        rows = self.env["credit.onboarding.debtor"].with_user(self.manager)
        return rows.search([("onboarding_id", "=", wizard.id)])

    def _documents(self, wizard):
        documents = self.env["credit.onboarding.document"].with_user(self.manager)
        return documents.search([("onboarding_id", "=", wizard.id)]).order_id

    def _lines(self, *partners):
        ids = [partner.id for partner in partners]
        return self.env["credit.line"].search([("partner_id", "in", ids)])

    def _grow_old(self, lines):
        """Let these lines have been created by an earlier transaction."""
        self.env.flush_all()
        for records in (lines, lines.profile_id):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = create_date - interval '1 h',"
                    " write_date = create_date - interval '1 h' WHERE id = ANY(%s)",
                    SQL.identifier(records._table),
                    records.ids,
                )
            )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestOnboarding(OnboardingCommon):
    """Native limits become lines after a preview; starting stops nothing."""

    def test_p6_a_native_limit_becomes_a_line_and_zero_none(self):
        limited, free = self._new_debtor("Limited", 700), self._new_debtor("Free", 0)
        unset = self._new_debtor("Unset")
        wizard = self._create()
        line = self._lines(limited, free, unset)
        self.assertEqual(line.partner_id, limited)
        self.assertEqual((line.amount, line.state), (700, "active"))
        self.assertEqual(line.kind_id.code, "own")
        self.assertEqual(line.date_onboarded, self.company._credit_today())
        self.assertIn(str(line.date_onboarded.year), line.origin)
        self.assertEqual((wizard.state, wizard.created_count), ("done", 1))

    def test_only_a_contact_of_its_own_gets_a_line(self):
        parent = self._new_debtor("Parent", 700)
        child = self.env["res.partner"].create(
            {"name": "Child", "parent_id": parent.id, "type": "invoice"}
        )
        self.assertEqual(child.with_company(self.company).credit_limit, 700)
        self._create()
        self.assertEqual(self._lines(parent, child).partner_id, parent)

    def test_the_preview_writes_nothing(self):
        self._new_debtor("Limited", 700)
        names = ("credit.line", "credit.profile", "credit.policy", "credit.hold")
        before = [self.env[name].search([]).ids for name in names]
        wizard = self._preview(mode="observe", no_line="no_credit")
        self.assertEqual(wizard.debtor_count, 1)
        self.assertEqual([self.env[name].search([]).ids for name in names], before)
        self.assertEqual((self.policy.mode, self.policy.no_line), ("hold", "unmanaged"))

    def test_the_preview_counts_who_is_over(self):
        debtor, fine = self._new_debtor("Over", 100), self._new_debtor("Fine", 100)
        self._new_invoice(250, debtor)
        self._new_invoice(100, fine)
        wizard = self._preview()
        row = self._rows(wizard).filtered(lambda row: row.partner_id == debtor)
        self.assertEqual((row.exposure, row.over), (250, 150))
        self.assertEqual((wizard.debtor_count, wizard.over_count), (2, 1))

    def test_p1_what_the_preview_lists_is_what_is_held(self):
        debtor, other = self._new_debtor("A", 1000), self._new_debtor("B", 100)
        self._new_order(600, debtor).action_confirm()
        self._new_order(101, other).action_confirm()
        small, large = self._new_order(400, debtor), self._new_order(401, debtor)
        none, unlimited = self._new_order(1, other), self._new_order(9999)
        wizard = self._create()
        listed = self._documents(wizard).sudo()
        held = self.env["sale.order"].sudo()
        for order in (large, small, none, unlimited):
            try:
                with self.env.cr.savepoint():
                    order.action_confirm()
            except CreditHoldError:
                held |= order.sudo()
        self.assertEqual(listed.filtered(lambda order: order.state == "draft"), held)
        self.assertEqual(held, (large | none).sudo())
        self.assertEqual((wizard.quotation_count, wizard.order_count), (2, 1))

    def test_the_preview_knows_what_debtors_without_line_get(self):
        quotation = self._new_order(50)
        for choice, amount, listed in (
            ("unmanaged", 0, False),
            ("no_credit", 0, True),
            ("default", 49, True),
            ("default", 50, False),
        ):
            wizard = self._preview(no_line=choice, default_amount=amount)
            found = self._documents(wizard)
            self.assertEqual(quotation in found.sudo(), listed, (choice, amount))

    def test_the_native_default_is_for_customers_without_their_own(self):
        self._set_default(300)
        own, zero = self._new_debtor("Own", 700), self._new_debtor("Zero", 0)
        customer, stranger = self._new_debtor("Customer"), self._new_debtor("Stranger")
        customer.customer_rank = 1
        rows = self._rows(self._preview())
        amounts = {row.partner_id: (row.amount, row.source) for row in rows}
        self.assertEqual(amounts[own], (700, "native"))
        self.assertEqual(amounts[customer], (300, "default"))
        self.assertFalse({zero, stranger} & set(amounts))
        alone = self._rows(self._preview(include_default=False))
        self.assertEqual(alone.partner_id, own)

    def test_amounts_and_choices_of_the_list_count(self):
        one, two = self._new_debtor("One", 100), self._new_debtor("Two", 100)
        wizard = self._preview()
        rows = {row.partner_id: row for row in self._rows(wizard)}
        rows[one].amount = 55
        rows[two].selected = False
        wizard.action_create_lines()
        self.assertEqual(self._lines(one).amount, 55)
        self.assertFalse(self._lines(two))

    def test_limits_of_single_risks_are_proposed_not_ticked(self):
        self.env.cr.execute(
            "ALTER TABLE res_partner ADD COLUMN risk_a_limit numeric,"
            " ADD COLUMN risk_b_limit numeric"
        )
        debtor = self._new_debtor("Risks")
        self.env.cr.execute(
            "UPDATE res_partner SET risk_a_limit = 30, risk_b_limit = 12 WHERE id = %s",
            [debtor.id],
        )
        rows = type(self.env["credit.onboarding.debtor"])
        columns = ["risk_a_limit", "risk_b_limit"]
        with patch.object(rows, "_get_risk_columns", lambda self: columns):
            wizard = self._preview()
        row = self._rows(wizard)
        self.assertEqual((row.amount, row.source, row.selected), (42, "risk", False))

    def test_a_limit_in_another_currency_needs_a_rate(self):
        debtor = self._new_debtor("Foreign", 100)
        currency = self.env["res.currency"].create(
            {"name": "QQQ", "symbol": "Q", "rounding": 0.01}
        )
        wizard = self._preview()
        self._rows(wizard).sudo()._set_currency(wizard.sudo(), currency)
        self.assertFalse(self._rows(wizard).selected)
        self._rows(wizard).selected = True
        with self.assertRaises(UserError):
            wizard.action_create_lines()
        self.assertFalse(self._lines(debtor))

    def test_absurd_amounts_create_nothing(self):
        debtors = self._new_debtor("Small", 10), self._new_debtor("Huge", 1e15)
        wizard = self._preview()
        self._rows(wizard)[0].amount = 1e13
        with self.assertRaises(UserError):
            wizard.action_create_lines()
        self.assertFalse(self._lines(*debtors))


@tagged("post_install", "-at_install")
class TestOnboardingRuns(OnboardingCommon):
    """Again, in the background, undone; other companies and rights."""

    def test_running_twice_creates_nothing_twice(self):
        one, two = self._new_debtor("One", 100), self._new_debtor("Two", 200)
        first, second = self._preview(), self._preview()
        first.action_create_lines()
        second.action_create_lines()
        self.assertEqual((second.created_count, second.skipped_count), (0, 2))
        third = self._preview()
        self.assertEqual((third.debtor_count, third.managed_count), (0, 2))
        self.assertEqual(len(self._lines(one, two)), 2)

    def test_a_debtor_with_a_line_of_any_state_is_left_alone(self):
        for state in ("draft", "active", "suspended", "ended"):
            self._give_line(1, self._new_debtor(state, 500), state=state)
        self.assertEqual(self._preview().debtor_count, 0)

    def test_a_partner_archived_meanwhile_is_left_alone(self):
        gone, there = self._new_debtor("Gone", 100), self._new_debtor("There", 100)
        wizard = self._preview()
        gone.active = False
        wizard.action_create_lines()
        self.assertEqual(self._lines(gone, there).partner_id, there)
        self.assertEqual(wizard.skipped_count, 1)

    def test_beyond_the_managers_authority_stays_a_draft(self):
        self.company.credit_authority_manager = 500
        small, large = self._new_debtor("Small", 500), self._new_debtor("Large", 501)
        wizard = self._create()
        self.assertEqual(wizard.above_count, 1)
        self.assertEqual(self._lines(small).state, "active")
        self.assertEqual(self._lines(large).state, "draft")

    def test_an_order_goes_through_while_the_policy_observes(self):
        debtor = self._new_debtor("Over", 100)
        self._create(mode="observe")
        self.assertEqual(self.policy.mode, "observe")
        order = self._new_order(101, debtor)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_first_run_proposes_to_observe(self):
        wizards = self.env["credit.onboarding"].with_user(self.manager)
        self.assertEqual(wizards.with_company(self.company).create({}).mode, "observe")
        self._give_line(1)
        self.assertEqual(wizards.with_company(self.company).create({}).mode, "hold")

    def test_very_many_go_on_in_the_background(self):
        debtors = [self._new_debtor(f"D{number}", 100) for number in range(5)]
        wizard = self._preview(no_line="no_credit")
        with (
            patch.object(work, "AT_ONCE", 2),
            patch.object(work, "BATCH", 2),
            patch.object(IrCron, "_commit_progress", lambda *a, **k: 60.0),
        ):
            wizard.action_create_lines()
            self.assertEqual(
                (wizard.state, len(self._lines(*debtors))), ("creating", 2)
            )
            self.assertEqual(self.policy.no_line, "unmanaged")
            self.env["credit.onboarding"].sudo()._cron_work()
        wizard.invalidate_recordset()
        self.assertEqual((wizard.state, wizard.created_count), ("done", 5))
        self.assertEqual(self._lines(*debtors).create_uid, self.manager)
        self.assertEqual(self.policy.no_line, "no_credit")

    def test_statements_do_not_grow_with_debtors(self):
        counts = []
        for size in (5, 60):
            for number in range(size):
                self._new_debtor(f"{size}.{number}", 100)
            self.env.flush_all()
            wizard = self._wizard()
            start = self.env.cr.sql_log_count
            wizard.action_preview()
            wizard.action_create_lines()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(wizard.created_count, size)
        self.assertLess(counts[1], counts[0] + 15)

    def test_undo_takes_back_what_nobody_changed(self):
        same, changed = self._new_debtor("Same", 100), self._new_debtor("Changed", 100)
        wizard = self._create(no_line="no_credit")
        self._grow_old(self._lines(same, changed))
        self._lines(changed).amount = 90
        wizard.action_undo()
        self.assertEqual(wizard.state, "undone")
        self.assertEqual(self._lines(same, changed).partner_id, changed)
        self.assertFalse(
            self.env["credit.profile"].search([("partner_id", "=", same.id)])
        )
        self.assertEqual(self.policy.no_line, "unmanaged")

    def test_p6_after_undo_a_debtor_is_not_managed_again(self):
        debtor = self._new_debtor("Debtor", 100)
        wizard = self._create()
        self.assertTrue(self._position(debtor).managed)
        wizard.action_undo()
        self.assertFalse(self._position(debtor).managed)
        self._new_order(5000, debtor).action_confirm()

    def test_a_later_session_undoes_the_last_run(self):
        debtor = self._new_debtor("Debtor", 100)
        self._create()
        later = self._wizard()
        self.assertEqual(later.date_undo, self.company._credit_today())
        later.action_undo()
        self.assertFalse(self._lines(debtor))
        with self.assertRaises(UserError):
            self._wizard().action_undo()

    def test_a_policy_that_others_use_is_copied(self):
        self.policy.company_id = False
        other = self.env["res.company"].create({"name": "Other"})
        other.credit_default_policy_id = self.policy
        self._new_debtor("Debtor", 100)
        self._create(mode="observe", no_line="no_credit")
        self.assertEqual((self.policy.mode, self.policy.no_line), ("hold", "unmanaged"))
        own = self.company.credit_default_policy_id
        self.assertEqual((own.mode, own.no_line), ("observe", "no_credit"))
        self.assertEqual(own.rule_ids.mapped("kind"), ["uncovered"])

    def test_only_credit_managers(self):
        for user in (self.salesman, self.viewer, self.analyst):
            with self.assertRaises(AccessError):
                self._wizard(user)
        wizard = self._preview()
        for method in ("action_preview", "action_create_lines", "action_undo"):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(self.analyst), method)()

    def test_a_foreign_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        wizard = self._wizard(company_id=other.id)
        with self.assertRaises(AccessError):
            wizard.action_preview()

    def test_rows_cannot_be_forged(self):
        self._new_debtor("Debtor", 100)
        rows = self._rows(self._preview())
        with self.assertRaises(AccessError):
            rows.partner_id = self.debtor
        with self.assertRaises(AccessError):
            rows.rate = 0.001
        second = self._new_user(
            "credit_manager_2", "credit_control.credit_control_group_manager"
        )
        with self.assertRaises(AccessError):
            rows.with_user(second).amount = 1

    def test_a_step_that_is_over_is_refused(self):
        self._new_debtor("Debtor", 100)
        wizard = self._create()
        for method in ("action_preview", "action_create_lines", "action_back"):
            with self.assertRaises(UserError):
                getattr(wizard, method)()
