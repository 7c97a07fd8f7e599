# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.credit_control.tests.rule_common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleOfAnAddon(RuleCommon):
    """A new kind of rule is one small class and, if need be, one fact."""

    def test_its_rule_is_worded_measured_recorded_and_replayed(self):
        rule = self._rule("vat_missing")
        self.assertIn("Hold when the customer has no VAT number", rule.sentence)
        kinds = dict(rule.fields_get(["kind"])["kind"]["selection"])
        self.assertEqual(kinds["vat_missing"], "VAT number missing")
        self.assertEqual(self._texts(), ["This customer has no VAT number."])
        self.debtor.vat = "FR23334175221"
        decision = self._decision(self._passes())
        self.assertEqual(decision.inputs["facts"], {"vat_missing": 0})
        self.assertTrue(decision.replay())
