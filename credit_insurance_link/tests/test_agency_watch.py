# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..agencies.facts import CompanyFact, EventFact, ScoreFact
from ..insurers.errors import BadCredentials, Unreachable
from .agency_common import OTHER, PLUME, AgencyCommon, Client


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

    def test_a_person_starts_the_watch_and_is_told_that_it_runs(self):
        bodacc = self.bodacc.with_user(self.connector)
        job = self.env.ref("credit_insurance_link.ir_cron_agency_watch")
        starts = self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)])
        starts.unlink()
        self.assertEqual(bodacc.action_watch_now()["tag"], "display_notification")
        self.assertTrue(starts.search([("cron_id", "=", job.id)]))
        with self.assertRaises(AccessError):
            self.bodacc.with_user(self.manager).action_watch_now()
        bodacc.action_switch_off()
        with self.assertRaises(UserError):
            bodacc.action_watch_now()

    def test_nobody_is_asked_while_it_is_off(self):
        self.bodacc.with_user(self.connector).action_switch_off()
        self.assertEqual(self._watch(Client()).asked, [])
        with self.assertRaises(UserError), self.bodacc._open():
            self.fail("an agency that is off was asked")

    def test_p14_a_copied_database_asks_nobody(self):
        self.bodacc.with_user(self.connector).write(
            {"url": "https://bodacc.example.com", "api_key": "key"}
        )
        self.env.flush_all()
        with file_open("credit_insurance_link/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(self.bodacc.state, "off")
        agency = self.bodacc.with_user(self.connector)
        self.assertFalse(agency.api_key or agency.url)

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
