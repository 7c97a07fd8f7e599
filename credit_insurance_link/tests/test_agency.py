# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..agencies.facts import CompanyFact, EventFact, ScoreFact
from ..insurers.errors import BadCredentials, Unreachable
from .agency_common import OTHER, PLUME, AgencyCommon, Client
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
class TestAgencyWatch(AgencyCommon):
    """The watch asks about those who matter, and misses nobody when a call fails."""

    def _watch(self, client):
        with self._answering(client):
            self._run_cron("credit.agency", "_cron_watch")
        return client

    def test_those_with_credit_are_asked_about(self):
        client = self._watch(Client(self._notice()))
        self.assertEqual([sirens for sirens, _since in client.asked], [[PLUME]])
        self.assertEqual(self.profile.status, "stop")

    def test_those_who_owe_are_asked_about(self):
        self._new_invoice(100, self.other)
        client = self._watch(Client())
        self.assertEqual([sirens for sirens, _since in client.asked], [[OTHER, PLUME]])

    def test_the_first_question_looks_back_and_the_next_goes_on(self):
        self._watch(Client())
        row = self.env["credit.agency.watch"].sudo().search([("siren", "=", PLUME)])
        today = self.bodacc._today()
        self.assertEqual(row.asked_until, today)
        self.assertEqual(self._watch(Client()).asked, [])
        row.asked_until = today - timedelta(days=1)
        [(_sirens, since)] = self._watch(Client()).asked
        self.assertEqual(since, today - timedelta(days=6))

    def test_p12_a_failed_call_does_not_move_the_day(self):
        row = self.env["credit.agency.watch"]
        self._watch(Client(error=Unreachable("no connection")))
        row = row.search([("siren", "=", PLUME)])
        self.assertFalse(row.asked_until)
        self.assertTrue(row.has_error)
        self.assertEqual(self.bodacc.late_count, 1)
        self._watch(Client(self._notice()))
        self.assertFalse(row.has_error)
        self.assertEqual(self.profile.status, "stop")

    def test_one_company_that_is_refused_does_not_stop_the_others(self):
        self._new_invoice(100, self.other)

        self._watch(Client(self._notice(), refused=OTHER))
        self.assertEqual(self.profile.status, "stop")
        watch = self.env["credit.agency.watch"]
        self.assertTrue(watch.search([("siren", "=", OTHER)]).has_error)
        self.assertFalse(watch.search([("siren", "=", PLUME)]).has_error)

    def test_who_matters_no_longer_is_let_go(self):
        self._watch(Client())
        self.profile.line_ids.state = "ended"
        self.bodacc.env["credit.agency.watch"]._sync(self.bodacc)
        self.assertFalse(
            self.env["credit.agency.watch"].search([("siren", "=", PLUME)]).is_watched
        )

    def test_nobody_is_asked_while_it_is_off(self):
        self.bodacc.with_user(self.connector).action_switch_off()
        self.assertEqual(self._watch(Client()).asked, [])
        with self.assertRaises(UserError), self.bodacc._open():
            self.fail("an agency that is off was asked")

    def test_everything_is_off_at_first(self):
        agencies = self.env["credit.agency"].search([]) - self.bodacc
        self.assertTrue(agencies)
        self.assertEqual(set(agencies.mapped("state")), {"off"})

    def test_a_refused_login_locks_until_a_person_acts(self):
        agency = self.bodacc
        with suppress(BadCredentials), agency._open():
            raise BadCredentials("login refused", status=401)
        self.assertEqual(agency.state, "locked")
        self.assertIn("login refused", agency.last_error)
        with self.assertRaises(AccessError):
            agency.with_user(self.manager).action_switch_on()
        agency.with_user(self.connector).action_switch_on()
        self.assertEqual(agency.state, "on")

    def test_a_register_tells_who_closed_down_once(self):
        agency = self.env.ref("credit_insurance_link.credit_agency_recherche")
        self._switch_on(agency)
        self.bodacc.with_user(self.connector).action_switch_off()
        shut = CompanyFact(
            PLUME, "Plume SA", is_active=False, closed_on=date(2026, 2, 1)
        )
        for _turn in range(2):
            self._watch(Client(shut, capabilities=["company"]))
            self.env["credit.agency.watch"].sudo().search([]).asked_until = False
        events = self.env["credit.agency.event"].search([("agency_id", "=", agency.id)])
        self.assertEqual(events.mapped("kind"), ["closed"])
        self.assertFalse(events.is_applied)


