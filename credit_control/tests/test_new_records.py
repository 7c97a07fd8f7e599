# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .forms_common import FormsCommon


@tagged("post_install", "-at_install")
class TestNewRecords(FormsCommon):
    """Each form opens empty."""

    def test_each_form_opens_empty(self):
        opened = self._open_new_records("credit_control")
        expected = {"line", "profile", "promise", "dispute", "instalment.plan"}
        self.assertGreaterEqual(opened, {f"credit.{name}" for name in expected})

    def test_only_debtors_are_proposed_as_customers(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.debtor.id}
        )
        partners = self.debtor | contact
        for name in ("promise", "dispute", "instalment.plan", "dunning.exclusion"):
            model = self.env[f"credit.{name}"]
            domain = model.fields_get(["partner_id"])["partner_id"]["domain"]
            self.assertEqual(partners.filtered_domain(domain), self.debtor, name)
