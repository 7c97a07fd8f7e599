# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .test_exposure_common import ExposureCase


class PartnerMoveCase(ExposureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.parent = partners.create({"name": "Parent", "is_company": True})
        cls.moved = partners.create({"name": "Moved"})
        cls.profiles = cls.env["credit.profile"]

    def _file(self, partner):
        return self.profiles.search([("partner_id", "=", partner.id)])

    def _documents(self, partner):
        """60.0 in all: an order, an invoice and a draft."""
        self._order(self._line(10.0), partner_id=partner.id)
        self._new_invoice(20.0, partner=partner)
        self._new_invoice(30.0, partner=partner, post=False)

    def _assert_moved(self, debtor):
        self._assert_owes(debtor, order=10.0, receivable=20.0, draft_invoice=30.0)
        self._assert_one_truth(debtor)


@tagged("post_install", "-at_install")
class TestPartnerReparent(PartnerMoveCase):
    """P7: a debtor that gets a parent owes through it at once, and takes its credit along."""

    def test_p7_exposure_follows_the_partner(self):
        self._documents(self.moved)
        self._assert_moved(self.moved)
        self.moved.parent_id = self.parent
        self._assert_moved(self.parent)
        self.moved.parent_id = False
        # Odoo wrote the journal items to the parent for good when the partner joined.
        self._assert_owes(self.parent, receivable=20.0)
        self._assert_owes(self.moved, order=10.0, draft_invoice=30.0)

    def test_p7_file_is_handed_over(self):
        line = self._give_line(100.0, partner=self.moved)
        profile = self._file(self.moved)
        self.moved.parent_id = self.parent
        self.assertEqual(profile.partner_id, self.parent)
        self.assertEqual((line.partner_id, line.state), (self.parent, "active"))
        self.assertEqual(self._available(self.parent), 100.0)

    def test_p7_two_files_join_and_the_lines_are_suspended(self):
        own = self._give_line(50.0, partner=self.parent)
        brought = self._give_line(100.0, partner=self.moved)
        draft = self._give_line(70.0, partner=self.moved, state="draft")
        self.moved.parent_id = self.parent
        self.assertFalse(self._file(self.moved))
        profile = self._file(self.parent)
        self.assertEqual(profile.line_ids, own | brought | draft)
        states = {line: line.state for line in profile.line_ids}
        self.assertEqual(states, {own: "active", brought: "suspended", draft: "draft"})
        self.assertEqual(self._available(self.parent), 50.0)

    def test_p7_history_note_and_tasks_join(self):
        self._give_line(50.0, partner=self.parent)
        self._give_line(100.0, partner=self.moved)
        source, target = self._file(self.moved), self._file(self.parent)
        target.note, source.note = "<p>Mine</p>", "<p>Careful</p>"
        message = source.message_post(body="The bank called.")
        task = source.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.analyst.id, summary="Call back"
        )
        self.moved.parent_id = self.parent
        self.assertEqual((message.model, message.res_id), (target._name, target.id))
        self.assertEqual(task.res_id, target.id)
        self.assertIn("Mine", target.note)
        self.assertIn("Careful", target.note)
        self.assertIn("Moved", target.message_ids[0].body)

    def test_p7_company_that_becomes_a_contact(self):
        self.moved.write({"is_company": True, "parent_id": self.parent.id})
        self._give_line(100.0, partner=self.moved)
        self._documents(self.moved)
        self.moved.is_company = False
        self._assert_moved(self.parent)
        self.assertTrue(self._file(self.parent))
        self.assertFalse(self._file(self.moved))

    def test_p7_moved_through_the_list_of_contacts(self):
        self._give_line(100.0, partner=self.moved)
        self._documents(self.moved)
        self.parent.child_ids = [Command.link(self.moved.id)]
        self._assert_moved(self.parent)
        self.assertTrue(self._file(self.parent))

    def test_p2_salesperson_lends_no_debtor_the_credit_of_another(self):
        self._give_line(50.0, partner=self.parent)
        line = self._give_line(100.0, partner=self.moved)
        mover = self._new_user(
            "mover", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        with self.assertRaises(AccessError):
            self.moved.with_user(mover).parent_id = self.parent
        self.assertEqual((line.partner_id, line.state), (self.moved, "active"))

    def test_p7_salesperson_moves_partner_without_file(self):
        self._give_line(50.0, partner=self.parent)
        mover = self._new_user(
            "mover", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        self.moved.with_user(mover).parent_id = self.parent
        self.assertEqual(self.moved.commercial_partner_id, self.parent)

    def test_p10_release_stays_with_its_document(self):
        self._give_line(100.0, partner=self.moved)
        order = self._new_order(300.0, partner=self.moved)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        hold = self.env["credit.hold"].search([("partner_id", "=", self.moved.id)])
        hold.sudo().write({"state": "released", "release_amount": 300.0})
        self.moved.parent_id = self.parent
        self.assertEqual(hold.partner_id, self.parent)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_p4_open_hold_clears_when_the_new_debtor_has_room(self):
        self._give_line(1000.0, partner=self.parent)
        self._give_line(100.0, partner=self.moved)
        order = self._new_order(300.0, partner=self.moved)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        hold = self.env["credit.hold"].search([("partner_id", "=", self.moved.id)])
        self.moved.parent_id = self.parent
        self.env.cr.precommit.run()
        self.assertEqual((hold.partner_id, hold.state), (self.parent, "cleared"))


@tagged("post_install", "-at_install")
class TestPartnerMerge(PartnerMoveCase):
    """P7: merged partners owe together; no line is lost, none is raised unseen."""

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)
        self.assertFalse(source.exists())

    def test_p7_file_is_handed_over(self):
        line = self._give_line(100.0, partner=self.moved)
        self._documents(self.moved)
        self._merge(self.moved, self.parent)
        self._assert_moved(self.parent)
        self.assertEqual((line.partner_id, line.state), (self.parent, "active"))
        self.assertEqual(line.profile_id, self._file(self.parent))

    def test_p7_two_files_join(self):
        own = self._give_line(50.0, partner=self.parent)
        line = self._give_line(100.0, partner=self.moved)
        self._documents(self.moved)
        self._merge(self.moved, self.parent)
        self._assert_moved(self.parent)
        self.assertEqual(self._file(self.parent).line_ids, own | line)
        self.assertEqual((own.state, line.state), ("active", "suspended"))

    def test_p7_three_partners(self):
        third = self.env["res.partner"].create({"name": "Third"})
        self._give_line(50.0, partner=self.moved)
        self._give_line(70.0, partner=third)
        self._new_invoice(10.0, partner=self.moved)
        self._new_invoice(15.0, partner=third)
        self._merge(self.moved | third, self.parent)
        self._assert_owes(self.parent, receivable=25.0)
        states = sorted(self._file(self.parent).line_ids.mapped("state"))
        self.assertEqual(states, ["active", "suspended"])

    def test_p7_into_a_contact_of_a_company(self):
        contact, child = self.env["res.partner"].create(
            [
                {"name": "Contact", "parent_id": self.parent.id},
                {"name": "Child of the moved", "parent_id": self.moved.id},
            ]
        )
        line = self._give_line(100.0, partner=self.moved)
        self._documents(child)
        self._merge(self.moved, contact)
        self.assertEqual(child.commercial_partner_id, self.parent)
        self._assert_moved(self.parent)
        self.assertEqual(line.partner_id, self.parent)

    def test_p7_every_root_company_keeps_its_file(self):
        other = self.setup_other_company(name="Other root")["company"]
        foreign = self.profiles.create(
            {"partner_id": self.moved.id, "company_id": other.id}
        )
        self._give_line(100.0, partner=self.moved)
        self._give_line(50.0, partner=self.parent)
        self._merge(self.moved, self.parent)
        self.assertEqual(foreign.partner_id, self.parent)
        self.assertEqual(self._file(self.parent).company_id, self.company | other)

    def test_p11_decisions_and_holds_follow(self):
        self._give_line(100.0, partner=self.moved)
        order = self._new_order(300.0, partner=self.moved)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        hold = self.env["credit.hold"].search([("partner_id", "=", self.moved.id)])
        decisions = hold.decision_ids
        self._merge(self.moved, self.parent)
        self.assertEqual(hold.partner_id, self.parent)
        self.assertTrue(decisions)
        self.assertEqual(decisions.exists().partner_id, self.parent)