@tagged("post_install", "-at_install")
class TestAgencyScore(AgencyCommon):
    """Scores keep their history, age and cost, and feed the credit file by setting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = (
            cls.env["credit.agency"]
            .with_user(cls.connector)
            .create(
                {
                    "name": "Creditsafe",
                    "kind": "creditsafe",
                    "username": "me",
                    "password": "secret",
                    "cost": 4.5,
                    "band_ids": [
                        (0, 0, {"position": 50, "risk_class_id": cls._risk("b").id}),
                        (0, 0, {"position": 0, "risk_class_id": cls._risk("c").id}),
                    ],
                }
            )
        )
        cls.agency = cls.agency.with_env(cls.env)
        cls._switch_on(cls.agency)

    @classmethod
    def _risk(cls, letter):
        return cls.env.ref(f"credit_control.credit_risk_class_{letter}")

    def _score(self, position=64, day=date(2026, 2, 1)):
        return ScoreFact(
            "creditsafe", "FR-1", str(position), position=position, scored_on=day
        )

    def _ask(self, fact, user=None):
        ask = self.env["credit.agency.ask"].with_user(user or self.analyst)
        ask = ask.create({"profile_id": self.profile.id, "agency_id": self.agency.id})
        with self._answering(Client(capabilities=["score"], score=fact)) as client:
            action = ask.action_ask()
        return self.env["credit.agency.score"].browse(action["res_id"]), client

    def test_a_score_is_asked_for_by_number_and_keeps_its_cost(self):
        score, client = self._ask(self._score())
        self.assertEqual(client.asked, [PLUME])
        self.assertEqual(score.cost, 4.5)
        self.assertEqual(score.user_id, self.analyst)
        self.assertEqual(score.age_days, (date.today() - date(2026, 2, 1)).days)
        self.assertFalse(self.profile.score_date)

    def test_history_is_never_overwritten(self):
        first, _client = self._ask(self._score(64))
        second, _client = self._ask(self._score(40, date(2026, 3, 1)))
        self.assertEqual((first | second).mapped("position"), [64, 40])
        for action in (lambda: first.write({"position": 1}), first.unlink):
            with self.assertRaises(AccessError):
                action()

    def test_the_credit_file_follows_by_setting_and_never_back_in_time(self):
        self.agency.feeds_score = True
        self._ask(self._score(64))
        self.assertEqual(self.profile.score, 64)
        self.assertEqual(self.profile.score_date, date(2026, 2, 1))
        self.assertEqual(self.profile.risk_class_id, self._risk("b"))
        self._ask(self._score(10, date(2026, 1, 1)))
        self.assertEqual(self.profile.score, 64)

    def test_a_sandbox_feeds_nothing(self):
        self.agency.write({"feeds_score": True, "environment": "sandbox"})
        score, _client = self._ask(self._score())
        self.assertTrue(score.is_sandbox)
        self.assertFalse(self.profile.score_date)

    def test_without_number_nobody_is_asked(self):
        self.plume.company_registry = False
        with self.assertRaisesRegex(UserError, "SIREN"):
            self._ask(self._score())

    def test_a_typed_rating_needs_date_and_proof(self):
        rating = self.env.ref("credit_insurance_link.credit_agency_banque_de_france")
        scores = self.env["credit.agency.score"].with_user(self.analyst)
        values = {
            "agency_id": rating.id,
            "partner_id": self.plume.id,
            "raw_score": "4+",
        }
        with self.assertRaises(UserError):
            scores.create(values)
        values |= {"scored_on": "2026-01-15", "proof": "bGV0dGVy"}
        self.assertEqual(scores.create({**values, "cost": 99}).cost, 0)
        with self.assertRaises(AccessError):
            scores.create({**values, "agency_id": self.agency.id})

    def test_changes_of_scores_reach_who_was_asked_about_by_number(self):
        self._ask(self._score())

        def change(key, subject):
            return EventFact(
                agency="creditsafe",
                external_id=key,
                kind="score_change",
                sirens=(),
                published_on=date(2026, 3, 1),
                subject=subject,
                old_value="B",
                new_value="D",
            )

        self.bodacc.with_user(self.connector).action_switch_off()
        client = Client(change("1", "FR-1"), change("2", "FR-9"))
        with self._answering(client):
            self._run_cron("credit.agency", "_cron_watch")
        event = self.env["credit.agency.event"].search(
            [("agency_id", "=", self.agency.id)]
        )
        self.assertEqual((event.partner_id, event.new_value), (self.plume, "D"))
        self.assertFalse(event.is_applied)

    def test_viewers_ask_nobody_and_credentials_are_not_read(self):
        with self.assertRaises(AccessError):
            self._ask(self._score(), user=self.viewer)
        with self.assertRaises(AccessError):
            self.agency.with_user(self.manager).read(["password"])
        with self.assertRaises(AccessError):
            self.agency.with_user(self.manager).write({"state": "on"})


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
