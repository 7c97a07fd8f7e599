# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.credit_control.tests.forms_common import FormsCommon


@tagged("post_install", "-at_install")
class TestNewRecords(FormsCommon):
    """Each form opens empty."""

    def test_each_form_opens_empty(self):
        opened = self._open_new_records("credit_insurance_link")
        self.assertIn("credit.insurance.claim", opened)
