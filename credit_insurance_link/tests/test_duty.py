# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .duty_common import InsuranceCommon


@tagged("post_install", "-at_install")
class TestDuty(InsuranceCommon):
    """Duties follow the ledger and what the insurer acknowledged, nothing else."""

    def test_an_overdue_insured_invoice_brings_the_policys_duties(self):
        invoice = self._late_invoice(1000, 10)
        self._refresh()
        due = invoice.invoice_date_due
        found = {duty.kind: (duty.deadline - due).days for duty in self._duties()}
        self.assertEqual(found, {"stop": 60, "notice": 90, "claim": 180})
        duty = self._duties("notice")
        self.assertEqual((duty.stake_amount, duty.move_id), (1000, invoice))
        self.assertEqual(duty.user_id, self.analyst)

    def test_what_is_not_due_or_not_insured_brings_none(self):
        self._new_invoice(500)
        other = self.env["res.partner"].create({"name": "Bare", "is_company": True})
        self._late_invoice(1000, 10, other)
        self._refresh()
        self.assertFalse(self._duties() | self._duties(partner=other))

    def test_p12_delivered_under_cover_stays_insured_after_the_cut(self):
        self.env["credit.cover.layer"].sudo().search([]).date_to = self._today(-20)
        before = self._late_invoice(1000, 10)
        self._late_invoice(
            700, 5, delivery_date=self._today(-8), invoice_date=self._today(-8)
        )
        self._refresh()
        duty = self._duties("notice")
        self.assertEqual((duty.move_id, duty.open_amount), (before, 1000))

    def test_the_oldest_drives_and_at_stake_is_at_most_the_cover(self):
        self._late_invoice(8000, 3)
        oldest = self._late_invoice(7000, 20)
        self._refresh()
        duty = self._duties("stop")
        self.assertEqual((duty.move_id, duty.stake_amount), (oldest, 10_000))

    def test_a_payment_clears_what_is_paid(self):
        invoice = self._late_invoice(1000, 10)
        self._refresh()
        self._settle(invoice)
        self._refresh()
        self.assertEqual(set(self._duties().mapped("state")), {"done"})
        self.assertFalse(any(self._duties().mapped("is_missed")))

    def test_a_payment_is_seen_before_the_night(self):
        invoice = self._late_invoice(1000, 10)
        self._refresh()
        self.env.cr.flush()
        self._settle(invoice)
        self.env.cr.flush()
        self.assertEqual(self._duties("notice").state, "done")
        self.assertTrue(self._duties("notice").cleared_by)

    def test_the_next_invoice_takes_over_a_deadline_that_was_kept(self):
        oldest, newer = self._late_invoice(1000, 20), self._late_invoice(500, 10)
        self._refresh()
        duty = self._duties("notice")
        self._settle(oldest)
        self._refresh()
        self.assertEqual((duty.state, duty.move_id), ("open", newer))
        self.assertEqual(duty.deadline, newer.invoice_date_due + timedelta(days=90))

    def test_a_missed_deadline_stays_when_the_next_invoice_takes_over(self):
        oldest, newer = self._late_invoice(1000, 100), self._late_invoice(500, 10)
        self._refresh()
        missed = self._duties("notice")
        self.assertTrue(missed.is_missed)
        self._settle(oldest)
        self._refresh()
        self.assertEqual((missed.state, missed.is_missed), ("done", True))
        self.assertEqual(self._duties("notice", state="open").move_id, newer)

    def test_p12_data_that_is_gone_clears_nothing(self):
        self._late_invoice(1000, 10)
        self._refresh()
        self.env["credit.cover.layer"].sudo().search([]).unlink()
        self._refresh()
        self.assertEqual(set(self._duties().mapped("state")), {"open"})

    def test_p12_sent_is_not_received(self):
        self._late_invoice(1000, 10)
        self._refresh()
        notice = self._notice()
        notice.action_sent()
        self._refresh()
        self.assertEqual(self._duties("notice").state, "open")
        self._acknowledge(notice)
        duty = self._duties("notice")
        self.assertEqual((duty.state, duty.cleared_on), ("done", self._today()))
        self.assertIn("ACK-1", duty.cleared_by)

    def test_an_invoice_after_the_notice_has_to_be_reported_too(self):
        self._late_invoice(1000, 20)
        notice = self._notice()
        notice.action_sent()
        self._acknowledge(notice)
        second = self._late_invoice(300, 5)
        self._refresh()
        self.assertEqual(self._duties("notice", state="open").move_id, second)

    def test_an_acknowledgement_needs_its_document(self):
        self._late_invoice(1000, 10)
        notice = self._notice()
        notice.action_sent()
        dialog = self.env["credit.insurance.answer"].with_user(self.analyst)
        with self.assertRaises(UserError):
            dialog.create(
                {"overdue_id": notice.id, "date": self._today(), "number": "1"}
            ).action_apply()
        self.assertEqual(notice.state, "sent")

    def test_the_insurer_cannot_have_it_before_it_was_sent(self):
        self._late_invoice(1000, 95)
        notice = self._notice()
        notice.action_sent()
        with self.assertRaises(UserError):
            self._acknowledge(notice, self._today(-10))

    def test_an_accepted_extension_moves_the_dates_and_an_asked_one_does_not(self):
        invoice = self._late_invoice(1000, 10)
        self._refresh()
        before = self._duties("stop").deadline
        notice = self._notice(kind="rescheduling")
        notice.line_ids.date_extended = before + timedelta(days=30)
        self._refresh()
        self.assertEqual(self._duties("stop").deadline, before)
        self.assertEqual(self._duties("extension").deadline, before)
        notice.action_sent()
        self._acknowledge(notice, answer="accepted")
        due = invoice.invoice_date_due + timedelta(days=90)
        self.assertEqual(self._duties("extension").state, "done")
        self.assertFalse(self._duties("stop", state="open"))
        self.assertGreater(due, self._today())

    def test_an_extension_that_is_refused_moves_nothing(self):
        self._late_invoice(1000, 10)
        self._refresh()
        before = self._duties("stop").deadline
        notice = self._notice(kind="extension")
        notice.line_ids.date_extended = before + timedelta(days=30)
        notice.action_sent()
        self._acknowledge(notice, answer="refused")
        self.assertEqual(self._duties("stop").deadline, before)

    def test_insolvency_re_anchors(self):
        self._new_invoice(1000, invoice_date_due=self._today(30))
        known = self._today(-2)
        self.env["credit.insurance.overdue"]._propose_insolvency(
            self.debtor, self.company, self._today(-5), known
        )
        found = {duty.kind: duty.deadline for duty in self._duties()}
        self.assertEqual(found["stop"], known)
        self.assertEqual(found["notice"], known + timedelta(days=10))
        self.assertEqual(found["claim"], self._today(-5) + timedelta(days=30))

    def test_the_notice_of_an_insolvency_is_proposed_once(self):
        self._new_invoice(1000)
        propose = self.env["credit.insurance.overdue"]._propose_insolvency
        day = self._today(-2)
        first = propose(self.debtor, self.company, day, day)
        self.assertEqual(len(first), 1)
        self.assertFalse(propose(self.debtor, self.company, day, day))

    def test_stopped_deliveries_fulfil_the_duty_to_stop(self):
        self._late_invoice(1000, 10)
        profile = self._give_line(1).profile_id
        self._refresh()
        reason = self.env.ref("credit_control.credit_reason_status_overdue")
        profile.with_user(self.analyst).set_status("hold", reason_id=reason.id)
        self.assertEqual(self._duties("stop").state, "done")

    def test_a_hand_over_is_acknowledged(self):
        self.insured_policy.write({"handover_days": 30, "handover_anchor": "due"})
        self._late_invoice(1000, 10)
        self._refresh()
        notice = self._notice(kind="handover")
        notice.action_sent()
        self.assertEqual(self._duties("handover").state, "open")
        self._acknowledge(notice)
        self.assertEqual(self._duties("handover").state, "done")

    def test_sold_without_recourse_is_the_factors_to_report(self):
        invoice = self._late_invoice(1000, 10)
        self._refresh()
        factor = self.env["credit.factor"].create({"partner_id": self.partner_a.id})
        self.env["credit.factoring"].create(
            {"move_id": invoice.id, "factor_id": factor.id}
        )
        self._refresh()
        self.assertFalse(self._duties(state="open"))

    def test_speed_many_debtors_cost_no_more_statements(self):
        def count(number):
            partners = self.env["res.partner"].create(
                [{"name": f"B{number} {n}", "is_company": True} for n in range(number)]
            )
            for partner in partners:
                self._cover(1000, partner)
                self._late_invoice(100, 5, partner)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            # As at night, with the history that tests switch off.
            duties = self.env["credit.insurance.duty"]
            duties = duties.with_context(tracking_disable=False)
            duties._refresh(self.insured_policy)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few, many = count(3), count(12)
        self.assertLess(many - few, 12)


