# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .rule_common import RuleCommon


@tagged("post_install", "-at_install")
class TestRuleScope(RuleCommon):
    """Scopes, dates and exceptions; what was looked at is recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Export"})
        cls.weak = cls.env.ref("credit_control.credit_risk_class_d")

    def test_a_rule_is_for_its_scope_only(self):
        team = self.env["crm.team"].create({"name": "South"})
        rule = self._rule("always", team_ids=[Command.set(team.ids)])
        self._passes()
        self._held(self._new_order(100, team_id=team.id))
        rule.write(
            {
                "team_ids": [Command.clear()],
                "partner_tag_ids": [Command.set(self.tag.ids)],
            }
        )
        self._passes()
        self.debtor.category_id = self.tag
        self._held()
        rule.risk_class_ids = self.weak
        self._passes()
        self.profile.risk_class_id = self.weak
        self._held()
        other = self.env["res.company"].create({"name": "Other"})
        rule.company_ids = other
        self._passes()
        rule.company_ids = other | self.company
        self._held()

    def test_a_rule_counts_from_its_first_to_its_last_day(self):
        rule = self._rule("document_amount", date_from=self._today(1))
        self._passes()
        rule.write({"date_from": self._today(), "date_to": self._today()})
        self._held()
        rule.write({"date_from": False, "date_to": self._today(-1)})
        self._passes()

    def test_an_exception_lifts_the_rule_it_names(self):
        late = self._rule("overdue_days", threshold_days=15)
        large = self._rule("document_amount", threshold=500)
        self._overdue(100, 30)
        self._exception(
            rule_ids=[Command.set(late.ids)],
            kind="overdue_amount",
            threshold=100,
        )
        order = self._passes()
        decision = self._decision(order)
        codes = [reason["code"] for reason in decision.result["reasons"]]
        self.assertEqual(codes, ["excepted"])
        self._held(self._new_order(501))
        large.active = False
        self._overdue(1, 30)
        self._held()

    def test_an_exception_frees_small_documents_altogether(self):
        self._rule("overdue_days", threshold_days=15)
        self._overdue(100, 30)
        self._exception(kind="document_amount", threshold=100)
        self._passes(self._new_order(100))
        self._held(self._new_order(100.01))
        self.line.amount = 0
        self._passes(self._new_order(100))

    def test_p11_facts_exceptions_and_versions_are_recorded_and_replay(self):
        rule = self._rule("overdue_days", threshold_days=15, floor=10)
        rule.threshold_days = 16
        self._exception(rule_ids=[Command.set(rule.ids)], partner_tag_ids=self.tag)
        self.debtor.category_id = self.tag
        self._overdue(100, 30)
        order = self._passes(self._new_order(100, payment_term_id=self._new_term(5).id))
        decision = self._decision(order)
        inputs = decision.inputs
        recorded = next(r for r in inputs["rules"] if r["kind"] == "overdue_days")
        self.assertEqual(
            (recorded["threshold"], recorded["floor"], recorded["version"]),
            (16, 1000, 2),
        )
        self.assertEqual(inputs["facts"]["overdue_days:1000"], 30)
        self.assertEqual(inputs["exemptions"][0]["scope"], {"tag": self.tag.ids})
        self.assertEqual(inputs["belongs"]["tag"], self.tag.ids)
        rule.unlink()
        self.debtor.category_id = False
        self.assertTrue(decision.with_user(self.viewer).replay())

    def test_own_message_comes_first(self):
        self._rule("document_amount", message="Call accounting.")
        self.assertTrue(self._held()["headline"].startswith("Call accounting. The doc"))

    def test_p10_released_once_passes_and_warnings_hold_nothing(self):
        self._rule("overdue_days", threshold_days=15)
        self._rule("document_amount", effect="warn")
        self._overdue(100, 30)
        order = self._new_order(100)
        self._held(order)
        self._record_holds()
        order.credit_hold_id.with_user(self.manager).release()
        self._passes(order)

    def test_p2_authority_counts_the_whole_document_where_a_rule_holds_it(self):
        self._rule("overdue_days", threshold_days=15)
        self._overdue(100, 30)
        self.company.credit_authority_analyst = 99
        order = self._new_order(100)
        self._held(order)
        self._record_holds()
        hold = order.credit_hold_id
        self.assertEqual((hold.uncovered, hold.at_stake), (0, 100))
        with self.assertRaises(AccessError):
            hold.with_user(self.analyst).release()
        self.company.credit_authority_analyst = 100
        hold.with_user(self.analyst).release()
        self._passes(order)

    def test_ready_to_use_rules_are_switched_off(self):
        self.policy.with_user(self.manager).action_add_ready_rules()
        added = self.policy.rule_ids.filtered(lambda rule: not rule.active)
        self.assertGreater(len(added), 10)
        self._passes()
        self.policy.with_user(self.manager).action_add_ready_rules()
        self.assertEqual(len(self.policy.rule_ids), len(added) + 1)
        added.active = True
        self.assertIn("overdue_days", self.policy.rule_ids.mapped("kind"))


@tagged("post_install", "-at_install")
class TestRuleSaving(RuleCommon):
    """What contradicts is refused in plain words; only managers change rules."""

    def _refused(self, words, change):
        with self.assertRaises(ValidationError) as caught:
            change()
        self.assertIn(words, str(caught.exception))

    def test_a_rule_says_in_a_sentence_what_it_does(self):
        form = Form(
            self.env["credit.rule"]
            .with_user(self.manager)
            .with_context(default_policy_id=self.policy.id)
        )
        form.kind = "overdue_days"
        form.threshold_days = 15
        self.assertEqual(
            form.sentence,
            "Hold when the oldest item is more than 15 days overdue"
            " (at: Confirmation, Change of an order)",
        )
        rule = form.save()
        self.assertIn(rule.sentence, self.policy.message_ids[0].body)

    def test_rules_that_can_never_be_noticed_are_refused(self):
        hold = self._rule("overdue_days", threshold_days=10)
        self._refused(
            "never be noticed",
            lambda: self._rule("overdue_days", effect="warn", threshold_days=30),
        )
        self._refused("twice", lambda: self._rule("overdue_days", threshold_days=10))
        warn = self._rule("overdue_days", effect="warn", threshold_days=5)
        self._refused("never be noticed", lambda: warn.write({"threshold_days": 10}))
        self._refused("never be noticed", lambda: hold.write({"threshold_days": 5}))
        low = self._rule("score", threshold_number=30)
        self._refused(
            "never be noticed",
            lambda: self._rule("score", effect="warn", threshold_number=20),
        )
        self._rule("score", effect="warn", threshold_number=50)
        self.assertTrue(low.active)

    def test_rules_beside_each_other_are_fine(self):
        tag = self.env["res.partner.category"].create({"name": "Export"})
        self._rule("overdue_days", threshold_days=10, partner_tag_ids=tag)
        self._rule("overdue_days", threshold_days=30)
        self._rule("overdue_days", effect="stop", threshold_days=90)
        saved = self.policy.rule_ids.filtered(lambda rule: rule.kind == "overdue_days")
        self.assertEqual(len(saved), 3)

    def test_a_score_or_class_alone_never_stops(self):
        self._refused("alone never stops", lambda: self._rule("score", effect="stop"))
        weak = self.env.ref("credit_control.credit_risk_class_e")
        self._refused(
            "alone never stops",
            lambda: self._rule("always", effect="stop", risk_class_ids=weak),
        )

    def test_reversed_dates_and_negative_thresholds(self):
        dates = {"date_from": self._today(), "date_to": self._today(-1)}
        self._refused(
            "before it begins", lambda: self._rule("document_amount", **dates)
        )
        self._refused("negative", lambda: self._rule("overdue_days", threshold_days=-1))

    def test_exceptions_that_free_everything_or_nothing(self):
        late = self._rule("overdue_days", threshold_days=15)
        self._refused("frees every document", self._exception)
        self._refused(
            "always applies", lambda: self._exception(rule_ids=[Command.set(late.ids)])
        )
        self._refused(
            "never matters",
            lambda: self._exception(
                rule_ids=[Command.set(late.ids)], kind="overdue_days", threshold_days=10
            ),
        )
        other = self.env["credit.policy"].create({"name": "Other"})
        self._refused(
            "own policy",
            lambda: self._exception(
                rule_ids=[Command.set(late.ids)], kind="score", policy_id=other.id
            ),
        )

    def test_only_managers_change_rules_and_exceptions(self):
        rule = self._rule("overdue_days")
        exception = self._exception(kind="document_amount", threshold=10)
        self.assertTrue(exception.with_user(self.viewer).sentence)
        for user in (self.salesman, self.viewer, self.analyst):
            for record in (rule, exception):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    record.with_user(user).active = False
        exception.with_user(self.manager).active = False

    def test_p2_what_the_engine_reads_is_never_entered(self):
        rule = self._rule("overdue_days")
        for values in ({"definition": {}}, {"version": 7}):
            with self.assertRaises(AccessError):
                rule.with_user(self.manager).write(values)

    def test_who_writes_promises_and_disputes(self):
        values = {"profile_id": self.profile.id, "amount": 5}
        promises = self.env["credit.promise"]
        for user in (self.salesman, self.viewer):
            with self.assertRaises(AccessError):
                promises.with_user(user).create(values)
        promise = promises.with_user(self.analyst).create(values)
        self.assertEqual(promise.with_user(self.salesman).amount, 5)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        move = self._new_invoice(10, partner=stranger)
        self._refused(
            "not one of this customer",
            lambda: self.env["credit.dispute"].create(values | {"move_id": move.id}),
        )


@tagged("post_install", "-at_install")
class TestRuleQueries(RuleCommon):
    """Twenty rules cost at most three statements more than one."""

    def _count(self):
        order = self._new_order(100, payment_term_id=self._new_term(30).id)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order.with_user(self.salesman).action_confirm()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_the_gate_with_twenty_rules(self):
        self._count()
        one = self._count()
        self.policy.with_user(self.manager).action_add_ready_rules()
        self.policy.rule_ids.active = True
        self.policy.rule_ids.filtered(
            lambda rule: rule.kind in ("first_orders", "term_days", "opening_missing")
        ).effect = "inform"
        for kind in ("overdue_amount", "term_days", "line_expired", "discount_better"):
            self._rule(kind, effect="warn", threshold=9_999, threshold_days=999)
        self._rule("document_amount", effect="warn", threshold=9_999)
        self.assertEqual(len(self.policy.rule_ids), 20)
        self._count()
        twenty = self._count()
        self.assertLessEqual(twenty - one, 3)
