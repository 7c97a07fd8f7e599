# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import credit_insurance_sync_work as work
from .connection_common import ConnectionCommon

NUMBERS = ("732829320", "443121975", "552100554", "542065479", "552032534")


@tagged("post_install", "-at_install")
class TestSync(ConnectionCommon):
    """Decisions are fetched whole, once, and go on where they stopped."""

    def setUp(self):
        super().setUp()
        for number, siren in enumerate(NUMBERS, start=60):
            self.party.add_buyer(number, siren, f"Buyer {number}")

    def _fill(self):
        for number in range(60, 65):
            self.party.add_cover(number, 1000 * number)

    def test_what_the_insurer_grants_is_in_force_here(self):
        self.party.add_cover(55, 20000)
        sync = self._run_sync()
        self.assertEqual((sync.state, sync.new_count), ("done", 1))
        self.assertEqual(self._get_cover(), {"55": 20000})
        self.assertEqual(self._insured().amount, 20000)

    def test_fetching_twice_changes_nothing(self):
        self._fill()
        self._run_sync()
        again = self._run_sync(kind="full")
        self.assertEqual((again.new_count, again.duplicate_count), (0, 5))

    def test_the_next_fetching_asks_for_changes_only(self):
        self.assertEqual(self._run_sync().kind, "full")
        sync = self._run_sync()
        self.assertEqual(sync.kind, "changes")
        self.assertTrue(sync.date_since)

    def test_a_bad_row_does_not_stop_the_others(self):
        self._fill()
        bad = next(iter(self.party.covers))
        self.party.covers[bad]["firstAmtDecision"] = "lots"
        sync = self._run_sync()
        self.assertEqual((sync.new_count, sync.rejected_count), (4, 1))
        self.assertEqual(sync.problem_ids.external_id, str(bad))
        self.assertTrue(sync.problem_ids.message)

    def test_a_buyer_that_fails_in_the_database_does_not_stop_the_others(self):
        self._fill()
        door = type(self.env["credit.cover.decision"])
        original = door._ingest

        def fail_on_62(decisions, policy, facts, source):
            if any(fact.buyer_external_id == "62" for fact in facts):
                raise KeyError("62")
            return original(decisions, policy, facts, source)

        with patch.object(door, "_ingest", fail_on_62):
            sync = self._run_sync()
        self.assertEqual((sync.new_count, sync.rejected_count), (4, 1))
        self.assertEqual(sync.problem_ids.buyer_number, "62")

    def test_it_goes_on_where_it_stopped(self):
        self._fill()
        sync = self.env["credit.insurance.sync"]._start(self.cover_policy)
        with patch.object(work, "CHUNK", 2), patch.object(work, "BUDGET", -1):
            runs = 1
            while not sync._run():
                runs += 1
        self.assertEqual(runs, 3)
        self.assertEqual((sync.read_count, sync.new_count), (5, 5))
        self.assertEqual((sync.duplicate_count, sync.state), (0, "done"))
        self.assertEqual(len(self._get_cover()), 5)

    def test_a_person_stops_it_and_goes_on(self):
        self._fill()
        sync = self.env["credit.insurance.sync"]._start(self.cover_policy)
        take = work.CreditInsuranceSync._take_chunk

        def take_and_stop(run, facts):
            take(run, facts)
            run.with_user(self.analyst).action_stop()

        with self.assertRaises(AccessError):
            sync.with_user(self.viewer).action_stop()
        with (
            patch.object(work, "CHUNK", 2),
            patch.object(work.CreditInsuranceSync, "_take_chunk", take_and_stop),
        ):
            sync._run()
        self.assertEqual((sync.state, sync.read_count), ("stopped", 2))
        self.assertFalse(sync.is_running or sync.is_stopping)
        self._run_cron("credit.insurance.sync", "_cron_sync")
        self.assertEqual(self.cover_policy.sync_ids, sync)
        self.assertEqual(len(self._get_cover()), 2)
        sync.with_user(self.analyst).action_go_on()
        self._run_cron("credit.insurance.sync", "_cron_sync")
        self.assertEqual((sync.state, sync.read_count), ("done", 5))
        self.assertEqual((sync.duplicate_count, len(self._get_cover())), (0, 5))
        with self.assertRaises(UserError):
            sync.with_user(self.analyst).action_go_on()

    def test_a_failed_fetching_is_seen_and_the_next_one_works(self):
        self._fill()
        self.party.go_wrong(*[self._fail("half")] * 4)
        sync = self._run_sync()
        self.assertEqual(sync.state, "failed")
        self.assertTrue(sync.error)
        self.assertEqual(self._run_sync().new_count, 5)

    def test_p12_a_decision_that_was_taken_back_counts_again(self):
        cover = self.party.add_cover(55, 20000)
        today = self._today().isoformat()
        for amount in (20000, 5000, 20000):
            self.party.decide(cover, "DC01", amount)
            # Some print no time of day.
            self.party.covers[cover]["decisionDate"] = today
            self._run_sync(kind="full")
            self.assertEqual(self._get_cover(), {"55": amount})
        again = self._run_sync(kind="full")
        self.assertEqual(again.new_count, 0)

    def test_p12_cover_that_is_not_listed_any_more_is_shown_not_cancelled(self):
        self._fill()
        self._run_sync()
        vanished = self.party.covers.popitem()[1]
        sync = self._run_sync(kind="full")
        self.assertEqual(sync.problem_ids.external_id, str(vanished["coverId"]))
        self.assertEqual(len(self._get_cover()), 5)

    def test_a_grade_that_comes_along_is_kept(self):
        self._fill()
        self._run_sync()
        buyer = self.env["credit.insurer.buyer"].search(
            [("insurer_id", "=", self.insurer.id), ("insurer_buyer_id", "=", "60")]
        )
        self.assertEqual((buyer.grade_raw, buyer.grade_scale), ("45", "atradius"))

    def test_the_job_serves_every_policy_though_one_fails(self):
        self._fill()
        other = self.cover_policy.copy(
            {"policy_number": "777", "state": "live", "customer_ref": "1"}
        )
        other.state = "live"
        self.env["credit.insurance.sync"]._cron_sync()
        self.assertEqual(self.cover_policy.sync_ids.state, "done")
        self.assertEqual(other.sync_ids.state, "failed")

    def test_only_one_fetching_runs_for_a_policy(self):
        self.cover_policy.with_user(self.analyst).action_fetch()
        first = self.cover_policy.sync_ids
        self.cover_policy.with_user(self.analyst).action_fetch()
        self.assertEqual(self.cover_policy.sync_ids, first)


