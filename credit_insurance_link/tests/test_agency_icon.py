# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from ..insurers.http import Channel
from ..models.agency import credit_agency_icon
from ..models.credit_cover_outbox import SETTLE
from .agency_common import OTHER, PLUME, AgencyCommon
from .connection_common import load_simulator

RISK = "debtor-risk-assessment-package"
YEARS_AGO = datetime(2020, 1, 1)


@tagged("post_install", "-at_install")
class TestAgencyIcon(AgencyCommon):
    """Coface ICON over HTTP: ordered by a person or a watch that is switched on, once."""

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
        self.party.orders.clear()
        self.party.cancelled.clear()
        self.party.assessments.clear()
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
                "assessmentSlug": RISK,
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

    def _order(self, user=None):
        """What an analyst does, who has read what it costs."""
        ask = self.env["credit.agency.ask"].with_user(user or self.analyst)
        ask = ask.create({"profile_id": self.profile.id, "agency_id": self.agency.id})
        return self.env["credit.agency.order"].sudo().browse(ask.action_ask()["res_id"])

    def _work(self, times=2):
        """Let the job run as often, at the times that it asked for."""
        orders = self.env["credit.agency.order"].sudo()
        for _time in range(times):
            orders.search([]).date_next = False
            self._run_cron("credit.agency.order", "_cron_outbox")
        self.env.invalidate_all()

    def _ask(self):
        order = self._order()
        self._work()
        return order.score_id

    def _watch(self):
        self._run_cron("credit.agency", "_cron_watch")
        self._work()

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

    # === A PERSON ORDERS === #

    def test_an_analyst_orders_and_everything_is_kept(self):
        order = self._order()
        self.assertEqual((order.state, order.cost), ("to_send", 6))
        self.assertFalse(self.party.calls)
        self._work(1)
        self.assertEqual((order.state, self.party.billed), ("ordered", 2))
        self._work(1)
        score = order.score_id
        self.assertEqual(order.state, "done")
        self.assertEqual(
            (score.raw_score, score.scale, score.position, score.grade),
            ("4", "DRA 0-10", 40, "@@"),
        )
        self.assertEqual((score.probability, score.recommended_limit), (2, 20000))
        self.assertEqual((score.cost, score.user_id), (6, self.analyst))
        self.assertEqual(score.scored_on, date(2026, 2, 3))
        self.assertEqual((score.external_id, score.is_sandbox), ("c-1", True))

    def test_only_analysts_order_and_nobody_writes_an_order(self):
        with self.assertRaises(AccessError):
            self._order(self.viewer)
        order = self._order()
        for user in (self.analyst, self.manager, self.connector):
            with self.assertRaises(AccessError):
                order.with_user(user).write({"state": "to_send"})
            with self.assertRaises(AccessError):
                self.env["credit.agency.order"].with_user(user).create({})
        with self.assertRaises(AccessError):
            order.with_user(self.salesman).read(["cost"])

    def test_the_opinion_is_ordered_only_where_it_is_wanted(self):
        self.agency.asks_opinion = False
        score = self._ask()
        self.assertEqual((score.raw_score, score.grade), ("4", ""))
        self.assertEqual(self.party.billed, 1)

    def test_what_is_under_way_is_not_ordered_twice(self):
        self.assertEqual(self._order(), self._order(self.manager))
        self._work()
        self.assertEqual(self.party.billed, 2)

    def test_an_order_waits_until_all_is_published(self):
        ready = self.party.assessments.pop("c-1")
        order = self._order()
        self._work(4)
        self.assertEqual((order.state, order.poll_count), ("ordered", 3))
        self.party.assessments["c-1"] = ready
        self._work(1)
        self.assertEqual((order.state, self.party.billed), ("done", 2))

    def test_p12_an_order_that_broke_off_is_found_and_billed_once(self):
        for kind in ("lose", "half", "garbage"):
            with self.subTest(kind=kind):
                self.party.orders.clear()
                credit_agency_icon._TOKENS.clear()
                # The login and the search for the company go well, the order does not.
                self.party.go_wrong(None, None, self.faults.Fault(kind))
                order = self._order()
                self._work(1)
                self.assertEqual(order.state, "sending")
                self._work(2)
                self.assertEqual((order.state, self.party.billed), ("done", 2))

    def test_an_order_that_nobody_can_find_is_left_to_a_person(self):
        self.party.go_wrong(None, None, self.faults.Fault("drop"))
        order = self._order()
        self._work(2)
        self.assertEqual((order.state, self.party.billed), ("sending", 0))
        order.date_sent -= timedelta(seconds=SETTLE)
        no_search = self.faults.Answer(200, {"code": "forbiden"})
        self.party.go_wrong(self.faults.Fault("answer", no_search))
        self._work(1)
        self.assertEqual(self._order(self.manager), order)
        self._work(2)
        self.assertEqual((order.state, self.party.billed), ("doubtful", 0))
        self.assertEqual(order.activity_ids.user_id, self.analyst)
        with self.assertRaises(AccessError):
            order.with_user(self.viewer).action_order_again()
        order.with_user(self.analyst).action_order_again()
        self._work()
        self.assertEqual((order.state, self.party.billed), ("done", 2))
        with self.assertRaises(UserError):
            order.with_user(self.analyst).action_give_up()

    def test_p12_after_random_faults_an_order_is_billed_once_or_in_doubt(self):
        outcomes = set()
        for seed in range(6):
            with self.subTest(seed=seed):
                self.party.orders.clear()
                self.party.make_chaos(seed, 0.6)
                order = self._order()
                self._work(3)
                self.party.make_peace()
                order.date_sent = order.date_sent and YEARS_AGO
                self.agency.sudo().breaker = False
                self._work(3)
                outcomes.add(order.state)
                billed = {"done": 2, "doubtful": 0}[order.state]
                self.assertEqual(self.party.billed, billed)
                if order.state == "doubtful":
                    order.with_user(self.analyst).action_give_up()
        self.assertIn("done", outcomes)

    def test_an_agency_that_is_down_is_left_alone_and_people_see_until_when(self):
        self.party.go_wrong(*[self.faults.BROKEN] * 40)
        order = self._order()
        self._work(5)
        self.assertGreater(self.agency.rests_until, datetime.now())
        calls = len(self.party.calls)
        self._work(1)
        self.assertEqual((len(self.party.calls), order.state), (calls, "to_send"))
        self.agency.with_user(self.connector).action_switch_on()
        self.assertFalse(self.agency.rests_until)

    def test_a_refused_login_is_sent_once_and_locks(self):
        self.agency.with_user(self.connector).password = "wrong-pass"
        order = self._order()
        self._work(3)
        self.assertEqual((self.agency.state, self.party.failures), ("locked", 1))
        self.assertEqual(order.state, "to_send")
        self.assertNotIn("wrong-pass", self.agency.last_error)
        with self.assertRaises(UserError):
            self._order()

    def test_p12_what_was_cancelled_or_holds_nothing_is_no_score(self):
        self.party.cancelled.add("o-1")
        order = self._order()
        self._work()
        self.assertEqual(
            (order.state, order.last_error), ("refused", "order_cancelled")
        )
        self.party.assessments["c-1"] = []
        order = self._order()
        self._work()
        self.assertEqual(order.state, "refused")
        self.assertFalse(self._get_scores())

    def test_a_company_that_is_not_known_by_number_is_not_ordered(self):
        self.party.companies = {"Plume SA": [{"id": "c-1"}]}
        order = self._order()
        self._work(1)
        self.assertEqual((order.state, self.party.billed), ("refused", 0))
        self.plume.company_registry = False
        self.party.calls.clear()
        with self.assertRaisesRegex(UserError, "SIREN"):
            self._order()
        self.assertFalse(self.party.calls)

    # === ENVIRONMENTS === #

    def test_p14_sandbox_and_production_never_meet(self):
        order = self._order()
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
        self.agency.sudo().state = "on"
        self._work()
        self.assertEqual(order.state, "to_send")
        self.assertFalse(self.party.calls)

    def test_p14_a_copied_database_asks_nobody(self):
        order = self._order()
        self.env.flush_all()
        with file_open("credit_insurance_link/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        agency = self.agency.with_user(self.connector)
        self.assertFalse(agency.password or agency.api_key or agency.url)
        self.agency.is_score_watched = True
        self._watch()
        with self.assertRaises(UserError):
            self._order()
        self.assertEqual(order.state, "refused")
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

    def test_the_watch_orders_only_when_somebody_switched_it_on(self):
        self._watch()
        self.assertFalse(self.party.calls)
        self.agency.is_score_watched = True
        self._watch()
        score = self._get_scores()
        self.assertEqual((score.raw_score, score.cost), ("4", 6))
        self._watch()
        self.assertEqual(len(self.party.orders), 1)

    def test_what_a_round_of_the_watch_costs_is_told_before(self):
        agency = self.agency.with_user(self.manager)
        self.assertEqual((agency.round_count, agency.round_cost), (1, 6))
        self._new_invoice(100, self.other)
        self.env.flush_all()
        agency.invalidate_recordset()
        self.assertEqual((agency.round_count, agency.round_cost), (2, 12))
        self.assertEqual(self.bodacc.round_cost, 0)

    def test_the_watch_does_not_pay_again_for_what_a_person_ordered(self):
        self._ask()
        self.agency.is_score_watched = True
        self._watch()
        self.assertEqual(len(self.party.orders), 1)
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

    def test_p12_one_that_fails_stops_nobody(self):
        self._new_invoice(100, self.other)
        self.agency.is_score_watched = True
        self.party.companies[f"registration-number#{OTHER}"] = [{"id": "c-2"}]
        self._watch()
        self.assertEqual(self._get_scores().raw_score, "4")
        self.assertFalse(self._get_scores(self.other))
        self._rate("8", "2026-02-03", "c-2")
        self._work(1)
        self.assertEqual(self._get_scores(self.other).raw_score, "8")
        self.assertEqual(len(self.party.orders), 2)
        logins = [call for call in self.party.calls if call.path.endswith("/token")]
        self.assertEqual(len(logins), 1)
