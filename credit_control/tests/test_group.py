# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


class GroupCommon(CreditCommon):
    """Two companies with 1,000 each and 1,500 together, and one outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = cls.debtor.copy({"name": "Mate"})
        cls.outsider = cls.debtor.copy({"name": "Outsider"})
        cls.line = cls._give_line(1000)
        cls.mate_line = cls._give_line(1000, partner=cls.mate)
        cls._give_line(1000, partner=cls.outsider)
        cls.group = cls.env["credit.group"].create(
            {
                "name": "Dupont",
                "amount": 1500,
                "profile_ids": [Command.set((cls.line | cls.mate_line).profile_id.ids)],
            }
        )

    def _confirm(self, amount, partner=None):
        order = self._new_order(amount, partner=partner)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def _assert_held(self, amount, partner=None):
        order = self._new_order(amount, partner=partner)
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        return order, caught.exception


@tagged("post_install", "-at_install")
class TestGroup(GroupCommon):
    """The shared limit is checked with the members' own lines, not instead of them."""

    def test_what_one_owes_is_not_free_for_the_other(self):
        self._confirm(900)
        _order, error = self._assert_held(700, self.mate)
        self.assertIn("Dupont", str(error))
        self._confirm(600, self.mate)
        self._confirm(1000, self.outsider)
        self.assertEqual((self.group.exposure, self.group.available), (1500, 0))

    def test_own_lines_still_count(self):
        self._assert_held(1001)

    def test_members_of_one_call_count_for_each_other(self):
        orders = self._new_order(900) | self._new_order(700, partner=self.mate)
        with self.assertRaises(CreditHoldError) as caught:
            orders.action_confirm()
        (held,) = caught.exception.context["credit_documents"]
        self.assertIn(held["document"]["id"], orders.ids)
        fitting = self._new_order(900) | self._new_order(600, partner=self.mate)
        fitting.action_confirm()
        self.assertEqual(set(fitting.mapped("state")), {"sale"})

    def test_what_one_is_owed_is_not_taken_off_the_other(self):
        self._new_invoice(400, move_type="out_refund")
        self._confirm(1000, self.mate)
        self.assertEqual(self.group.exposure, 1000)
        self._confirm(900)
        self.env.invalidate_all()
        self.assertEqual(self.group.exposure, 1500)

    def test_growth_of_a_confirmed_order_counts(self):
        self._confirm(800, self.mate)
        order = self._confirm(600)
        line = order.order_line
        with self.assertRaises(CreditHoldError):
            line.write({"price_unit": 800})
        self.env.invalidate_all()
        line.write({"price_unit": 700})
        line.write({"price_unit": 100})

    def test_a_member_without_line_is_bound_by_the_group_alone(self):
        third = self.debtor.copy({"name": "Third"})
        profile = self.env["credit.profile"]._get_or_create(third, self.company)
        profile.group_id = self.group
        self._confirm(1400, third)
        self._assert_held(200, third)
        self._confirm(100)

    def test_zero_means_nothing_on_account(self):
        self.group.amount = 0
        self._assert_held(1)

    def test_it_counts_on_its_days_only(self):
        self._confirm(900)
        self.group.date_to = self._today(-1)
        self._confirm(900, self.mate)
        self.group.write({"date_to": False, "date_from": self._today(1)})
        self.assertFalse(self._position().pool)
        self.group.date_from = self._today()
        self.assertTrue(self._position().pool)

    def test_an_archived_group_counts_no_more(self):
        self._confirm(900)
        self.group.active = False
        self._confirm(900, self.mate)

    def test_p9_the_hold_tells_the_group_and_ways_that_work(self):
        self._confirm(900)
        order, error = self._assert_held(700, self.mate)
        facts = error.context["credit"]
        (reason,) = [r for r in facts["reasons"] if r["code"] == "group_limit"]
        self.assertEqual((reason["amount"], facts["uncovered"]), (100, 100))
        self.assertEqual(facts["group"]["available"], 600)
        ways = {way["code"]: way["amount"] for way in facts["ways_out"]}
        self.assertEqual((ways["deposit"], ways["group_pay"]), (100, 100))
        self._pay(100)
        order.action_confirm()

    def test_beyond_the_group_takes_authority_to_release(self):
        self.group.amount = 900_000
        self.line.amount = self.mate_line.amount = 900_000
        self._confirm(890_000)
        order, _error = self._assert_held(30_000, self.mate)
        self._record_holds()
        hold = order.sudo().credit_hold_id
        self.assertEqual(hold.uncovered, 20_000)
        with self.assertRaises(AccessError):
            hold.with_user(self.analyst).release()
        hold.with_user(self.manager).release()
        order.invalidate_recordset()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_payment_of_one_member_clears_the_hold_of_another(self):
        self._confirm(900)
        order, _error = self._assert_held(700, self.mate)
        self._record_holds()
        hold = order.sudo().credit_hold_id
        self._pay(100)
        self.env.cr.flush()
        self.assertEqual(hold.state, "cleared")

    def test_p11_the_decision_replays(self):
        self._confirm(900)
        order = self._confirm(600, self.mate)
        decision = self.env["credit.decision"].search([("res_id", "=", order.id)])[0]
        self.assertTrue(decision.replay())

    def test_a_rule_of_the_policy_softens_it(self):
        self.policy.rule_ids = [
            Command.create({"kind": "group_limit", "effect": "warn"})
        ]
        self._confirm(900)
        self._confirm(700, self.mate)

    def test_the_preview_and_the_file_show_it(self):
        self._confirm(900)
        order = self._new_order(700, partner=self.mate)
        self.assertEqual(order.credit_preview["outcome"], "hold")
        self.assertEqual(order.credit_preview["group"]["name"], "Dupont")
        profile = self.mate_line.profile_id.with_user(self.salesman)
        self.assertEqual(profile.group_available, 600)


