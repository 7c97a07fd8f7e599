# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .followup_common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupLevels(FollowupCommon):
    """Names, days and templates of Odoo's levels are those of the plan."""

    def test_the_steps_are_the_levels(self):
        lines = self._lines()
        self.assertEqual(lines.mapped("delay"), [-5, 10, 20, 30])
        self.assertEqual(lines.mapped("name"), self.plan.level_ids.mapped("name"))
        self.assertEqual(lines.credit_level_id, self.plan.level_ids)
        self.assertFalse(any(lines.mapped("auto_execute")))
        self.assertTrue(all(lines.mapped("mail_template_id")))

    def test_days_and_names_may_change_places(self):
        first, second = self._level(10), self._level(20)
        kept = self._lines()
        self.plan.level_ids = [
            Command.update(first.id, {"delay": 25, "name": second.name}),
            Command.update(second.id, {"name": "Step 10"}),
        ]
        lines = self._lines()
        self.assertEqual(
            lines, kept.sorted("delay"), "levels follow, none is made anew"
        )
        self.assertEqual(lines.mapped("delay"), [-5, 20, 25, 30])
        self.assertEqual(
            lines.mapped("name"), ["Step -5", "Step 10", "Step 20", "Step 30"]
        )

    def test_the_same_name_twice_gets_its_days(self):
        self.plan.level_ids.name = "Reminder"
        self.assertEqual(
            self._lines().mapped("name"),
            ["Reminder", "Reminder (+10)", "Reminder (+20)", "Reminder (+30)"],
        )

    def test_names_in_each_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        step = self._level(10)
        step.with_context(lang="fr_FR").name = "Premier rappel"
        line = self._lines().filtered(lambda line: line.credit_level_id == step)
        self.assertEqual(line.with_context(lang="fr_FR").name, "Premier rappel")
        self.assertEqual(line.with_context(lang="en_US").name, "Step 10")

    def test_a_new_step_a_gone_step(self):
        self._level(30).unlink()
        self.plan.level_ids = [
            Command.create({"name": "Late", "delay": 60, "kind": "reminder"})
        ]
        self.assertEqual(self._lines().mapped("delay"), [-5, 10, 20, 60])

    def test_levels_of_odoo_are_taken_over_by_their_days(self):
        other = self._new_plan((15, 40), name="Other")
        foreign = self.followups.sudo().create(
            {"name": "Odoo's own", "delay": 15, "company_id": self.company.id}
        )
        self.company.credit_followup_plan_id = other
        lines = self._lines()
        self.assertEqual(lines.mapped("delay"), [15, 40])
        self.assertEqual(lines[0], foreign)
        self.assertEqual(lines[0].name, "Step 15")

    def test_a_level_that_an_item_has_reached_stays(self):
        line = self._lines().filtered(lambda line: line.delay == 20)
        self._receivable(self._late(25)).followup_line_id = line
        self._level(20).unlink()
        self.assertEqual(self._lines().mapped("delay"), [-5, 10, 20, 30])
        self.assertFalse(line.credit_level_id)

    def test_its_items_move_when_its_days_belong_to_another_step(self):
        line = self._lines().filtered(lambda line: line.delay == 20)
        invoice = self._late(25)
        self._receivable(invoice).followup_line_id = line
        self._level(20).unlink()
        self._level(10).delay = 20
        self.assertEqual(self._lines().mapped("delay"), [-5, 20, 30])
        self.assertEqual(self._reached(invoice).credit_level_id, self._level(20))

    def test_a_driven_level_is_changed_in_the_plan_only(self):
        line = self._lines()[1].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "follows the credit plan"):
            line.name = "Mine"
        with self.assertRaisesRegex(UserError, "follows the credit plan"):
            line.unlink()
        self.company.write(
            {"credit_dunning_live": False, "credit_followup_plan_id": False}
        )
        line.name = "Mine"
        self.assertEqual(line.name, "Mine")

    def test_two_companies_have_their_own_levels(self):
        other = self._create_company(name="Other")
        other.credit_followup_plan_id = self.plan
        self.assertEqual(self._lines(other).mapped("delay"), [-5, 10, 20, 30])
        self.assertEqual(self._lines().mapped("delay"), [-5, 10, 20, 30])

    def test_without_a_plan_nobody_goes_live(self):
        self.company.credit_followup_plan_id = False
        self.assertFalse(self.company.credit_dunning_live)
        with self.assertRaisesRegex(ValidationError, "Choose the plan"):
            self.company.credit_dunning_live = True
