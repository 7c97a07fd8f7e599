# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..agencies.facts import EventFact
from .agency_common import OTHER, PLUME, AgencyCommon
from .common import SIREN, InsuranceCommon


@tagged("post_install", "-at_install")
class TestAgencyEvent(AgencyCommon):
    """Events come once, by number; a doubt waits for a person."""

    def _deadlines(self, partner):
        duties = self.env["credit.insurance.duty"].search(
            [("partner_id", "=", partner.id)]
        )
        return {duty.kind: duty.deadline for duty in duties}

    def test_an_opening_stops_orders_freezes_follow_ups_and_starts_the_clocks(self):
        event = self._take_in(self._notice(title="Redressement judiciaire"))
        self.assertTrue(event.is_applied)
        self.assertEqual(self.profile.status, "stop")
        self.assertEqual(self.profile.status_reason_id.code, "status_insolvency")
        self.assertEqual(self.profile.insolvency_event_id, event)
        self.assertEqual(self.profile.insolvency_date, date(2026, 3, 15))
        self.assertEqual(
            self._deadlines(self.plume),
            {"declaration": date(2026, 5, 15), "retention": date(2026, 6, 15)},
        )
        self.assertEqual(event.state, "to_handle")
        self.assertTrue(event.activity_ids)
        board = self.env["credit.insurance.duty"].search(
            event.with_user(self.viewer).action_open_duties()["domain"]
        )
        self.assertEqual(
            set(board.mapped("kind")), {"declaration", "retention"}, "one click away"
        )

    def test_orders_are_held(self):
        self._take_in(self._notice())
        order = self._new_order(100, self.plume)
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_a_notice_counts_once_however_often_it_comes(self):
        self._take_in(self._notice(), self._notice())
        self.assertFalse(self._take_in(self._notice()))
        events = self.env["credit.agency.event"].search(
            [("partner_id", "=", self.plume.id)]
        )
        self.assertEqual(len(events), 1)
        self.assertEqual(len(self._deadlines(self.plume)), 2)

    def test_two_parties_in_a_notice_leave_it_to_a_person(self):
        events = self._take_in(self._notice(PLUME, OTHER))
        self.assertEqual(events.partner_id, self.plume | self.other)
        self.assertEqual(events.mapped("is_applied"), [False, False])
        self.assertEqual(self.profile.status, "normal")

    def test_a_name_is_never_enough(self):
        namesake = self.env["res.partner"].create(
            {"name": "Plume SA", "is_company": True}
        )
        self._give_line(5_000, namesake)
        events = self._take_in(self._notice())
        self.assertEqual(events.partner_id, self.plume)

    def test_a_notice_about_nobody_of_ours_leaves_nothing(self):
        self.assertFalse(self._take_in(self._notice("732829320")))

    def test_a_person_confirms_a_doubt(self):
        event = self._take_in(self._notice(PLUME, "732829320"))
        with self.assertRaises(AccessError):
            event.with_user(self.viewer).action_confirm()
        event.with_user(self.analyst).action_confirm()
        self.assertEqual(self.profile.status, "stop")
        self.assertEqual(event.state, "handled")
        self.assertEqual(event.handled_by, self.analyst)

    def test_who_owes_without_credit_file_is_stopped_too(self):
        self._new_invoice(100, self.other)
        files = self.env["credit.profile"]
        domain = [("partner_id", "=", self.other.id)]
        self.assertFalse(files.search(domain))
        event = self._take_in(self._notice(OTHER))
        self.assertEqual(files.search(domain).status, "stop")
        self.assertTrue(event.activity_ids)

    def test_without_credit_file_a_manager_is_told(self):
        event = self._take_in(self._notice(OTHER, kind="sale"))
        keeper = event.activity_ids.user_id
        self.assertTrue(keeper.has_group("credit_control.credit_control_group_manager"))

    def test_what_is_no_opening_is_told_only(self):
        event = self._take_in(self._notice(kind="sale"))
        self.assertFalse(event.is_applied)
        self.assertTrue(event.activity_ids)
        with self.assertRaises(UserError):
            event.with_user(self.analyst).action_confirm()

    def test_a_cancelled_notice_is_taken_back_and_a_person_lifts(self):
        opening = self._take_in(self._notice())
        cancel = self._take_in(
            self._notice(key="A2", notice="cancellation", replaces="A1")
        )
        self.assertEqual(cancel.replaces_id, opening)
        self.assertEqual(opening.state, "withdrawn")
        self.assertEqual(self.profile.status, "stop")
        self.assertFalse(cancel.is_applied)
        with self.assertRaises(AccessError):
            opening.with_user(self.analyst).action_lift()
        opening.with_user(self.manager).action_lift()
        self.assertEqual(self.profile.status, "normal")
        self.assertFalse(self.profile.insolvency_event_id)

    def test_a_correction_waits_for_a_person(self):
        event = self._take_in(
            self._notice(key="A2", notice="correction", replaces="A1")
        )
        self.assertFalse(event.is_applied)
        self.assertFalse(event.replaces_id)

    def test_a_stronger_status_stays(self):
        self.company.credit_insolvency_status = "watch"
        reason = self.env.ref("credit_control.credit_reason_status_other")
        self.profile.set_status("hold", reason.id)
        self._take_in(self._notice())
        self.assertEqual(self.profile.status, "hold")
        self.assertEqual(self.profile.status_reason_id, reason)

    def test_events_cannot_be_edited_or_deleted(self):
        event = self._take_in(self._notice())
        manager = event.with_user(self.manager)
        with self.assertRaises(AccessError):
            manager.write({"kind": "sale"})
        with self.assertRaises(AccessError):
            manager.unlink()
        with self.assertRaises(AccessError):
            manager.create({"name": "Typed"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            event.copy()

    def test_a_sandbox_has_no_effect(self):
        self.bodacc.environment = "sandbox"
        event = self._take_in(self._notice())
        self.assertFalse(event.is_applied)
        self.assertEqual(self.profile.status, "normal")
        with self.assertRaises(UserError):
            event.with_user(self.analyst).action_confirm()

    def test_p9_salespeople_see_nothing_of_agencies(self):
        event = self._take_in(self._notice())
        salesman = event.with_user(self.salesman)
        for model in ("credit.agency.event", "credit.agency.score", "credit.agency"):
            with self.assertRaises(AccessError):
                salesman.env[model].search([])
        profile = self.profile.with_user(self.salesman)
        with self.assertRaises(AccessError):
            profile.read(["insolvency_event_id"])
        self.assertTrue(event.with_user(self.viewer).name)


@tagged("post_install", "-at_install")
class TestAgencyCover(InsuranceCommon):
    """An insolvency of a covered buyer: the notice to the insurer is proposed."""

    def test_the_notice_to_the_insurer_waits_for_a_person(self):
        self._new_buyer()
        decisions = self.env["credit.cover.decision"]
        decisions._ingest(self.cover_policy, [self._fact(Decimal(10_000))], "manual")
        self._new_invoice(500)
        fact = EventFact(
            agency="bodacc",
            external_id="A1",
            kind="liquidation",
            sirens=(SIREN,),
            published_on=self._today(-2),
            happened_on=self._today(-9),
        )
        bodacc = self.env.ref("credit_insurance_link.credit_agency_bodacc")
        self.env["credit.agency.event"]._take_in(bodacc, [fact, fact])
        notice = self.env["credit.insurance.overdue"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        self.assertEqual((notice.cause, notice.state), ("insolvency", "to_do"))
        self.assertEqual(notice.judged_on, self._today(-9))
        self.assertEqual(notice.policy_id, self.cover_policy)

    def test_debts_from_before_are_not_followed_up(self):
        invoice = self._new_invoice(500, invoice_date=self._today(-90))
        fact = EventFact(
            agency="bodacc",
            external_id="A1",
            kind="receivership",
            sirens=(SIREN,),
            published_on=self._today(-2),
            happened_on=self._today(-9),
        )
        self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        bodacc = self.env.ref("credit_insurance_link.credit_agency_bodacc")
        self.env["credit.agency.event"]._take_in(bodacc, [fact])
        run = self.env["credit.dunning.run"]
        branch = run._get_skip_branches(self.company, self._today())
        rows = self.env.execute_query(branch["dunning_insolvent"].query)
        lines = invoice.line_ids.filtered("date_maturity")
        self.assertIn(lines.id, [row[1] for row in rows])
