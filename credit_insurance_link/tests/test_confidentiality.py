# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from dataclasses import replace

from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path

from odoo.addons.credit_control.exceptions import CreditHoldError

from ..insurers.facts import Code
from ..models.credit_line import COVER_FIELDS
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

    def test_insured_lines_that_were_typed_are_for_the_credit_group_as_well(self):
        self._give_line(5555, kind="insured", origin="Alpha 4711")
        told = self._new_order(100).with_user(self.salesman).credit_preview
        self.assertEqual([bar["amount"] for bar in told["stack"]], [1000 + 7777 + 5555])
        self._assert_silent(told["stack"][0]["name"])
        lines = self.env["credit.line"].search([("partner_id", "=", self.debtor.id)])
        mine = lines.with_user(self.salesman)._filtered_access("read")
        self.assertEqual(mine.mapped("amount"), [1000])
        self.assertEqual(lines.with_user(self.viewer)._filtered_access("read"), lines)

    def test_the_rule_of_an_older_version_is_brought_up_to_date(self):
        path = "migrations/19.0.1.1.1/post-line_rule.py"
        script = load_script(str(file_path(f"credit_insurance_link/{path}")), "rule")
        rule = self.env.ref("credit_insurance_link.credit_line_rule_not_insured")
        shipped = rule.domain_force
        changed = "[('cover_policy_id', '=', False), ('amount', '<', 5)]"
        for before, after in (
            ("[('cover_policy_id', '=', False)]", shipped),
            (changed, changed),
        ):
            rule.domain_force = before
            self.env.flush_all()
            script.migrate(self.env.cr, "19.0.1.1.0")
            rule.invalidate_recordset()
            self.assertEqual(rule.domain_force, after)

    def test_no_field_of_the_insurer_can_be_picked_for_an_export(self):
        for start in ("sale.order", "sale.order.line", "res.partner"):
            self.assertFalse(self._get_pickable(start), start)
        told = self.env["credit.line"].with_user(self.viewer).fields_get(COVER_FIELDS)
        self.assertEqual(set(told), COVER_FIELDS)

    def _get_pickable(self, start):
        """This add-on's fields that the dialog of an export shows a salesperson.

        It follows relations twice, whether or not he may read what is there.
        """
        found, seen, models = [], set(), [start]
        for _depth in range(3):
            following = []
            for name in models:
                model = self.env[name].with_user(self.salesman)
                seen.add(name)
                for field, told in model.fields_get(attributes=["relation"]).items():
                    if self._is_ours(model._fields[field], told.get("relation")):
                        found.append(f"{name}.{field}")
                    following.append(told.get("relation"))
            models = set(following) & set(self.env.registry) - seen
        return found

    def _is_ours(self, field, relation):
        if field.model_name == "res.company":
            return False  # the house's own settings
        ours = "credit_insurance_link"
        return field._modules == (ours,) or (
            relation in self.env and self.env[relation]._original_module == ours
        )

    def test_no_word_of_the_insurer_is_anywhere_a_salesperson_may_read(self):
        word = "Quittenbrot"
        told = (Code("R", word),)
        cut = self._fact("5555", outcome="reduced", version="2", buyer_name=word)
        self._tell(replace(cut, reasons=told, conditions=told, raw={"x": word}))
        self._asked(word).sudo().write({"state": "rejected", "last_error": word})
        order = self._new_order(9000)
        with self.assertRaises(CreditHoldError), self.env.cr.savepoint():
            order.with_user(self.manager).action_confirm()
        self._record_holds()
        self.env.flush_all()
        for user, knows in ((self.salesman, False), (self.viewer, True)):
            told = self._read_everything(user)
            self.assertGreater(set(told), {"credit.hold", "mail.message"})
            with_it = [name for name, text in told.items() if word in text]
            self.assertEqual(bool(with_it), knows, with_it)

    def _asked(self, comment):
        return self.env["credit.cover.request"].create(
            {
                "policy_id": self.cover_policy.id,
                "buyer_id": self.line.cover_buyer_id.id,
                "amount_requested": 9000,
                "comment": comment,
            }
        )

    def _read_everything(self, user):
        """What a user may read of this suite and of what it hangs on: model -> text."""
        others = ("sale.order", "sale.order.line", "res.partner", "mail.message")
        kinds = ("char", "text", "html", "json", "many2one", "reference")
        found = {}
        for name, model in self.env.registry.items():
            ours = model._original_module.startswith(("credit_", "vendor_credit"))
            if model._abstract or model._transient or not (ours or name in others):
                continue
            records = self.env[name].with_user(user)
            if records.has_access("read"):
                told = records.fields_get(attributes=["type"]).items()
                names = [field for field, one in told if one["type"] in kinds]
                rows = records.search([]).read(names)
                found[name] = json.dumps(rows, default=str)
        return found

    def _assert_silent(self, told):
        text = json.dumps(told, default=str)
        for secret in ("7777", "7,777", "5555", "5,555", "Alpha", "AA04", "insured"):
            # The whole limit, of which 777 is a part, is what salespeople may know.
            self.assertNotIn(secret, text.replace("8777", "").replace("8,777", ""))
