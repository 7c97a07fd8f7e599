# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestProgramme(ProgrammeCommon):
    """Terms: who writes them, who approves them, and that they never change."""

    def test_terms_need_a_second_person(self):
        programme = self._new_programme(opened=False)
        programme.action_submit()
        with self.assertRaises(AccessError):
            programme.action_approve()
        with self.assertRaises(AccessError):
            programme.with_user(self.analyst).action_approve()
        programme.with_user(self.second).action_approve()
        self.assertEqual(
            (programme.state, programme.version_state), ("open", "approved")
        )

    def test_lines_beyond_the_authority_are_not_approved(self):
        self.company.credit_authority_manager = 4000
        programme = self._new_programme(opened=False)
        programme.action_submit()
        with self.assertRaises(AccessError):
            programme.with_user(self.second).action_approve()

    def test_submitted_terms_stay_as_they_are(self):
        programme = self._new_programme(opened=False)
        programme.action_submit()
        for values in ({"amount": 9000}, {"date_to": False}, {"domain": "[]"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                programme.write(values)
        programme.with_user(self.second).action_reject()
        programme.amount = 9000
        self.assertEqual(programme.version_id.amount, 9000)

    def test_nobody_approves_by_writing(self):
        programme = self._new_programme(opened=False)
        forged = [
            (programme, {"state": "open"}),
            (programme, {"version_state": "approved"}),
            (programme.version_id, {"version_state": "approved"}),
            (programme.version_id, {"approver_id": self.second.id}),
            (programme, {"current_version_id": programme.version_id.id}),
        ]
        for record, values in forged:
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        made = self._new_programme(
            opened=False, state="open", version_state="approved", name="Forged"
        )
        self.assertEqual((made.state, made.version_state), ("draft", "draft"))

    def test_new_terms_leave_old_lines_alone(self):
        programme = self._new_programme()
        first = self._new_debtors(1)
        self._give(programme, first)
        programme.action_new_terms()
        programme.amount = 3000
        second = self._new_debtors(1)
        self._give(programme, second)
        self.assertEqual(self._grants(programme, second).amount, 5000)
        self._open(programme)
        third = self._new_debtors(1)
        self._give(programme, third)
        self.assertEqual(self._grants(programme, third).amount, 3000)
        self.assertEqual(self._grants(programme, first).line_id.amount, 5000)
        states = programme.version_ids.sorted("number").mapped("version_state")
        self.assertEqual(states, ["old", "approved"])

    def test_a_pot_smaller_than_what_is_granted_takes_nothing_back(self):
        programme = self._new_programme(has_pot=True, pot_amount=10000)
        debtors = self._new_debtors(2)
        self._give(programme, debtors)
        programme.action_new_terms()
        programme.pot_amount = 4000
        self._open(programme)
        self.assertEqual(self._grants(programme).mapped("state"), ["active"] * 2)
        self.assertEqual(programme.over_amount, 6000)
        self.assertIn("smaller", programme.message_ids[:1].body)
        late = self._new_debtors(1)
        answer = self._give(programme, late)[late.id]
        self.assertEqual(answer.reason, "pot_full")

    def test_company_and_currency_stay_once_opened(self):
        programme = self._new_programme()
        other = self.setup_other_currency("GBP", rates=[("2016-01-01", 0.5)])
        with self.assertRaises(UserError):
            programme.currency_id = other
        with self.assertRaises(UserError):
            programme.unlink()

    def test_an_ended_sponsor_gives_nothing(self):
        programme = self._new_programme()
        self.sponsor.active = False
        self.assertIn("archived", programme._check_can_give())
        with self.assertRaises(UserError):
            programme.with_user(self.analyst).action_open_run()

    def test_a_sponsor_archived_before_is_refused(self):
        programme = self._new_programme(opened=False)
        self.sponsor.active = False
        with self.assertRaises(UserError):
            programme.action_submit()

    def test_bad_terms_get_a_clear_message(self):
        bad = [
            {"domain": "[('no_field', '=', 1)]"},
            {"domain": "__import__('os')"},
            {"domain": "{}"},
            {"line_end": "season", "date_to": False},
        ]
        for values in bad:
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._new_programme(opened=False, **values)

    def test_an_empty_pot_is_not_submitted(self):
        programme = self._new_programme(opened=False, has_pot=True)
        with self.assertRaises(UserError):
            programme.action_submit()

    def test_two_triggers_for_the_same_goods_are_refused(self):
        twice = [
            Command.create(
                {
                    "name": f"Trigger {number}",
                    "min_amount": 1000 * number,
                    "product_tag_ids": [Command.set(self.brand.ids)],
                }
            )
            for number in (1, 2)
        ]
        with self.assertRaises(ValidationError):
            self._new_programme(opened=False, trigger_ids=twice)

    def test_the_live_count_is_what_the_filter_finds(self):
        debtors = self._new_debtors(3)
        programme = self._new_programme(opened=False, domain=self._only(debtors))
        self.assertEqual(programme.eligible_count, 3)
        debtors[0].active = False
        self.env.invalidate_all()
        self.assertEqual(programme.eligible_count, 2)

    def test_filters_run_with_the_rights_of_their_author(self):
        domain = "[('credit_available', '>', 50)]"
        debtors = self._new_debtors(2)
        programme = self._new_programme(domain=domain)
        version = programme.current_version_id
        found = version.with_user(self.salesman).sudo()._filter_eligible(debtors)
        self.assertEqual(found, debtors)
        self.assertEqual(version.domain_user_id, self.manager)

    def test_only_managers_write_programmes(self):
        for user in (self.salesman, self.viewer, self.analyst):
            with (
                self.subTest(user=user.login),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError),
            ):
                self.env["credit.programme"].with_user(user).create(
                    {"name": "Mine", "sponsor_id": self.sponsor.id}
                )
