# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..insurers.atradius import Atradius
from ..models.credit_cover_outbox import SETTLE
from .connection_common import ConnectionCommon


@tagged("post_install", "-at_install")
class TestOutbox(ConnectionCommon):
    """A request leaves once, whatever breaks, and grants nothing by itself."""

    def setUp(self):
        super().setUp()
        self.request = self._new_request()
        self.request.with_user(self.analyst).action_send()

    def _crash_after_sending(self):
        """The process ends after the answer came and before it was written."""
        crash = patch.object(
            type(self.request), "_apply_answer", side_effect=SystemExit
        )
        # Not assertRaises: it would roll back what was committed before the sending.
        with crash, suppress(SystemExit):
            self._run_outbox()
        self.env.invalidate_all()

    def test_p12_a_request_is_granted_by_its_decision_only(self):
        self.party.patience = 3600
        self._run_outbox()
        self.assertEqual(self.request.state, "referred")
        self.assertFalse(self._get_cover())
        self.party.patience = 0
        self.party.decide(int(self.request.external_request_id), "DC04", 15000)
        self._run_outbox()
        self.assertEqual(self.request.state, "decided")
        self.assertEqual(self._get_cover(), {"55": 15000})
        self.assertEqual(self.request.decision_ids.amount_granted, 15000)
        self.assertEqual(self._insured().amount, 15000)

    def test_p12_a_lost_answer_is_searched_not_sent_again(self):
        self.party.go_wrong(None, self._fail("lose"))
        self._run_outbox()
        self.assertEqual(self.request.state, "claimed")
        self.assertTrue(self.request.is_maybe_sent)
        self._run_outbox()
        self.assertEqual(self.request.state, "decided")
        self.assertEqual(self.party.applications_made, 1)

    def test_p12_a_crash_after_the_sending_sends_nothing_twice(self):
        self._crash_after_sending()
        self.assertEqual(self.request.state, "claimed")
        self._run_outbox()
        self.assertEqual(self.request.state, "decided")
        self.assertEqual(self.party.applications_made, 1)

    def test_the_exchange_is_kept_though_the_sending_crashed(self):
        self._crash_after_sending()
        kept = self.request.exchange_ids.filtered(lambda one: one.method == "POST")
        self.assertIn(self.request.uuid, "".join(kept.mapped("request")))

    def test_what_never_arrived_leaves_again_after_a_time(self):
        self.party.go_wrong(None, self._fail("drop"))
        self._run_outbox()
        self._run_outbox()
        self.assertEqual(self.request.state, "claimed")
        self.assertGreater(self.request.date_next, self.request.date_claimed)
        self.request.date_claimed = self.request.date_claimed.replace(year=2020)
        self._run_outbox()
        self.assertEqual(self.request.state, "to_send")
        self._run_outbox()
        self.assertEqual(self.party.applications_made, 1)
        self.assertEqual(self.request.attempts, 2)
        self.assertGreaterEqual(SETTLE, 60)

    def test_what_was_turned_away_leaves_again(self):
        self.party.go_wrong(None, self.faults.BUSY)
        self._run_outbox()
        self.assertEqual(self.request.state, "to_send")
        self.assertFalse(self.request.is_maybe_sent)
        self.assertTrue(self.request.date_next)
        self._run_outbox()
        self.assertEqual(self.party.applications_made, 1)

    def test_a_locked_line_keeps_requests_waiting(self):
        self.connection.client_secret = "wrong-secret"
        self._run_outbox()
        self._run_outbox()
        self.assertEqual(self.request.state, "to_send")
        self.assertEqual(self.party.applications_made, 0)
        logins = [call for call in self.party.calls if "tokens" in call.path]
        self.assertEqual(len(logins), 1)

    def test_without_a_reference_a_human_decides(self):
        self.party.go_wrong(None, self._fail("lose"))
        with patch.object(Atradius, "has_own_reference", False):
            with patch.object(Atradius, "find_request", return_value=None):
                self._run_outbox()
                self._run_outbox()
        self.assertTrue(self.request.is_doubtful)
        self.assertEqual(self.request.state, "claimed")
        self.assertTrue(self.request.activity_ids)
        self._run_outbox()
        self.assertEqual(self.party.applications_made, 1)
        self.request.with_user(self.analyst).action_arrived()
        self._run_outbox()
        self.assertEqual(self.request.state, "decided")
        self.assertEqual(self.party.applications_made, 1)

    def test_a_refusal_with_status_200_is_told(self):
        self.request.action_cancel()
        self.env.flush_all()
        request = self._new_request(30000, type="increase")
        request.action_send()
        self._run_outbox()
        self.assertEqual(request.state, "rejected")
        self.assertEqual(request.last_error, "Action has been refused.")

    def test_what_the_insurer_would_refuse_is_not_sent(self):
        self.request.action_cancel()
        self.env.flush_all()
        request = self._new_request(1500)
        request.action_send()
        self._run_outbox()
        self.assertEqual(request.state, "rejected")
        self.assertIn("multiple of 1000", request.last_error)
        self.assertEqual(self.party.applications_made, 0)

    def test_an_answer_can_be_asked_for_at_once(self):
        self.party.patience = 3600
        self._run_outbox()
        self.party.decide(int(self.request.external_request_id), "DC03", 0)
        self.request.with_user(self.analyst).action_look_now()
        self.assertEqual(self.request.state, "decided")
        self.assertFalse(self._get_cover())

    def test_the_insurers_number_is_asked_for_once_by_siren(self):
        self.request.buyer_id.insurer_buyer_id = False
        self._run_outbox()
        self.assertEqual(self.request.buyer_id.insurer_buyer_id, "55")
        self.assertEqual(self.party.applications_made, 1)
        [search] = [call for call in self.party.calls if "buyers" in call.path]
        self.assertEqual(search.query["uid"], "404833048")

    def test_a_company_that_the_insurer_does_not_know_is_told(self):
        self.request.buyer_id.insurer_buyer_id = False
        self.party.buyers.clear()
        self._run_outbox()
        self.assertEqual(self.request.state, "rejected")
        self.assertIn("knows no company", self.request.last_error)
        self.assertEqual(self.party.applications_made, 0)

    def test_an_error_of_the_database_stops_its_own_request_only(self):
        other = self.request.copy({"layer": "credit_check"})
        other.with_user(self.analyst).action_send()
        requests = type(self.request)
        step = requests._step

        def fail(request):
            if request == self.request:
                raise IntegrityError("told twice")
            step(request)

        undo = patch.object(self.env.cr, "rollback")
        with patch.object(requests, "_step", fail), undo as undone:
            self._run_outbox()
        undone.assert_called_once()
        self.assertEqual(self.request.last_error, "told twice")
        self.assertEqual((self.request.state, other.state), ("to_send", "referred"))

    def _search_again(self):
        """A person cancels and asks anew; how often the insurer was asked who it is."""
        former = self.request
        former.with_user(self.analyst).action_cancel()
        self.env.flush_all()
        self.request = former.copy()
        self.request.action_send()
        self._run_outbox()
        return sum(call.path.endswith("/buyers") for call in self.party.calls)

    def test_a_search_that_may_be_billed_is_not_made_twice(self):
        buyer = self.request.buyer_id
        buyer.insurer_buyer_id = False
        self.party.buyers.clear()
        self._run_outbox()
        self.assertNotIn("So it said", self.request.last_error)
        self.assertEqual(self._search_again(), 1)
        self.assertIn("knows no company", self.request.last_error)
        self.assertIn("So it said", self.request.last_error)
        week_ago = self._today(-7).isoformat()
        buyer.search_memory = {**buyer.search_memory, "on": week_ago}
        self.assertEqual(self._search_again(), 2)
        buyer.partner_id.credit_identifier_ids.value = "552008443"
        self.assertEqual(self._search_again(), 3)

    def test_a_search_whose_answer_is_lost_is_not_repeated_at_once(self):
        self.request.buyer_id.insurer_buyer_id = False
        self.party.go_wrong(None, self._fail("lose"))
        self._run_outbox()
        self.assertEqual((self.request.state, self.request.attempts), ("to_send", 1))
        searches = [call for call in self.party.calls if "buyers" in call.path]
        self.assertEqual(len(searches), 1)
        self._run_outbox()
        self.assertEqual(self.request.buyer_id.insurer_buyer_id, "55")

    def test_a_number_that_another_buyer_has_is_not_taken(self):
        self.request.buyer_id.insurer_buyer_id = False
        self.env.flush_all()
        partner = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._new_buyer(partner, number="55", environment="sandbox")
        self._run_outbox()
        self.assertEqual(self.request.state, "rejected")
        self.assertIn("Match the two first", self.request.last_error)
        self.assertFalse(self.request.buyer_id.insurer_buyer_id)

    def test_buttons_are_for_analysts(self):
        self.request.is_doubtful = True
        for user in (self.viewer, self.salesman):
            mine = self.request.with_user(user)
            for button in (mine.action_look_now, mine.action_arrived):
                with self.assertRaises(AccessError):
                    button()
            with self.assertRaises(AccessError):
                mine.action_send_again()

    def test_a_request_that_is_being_cancelled_is_not_sent(self):
        self.request.with_user(self.analyst).action_cancel()
        self.assertFalse(self.request._claim())
        self._run_outbox()
        self.assertEqual(self.party.applications_made, 0)