@tagged("post_install", "-at_install")
class TestGroupRights(GroupCommon):
    """Who may set a shared limit."""

    def test_analysts_keep_groups_within_their_authority(self):
        with self.assertRaises(AccessError):
            self.group.with_user(self.viewer).amount = 5
        group = self.group.with_user(self.analyst)
        group.amount = 9000
        with self.assertRaises(AccessError):
            group.amount = 10_001
        self.group.amount = 50_000
        group.amount = 20_000
        with self.assertRaises(AccessError):
            group.active = False
        with self.assertRaises(AccessError):
            self.line.profile_id.with_user(self.analyst).group_id = False

    def test_members_belong_to_the_company_of_the_group(self):
        stranger = self.env["res.company"].create({"name": "Stranger"})
        other = self.env["credit.group"].create(
            {"name": "Other", "amount": 5, "company_id": stranger.id}
        )
        with self.assertRaises(ValidationError):
            self.line.profile_id.group_id = other

    def test_the_form_takes_members(self):
        form = Form(self.env["credit.group"].with_user(self.analyst))
        form.name = "New"
        form.amount = 500
        group = form.save()
        self.assertEqual((group.member_count, group.available), (0, 500))


@tagged("post_install", "-at_install")
class TestGroupQueries(GroupCommon):
    """Nobody without a group pays for groups."""

    def _count(self, partner):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["credit.measure"]._get_positions([partner.id], self.company)
        return self.env.cr.sql_log_count - before

    def test_members_take_one_measuring_more_however_many(self):
        for debtor in (self.outsider, self.debtor):
            self._count(debtor)
        alone = self._count(self.outsider)
        self.assertLessEqual(self._count(self.debtor), alone + 2)
        for number in range(8):
            third = self.debtor.copy({"name": f"Third {number}"})
            profiles = self.env["credit.profile"]
            profiles._get_or_create(third, self.company).group_id = self.group
        self.assertLessEqual(self._count(self.debtor), alone + 2)
