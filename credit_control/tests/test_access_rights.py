# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import CreditCommon

READERS = {
    "credit.policy": {"viewer", "analyst", "manager"},
    "credit.rule": {"viewer", "analyst", "manager"},
    "credit.decision": {"viewer", "analyst", "manager"},
    "credit.line.change": {"viewer", "analyst", "manager"},
    "credit.profile": {"sales", "viewer", "analyst", "manager"},
    "credit.line": {"sales", "viewer", "analyst", "manager"},
    "credit.hold": {"sales", "viewer", "analyst", "manager"},
    "credit.line.kind": {"employee", "sales", "viewer", "analyst", "manager"},
    "credit.reason": {"employee", "sales", "viewer", "analyst", "manager"},
}
WRITERS = {
    "credit.policy": {"manager"},
    "credit.rule": {"manager"},
    "credit.line.kind": {"manager"},
    "credit.reason": {"manager"},
    "credit.profile": {"analyst", "manager"},
    "credit.line": {"analyst", "manager"},
    "credit.line.change": {"analyst", "manager"},
    "credit.hold": set(),
    "credit.decision": set(),
}


@tagged("post_install", "-at_install")
class TestAccessRights(CreditCommon):
    """No right, no button: what each group may read and write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "employee": cls._new_user("credit_employee", "base.group_user"),
            "portal": new_test_user(
                cls.env, "credit_portal", groups="base.group_portal"
            ),
            "sales": cls.salesman,
            "viewer": cls.viewer,
            "analyst": cls.analyst,
            "manager": cls.manager,
        }

    def test_readers(self):
        for model, expected in READERS.items():
            found = {
                name
                for name, user in self.users.items()
                if self.env[model].with_user(user).has_access("read")
            }
            self.assertEqual(found, expected, model)

    def test_p1_a_figure_leads_to_an_invoice_that_its_salesperson_may_open(self):
        invoice = self._new_invoice(100)
        invoice.invoice_user_id = self.salesman
        form = Form(invoice.with_user(self.salesman))
        self.assertEqual(form.partner_id, self.debtor)

    def test_writers(self):
        for model, expected in WRITERS.items():
            for operation in ("create", "write"):
                found = {
                    name
                    for name, user in self.users.items()
                    if self.env[model].with_user(user).has_access(operation)
                }
                self.assertEqual(found, expected, f"{model} {operation}")

    def test_salespeople_do_not_read_how_a_customer_is_scored(self):
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        profile.sudo().write({"score": 41, "score_date": self._today()})
        self.assertEqual(profile.with_user(self.viewer).score, 41)
        for name in ("score", "score_date", "score_source"):
            with self.assertRaises(AccessError):
                profile.with_user(self.salesman).read([name])
            with self.assertRaises(AccessError):
                profile.with_user(self.salesman).search([(name, "!=", False)])

    def test_who_only_reads_sees_no_score_where_there_is_none(self):
        for user, value, words in (
            (self.viewer, {"readonly"}, "No score"),
            (self.analyst, {None}, "of 100"),
        ):
            form = self._get_form("credit.profile", user)
            scores = form.xpath("//field[@name='score']")
            self.assertEqual(
                {field.get("readonly") and "readonly" for field in scores}, value
            )
            self.assertIn(words, "".join(form.itertext()))
        (value,) = self._get_form("credit.profile", self.viewer).xpath(
            "//span[field[@name='score']]"
        )
        self.assertEqual(value.get("invisible"), "not score_date")

    def test_a_line_without_name_has_the_heading_of_its_list_for_who_only_reads(self):
        line = self._give_line(5)
        line.sudo().name = False
        for user, heading in ((self.viewer, "label"), (self.analyst, "name")):
            (field,) = self._get_form("credit.line", user).xpath("//h1/field")
            self.assertEqual(field.get("name"), heading)
        self.assertEqual(line.with_user(self.viewer).label, line.kind_id.name)

    def _get_form(self, model, user):
        view = self.env[model].with_user(user).get_view(view_type="form")
        return etree.fromstring(view["arch"])

    def test_salespeople_see_only_holds_of_their_own_documents(self):
        values = {
            "res_model": "sale.order",
            "partner_id": self.debtor.id,
            "company_id": self.company.id,
        }
        holds = (
            self.env["credit.hold"]
            .sudo()
            .create(
                [
                    {**values, "res_id": 1, "user_id": self.salesman.id},
                    {**values, "res_id": 2, "user_id": self.manager.id},
                ]
            )
        )
        seen = (
            self.env["credit.hold"]
            .with_user(self.salesman)
            .search([("id", "in", holds.ids)])
        )
        self.assertEqual(seen, holds[0])

    def test_exposure_items_are_for_those_who_see_everybody(self):
        exposure = self.env["credit.exposure"]
        for name in ("employee", "portal", "sales"):
            self.assertFalse(
                exposure.with_user(self.users[name]).has_access("read"), name
            )
        for name in ("viewer", "manager"):
            self.assertTrue(
                exposure.with_user(self.users[name]).has_access("read"), name
            )

    def test_p7_a_salesman_with_own_documents_sees_the_whole_exposure(self):
        self._give_line(100)
        self._new_order(60, user=self.manager).action_confirm()
        mine = self._new_order(10)
        self.assertEqual(mine.with_user(self.salesman).credit_preview["exposure"], 60)
        debtor = self.debtor.with_user(self.salesman)
        self.assertEqual((debtor.credit_exposure, debtor.credit_available), (60, 40))

    def test_customers_and_outsiders_get_no_figures(self):
        self._give_line(100)
        order = self._new_order(60)
        order.action_confirm()
        quotation = self._new_order(10)
        partners = self.env["res.partner"]
        for name in ("employee", "portal"):
            user = self.users[name]
            with self.subTest(user=name):
                debtor = self.debtor.with_user(user).sudo()
                self.assertFalse(debtor.credit_exposure)
                self.assertFalse(debtor.credit_stack)
                self.assertFalse(quotation.with_user(user).sudo().credit_preview)
                with self.assertRaises(AccessError):
                    partners.with_user(user).search([("credit_exposure", ">", 50)])
                with self.assertRaises(AccessError):
                    partners.with_user(user).search([], order="credit_available")

    def test_companies_do_not_see_each_other(self):
        line = self._give_line(100)
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = new_test_user(
            self.env,
            "credit_foreign",
            groups="credit_control.credit_control_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        found = (
            self.env["credit.line"].with_user(stranger).search([("id", "=", line.id)])
        )
        self.assertFalse(found)
        with self.assertRaises(AccessError):
            line.with_user(stranger).amount = 1

    def test_p2_only_analysts_move_debtors_who_have_a_file(self):
        self._give_line(0)
        dummy = self.env["res.partner"].create({"name": "Dummy", "is_company": True})
        groups = "sales_team.group_sale_salesman,base.group_partner_manager"
        seller = self._new_user("credit_mover", groups)
        with self.assertRaises(AccessError):
            self.debtor.with_user(seller).write(
                {"parent_id": dummy.id, "is_company": False}
            )
        self.debtor.with_user(seller).write({"name": "Renamed"})
        groups += ",credit_control.credit_control_group_analyst"
        mover = self._new_user("credit_mover_too", groups)
        self.debtor.with_user(mover).write({"parent_id": dummy.id, "is_company": False})
        self.assertEqual(dummy.credit_profile_id.line_ids.mapped("amount"), [0])
