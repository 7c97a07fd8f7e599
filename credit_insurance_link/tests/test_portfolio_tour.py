# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .test_portfolio_import import ImportCommon

PORTFOLIOS = "/odoo/action-credit_insurance_link.credit_insurance_import_action"


@tagged("post_install", "-at_install")
class TestPortfolioTour(ImportCommon, HttpCase):
    """A file of the insurer in a real browser: previewed, reviewed, applied."""

    def test_an_analyst_reviews_a_portfolio_and_cover_follows(self):
        policies = self.env["credit.insurance.policy"].search([])
        (policies - self.cover_policy).state = "terminated"
        self.start_tour(PORTFOLIOS, "credit_portfolio", login=self.analyst.login)
        self.env.invalidate_all()
        self.assertEqual(self._cover(), 30_000)
        self.assertEqual(self._cover(self.other), 12_000)
        portfolio = self.env["credit.insurance.import"].search([])
        self.assertEqual((portfolio.done_count, portfolio.problem_count), (2, 1))
