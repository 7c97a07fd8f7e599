# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.credit_control.tests.common import CreditCommon


@tagged("post_install", "-at_install")
class TestDemoCashDesk(CreditCommon):
    """Where Odoo's demonstration provider is, customers of the demonstration can pay."""

    def _takers(self):
        providers = self.env["payment.provider"]._get_compatible_providers(
            self.company.id,
            self.debtor.id,
            100.0,
            currency_id=self.company.currency_id.id,
        )
        return providers.filtered(lambda provider: provider.code == "demo")

    def test_it_takes_payments_of_the_company_once(self):
        self.assertFalse(self._takers())
        for _again in range(2):
            self.env["credit.demo"]._open_cash_desk(self.company)
            self.assertEqual(self._takers().company_id, self.company)
            self.assertEqual(len(self._takers()), 1)