@tagged("post_install", "-at_install")
class TestRandomFaults(ConnectionCommon):
    """Whatever goes wrong on the way, at the end we know what the insurer knows."""

    def setUp(self):
        super().setUp()
        for number, siren in enumerate(NUMBERS, start=60):
            self.party.add_buyer(number, siren, f"Buyer {number}")

    def _step(self, dice):
        """Something happens at the insurer, or here."""
        live = [
            number
            for number, row in self.party.covers.items()
            if not row.get("historicCode") and row["coverStatus"] == "DECISION"
        ]
        what = dice.choice(("grant", "cut", "end", "announce", "ask", "sync", "outbox"))
        number = dice.randrange(60, 65)
        is_free = not any(
            row["buyerId"] == number and not row.get("historicCode")
            for row in self.party.covers.values()
        )
        if what == "grant" and is_free:
            self.party.add_cover(number, dice.randrange(1, 90) * 1000)
        elif what == "cut" and live:
            self.party.decide(dice.choice(live), "DC09", dice.randrange(0, 9) * 1000)
        elif what == "end" and live:
            self.party.end(dice.choice(live), dice.choice(("WCLD", "ECLD", "CCLD")))
        elif what == "announce" and live:
            self.party.announce(dice.choice(live))
        elif what == "ask":
            self._ask(number, dice.randrange(1, 300) * 1000)
        elif what == "sync":
            self._run_sync(kind="full")
        elif what == "outbox":
            self._run_outbox()

    def _ask(self, number, amount):
        buyer = self.env["credit.insurer.buyer"].search(
            [
                ("insurer_id", "=", self.insurer.id),
                ("insurer_buyer_id", "=", str(number)),
            ]
        )
        if not buyer or buyer.request_ids.filtered(
            lambda one: one.state in ("to_send", "claimed", "sent", "referred")
        ):
            return
        if buyer.match_state != "confirmed":
            buyer.confirm_match(
                self.env["res.partner"].create({"name": buyer.name, "is_company": 1}).id
            )
        has_cover = str(number) in self.party.truth()
        known = self.cover_policy._get_replaced(buyer, "primary")
        self.env["credit.cover.request"].create(
            {
                "policy_id": self.cover_policy.id,
                "buyer_id": buyer.id,
                "type": "increase" if has_cover else "new",
                "amount_requested": max(amount, known + 1000),
            }
        ).action_send()

    def _calm_down(self):
        """Peace: the breaker is tried, everything that waits is done."""
        self.party.make_peace()
        self.connection.breaker_state = "closed"
        for _time in range(4):
            self.env["credit.cover.request"].search(
                [("state", "=", "claimed")]
            ).date_claimed = "2020-01-01 00:00:00"
            self._run_outbox()
        self.assertEqual(self._run_sync(kind="full").state, "done")

    def test_p12_after_random_faults_cover_is_the_insurers_truth(self):
        for seed in range(3):
            dice = random.Random(seed)
            self.party.make_chaos(seed, 0.3)
            for _step in range(30):
                self._step(dice)
            self._calm_down()
            truth = {
                who: amount for who, amount in self.party.truth().items() if amount
            }
            self.assertEqual(self._get_cover(), truth, f"seed {seed}")
            sent = self.env["credit.cover.request"].search(
                [("state", "in", ("decided", "rejected", "referred", "sent"))]
            )
            asked = [row["customerRefNumber"] for row in self.party.covers.values()]
            told = [reference for reference in asked if reference]
            self.assertEqual(len(told), len(set(told)), "something was asked twice")
            self.assertLessEqual(set(told), set(sent.mapped("uuid")))