@tagged("post_install", "-at_install")
class TestDutyAlert(InsuranceCommon):
    """Who is told when, and that nothing is closed silently."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        duties = cls.env["credit.insurance.duty"].sudo()
        cls.duty = duties.create(
            {
                "kind": "notice",
                "policy_id": cls.insured_policy.id,
                "partner_id": cls.debtor.id,
                "company_id": cls.company.id,
                "deadline": cls._today(100),
                "stake_amount": 500,
                "user_id": cls.analyst.id,
            }
        )

    def _at(self, days):
        """Bring the deadline so near, and let the day pass."""
        self.duty.write({"deadline": self._today(days), "alerted_on": False})
        self.duty._alert()
        return self.duty.activity_ids

    def test_nobody_is_bothered_early(self):
        self.assertFalse(self._at(25))

    def test_fifteen_days_ahead_the_responsible_person_is_told(self):
        activities = self._at(15)
        self.assertEqual(activities.user_id, self.analyst)
        self.assertEqual(activities.date_deadline, self.duty.date_warn)

    def test_an_alert_that_was_given_is_not_repeated_until_the_next(self):
        self._at(15).action_done()
        self.assertFalse(self._at(14).filtered("active"))
        self.assertEqual(self._at(1).user_id & self.analyst, self.analyst)

    def test_close_to_the_deadline_the_manager_is_told_too(self):
        self.assertEqual(self._at(0).user_id, self.analyst | self.manager)
        self.assertTrue(self.duty.is_escalated)

    def test_somebody_stands_in_for_who_left_the_company(self):
        self.analyst.active = False
        self.assertEqual(self._at(15).user_id, self.manager)
        self.insured_policy.user_id = self.viewer
        self.duty.user_id = False
        self.assertEqual(self._at(5).user_id, self.manager | self.viewer)

    def test_what_was_missed_stays_on_the_policys_card(self):
        policy = self.insured_policy.with_user(self.viewer)
        self.assertEqual((policy.duty_count, policy.missed_count), (0, 0))
        self._at(-1)
        policy.invalidate_recordset()
        self.assertEqual((policy.duty_count, policy.missed_count), (1, 1))
        for opened in (policy.action_open_due(), policy.action_open_missed()):
            duties = self.env["credit.insurance.duty"].search(opened["domain"])
            self.assertEqual(duties, self.duty)
        self.duty.with_user(self.manager).close("The insurer agreed")
        policy.invalidate_recordset()
        self.assertEqual((policy.duty_count, policy.missed_count), (0, 1))
        duties = self.env["credit.insurance.duty"]
        self.assertFalse(duties.search(policy.action_open_due()["domain"]))
        for opened in (policy.action_open_missed(), policy.action_open_duties()):
            self.assertEqual(duties.search(opened["domain"]), self.duty)

    def test_a_missed_deadline_is_marked_and_told_every_day(self):
        self._at(-1).action_done()
        self.assertTrue(self.duty.is_missed)
        told = self._at(-2).filtered("active")
        self.assertEqual(told.user_id, self.analyst | self.manager)

    def test_a_policy_that_fails_keeps_nobody_from_being_told(self):
        self.duty.deadline = self._today(3)
        duties = type(self.env["credit.insurance.duty"])
        with (
            patch.object(duties, "_refresh", side_effect=ValueError("no rate")),
            self.assertLogs("odoo.addons.credit_insurance_link", "ERROR"),
        ):
            self._run_cron("credit.insurance.duty", "_cron_duties")
        self.assertEqual(self.duty.activity_ids.user_id, self.analyst)
        trouble = self.insured_policy.activity_ids
        self.assertEqual(trouble.user_id, self.analyst)
        self.assertIn("no rate", trouble.note)

    def test_p5_money_is_taken_whatever_is_wrong_with_a_policy(self):
        invoice = self._late_invoice(1000, 10)
        self.env.cr.flush()
        duties = type(self.env["credit.insurance.duty"])
        with (
            patch.object(duties, "_refresh", side_effect=ValueError("no rate")),
            self.assertLogs("odoo.addons.credit_insurance_link", "ERROR"),
        ):
            self._settle(invoice)
            self.env.cr.flush()
        self.assertTrue(invoice.currency_id.is_zero(invoice.amount_residual))
        self.assertIn("no rate", self.insured_policy.activity_ids.note)

    def test_the_nightly_job_alerts_in_batches(self):
        self.duty.deadline = self._today(3)
        self._run_cron("credit.insurance.duty", "_cron_duties")
        self.assertEqual(self.duty.alerted_on, self._today())

    def test_a_duty_is_not_closed_without_a_reason(self):
        with self.assertRaises(UserError):
            self.duty.with_user(self.analyst).close("  ")

    def test_a_missed_duty_is_closed_by_managers_only_and_stays_red(self):
        self._at(-1)
        with self.assertRaises(AccessError):
            self.duty.with_user(self.analyst).close("The insurer agreed")
        self.duty.with_user(self.manager).close("The insurer agreed")
        self.assertEqual((self.duty.state, self.duty.is_missed), ("closed", True))
        self.assertFalse(self.duty.activity_ids.filtered("active"))

    def test_facts_cannot_be_typed(self):
        duty = self.duty.with_user(self.manager)
        for name, value in (
            ("state", "done"),
            ("is_missed", False),
            ("deadline", self._today(500)),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                duty.write({name: value})
        duty.user_id = self.manager
        with self.assertRaises(UserError):
            self.duty.unlink()

    def test_a_notice_cannot_be_proved_by_hand(self):
        paper = self._paper().ids
        with self.assertRaises(UserError):
            self.duty.with_user(self.analyst).prove(
                str(self._today()), "I called them", paper
            )

    def test_p12_a_stop_is_proved_with_a_document(self):
        self.duty.kind = "stop"
        duty = self.duty.with_user(self.analyst)
        with self.assertRaises(UserError):
            duty.prove(str(self._today()), "Stopped", [])
        duty.prove(str(self._today()), "Stopped", self._paper().ids)
        self.assertEqual((duty.state, duty.cleared_by), ("done", "Stopped"))

    def test_who_sees_the_board(self):
        self.assertEqual(self.duty.with_user(self.viewer).stake_amount, 500)
        with self.assertRaises(AccessError):
            self.duty.with_user(self.viewer).close("No")
        for model in (
            "credit.insurance.duty",
            "credit.insurance.overdue",
            "credit.insurance.claim",
            "credit.insurance.turnover",
            "credit.guarantee",
            "credit.factoring",
            "credit.factor",
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.salesman).search([])

    def test_other_companies_do_not_see_it(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = self._new_user("elsewhere", "credit_control.credit_control_group_viewer")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["credit.insurance.duty"].with_user(user).search([]))
