# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


class SimulationCase(CreditCommon):
    """A debtor with a line of 1,000 of his own and one of 500 from an insurer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._give_line(1000)
        cls.insured = cls._give_line(500, kind="insured", origin="Insurer A 4711")
        cls.rule = cls.policy.rule_ids

    def _simulate(self, *changes, user=None, **values):
        simulation = self.env["credit.simulation"].with_user(user or self.analyst)
        simulation = simulation.create(
            {"change_ids": [Command.create(change) for change in changes], **values}
        )
        simulation.action_run()
        return simulation

    def _cut(self, percent, **values):
        return {"what": "lines_cut", "percent": percent, **values}

    def _results(self, simulation):
        return {row.res_id: (row.now, row.then) for row in simulation.result_ids}

    def _confirmed(self, amount, **values):
        order = self._new_order(amount, **values)
        order.action_confirm()
        return order

    def _held(self, amount, **values):
        order = self._new_order(amount, **values)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        return order


@tagged("post_install", "-at_install")
class TestSimulation(SimulationCase):
    """What would be held or freed, before anything is changed."""

    def test_a_cut_of_a_kind_holds_what_no_longer_fits(self):
        confirmed = self._confirmed(1200)
        quotation, small = self._new_order(250), self._new_order(50)
        kind = self.insured.kind_id.id
        simulation = self._simulate(self._cut(30, line_kind_id=kind))
        self.assertEqual(
            self._results(simulation),
            {
                confirmed.id: ("pass", "pass"),
                quotation.id: ("pass", "hold"),
                small.id: ("pass", "pass"),
            },
        )
        self.assertEqual((simulation.held_count, simulation.held_amount), (1, 250))
        row = simulation.result_ids.filtered(lambda row: row.change == "held")
        self.assertEqual((row.stage, row.uncovered_then), ("quotation", 100))
        self.assertEqual((row.user_id, row.partner_id), (self.salesman, self.debtor))
        self.assertTrue(row.reasons)

    def test_confirmed_orders_stop_fitting_the_newest_first(self):
        first, second = self._confirmed(900), self._confirmed(500)
        simulation = self._simulate({"what": "lines_drop", "origin": "insurer a"})
        results = self._results(simulation)
        self.assertEqual(results[first.id], ("pass", "pass"))
        self.assertEqual(results[second.id], ("pass", "hold"))

    def test_dropping_another_origin_changes_nothing(self):
        self._confirmed(1400)
        simulation = self._simulate({"what": "lines_drop", "origin": "Insurer B"})
        self.assertEqual((simulation.held_count, simulation.same_count), (0, 1))

    def test_a_rule_switched_off_frees_what_waits(self):
        order = self._held(2000)
        change = {"what": "rule_off", "rule_id": self.rule.id}
        simulation = self._simulate(change)
        self.assertEqual(self._results(simulation), {order.id: ("hold", "pass")})
        self.assertEqual(simulation.result_ids.stage, "waiting")
        self.assertEqual((simulation.freed_count, simulation.freed_amount), (1, 2000))

    def test_another_threshold_or_effect(self):
        order = self._new_order(1600)
        edit = {"what": "rule_edit", "rule_id": self.rule.id}
        free = self._simulate({**edit, "effect": "hold", "threshold": 100})
        held = self._simulate({**edit, "effect": "hold", "threshold": 99})
        warned = self._simulate({**edit, "effect": "warn"})
        self.assertEqual(self._results(free), {order.id: ("hold", "pass")})
        self.assertEqual(self._results(held), {order.id: ("hold", "hold")})
        self.assertEqual(self._results(warned), {order.id: ("hold", "pass")})

    def test_a_new_rule_asks_for_facts_of_its_own(self):
        self._new_invoice(
            100,
            invoice_date=self._today(-60),
            invoice_date_due=self._today(-40),
            invoice_payment_term_id=False,
        )
        order = self._new_order(10)
        add = {"what": "rule_add", "policy_id": self.policy.id, "kind": "overdue_days"}
        late = self._simulate({**add, "effect": "hold", "threshold_days": 30})
        fine = self._simulate({**add, "effect": "hold", "threshold_days": 50})
        self.assertEqual(self._results(late), {order.id: ("pass", "hold")})
        self.assertEqual(self._results(fine), {order.id: ("pass", "pass")})

    def test_p6_another_default_line_for_who_has_none(self):
        stranger = self.env["res.partner"].create({"name": "New", "is_company": True})
        order = self._new_order(300, partner=stranger)
        change = {"what": "policy", "policy_id": self.policy.id}
        none = self._simulate({**change, "no_line": "no_credit"})
        default = {"no_line": "default", "has_default": True}
        enough = self._simulate({**change, **default, "default_amount": 300})
        little = self._simulate({**change, **default, "default_amount": 299})
        self.assertEqual(self._results(none), {order.id: ("pass", "hold")})
        row = none.result_ids
        self.assertEqual((row.uncovered_now, row.uncovered_then), (0, 300))
        self.assertEqual(self._results(enough), {order.id: ("pass", "pass")})
        self.assertEqual(self._results(little), {order.id: ("pass", "hold")})

    def test_observing_holds_nothing(self):
        order = self._held(2000)
        change = {"what": "policy", "policy_id": self.policy.id, "mode": "observe"}
        self.assertEqual(
            self._results(self._simulate(change)), {order.id: ("hold", "pass")}
        )

    def test_p10_a_released_order_stays_released(self):
        order = self._held(2000)
        order.sudo().credit_hold_id.with_user(self.manager).release()
        order.action_confirm()
        simulation = self._simulate(self._cut(10))
        self.assertEqual(self._results(simulation), {order.id: ("pass", "pass")})

    def test_nothing_but_the_simulation_is_written(self):
        self._confirmed(1200)
        self._held(2000)
        self.env.flush_all()
        statements, execute = [], Cursor.execute

        def watch(cursor, query, params=None, log_exceptions=True):
            code = query if isinstance(query, str) else getattr(query, "code", "")
            statements.append(code)
            return execute(cursor, query, params, log_exceptions)

        with patch.object(Cursor, "execute", watch):
            simulation = self._simulate(
                self._cut(50), {"what": "rule_off", "rule_id": self.rule.id}
            )
            self.env.flush_all()
        self.assertTrue(simulation.result_ids)
        writes = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
        tables = {m[1] for m in map(writes.match, statements) if m}
        self.assertTrue(tables)
        strange = {t for t in tables if not t.startswith("credit_simulation")}
        self.assertFalse(strange)

    def test_the_number_of_statements_does_not_grow_with_debtors(self):
        change = self._cut(50)
        self._confirmed(60)
        self._simulate(change)
        few = self._count(change)
        for number in range(8):
            partner = self.env["res.partner"].create(
                {"name": f"More {number}", "is_company": True}
            )
            self._give_line(100, partner=partner)
            self._confirmed(60, partner=partner)
        self.assertLessEqual(self._count(change), few + 3)

    def _count(self, change):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._simulate(change)
        return self.cr.sql_log_count - before

    def test_a_long_run_goes_on_where_it_paused(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._give_line(100, partner=other)
        self._confirmed(60, partner=other)
        self._confirmed(60)
        model = type(self.env["credit.simulation"])
        with (
            patch.object(model, "_get_batch_size", lambda self: 1),
            patch("odoo.addons.credit_control.wizards.credit_simulation.PATIENCE", -1),
        ):
            simulation = self._simulate(self._cut(10))
        self.assertEqual((simulation.state, simulation.progress), ("running", 0))
        simulation.action_run()
        self.assertEqual((simulation.state, simulation.progress), ("done", 100))
        self.assertEqual(len(simulation.result_ids), 2)

    # === APPLYING === #

    def test_a_manager_applies_and_the_policy_tells(self):
        order = self._held(1600)
        change = {"what": "rule_edit", "rule_id": self.rule.id, "effect": "hold"}
        simulation = self._simulate({**change, "threshold": 100}, user=self.manager)
        self.assertTrue(simulation.can_apply)
        simulation.action_apply()
        self.assertEqual(self.rule.threshold, 100)
        self.assertIn("simulation", self.policy.message_ids[0].body)
        self.env.cr.flush()
        self.assertEqual(order.sudo().credit_hold_state, False)

    def test_an_analyst_does_not_apply(self):
        simulation = self._simulate({"what": "rule_off", "rule_id": self.rule.id})
        self.assertFalse(simulation.can_apply)
        with self.assertRaises(AccessError):
            simulation.action_apply()

    def test_lines_are_not_applied_here(self):
        simulation = self._simulate(self._cut(10), user=self.manager)
        self.assertFalse(simulation.can_apply)
        with self.assertRaises(UserError):
            simulation.action_apply()

    # === RIGHTS AND BAD INPUT === #

    def test_who_is_no_analyst_simulates_nothing(self):
        for user in (self.salesman, self.viewer):
            with self.assertRaises(AccessError):
                self._simulate(self._cut(10), user=user)

    def test_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self._simulate(self._cut(10), company_id=other.id)

    def test_what_makes_no_sense_is_refused(self):
        for change in (
            self._cut(0),
            self._cut(101),
            {"what": "lines_drop"},
            {"what": "rule_off"},
            {"what": "policy"},
            {"what": "rule_edit", "rule_id": self.rule.id, "threshold": -1},
        ):
            with self.assertRaises(ValidationError, msg=change):
                self._simulate(change)
        with self.assertRaises(UserError):
            self._simulate()


@tagged("post_install", "-at_install")
class TestBackTest(SimulationCase):
    """What would have been held, and whether what passed was paid."""

    def _replay(self, *changes):
        return self._simulate(*changes, what="history", late_days=15)

    def _invoice(self, order, due):
        invoice = order.sudo()._create_invoices()
        invoice.invoice_date = self._today(due - 30)
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = self._today(due)
        invoice.action_post()
        return invoice

    def _settle(self, invoice, days):
        """Pay an invoice so many days ago."""
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": self._today(-days)})._create_payments()

    def test_what_would_have_been_caught_and_held_in_vain(self):
        late, good = self._confirmed(400), self._confirmed(700)
        fresh = self._confirmed(300)
        self._invoice(late, -20)
        self._settle(self._invoice(good, -20), 10)
        simulation = self._replay(self._cut(70))
        rows = {
            row.res_id: (row.now, row.then, row.payment)
            for row in simulation.result_ids
        }
        self.assertEqual(
            rows,
            {
                late.id: ("pass", "pass", "late"),
                good.id: ("pass", "hold", "good"),
                fresh.id: ("pass", "hold", "open"),
            },
        )
        self.assertEqual((simulation.held_count, simulation.held_amount), (2, 1000))
        self.assertIn("in vain", simulation.verdict)

    def test_a_little_late_is_not_late(self):
        order = self._confirmed(400)
        self._invoice(order, -10)
        self.assertEqual(self._replay(self._cut(10)).result_ids.payment, "open")

    def test_held_then_and_freed_by_another_rule(self):
        order = self._held(1600)
        simulation = self._replay({"what": "rule_off", "rule_id": self.rule.id})
        self.assertEqual(self._results(simulation), {order.id: ("hold", "pass")})
        self.assertEqual(simulation.result_ids.decision_id.res_id, order.id)

    def test_without_a_difference_everything_replays_as_it_was(self):
        self._confirmed(400)
        self._held(1600)
        edit = {"what": "rule_edit", "rule_id": self.rule.id, "effect": "hold"}
        simulation = self._replay(edit)
        self.assertEqual(simulation.same_count, 2)

    def test_what_was_not_recorded_is_not_guessed(self):
        self._confirmed(400)
        simulation = self._replay(
            {
                "what": "rule_add",
                "policy_id": self.policy.id,
                "kind": "overdue_days",
                "effect": "hold",
                "threshold_days": 30,
            }
        )
        self.assertEqual(simulation.result_ids.mapped("then"), ["unknown"])
        self.assertEqual(simulation.unknown_count, 1)

    def test_old_decisions_are_left_out(self):
        order = self._confirmed(400)
        long_ago = self.env.cr.now() - timedelta(days=200)
        self.env.cr.execute(
            "UPDATE credit_decision SET create_date = %s WHERE res_id = %s",
            [long_ago, order.id],
        )
        self.assertFalse(self._replay(self._cut(50)).result_ids)

    def test_a_forged_list_shows_no_other_company(self):
        self._confirmed(400)
        decision = self.env["credit.decision"].search([], limit=1)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        simulation = self.env["credit.simulation"].with_user(self.analyst)
        simulation = simulation.create(
            {
                "what": "history",
                "change_ids": [Command.create(self._cut(10))],
                "state": "running",
                "todo": decision.ids,
            }
        )
        self.env.cr.execute(
            "UPDATE credit_decision SET company_id = %s WHERE id = %s",
            [other.id, decision.id],
        )
        self.env.invalidate_all()
        simulation.action_run()
        self.assertFalse(simulation.result_ids)
