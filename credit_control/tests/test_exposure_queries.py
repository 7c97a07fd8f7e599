# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from .test_exposure_common import ExposureCase


@tagged("post_install", "-at_install")
class TestExposureQueries(ExposureCase):
    """P1: measuring costs one statement, for one debtor and for many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtors = cls.env["res.partner"].create(
            [{"name": f"Debtor {number}", "is_company": True} for number in range(80)]
        )

    def _count(self, partners):
        # Policies and rules are in the server's memory once somebody was measured.
        self.env["credit.measure"]._get_positions(partners.ids[:1], self.company)
        self.env.flush_all()
        self.env.invalidate_all()
        self.company.root_id.currency_id.mapped("name")
        self.company._credit_today()
        before = self.cr.sql_log_count
        positions = self.env["credit.measure"]._get_positions(
            partners.ids, self.company
        )
        self.assertEqual(len(positions), len(partners))
        return self.cr.sql_log_count - before

    def _fill(self, items):
        for debtor in self.debtors[:3]:
            for _number in range(items):
                self._new_invoice(10.0, partner=debtor)
                self._order(self._line(5.0), partner_id=debtor.id)

    def test_p1_no_goods_asked_takes_one_statement(self):
        for debtor in self.debtors:
            self._give_line(1000.0, partner=debtor)
        self.assertEqual(self._count(self.debtors[:1]), 1)
        self.assertEqual(self._count(self.debtors), 1)
        self._fill(5)
        self.assertEqual(self._count(self.debtors[:1]), 1)
        self.assertEqual(self._count(self.debtors), 1)

    def test_p1_lines_for_goods_take_one_statement(self):
        for debtor in self.debtors:
            self._give_line(
                1000.0, partner=debtor, product_ids=[Command.set(self.goods.ids)]
            )
        self._fill(1)
        self.assertEqual(self._count(self.debtors[:1]), 1)
        self.assertEqual(self._count(self.debtors), 1)
        self._fill(5)
        self.assertEqual(self._count(self.debtors[:1]), 1)
        self.assertEqual(self._count(self.debtors), 1)

    def test_p1_a_list_of_partners_takes_four_statements_at_most(self):
        self._fill(1)
        names = ("credit_exposure", "credit_available", "credit_limit_total")
        self.env.flush_all()
        self.env.invalidate_all()
        self.debtors.mapped("commercial_partner_id.name")
        self.company.root_id.currency_id.mapped("name")
        self.company._credit_today()
        before = self.cr.sql_log_count
        shown = [debtor[name] for debtor in self.debtors for name in names]
        self.assertEqual(len(shown), len(self.debtors) * len(names))
        self.assertLessEqual(self.cr.sql_log_count - before, 4)
