# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from ..insurers.facts import Code
from .common import InsuranceCommon

SECRETS = (
    "credit.insurer",
    "credit.insurance.policy",
    "credit.insurance.policy.country",
    "credit.identifier.type",
    "credit.identifier",
    "credit.insurer.buyer",
    "credit.insurer.buyer.number",
    "credit.cover.request",
    "credit.cover.decision",
    "credit.cover.layer",
    "credit.cover.tag",
)


@tagged("post_install", "-at_install")
class TestConfidentiality(InsuranceCommon):
    """Who learns what of the insurer's file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.user_id = cls.salesman
        cls._give_line(1000)
        cls._tell(cls._fact("7777", reasons=(Code("AA04", "negative net worth"),)))
        cls.line = cls._insured()
        cls.accountant = new_test_user(
            cls.env, "credit_accountant", groups="account.group_account_manager"
        )
        cls.portal = new_test_user(cls.env, "credit_portal", groups="base.group_portal")

    def test_only_the_credit_group_reads_what_this_add_on_keeps(self):
        kept = [
            name
            for name, model in self.env.registry.items()
            if model._original_module == "credit_insurance_link"
            and not (model._abstract or model._transient)
        ]
        self.assertGreater(set(kept), set(SECRETS))
        for name in kept:
            for user in (self.salesman, self.accountant, self.portal):
                may = self.env[name].with_user(user).has_access("read")
                self.assertFalse(may, f"{user.login} {name}")
        for name in SECRETS:
            self.env[name].with_user(self.viewer).search([])

    def test_nobody_writes_decisions_layers_and_tags(self):
        for name in ("credit.cover.decision", "credit.cover.layer", "credit.cover.tag"):
            model = self.env[name].with_user(self.manager)
            for operation in ("create", "write", "unlink"):
                self.assertFalse(model.has_access(operation), f"{name} {operation}")

    def test_salespeople_do_not_read_lines_that_follow_the_insurer(self):
        lines = self.env["credit.line"]
        mine = [("partner_id", "=", self.debtor.id)]
        seen = lines.with_user(self.salesman).search(mine)
        self.assertEqual(seen.mapped("amount"), [1000])
        with self.assertRaises(AccessError):
            self.line.with_user(self.salesman).read(["amount"])
        self.salesman.group_ids |= self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self.line.with_user(self.salesman).export_data(["amount", "origin"])
        groups = lines.with_user(self.salesman)._read_group(mine, [], ["amount:sum"])
        self.assertEqual(groups, [(1000,)])
        self.assertIn(self.line, lines.with_user(self.viewer).search(mine))

    def test_salespeople_see_the_room_without_the_insurers_share(self):
        order = self._new_order(100)
        told = order.with_user(self.salesman).credit_preview
        self.assertEqual(told["limit"], 8777)
        self.assertEqual([bar["amount"] for bar in told["stack"]], [8777])
        self._assert_silent(told)
        order.invalidate_recordset()
        whole = order.with_user(self.manager).credit_preview
        self.assertEqual(sorted(bar["amount"] for bar in whole["stack"]), [1000, 7777])

    def test_salespeople_read_the_credit_file_without_the_secured_part(self):
        profile = self.line.profile_id.with_user(self.salesman)
        self.assertEqual(profile.limit_amount, 8777)
        with self.assertRaises(AccessError):
            profile.read(["secured_amount"])
        self.assertEqual(profile.line_ids.mapped("amount"), [1000])
        self._assert_silent(profile.credit_stack)

    def test_a_hold_tells_the_salesperson_nothing_of_the_insurer(self):
        order = self._new_order(9000)
        with self.assertRaises(CreditHoldError) as caught, self.env.cr.savepoint():
            order.action_confirm()
        self._assert_silent(caught.exception.args)
        self._assert_silent(getattr(caught.exception, "context", {}))
        self._record_holds()
        hold = self.env["credit.hold"].search([("res_id", "=", order.id)])
        mine = hold.with_user(self.salesman)
        self._assert_silent(mine.read(["explanation", "explanation_shown", "findings"]))

    def test_a_hold_made_by_a_manager_tells_the_salesperson_nothing_either(self):
        order = self._new_order(9000)
        with self.assertRaises(CreditHoldError), self.env.cr.savepoint():
            order.with_user(self.manager).action_confirm()
        self._record_holds()
        hold = self.env["credit.hold"].search([("res_id", "=", order.id)])
        mine = hold.with_user(self.salesman)
        self._assert_silent(mine.read(["explanation", "explanation_shown"]))

    def test_the_history_that_salespeople_read_names_no_cover(self):
        self._tell(self._fact("5555", outcome="reduced", version="2"))
        profile = self.line.profile_id.with_user(self.salesman)
        messages = profile.message_ids
        self.assertIn("was cut", " ".join(messages.mapped("body")))
        values = messages.sudo().tracking_value_ids.read()
        self._assert_silent([messages.mapped("body"), str(values)])

    def test_the_history_of_buyers_is_for_the_credit_group(self):
        buyer = self.line.cover_buyer_id
        buyer.message_post(body="grade 3")
        message = buyer.message_ids[0]
        with self.assertRaises(AccessError):
            message.with_user(self.salesman).read(["body"])
        self.assertTrue(message.with_user(self.viewer).read(["body"]))

    def test_contacts_and_invoices_show_nothing_to_others(self):
        invoice = self._new_invoice(10)
        for user in (self.salesman, self.accountant):
            for record, name in (
                (self.debtor, "credit_identifier_ids"),
                (self.debtor, "credit_buyer_ids"),
                (invoice, "credit_cover_tag_ids"),
                (self.debtor, "credit_profile_ids"),
                (self.line.profile_id, "cover_exclusion"),
                (self.line.profile_id, "is_public_body"),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    record.with_user(user).read([name])

    def test_the_public_check_names_no_cover(self):
        answer = (
            self.env["credit.profile"]
            .with_user(self.salesman)
            .check(self.debtor.id, 9000)
        )
        self.assertEqual(answer["limit"], 8777)
        self._assert_silent(answer)

    def test_the_company_of_another_tree_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "credit_stranger",
            groups="credit_control.credit_control_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for name in SECRETS[5:]:
            model = self.env[name].with_user(stranger)
            self.assertFalse(model.search([]), name)

    def _assert_silent(self, told):
        text = json.dumps(told, default=str)
        for secret in ("7777", "7,777", "5555", "5,555", "Alpha", "AA04", "insured"):
            # The whole limit, of which 777 is a part, is what salespeople may know.
            self.assertNotIn(secret, text.replace("8777", "").replace("8,777", ""))
