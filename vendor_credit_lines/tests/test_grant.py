# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.credit_control.engine import Item
from odoo.addons.credit_control.exceptions import CreditHoldError
from odoo.addons.credit_control.models.credit_reservation import Desk

from .common import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestGrant(ProgrammeCommon):
    """What a customer gets, and that a pot is never exceeded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_line(1000)

    def _answer(self, programme, debtor=None):
        debtor = debtor or self.debtor
        return self._give(programme, debtor)[debtor.id]

    def test_mezzanine_adds_a_line_for_the_brand_until_its_end(self):
        programme = self._new_programme()
        self.assertEqual(self._answer(programme).outcome, "given")
        line = self._grants(programme).line_id
        self.assertEqual(
            (line.amount, line.date_to, line.kind_id.code, line.state),
            (5000, self._today(90), "vendor", "active"),
        )
        self.assertIn("Mezzanine", line.origin)
        self.goods.list_price = self.branded.list_price = 6000
        with self.assertRaises(CreditHoldError):
            self._new_order(6000).action_confirm()
        order = self._new_order(6000, product=self.branded)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_invoicing_and_payment_leave_the_scope_exact(self):
        """P8: the sponsored part is used by the brand only, from order to payment."""
        programme = self._new_programme()
        self._answer(programme)
        grant = self._grants(programme)
        order = self._new_order(4000, product=self.branded)
        order.action_confirm()
        self.assertEqual(grant.used_amount, 4000)
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        grant.invalidate_recordset()
        self.assertEqual(grant.used_amount, 4000)
        self._new_invoice(900)
        grant.invalidate_recordset()
        self.assertEqual((grant.used_amount, self._exposure()), (4000, 4900))
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        grant.invalidate_recordset()
        self.assertEqual((grant.used_amount, self._exposure()), (0, 900))

    def test_one_line_per_customer_and_once(self):
        programme = self._new_programme()
        self._answer(programme)
        self.assertEqual(self._answer(programme).reason, "has_line")
        self._grants(programme).with_user(self.analyst).action_withdraw()
        self.assertEqual(self._answer(programme).reason, "had_line")

    def test_who_is_left_out_hears_why(self):
        stranger = self.env["res.partner"].create(
            {"name": "No limit", "is_company": True}
        )
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.debtor.id}
        )
        programme = self._new_programme(domain=self._only(self.debtor | stranger))
        (other,) = self._new_debtors(1)
        partners = stranger | contact | other
        answers = self._give(programme, partners)
        self.assertEqual(
            [answers[partner.id].reason for partner in partners],
            ["unmanaged", "no_debtor", "not_eligible"],
        )
        self.assertFalse(self._grants(programme))

    def test_eight_scoped_lines_cost_a_confirmation_no_query(self):
        """The gate's budget does not depend on the number of scoped lines."""
        counts = []
        for lines in (1, 7):
            for _line in range(lines):
                self._give_line(
                    500, kind="vendor", product_tag_ids=[Command.set(self.brand.ids)]
                )
            order = self._new_order(100, product=self.branded)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_who_is_on_the_stop_list_gets_nothing(self):
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        profile.sudo().status = "stop"
        self.assertEqual(self._answer(self._new_programme()).reason, "stopped")

    def test_the_customers_file_shows_what_programmes_gave(self):
        programme = self._new_programme()
        self._answer(programme)
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.debtor.id}
        )
        seen = contact.with_user(self.salesman).credit_grant_ids
        self.assertEqual(seen.programme_id, programme)
        self.assertEqual(seen.used_amount, 0)

    def test_p6_a_default_line_is_not_lost(self):
        self.policy.write({"no_line": "default", "default_amount": 700})
        newcomer = self.env["res.partner"].create({"name": "New", "is_company": True})
        self._give(self._new_programme(), newcomer)
        self.assertEqual(self._position(newcomer).limit, 570000)

    def test_overlapping_programmes_add_up_unless_exclusive(self):
        first = self._new_programme()
        second = self._new_programme(name="Second")
        third = self._new_programme(name="Third", is_exclusive=True)
        outcomes = [self._answer(p).outcome for p in (first, second, third)]
        self.assertEqual(outcomes, ["given", "given", "left_out"])
        self.assertEqual(self._answer(third).reason, "other_programme")

    def test_amount_by_segment_with_a_cap(self):
        debtors = self._new_debtors(4)
        debtors[:3].ref = "south"
        programme = self._new_programme(
            amount_method="segment",
            segment_ids=[
                Command.create(
                    {
                        "name": "South",
                        "domain": "[('ref', '=', 'south')]",
                        "amount": 400,
                        "has_cap": True,
                        "cap_amount": 900,
                    }
                )
            ],
        )
        answers = self._give(programme, debtors)
        self.assertEqual(
            [(answers[d.id].amount, answers[d.id].reason) for d in debtors],
            [(40000, ""), (40000, ""), (0, "pot_full"), (0, "no_segment")],
        )

    def test_amount_by_turnover_up_to_the_cap(self):
        self._new_invoice(8000)
        (idle,) = self._new_debtors(1)
        programme = self._new_programme(
            amount_method="turnover", percent=25, customer_cap=1500
        )
        self.assertEqual(self._answer(programme).amount, 150000)
        self.assertEqual(self._answer(programme, idle).reason, "no_turnover")

    def test_amount_by_score(self):
        segments = [
            Command.create({"name": "Good", "score_min": 90, "amount": 900}),
            Command.create({"name": "Others", "score_min": 0, "amount": 300}),
        ]
        programme = self._new_programme(amount_method="score", segment_ids=segments)
        debtors = self._new_debtors(3)
        scores = dict(zip(debtors.ids, (95, 40, None), strict=True))
        version = type(self.env["credit.programme.version"])
        with patch.object(version, "_get_scores", lambda *_args: scores):
            answers = self._give(programme, debtors)
        self.assertEqual(
            [answers[debtor.id].amount for debtor in debtors], [90000, 30000, 30000]
        )

    def test_p3_what_others_are_giving_counts(self):
        """A grant in flight takes its room, and its customer is not served twice."""
        programme = self._new_programme(has_pot=True, pot_amount=12000)
        debtors = self._new_debtors(3)

        def enter(desk, _keys, numbers, _snapshot):
            self.assertEqual(set(numbers), {-programme.id})
            item = Item(500000, frozenset({0, -debtors[0].id}), "in_flight")
            desk.in_flight = {-programme.id: [item]}

        with patch.object(Desk, "enter", enter), patch.object(Desk, "write"):
            answers = self._give(programme, debtors)
        self.assertEqual(
            [answers[debtor.id].reason for debtor in debtors],
            ["in_flight", "", "pot_full"],
        )

    def test_the_queue_is_served_when_room_comes(self):
        programme = self._new_programme(
            has_pot=True, pot_amount=5000, when_full="queue"
        )
        debtors = self._new_debtors(3)
        self._give(programme, debtors)
        first, second, third = self._grants(programme)
        states = [first.state, second.state, third.state]
        self.assertEqual(states, ["active", "queued", "queued"])
        first.with_user(self.analyst).action_withdraw()
        states = [first.state, second.state, third.state]
        self.assertEqual(states, ["withdrawn", "active", "queued"])
        self.assertEqual(second.line_id.amount, 5000)

    def test_invited_customers_take_nothing_until_they_accept(self):
        programme = self._new_programme(
            enrolment="opt_in", has_pot=True, pot_amount=5000
        )
        debtors = self._new_debtors(2)
        self._give(programme, debtors)
        first, second = self._grants(programme)
        self.assertEqual((first.state, programme.room_amount), ("offered", 5000))
        second.with_user(self.salesman).action_accept()
        self.assertEqual((second.state, second.line_id.amount), ("active", 5000))
        with self.assertRaises(UserError):
            first.with_user(self.salesman).action_accept()
        first.with_user(self.salesman).action_decline()
        self.assertEqual(first.reason, "declined")

    def test_lines_of_a_programme_are_not_raised_by_hand(self):
        programme = self._new_programme()
        self._answer(programme)
        line = self._grants(programme).line_id.with_user(self.manager)
        forged = [
            ({"amount": 5001}, ValidationError),
            ({"date_to": self._today(91)}, ValidationError),
            ({"date_to": False}, ValidationError),
            ({"product_tag_ids": [Command.clear()]}, AccessError),
            ({"grant_id": False}, AccessError),
        ]
        for values, error in forged:
            with self.subTest(values=values), self.assertRaises(error):
                line.write(values)
        line.amount = 4000
        line.action_suspend()
        line.action_activate()
        self.assertEqual(line.state, "active")

    def test_a_withdrawn_line_in_use_falls_back_and_is_explained(self):
        programme = self._new_programme()
        self._answer(programme)
        self._new_order(3000, product=self.branded).action_confirm()
        grant = self._grants(programme)
        with self.assertRaises(AccessError):
            grant.with_user(self.salesman).action_withdraw()
        grant.with_user(self.analyst).action_withdraw()
        self.assertEqual(grant.line_id.state, "ended")
        self.assertIn("not covered", grant.message_ids[:1].body)
        self.assertEqual(programme.activity_ids.user_id, self.manager)
        with self.assertRaises(ValidationError):
            grant.line_id.sudo().state = "active"

    def test_what_if_it_ended_today(self):
        programme = self._new_programme()
        self._answer(programme)
        self._new_order(3000, product=self.branded).action_confirm()
        action = programme.with_user(self.viewer).action_fallback()
        rows = self.env["credit.programme.fallback"].with_user(self.viewer)
        row = rows.search(action["domain"])
        self.assertEqual(
            (row.partner_id, row.used, row.moved, row.uncovered),
            (self.debtor, 3000, 1000, 2000),
        )
        self.assertEqual(programme.state, "open")

    def test_the_responsible_is_warned_once_before_lines_end(self):
        programme = self._new_programme(date_to=self._today(20))
        self._answer(programme)
        self._new_order(3000, product=self.branded).action_confirm()
        programme.sudo()._warn_ahead()
        programme.sudo()._warn_ahead()
        self.assertEqual(len(programme.activity_ids), 1)
        self.assertIn("2,000", programme.activity_ids.note)

    def test_lines_end_with_time_and_are_renewed_where_agreed(self):
        programme = self._new_programme(
            line_end="months", line_months=1, renewal="automatic"
        )
        self._answer(programme)
        old = self._grants(programme)
        yesterday = self._today(-1)
        old.line_id.sudo().date_from = old.date_from = yesterday
        old.line_id.sudo().date_to = old.date_to = yesterday
        programme.sudo()._expire()
        self.assertEqual((old.state, old.line_id.state), ("ended", "ended"))
        programme.sudo()._renew()
        new = self._grants(programme) - old
        self.assertEqual(new.state, "active")
        self.assertGreater(new.date_to, self._today(26))

    def test_an_expired_line_frees_the_pot_on_its_day(self):
        programme = self._new_programme(has_pot=True, pot_amount=5000)
        self._answer(programme)
        grant = self._grants(programme)
        grant.date_to = self._today(-1)
        (late,) = self._new_debtors(1)
        self.assertEqual(self._answer(programme, late).outcome, "given")

    def test_the_busiest_weeks_of_last_year_decide(self):
        for days, amount in ((-330, 100), (-300, 900)):
            self._new_invoice(amount, invoice_date=self._today(days))
        kind = self.env.ref("credit_control.credit_line_kind_temporary")
        programme = self._new_programme(
            line_end="season", season_weeks=2, kind_id=kind.id, product_tag_ids=False
        )
        self._answer(programme)
        line = self._grants(programme).line_id
        peak = self._today(-300) + timedelta(days=364)
        self.assertTrue(line.date_from <= peak <= line.date_to)
        self.assertEqual((line.date_to - line.date_from).days, 13)

    def test_customers_are_told_once_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.lang = "fr_FR"
        programme = self._new_programme()
        self._answer(programme)
        grants = self.env["credit.grant"].sudo()
        grants._tell()
        grants._tell()
        mails = self.env["mail.mail"].search([("model", "=", "credit.grant")])
        mails = mails.filtered(lambda m: m.res_id == self._grants(programme).id)
        self.assertEqual(len(mails), 1)
        self.assertIn("5", mails.body_html)
        self.assertTrue(self._grants(programme).told_on)

    def test_grants_are_written_by_programmes_only(self):
        programme = self._new_programme()
        self._answer(programme)
        grant = self._grants(programme).with_user(self.manager)
        with self.assertRaises(AccessError):
            grant.amount = 9000
        with self.assertRaises(AccessError):
            grant.copy()

    def test_withdrawing_all_ends_every_line(self):
        programme = self._new_programme()
        self._give(programme, self._new_debtors(3))
        programme.action_withdraw_all()
        self.assertEqual(set(self._grants(programme).mapped("state")), {"withdrawn"})
        self.assertEqual(
            set(self._grants(programme).line_id.mapped("state")), {"ended"}
        )
        self.assertEqual(programme.state, "ended")
