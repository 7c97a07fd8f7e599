# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .opening_common import OpeningCommon


@tagged("post_install", "-at_install")
class TestOpening(OpeningCommon):
    """The way of an account from the salesman's sheet to the first credit line."""

    def _mine(self, user, sheet):
        return sheet.sudo().activity_ids.filtered(lambda todo: todo.user_id == user)

    def test_an_accepted_sheet_opens_customer_terms_file_and_line(self):
        sheet = self._in_review(vat="44732829320", city="Lyon", email="a@nova.example")
        self.assertTrue(self._mine(self.analyst, sheet))
        sheet.action_accept()
        debtor, profile = sheet.partner_id, sheet.profile_id
        self.assertEqual((debtor.name, debtor.vat), ("Nova SARL", "FR44732829320"))
        self.assertEqual(debtor.company_registry, "732829320")
        self.assertEqual(debtor.user_id, self.salesman)
        self.assertEqual(debtor.property_payment_term_id, self.term)
        self.assertEqual(profile.policy_id, self.policy)
        self.assertEqual(profile.analyst_id, self.analyst)
        line = profile.line_ids
        self.assertEqual((line.amount, line.in_force), (4000, "now"))
        self.assertEqual(line.create_uid, self.analyst)
        self.assertEqual(profile.document_ids.type_id, self.paper)
        self.assertFalse(sheet.sudo().activity_ids)

    def test_the_salesman_is_told_each_answer(self):
        sheet = self._in_review()
        self._answer(sheet, "return", note="Where is the balance sheet?")
        self.assertEqual(sheet.state, "draft")
        told = sheet.sudo().message_ids.filtered(
            lambda message: self.salesman.partner_id in message.notified_partner_ids
        )
        self.assertIn("balance sheet", str(told.mapped("body")))
        self.assertTrue(self._mine(self.salesman, sheet))
        sheet.with_user(self.salesman).action_submit()
        self.assertFalse(self._mine(self.salesman, sheet))

    def test_beyond_the_authority_a_second_person_has_to(self):
        sheet = self._in_review(amount=10000.01)
        sheet.action_accept()
        self.assertEqual(sheet.state, "approval")
        self.assertFalse(sheet.profile_id)
        self.assertTrue(self._mine(self.manager, sheet))
        with self.assertRaises(AccessError):
            sheet.action_accept()
        sheet.with_user(self.manager).action_accept()
        line = sheet.profile_id.line_ids
        self.assertEqual((line.amount, line.create_uid), (10000.01, self.manager))

    def test_at_the_authority_one_person_is_enough(self):
        sheet = self._in_review(amount=10000)
        sheet.action_accept()
        self.assertEqual(sheet.state, "accepted")

    def test_nobody_approves_his_own_proposal(self):
        self.company.credit_authority_manager = 20000
        sheet = self._new_sheet(amount=30000)
        sheet.action_submit()
        sheet = sheet.with_user(self.manager)
        sheet.action_review()
        with self.assertRaisesRegex(UserError, "Nobody else"):
            sheet.action_accept()
        boss = self._new_user(
            "credit_boss", "credit_control.credit_control_group_manager"
        )
        boss.sudo().write({"credit_own_authority": True, "credit_authority": 50000})
        sheet.action_accept()
        self.manager.sudo().write(
            {"credit_own_authority": True, "credit_authority": 50000}
        )
        with self.assertRaisesRegex(AccessError, "his own"):
            sheet.action_accept()
        sheet.with_user(boss).action_accept()
        self.assertEqual(sheet.state, "accepted")

    def test_other_lines_of_the_same_kind_count_towards_the_authority(self):
        term_line = {"payment_term_ids": [(6, 0, self.term.ids)]}
        self._give_line(7000, **term_line)
        sheet = self._in_review(partner_id=self.debtor.id, amount=4000)
        sheet.action_accept()
        self.assertEqual(sheet.state, "approval")

    def test_a_known_customer_keeps_one_line_and_what_is_known_of_it(self):
        self.debtor.city = "Metz"
        line = self._give_line(1000)
        sheet = self._in_review(partner_id=self.debtor.id, city="Nancy", amount=4000)
        sheet.action_accept()
        self.assertEqual(self.debtor.credit_profile_id.line_ids, line)
        self.assertEqual(line.amount, 4000)
        self.assertEqual(line.change_ids.state, "done")
        self.assertEqual(self.debtor.city, "Metz")
        self.assertEqual(self.debtor.company_registry, "732829320")

    def test_p6_an_account_without_line_and_a_line_of_zero_differ(self):
        without = self._in_review()
        without.grants_line = False
        without.action_accept()
        self.assertFalse(without.profile_id.line_ids)
        zero = self._in_review(registry_number="542065479")
        zero.granted_amount = 0
        zero.action_accept()
        self.assertEqual(zero.profile_id.line_ids.mapped("amount"), [0])
        self.assertFalse(self._position(without.partner_id).managed)
        self.assertTrue(self._position(zero.partner_id).managed)

    def test_a_missing_document_stops_the_account_until_waived(self):
        sheet = self._in_review(paper=False)
        with self.assertRaisesRegex(UserError, "Extract: missing"):
            sheet.action_accept()
        sheet.document_ids.write({"is_waived": True, "waive_reason": "State-owned"})
        sheet.action_accept()
        self.assertEqual(sheet.state, "accepted")

    def test_an_old_document_stops_the_account(self):
        sheet = self._in_review()
        sheet.document_ids.date = self._today(-100)
        self.assertEqual(sheet.document_ids.status, "old")
        with self.assertRaisesRegex(UserError, "Extract: too old"):
            sheet.action_accept()

    def test_four_eyes_keep_the_asker_from_accepting(self):
        self.policy.four_eyes = True
        sheet = self._new_sheet(user=self.analyst)
        sheet.action_submit()
        sheet.action_review()
        with self.assertRaises(AccessError):
            sheet.action_accept()
        sheet.with_user(self.manager).action_accept()
        self.assertEqual(sheet.state, "accepted")

    def test_the_answer_is_given_once(self):
        sheet = self._in_review()
        sheet.action_accept()
        with self.assertRaises(UserError):
            sheet.with_user(self.manager).action_accept()
        reason = self.env.ref("credit_control.credit_reason_opening_weak")
        with self.assertRaises(UserError):
            self._answer(sheet, "refuse", reason_id=reason.id)
        self.assertEqual(len(sheet.profile_id.line_ids), 1)

    def test_the_sheet_starts_from_customer_and_quotation(self):
        action = self.debtor.with_user(self.salesman).action_open_credit_opening()
        self.assertEqual(action["context"]["default_partner_id"], self.debtor.id)
        sheet = self._new_sheet(partner_id=self.debtor.id)
        order = self._new_order(1500)
        order.payment_term_id = self.term
        action = order.action_open_credit_opening()
        self.assertEqual(action["res_id"], sheet.id)
        self.assertEqual(action["context"]["default_amount"], 1500)
        self.assertEqual(action["context"]["default_payment_term_id"], self.term.id)

    def test_the_credit_needed_follows_from_sales_and_terms(self):
        sheet = self._new_sheet(expected_turnover=36500)
        self.assertAlmostEqual(sheet.amount_needed, 4500)


