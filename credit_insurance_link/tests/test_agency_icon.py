# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from ..insurers.http import Channel
from ..models.agency import credit_agency_icon
from .agency_common import OTHER, PLUME, AgencyCommon
from .connection_common import load_simulator


@tagged("post_install", "-at_install")
class TestAgencyIcon(AgencyCommon):
    """Coface ICON over HTTP: asked by a person or by a watch that is switched on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit, cls.faults = load_simulator("coface"), load_simulator("base")
        cls.party = cls.kit.Icon().start()
        cls.addClassCleanup(cls.party.stop)
        cls.bodacc.with_user(cls.connector).action_switch_off()
        given = dict(cls.kit.CREDENTIALS)
        given.pop("client_id")
        agencies = cls.env["credit.agency"].with_user(cls.connector)
        cls.agency = agencies.create(
            {
                "name": "Coface ICON",
                "kind": "coface_icon",
                "environment": "sandbox",
                "url": cls.party.url,
                "cost": 6,
                "refresh_days": 90,
                **given,
            }
        ).with_env(cls.env)
        cls._switch_on(cls.agency)
        insurer = {"name": "Coface", "code": "coface", "adapter": "coface"}
        cls.insurer = cls.env["credit.insurer"].create(insurer)

    def setUp(self):
        super().setUp()
        credit_agency_icon._TOKENS.clear()
        self.party.faults.clear()
        self.party.calls.clear()
        self.party.failures = 0
        self.party.companies = {f"registration-number#{PLUME}": [{"id": "c-1"}]}
        self._rate("4", "2026-02-03")
        original = Channel.__init__

        def without_pauses(channel, *arguments, **values):
            original(channel, *arguments, **values)
            channel.sleep = lambda seconds: None

        self.startPatcher(patch.object(Channel, "__init__", without_pauses))

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo compares the time-out with a number; ours are two.
        return super()._request_handler(session, request, **{**options, "timeout": 10})

    def _rate(self, value, day, company_id="c-1"):
        self.party.assessments[company_id] = [
            {
                "assessmentSlug": "debtor-risk-assessment",
                "companyId": company_id,
                "debtorRiskValue": value,
                "probabilityOfDefault": 2.0,
                "releaseDate": day,
                "isCurrent": True,
            },
            {
                "assessmentSlug": "credit-opinion",
                "companyId": company_id,
                "rating": "@@",
                "maxCreditAmount": {"currency": "EUR", "value": 20000.0},
                "releaseDate": day,
            },
        ]

    def _ask(self, user=None):
        ask = self.env["credit.agency.ask"].with_user(user or self.analyst)
        ask = ask.create({"profile_id": self.profile.id, "agency_id": self.agency.id})
        action = ask.action_ask()
        scores = self.env["credit.agency.score"]
        return scores.browse(action.get("res_id", ())), action

    def _watch(self):
        self._run_cron("credit.agency", "_cron_watch")
        self.env.invalidate_all()

    def _get_scores(self, partner=None):
        return self.env["credit.agency.score"].search(
            [("partner_id", "=", (partner or self.plume).id)]
        )

    def _new_buyer(self, number="00000341003327", **values):
        values = {"name": "PLUME", "environment": "sandbox", **values}
        buyer = self.env["credit.insurer.buyer"].create(
            {"insurer_id": self.insurer.id, "insurer_buyer_id": number, **values}
        )
        buyer.confirm_match(self.plume.id)
        return buyer

    def _assert_asked(self, times):
        asked = [call for call in self.party.calls if call.path == "/assessments"]
        self.assertEqual(len(asked), times)

    def test_an_analyst_asks_and_everything_is_kept(self):
        score, _action = self._ask()
        self.assertEqual(
            (score.raw_score, score.scale, score.position, score.grade),
            ("4", "DRA 0-10", 40, "@@"),
        )
        self.assertEqual((score.probability, score.recommended_limit), (2, 20000))
        self.assertEqual((score.cost, score.user_id), (6, self.analyst))
        self.assertEqual(score.scored_on, date(2026, 2, 3))
        self.assertEqual((score.external_id, score.is_sandbox), ("c-1", True))
        with self.assertRaises(AccessError):
            self._ask(self.viewer)

    def test_a_refused_login_is_sent_once_and_locks(self):
        self.agency.with_user(self.connector).password = "wrong-pass"
        _score, action = self._ask()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual((self.agency.state, self.party.failures), ("locked", 1))
        with self.assertRaises(UserError):
            self._ask()
        self.assertEqual(self.party.failures, 1)
        self.assertNotIn("wrong-pass", self.agency.last_error)

    def test_p12_what_is_not_ready_or_garbled_is_no_score(self):
        del self.party.assessments["c-1"]
        self.assertEqual(self._ask()[1]["params"]["type"], "danger")
        self.assertIn("NotReady", self.agency.last_error)
        self._rate("4", "2026-02-03")
        self.party.go_wrong(*[self.faults.Fault("garbage")] * 8)
        self.assertEqual(self._ask()[1]["params"]["type"], "danger")
        self.assertFalse(self._get_scores())

    def test_a_company_that_is_not_known_by_number_has_no_score(self):
        self.party.companies = {"Plume SA": [{"id": "c-1"}]}
        with self.assertRaises(UserError):
            self._ask()
        self.plume.company_registry = False
        self.party.calls.clear()
        with self.assertRaisesRegex(UserError, "SIREN"):
            self._ask()
        self.assertFalse(self.party.calls)

    def test_p14_sandbox_and_production_never_meet(self):
        connector = self.agency.with_user(self.connector)
        manager = self.agency.with_user(self.manager)
        with self.assertRaises(AccessError):
            manager.read(["api_key"])
        manager.environment = "production"
        self.assertEqual(self.agency.state, "off")
        self.assertFalse(connector.password or connector.api_key or connector.url)
        with self.assertRaises(UserError):
            connector.action_switch_on()
        with self.assertRaises(ValidationError):
            connector.url = self.party.url

    def test_p14_a_copied_database_asks_nobody(self):
        self.env.flush_all()
        with file_open("credit_insurance_link/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        agency = self.agency.with_user(self.connector)
        self.assertFalse(agency.password or agency.api_key or agency.url)
        self.agency.is_score_watched = True
        self._watch()
        with self.assertRaises(UserError):
            self._ask()
        self.assertFalse(self.party.calls)

    # === THE INSURER'S BUYER === #

    def test_the_grade_of_the_insurers_buyer_follows(self):
        buyer = self._new_buyer()
        self._ask()
        self.assertEqual((buyer.grade_raw, buyer.grade_ordinal), ("4", 4))
        self.assertEqual(buyer.grade_scale, "coface_dra")
        self._rate("3", "2026-03-01")
        self._ask()
        self.assertEqual((buyer.grade_raw, buyer.grade_previous), ("3", "4"))
        self.assertEqual(buyer.grade_date, date(2026, 3, 1))
        self._rate("9", "2026-01-01")
        self._ask()
        self.assertEqual(buyer.grade_raw, "3")

    def test_nobody_elses_grade_follows(self):
        real = self._new_buyer("1", environment="production")
        namesake = self.env["credit.insurer.buyer"].create(
            {"name": "Plume SA", "insurer_id": self.insurer.id}
            | {"environment": "sandbox", "insurer_buyer_id": "2"}
        )
        other = self.env["credit.insurer"].create({"name": "Alpha", "code": "alpha"})
        theirs = self._new_buyer("3", insurer_id=other.id)
        self._ask()
        self.assertFalse(any((real | namesake | theirs).mapped("grade_raw")))

    # === WATCH === #

    def test_the_watch_asks_only_when_somebody_switched_it_on(self):
        self._watch()
        self.assertFalse(self.party.calls)
        self.agency.is_score_watched = True
        self._watch()
        score = self._get_scores()
        self.assertEqual((score.raw_score, score.cost), ("4", 6))
        self._watch()
        self._assert_asked(1)

    def test_the_watch_does_not_pay_again_for_what_a_person_asked(self):
        self._ask()
        self.agency.is_score_watched = True
        self._watch()
        self._assert_asked(1)
        self.assertEqual(len(self._get_scores()), 1)

    def test_two_files_of_one_entity_are_billed_once_and_a_change_is_told(self):
        twin = self._new_company("Plume bis", PLUME)
        self.agency.is_score_watched = True
        self._watch()
        scores = self._get_scores() | self._get_scores(twin)
        self.assertEqual(sorted(scores.mapped("cost")), [0, 6])
        self._rate("2", "2026-03-01")
        self.env["credit.agency.watch"].sudo().search([]).asked_until = False
        self._watch()
        events = self.env["credit.agency.event"].search(
            [("agency_id", "=", self.agency.id)]
        )
        self.assertEqual(events.partner_id, self.plume | twin)
        told = {(event.old_value, event.new_value) for event in events}
        self.assertEqual(told, {("4 @@", "2 @@")})
        self.assertFalse(any(events.mapped("is_applied")))

    def test_p12_one_that_fails_is_asked_again_and_stops_nobody(self):
        self._new_invoice(100, self.other)
        self.party.companies[f"registration-number#{OTHER}"] = [{"id": "c-2"}]
        self.agency.is_score_watched = True
        self._watch()
        rows = self.env["credit.agency.watch"].search([]).grouped("siren")
        self.assertEqual(self._get_scores().raw_score, "4")
        self.assertTrue(rows[OTHER].has_error)
        self.assertFalse(rows[OTHER].asked_until)
        self._rate("8", "2026-02-03", "c-2")
        self._watch()
        self.assertEqual(self._get_scores(self.other).raw_score, "8")
        self.assertEqual(len(self._get_scores()), 1)
        logins = [call for call in self.party.calls if call.path.endswith("/token")]
        self.assertEqual(len(logins), 1)
