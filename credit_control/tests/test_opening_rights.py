# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..exceptions import CreditHoldError
from .opening_common import PAPER, OpeningCommon


@tagged("post_install", "-at_install")
class TestOpeningRights(OpeningCommon):
    """Callers choose arguments and context; they get no further than their group."""

    def test_who_reads_and_who_writes(self):
        employee = self._new_user("opening_employee", "base.group_user")
        portal = new_test_user(self.env, "opening_portal", groups="base.group_portal")
        for model in (
            "credit.opening",
            "credit.opening.document",
            "credit.opening.reference",
        ):
            records = self.env[model]
            for user in (employee, portal):
                self.assertFalse(records.with_user(user).has_access("read"), model)
            self.assertTrue(records.with_user(self.viewer).has_access("read"), model)
            self.assertFalse(records.with_user(self.viewer).has_access("write"), model)
            for user in (self.salesman, self.analyst):
                self.assertTrue(records.with_user(user).has_access("create"), model)

    def test_salespeople_do_not_see_the_sheets_of_others(self):
        other = self._new_user("opening_other", "sales_team.group_sale_salesman")
        sheet = self._new_sheet()
        sheets = self.env["credit.opening"].with_user(other)
        self.assertFalse(sheets.search([("id", "=", sheet.id)]))
        for document in (sheet.document_ids, sheet):
            with self.assertRaises(AccessError):
                document.with_user(other).read(["display_name"])
            with self.assertRaises(AccessError):
                document.with_user(other).unlink()

    def test_a_salesman_neither_moves_nor_answers_a_sheet(self):
        sheet = self._new_sheet()
        for values in (
            {"state": "accepted"},
            {"granted_amount": 9},
            {"policy_id": self.policy.id},
            {"is_distinct": True},
            {"profile_id": 1},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                sheet.write(values)
            with self.subTest(values), self.assertRaises(AccessError):
                self._new_sheet(**values)
        sheet.action_submit()
        for step in (
            "action_review",
            "action_accept",
            "action_refuse",
            "action_return",
        ):
            with self.subTest(step), self.assertRaises(AccessError):
                getattr(sheet, step)()

    def test_a_sent_sheet_stays_as_it_is(self):
        sheet = self._new_sheet()
        paper = sheet.document_ids
        sheet.action_submit()
        with self.assertRaises(AccessError):
            sheet.amount = 1
        with self.assertRaises(AccessError):
            paper.file = PAPER
        with self.assertRaises(AccessError):
            sheet.document_ids = [(0, 0, {"type_id": self.paper.id})]
        with self.assertRaises(AccessError):
            sheet.reference_ids = [(0, 0, {"name": "Friend"})]
        with self.assertRaises(UserError):
            sheet.unlink()
        sheet.message_post(body="May I add something?")
        sheet.with_user(self.analyst).amount = 3000

    def test_nobody_changes_a_proposal_before_the_second_approval(self):
        sheet = self._in_review(amount=50000)
        sheet.action_accept()
        for user in (self.analyst, self.manager):
            with self.assertRaises(AccessError):
                sheet.with_user(user).granted_amount = 90000

    def test_a_salesman_waives_nothing_and_touches_no_file(self):
        sheet = self._new_sheet(paper=False)
        with self.assertRaises(AccessError):
            sheet.document_ids.write({"is_waived": True, "waive_reason": "Trust me"})
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        papers = self.env["credit.opening.document"].with_user(self.salesman)
        with self.assertRaises(AccessError):
            papers.create({"type_id": self.paper.id, "profile_id": profile.id})
        with self.assertRaises(AccessError):
            sheet.document_ids.profile_id = profile

    def test_papers_do_not_slip_into_a_sheet_of_somebody_else(self):
        other = self._new_user("opening_other", "sales_team.group_sale_salesman")
        foreign = self._new_sheet(user=other)
        paper = self._new_sheet().document_ids
        with self.assertRaises(AccessError):
            paper.opening_id = foreign
            self.env.flush_all()

    def test_companies_do_not_see_each_other(self):
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = new_test_user(
            self.env,
            "opening_foreign",
            groups="credit_control.credit_control_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        sheet = self._new_sheet()
        sheets = self.env["credit.opening"].with_user(stranger)
        self.assertFalse(sheets.search([("id", "=", sheet.id)]))
        with self.assertRaises(AccessError):
            sheet.with_user(stranger).action_review()


@tagged("post_install", "-at_install")
class TestOpeningDocuments(OpeningCommon):
    """Missing documents are a fact of the day: rules ask, nothing runs at night."""

    def _missing(self, partner=None):
        partner = partner or self.debtor
        documents = self.env["credit.opening.document"]
        return documents._get_missing(partner.ids, self.company)[partner.id]

    def _give_paper(self, **values):
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        return (
            self.env["credit.opening.document"]
            .with_user(self.analyst)
            .create({"type_id": self.paper.id, "profile_id": profile.id, **values})
        )

    def test_a_document_is_missing_until_it_is_there(self):
        self.assertEqual(self._missing(), self.paper)
        paper = self._give_paper()
        self.assertEqual(self._missing(), self.paper)
        paper.file = PAPER
        self.assertFalse(self._missing())
        self.assertEqual(paper.date_to, paper.date.replace(year=paper.date.year + 1))

    def test_it_is_missing_again_the_day_after_its_end(self):
        paper = self._give_paper(
            file=PAPER, date=self._today(-20), date_to=self._today()
        )
        self.assertEqual((paper.status, bool(self._missing())), ("expiring", False))
        paper.date_to = self._today(-1)
        self.assertEqual((paper.status, self._missing()), ("expired", self.paper))
        self.assertEqual(self.debtor.credit_profile_id.missing_document_ids, self.paper)
        self._give_paper(file=PAPER)
        self.assertFalse(self._missing())

    def test_a_waived_document_is_not_missing(self):
        self._give_paper(is_waived=True, waive_reason="Public body")
        self.assertFalse(self._missing())

    def test_an_order_is_held_until_the_document_is_there(self):
        self.policy.rule_ids = [
            (5,),
            (0, 0, {"kind": "opening_missing", "effect": "hold", "threshold": 0}),
        ]
        paper = self._give_paper()
        self._give_line(1000)
        order = self._new_order(10)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        hold = order.sudo().credit_hold_id
        self.assertEqual(hold.state, "open")
        paper.file = PAPER
        self.env.cr.flush()
        self.assertEqual(hold.state, "cleared")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_each_policy_asks_for_its_own(self):
        self._give_paper()
        lenient = self.policy.copy({"opening_required_ids": [(5,)]})
        self.debtor.credit_profile_id.policy_id = lenient
        self.assertFalse(self._missing())

    def test_filters_find_what_the_badges_show(self):
        papers = self.env["credit.opening.document"]
        for values in (
            {"file": PAPER},
            {"file": PAPER, "date": self._today(-20), "date_to": self._today(5)},
            {"file": PAPER, "date": self._today(-20), "date_to": self._today(-1)},
            {"is_waived": True, "waive_reason": "Public body"},
            {},
        ):
            papers |= self._give_paper(**values)
        for status in ("valid", "expiring", "expired", "missing"):
            found = papers.search([("status", "=", status), ("id", "in", papers.ids)])
            shown = papers.filtered(lambda paper, s=status: paper.status == s)
            self.assertTrue(found, status)
            self.assertEqual(found - papers.filtered("is_waived"), shown, status)

    def test_any_number_of_debtors_takes_one_statement(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Debtor {number}"} for number in range(5)]
        )
        documents = self.env["credit.opening.document"]
        documents._get_missing(partners.ids, self.company)
        with self.assertQueryCount(1):
            documents._get_missing(partners.ids, self.company)