@tagged("post_install", "-at_install")
class TestOpeningIdentity(OpeningCommon):
    """Numbers with wrong digits are refused, numbers of others are shown."""

    def test_wrong_digits_are_refused(self):
        for values in (
            {"registry_number": "732829321"},
            {"registry_number": "73282932000075"},
            {"vat": "FR45732829320"},
            {"vat": "FR40303265045"},
            {"iban": "FR7630006000011234567890188"},
            {"iban": "FR76300060000112345678901890"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._new_sheet(**values)

    def test_right_numbers_are_kept_compact(self):
        sheet = self._new_sheet(
            registry_number="732 829 320 00074",
            vat="44 732829320",
            iban="FR76 3000 6000 0112 3456 7890 189",
        )
        self.assertEqual(sheet.registry_number, "73282932000074")
        self.assertEqual(sheet.vat, "FR44732829320")
        self.assertEqual(sheet.iban, "FR7630006000011234567890189")

    def test_other_countries_have_their_own_numbers(self):
        swiss = self.env.ref("base.ch").id
        sheet = self._new_sheet(
            country_id=swiss,
            registry_number="CHE-107.787.577",
            iban="CH9300762011623852957",
        )
        self.assertEqual(sheet.registry_number, "CHE107787577")
        belgian = self.env.ref("base.be").id
        sheet = self._new_sheet(country_id=belgian, vat="0428759497")
        self.assertEqual(sheet.vat, "BE0428759497")

    def test_customers_with_the_same_number_are_shown(self):
        same = self.env["res.partner"].create(
            {
                "name": "Nova",
                "company_registry": "732 829 320 00074",
                "is_company": True,
            }
        )
        by_vat = self.env["res.partner"].create(
            {"name": "Nova Archived", "vat": "FR44732829320", "active": False}
        )
        sheet = self._new_sheet()
        self.assertEqual(sheet.duplicate_ids, same | by_vat)
        known = self._new_sheet(partner_id=same.id)
        self.assertEqual(known.duplicate_ids, by_vat)

    def test_a_duplicate_stops_the_account_until_somebody_decides(self):
        self.env["res.partner"].create({"name": "Nova", "vat": "FR44732829320"})
        sheet = self._in_review()
        with self.assertRaisesRegex(UserError, "same number"):
            sheet.action_accept()
        sheet.is_distinct = True
        sheet.action_accept()
        self.assertEqual(sheet.state, "accepted")

    def test_a_bank_account_of_somebody_else_is_shown(self):
        iban = "FR7630006000011234567890189"
        self.env["res.partner.bank"].create(
            {"partner_id": self.debtor.id, "acc_number": iban}
        )
        self.assertEqual(self._new_sheet(iban=iban).bank_owner_ids, self.debtor)
        own = self._new_sheet(iban=iban, partner_id=self.debtor.id)
        self.assertFalse(own.bank_owner_ids)

    def test_the_bank_account_comes_with_the_customer(self):
        sheet = self._in_review(iban="FR7630006000011234567890189")
        sheet.action_accept()
        account = sheet.partner_id.sudo().bank_ids
        self.assertEqual(account.sanitized_acc_number, "FR7630006000011234567890189")

    def test_other_sheets_of_the_same_customer_are_shown(self):
        first = self._new_sheet()
        second = self._new_sheet(registry_number="73282932000074")
        self.assertEqual(second.twin_ids, first)


@tagged("post_install", "-at_install")
class TestOpeningPrivacy(OpeningCommon):
    """A refused customer is forgotten; the reason stays."""

    def _refused(self):
        sheet = self._in_review(
            iban="FR7630006000011234567890189", contact_name="Anne", email="a@b.example"
        )
        sheet.reference_ids = [(0, 0, {"name": "Supplier", "answer": "bad"})]
        reason = self.env.ref("credit_control.credit_reason_opening_weak")
        self._answer(sheet, "refuse", reason_id=reason.id, note="Anne does not pay")
        return sheet, reason

    def test_a_refused_sheet_forgets_the_customer_after_its_time(self):
        sheet, reason = self._refused()
        self.company.credit_opening_keep_months = 6
        sheets = self.env["credit.opening"]
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), months=5)):
            self.assertNotIn(sheet, sheets._find_outdated())
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), months=7)):
            sheets.sudo()._find_outdated()._anonymise()
        row = sheet.sudo().read()[0]
        for word in ("Nova", "Anne", "732829320", "FR76", "a@b.example"):
            self.assertNotIn(word, str(row))
        self.assertTrue(sheet.is_anonymised)
        self.assertEqual((sheet.reason_id, sheet.amount), (reason, 4000))
        self.assertFalse(sheet.sudo().message_ids)
        self.assertFalse(sheet.document_ids or sheet.reference_ids)

    def test_zero_months_forget_nothing(self):
        sheet, _reason = self._refused()
        self.company.credit_opening_keep_months = 0
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), years=9)):
            self.assertNotIn(sheet, self.env["credit.opening"]._find_outdated())

    def test_accepted_accounts_are_kept(self):
        sheet = self._in_review()
        sheet.action_accept()
        self.company.credit_opening_keep_months = 1
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), years=9)):
            self.assertNotIn(sheet, self.env["credit.opening"]._find_outdated())
