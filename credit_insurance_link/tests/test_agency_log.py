# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .agency_common import PLUME, AgencyCommon
from .connection_common import load_simulator


@tagged("post_install", "-at_install")
class TestAgencyLog(AgencyCommon):
    """Calls to agencies are in the exchange log, masked, as those to insurers are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit, cls.faults = load_simulator("agencies"), load_simulator("base")
        cls.party = cls.kit.AgencySimulator().start()
        cls.addClassCleanup(cls.party.stop)
        cls.party.add_company("FR-1", PLUME, cls.kit.SCORE)
        cls.agency = cls.env.ref("credit_insurance_link.credit_agency_creditsafe")
        given = {"username": "user", "password": "secret", "url": cls.party.url}
        cls.agency.with_user(cls.connector).write(given)
        cls._switch_on(cls.agency)

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo compares the time-out with a number; ours are two.
        return super()._request_handler(session, request, **{**options, "timeout": 10})

    def _ask(self):
        return self.agency.with_user(self.analyst)._ask_score(self.plume)

    def _get_log(self):
        action = self.agency.with_user(self.analyst).action_open_exchanges()
        log = self.env["credit.insurance.exchange"].with_user(self.analyst)
        return log.search(action["domain"], order="id")

    def test_each_call_is_kept_without_secrets(self):
        self._ask()
        log = self._get_log()
        self.assertEqual(log.mapped("purpose"), ["login", "match", "score"])
        self.assertEqual(set(log.mapped("party")), {"Creditsafe"})
        self.assertEqual(log.user_id, self.analyst)
        self.assertEqual(log.company_id, self.company)
        kept = " ".join(f"{one.url} {one.request} {one.response}" for one in log)
        self.assertNotIn("secret", kept)
        self.assertNotIn("token-", kept)
        self.assertIn(PLUME, log[1].url)
        self.assertFalse(any(log.mapped("is_replayable")))

    def test_a_call_that_failed_is_kept_with_what_went_wrong(self):
        self.party.go_wrong(None, None, self.faults.Fault("lose"))
        values = {"profile_id": self.profile.id, "agency_id": self.agency.id}
        ask = self.env["credit.agency.ask"].with_user(self.analyst).create(values)
        self.assertEqual(ask.action_ask()["params"]["type"], "danger")
        last = self._get_log()[-1]
        self.assertEqual((last.purpose, last.status), ("score", 0))
        self.assertIn("Unreachable", last.error)

    def test_people_without_the_credit_group_see_no_calls(self):
        self._ask()
        for user in (self.salesman, self.viewer):
            with self.assertRaises(AccessError):
                self._get_log()[0].with_user(user).read(["response"])
