# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


class HoldCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._give_line(100)

    def _held(self, amount=150, **values):
        """An order that was held, and its hold."""
        order = self._new_order(amount, **values)
        return order, self._try(order)

    def _try(self, order):
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        return self._hold(order)

    def _hold(self, order):
        order.invalidate_recordset(["credit_hold_id", "credit_hold_state"])
        return order.sudo().credit_hold_id

    def _commit(self):
        """What a commit would do before committing."""
        self.env.cr.flush()


@tagged("post_install", "-at_install")
class TestHold(HoldCommon):
    """P4, P9, P10: a hold is recorded, explained, answered and closed."""

    def test_p4_hold_survives_the_rollback(self):
        order, hold = self._held()
        self.assertEqual((hold.state, hold.name), ("open", order.name))
        self.assertEqual((hold.amount, hold.uncovered), (150, 50))
        self.assertEqual(hold.partner_id, self.debtor)
        self.assertEqual(hold.user_id, self.salesman)
        self.assertEqual(hold.reason_ids.mapped("code"), ["uncovered"])

    def test_p4_one_hold_per_document_updated_by_the_next_try(self):
        order, hold = self._held()
        order.order_line.price_unit = 180
        again = self._try(order)
        self.assertEqual(again, hold)
        self.assertEqual((hold.tries, hold.uncovered), (2, 80))

    def test_p4_recording_twice_for_one_failure_counts_once(self):
        order = self._new_order(150)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        self._record_holds()
        self.assertEqual(self._hold(order).tries, 1)

    def test_p9_reasons_and_ways_out_are_worded_with_amounts(self):
        order, hold = self._held()
        facts = hold.explanation
        self.assertIn("50.00", facts["headline"])
        ways = {way["code"]: way["amount"] for way in facts["ways_out"]}
        self.assertEqual(ways["deposit"], 50)
        self.assertEqual(ways["ship_part"], 100)
        self.assertEqual(ways["ask_more"], 50)
        self.assertIn("release", ways)

    def test_p9_ways_out_name_the_invoices_to_pay(self):
        invoice = self._new_invoice(80)
        order, hold = self._held(50)
        named = [
            way
            for way in hold.explanation["ways_out"]
            if way["model"] == "account.move"
        ]
        self.assertEqual([way["id"] for way in named], [invoice.id])
        self.assertIn(invoice.name, named[0]["text"])

    def test_p9_a_waiting_hold_speaks_the_readers_language_of_today(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["credit_control"], ["fr_FR"])
        _order, hold = self._held()
        self._new_invoice(30)
        facts = hold.with_user(self.viewer).with_context(lang="fr_FR").explanation_shown
        self.assertEqual((facts["exposure"], hold.explanation["exposure"]), (30, 0))
        self.assertIn("dépasse", facts["headline"])

    def test_p9_a_closed_hold_speaks_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["credit_control"], ["fr_FR"])
        self._new_invoice(30)
        _order, hold = self._held(130)
        hold.with_user(self.manager).release()
        recorded = hold.explanation
        facts = hold.with_user(self.viewer).with_context(lang="fr_FR").explanation_shown
        self.assertIn("dépasse", facts["headline"])
        self.assertNotEqual(facts["reasons"][0]["text"], recorded["reasons"][0]["text"])
        self.assertEqual(
            [(way["code"], way["amount"]) for way in facts["ways_out"]],
            [(way["code"], way["amount"]) for way in recorded["ways_out"]],
        )
        english = " ".join(way["text"] for way in recorded["ways_out"])
        for way in facts["ways_out"]:
            self.assertNotIn(way["text"], english)

    def test_p9_the_error_tells_the_whole_story_in_words(self):
        order = self._new_order(150)
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        text = str(caught.exception)
        for part in (order.name, "50.00", "Ways out:", "deposit"):
            self.assertIn(part, text)

    def test_salesperson_requests_a_release(self):
        order, hold = self._held()
        holds = self.env["credit.hold"].with_user(self.salesman)
        holds.request_release("sale.order", order.id, "A good customer")
        self.assertEqual(hold.state, "requested")
        self.assertEqual(hold.request_user_id, self.salesman)
        self.assertIn(self.manager, hold.activity_ids.user_id)

    def test_request_for_a_foreign_order_is_refused(self):
        order, hold = self._held()
        stranger = self._new_user("credit_stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["credit.hold"].with_user(stranger).request_release(
                "sale.order", order.id
            )
        self.assertEqual(hold.state, "open")

    def test_request_where_nothing_is_held_is_refused(self):
        order = self._new_order(10)
        holds = self.env["credit.hold"].with_user(self.salesman)
        for model in ("sale.order", "res.users", "no.such.model"):
            with self.subTest(model=model), self.assertRaises(UserError):
                holds.request_release(model, order.id)

    def test_p10_release_lets_the_document_through(self):
        order, hold = self._held()
        hold.with_user(self.manager).release(note="Paid tomorrow")
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(hold.state, "released")
        decision = self.env["credit.decision"].search(
            [("res_id", "=", order.id)], limit=1
        )
        self.assertEqual((decision.outcome, decision.is_released), ("pass", True))

    def test_p10_release_holds_within_amount_and_tolerance(self):
        order, hold = self._held()
        hold.with_user(self.manager).release(tolerance_percent=10, tolerance_amount=0)
        order.action_confirm()
        order.order_line.price_unit = 165
        with self.assertRaises(CreditHoldError) as caught:
            order.order_line.price_unit = 165.01
        codes = [r["code"] for r in caught.exception.context["credit"]["reasons"]]
        self.assertIn("release_exceeded", codes)

    def test_p10_larger_tolerance_applies(self):
        order, hold = self._held()
        hold.with_user(self.manager).release(tolerance_percent=1, tolerance_amount=20)
        order.order_line.price_unit = 170
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_p10_release_ends_with_its_last_day(self):
        order, hold = self._held()
        hold.with_user(self.manager).release(until=fields.Date.to_string(self._today()))
        hold.sudo().release_until = self._today(-1)
        with self.assertRaises(CreditHoldError) as caught:
            order.action_confirm()
        codes = [r["code"] for r in caught.exception.context["credit"]["reasons"]]
        self.assertIn("release_expired", codes)
        self._record_holds()
        self.assertEqual(hold.state, "open")

    def test_p10_release_is_for_one_document_and_debtor(self):
        order, hold = self._held()
        hold.with_user(self.manager).release()
        with self.assertRaises(CreditHoldError):
            self._new_order(150).action_confirm()
        poor = self.env["res.partner"].create({"name": "Poor", "is_company": True})
        self._give_line(1, partner=poor)
        order.partner_invoice_id = poor
        with self.assertRaises(CreditHoldError):
            order.action_confirm()

    def test_release_refuses_nonsense(self):
        _order, hold = self._held()
        manager = hold.with_user(self.manager)
        for values in (
            {"amount": -1},
            {"tolerance_percent": 101},
            {"tolerance_amount": -1},
            {"until": fields.Date.to_string(self._today(-1))},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                manager.release(**values)

    def test_released_and_confirmed_in_one_click(self):
        order, hold = self._held()
        hold.with_user(self.manager).action_release_and_confirm()
        self.assertEqual((order.state, hold.state), ("sale", "released"))

    def test_dialog_releases_for_another_amount(self):
        order, hold = self._held()
        action = hold.with_user(self.manager).action_release()
        form = Form(
            self.env["credit.hold.release"]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        self.assertEqual(form.amount, 150)
        form.amount = 160
        form.note = "Extra"
        form.save().action_apply()
        self.assertEqual((hold.state, hold.release_amount), ("released", 160))

    def test_mass_release_gives_each_its_own_amount(self):
        _order, first = self._held(150)
        _order, second = self._held(250)
        wizard = (
            self.env["credit.hold.release"]
            .with_user(self.manager)
            .create({"hold_ids": (first + second).ids})
        )
        wizard.action_apply()
        self.assertEqual([first.release_amount, second.release_amount], [150, 250])

    def test_rejected_order_stays_held(self):
        order, hold = self._held()
        hold.with_user(self.manager).reject(note="Too much is overdue")
        self.assertEqual(hold.state, "rejected")
        self._try(order)
        self.assertEqual(hold.state, "rejected")
        self.assertIn("Too much is overdue", order.message_ids[0].body)

    def test_rights_are_checked_in_python(self):
        _order, hold = self._held()
        for user in (self.salesman, self.viewer):
            for method in ("release", "reject", "action_release_and_confirm"):
                with self.subTest(user=user.login, method=method):
                    with self.assertRaises(AccessError):
                        getattr(hold.with_user(user), method)()
            with self.assertRaises(AccessError):
                hold.with_user(user).write({"state": "released"})
        self.assertEqual(hold.state, "open")

    def test_even_a_manager_cannot_write_holds_past_the_checks(self):
        _order, hold = self._held()
        with self.assertRaises(AccessError):
            hold.with_user(self.manager).write(
                {"state": "released", "release_amount": 1e9}
            )

    def test_authority_ends_an_analysts_release(self):
        self.company.credit_authority_analyst = 49
        _order, hold = self._held()
        with self.assertRaises(AccessError):
            hold.with_user(self.analyst).release()
        self.company.credit_authority_analyst = 50
        hold.with_user(self.analyst).release()
        self.assertEqual(hold.state, "released")

    def test_four_eyes(self):
        self.policy.four_eyes = True
        order, hold = self._held(user=self.manager)
        with self.assertRaises(AccessError):
            hold.with_user(self.manager).release()
        second = self._new_user(
            "credit_second", "credit_control.credit_control_group_manager"
        )
        hold.with_user(second).release()
        self.assertEqual(hold.state, "released")


@tagged("post_install", "-at_install")
class TestHoldEvents(HoldCommon):
    """P4: holds clear by themselves when the document fits, without any batch."""

    def test_a_payment_clears(self):
        self._new_order(100).action_confirm()
        order, hold = self._held(50)
        self._pay(49)
        self._commit()
        self.assertEqual(hold.state, "open")
        self._pay(1)
        self._commit()
        self.assertEqual(hold.state, "cleared")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_higher_line_clears(self):
        _order, hold = self._held()
        self.line.amount = 150
        self._commit()
        self.assertEqual(hold.state, "cleared")

    def test_another_line_clears_and_the_salesperson_is_told(self):
        order, hold = self._held()
        self._give_line(50, kind="guarantee")
        self._commit()
        self.assertEqual(hold.state, "cleared")
        self.assertIn("Hold cleared", order.message_ids[0].body)
        self.assertIn(
            self.salesman.partner_id, hold.message_ids[0].notified_partner_ids
        )

    def test_a_smaller_order_clears(self):
        order, hold = self._held()
        order.order_line.price_unit = 100
        self._commit()
        self.assertEqual(hold.state, "cleared")

    def test_another_order_cancelled_clears(self):
        other = self._new_order(100)
        other.action_confirm()
        _order, hold = self._held(50)
        other._action_cancel()
        self._commit()
        self.assertEqual(hold.state, "cleared")

    def test_a_credit_note_clears(self):
        self._new_invoice(100)
        _order, hold = self._held(50)
        self._new_invoice(60, move_type="out_refund")
        self._commit()
        self.assertEqual(hold.state, "cleared")

    def test_a_milder_policy_clears(self):
        _order, hold = self._held()
        self.policy.mode = "observe"
        self._commit()
        self.assertEqual(hold.state, "cleared")

    def test_confirming_what_fits_clears(self):
        order, hold = self._held()
        self.env.cr.execute(
            "UPDATE credit_line SET amount = 150 WHERE id = %s", self.line.ids
        )
        self.env.invalidate_all()
        order.action_confirm()
        self.assertEqual(hold.state, "cleared")

    def test_a_growth_that_was_held_clears_when_it_would_fit(self):
        order = self._new_order(100)
        order.action_confirm()
        with self.assertRaises(CreditHoldError):
            order.order_line.price_unit = 130
        self._record_holds()
        hold = self._hold(order)
        self._pay(29)
        self._commit()
        self.assertEqual(hold.state, "open")
        self._pay(1)
        self._commit()
        self.assertEqual(hold.state, "cleared")

    def test_a_line_that_starts_today_clears(self):
        _order, hold = self._held()
        line = self._give_line(50, kind="guarantee", date_from=self._today(1))
        self._commit()
        self.assertEqual(hold.state, "open")
        tomorrow = self._today(1)
        with patch.object(
            type(self.company), "_credit_today", lambda _company: tomorrow
        ):
            self.env["credit.hold"]._cron_look_again()
            self._commit()
        self.assertEqual((hold.state, line.state), ("cleared", "active"))

    def test_a_cancelled_order_voids_its_hold(self):
        order, hold = self._held()
        order._action_cancel()
        self.assertEqual(hold.state, "void")

    def test_a_deleted_order_voids_its_hold(self):
        order, hold = self._held()
        order.sudo().unlink()
        self.assertEqual(hold.state, "void")

    def test_no_query_when_nothing_waits(self):
        self.env.cr.flush()
        self.line.amount = 120
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env.cr.precommit.run()
