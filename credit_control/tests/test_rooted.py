# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestRooted(CreditCommon):
    """Credit belongs to the main company, whoever writes, by whichever interface."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )

    def test_no_model_accepts_a_branch(self):
        names = self.env.registry["credit.rooted"]._inherit_children
        self.assertIn("credit.profile", names)
        for name in names:
            with self.subTest(name):
                model = self.env[name]
                model.new({"company_id": self.company.id})._check_root()
                with self.assertRaises(ValidationError):
                    model.new({"company_id": self.branch.id})._check_root()

    def test_a_group_in_a_branch_is_refused_with_the_way_out(self):
        groups = self.env["credit.group"]
        other = self.env["res.company"].create({"name": "Other Root"})
        wrong = groups.new({"company_id": self.branch.id})
        with self.assertRaisesRegex(ValidationError, self.company.name):
            (groups.new({"company_id": other.id}) | wrong)._check_root()
        values = {"name": "Group", "amount": 10, "company_id": self.branch.id}
        with self.assertRaisesRegex(ValidationError, self.company.name):
            groups.with_user(self.manager).create(values)
