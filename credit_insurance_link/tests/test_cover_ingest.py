# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..insurers.facts import Identifier
from .common import OTHER_SIREN, InsuranceCommon


@tagged("post_install", "-at_install")
class TestCoverIngest(InsuranceCommon):
    """Decisions come in once, in any order; the lines follow them."""

    def _cover(self):
        return sum(self._insured().mapped("amount"))

    def test_p12_a_decision_gives_a_line(self):
        [answer] = self._tell(self._fact("50000", reasons=()))
        self.assertEqual(answer["status"], "new")
        buyer = answer["decision"].buyer_id
        self.assertEqual(
            (buyer.match_state, buyer.partner_id.id), ("confirmed", self.debtor.id)
        )
        line = self._insured()
        self.assertEqual(line.amount, 50000)
        self.assertEqual(line.kind_id.code, "insured")
        self.assertEqual(self._available(), 50000)

    def test_p12_told_twice_is_one_decision(self):
        fact = self._fact("50000")
        statuses = [a["status"] for a in self._tell(fact, fact) + self._tell(fact)]
        self.assertEqual(statuses, ["new", "duplicate", "duplicate"])
        self.assertEqual(self._cover(), 50000)

    def test_p12_another_content_under_a_known_version_is_not_lost(self):
        self._tell(self._fact("50000", version="1"))
        [answer] = self._tell(self._fact("20000", version="1"))
        self.assertEqual(answer["status"], "new")
        self.assertEqual(self._cover(), 20000)

    def test_p12_what_was_asked_is_never_granted(self):
        self._tell(self._fact(outcome="referred", requested_amount=Decimal(80000)))
        self.assertFalse(self._insured())

    def test_p12_an_unknown_outcome_grants_nothing_and_goes_to_a_person(self):
        self._tell(self._fact("30000"))
        [answer] = self._tell(
            self._fact("90000", outcome="unknown", code="XY99", external_id="C2")
        )
        self.assertEqual(self._cover(), 30000)
        activity = answer["decision"].buyer_id.activity_ids
        self.assertEqual(activity.user_id, self.manager)

    def test_p12_decisions_arrive_in_any_order(self):
        told = [
            self._fact("50000", version="1", decided_at=self._today(-30)),
            self._fact("80000", version="2", decided_at=self._today(-20)),
            self._fact(
                "30000", outcome="reduced", version="3", decided_at=self._today(-9)
            ),
            self._fact(
                "5000", layer="topup", external_id="T", decided_at=self._today(-5)
            ),
        ]
        random.Random(3).shuffle(told)
        for fact in told:
            self._tell(fact)
        self.assertEqual(self._cover(), 35000)

    def test_p12_a_doubt_about_the_order_of_a_day_never_grants(self):
        granted = self._fact("50000")
        cut = self._fact("10000", outcome="reduced")
        self._tell(cut)
        self._tell(granted)
        self.assertEqual(self._cover(), 10000)
        self._tell(self._fact(outcome="cancelled"))
        self._tell(self._fact("20000"))
        self.assertEqual(self._cover(), 0)

    def test_p12_a_cut_ahead_leaves_cover_until_its_day(self):
        self._tell(self._fact("50000", decided_at=self._today(-30)))
        self._tell(
            self._fact(
                "10000",
                outcome="reduced",
                version="2",
                effective_from=self._today(10),
            )
        )
        self.assertEqual(self._cover(), 50000)
        buyer = self.env["credit.insurer.buyer"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        lines = buyer.line_ids.filtered(lambda line: line.state == "active")
        self.assertEqual(
            [
                (line.amount, line.date_from, line.date_to)
                for line in lines.sorted("date_from")
            ],
            [
                (50000, self._today(-30), self._today(9)),
                (10000, self._today(10), False),
            ],
        )

    def test_p12_a_cancelled_cover_gives_no_credit(self):
        self._tell(self._fact("50000", decided_at=self._today(-30)))
        self._tell(self._fact(outcome="cancelled", version="2"))
        self.assertEqual(self._cover(), 0)
        self.assertEqual(self._available(), 0)

    def test_p6_a_refusal_is_a_limit_of_zero(self):
        self._tell(self._fact(outcome="refused"))
        self.assertEqual(self._insured().mapped("amount"), [0])

    def test_temporary_cover_is_a_line_that_ends_by_itself(self):
        self._tell(
            self._fact("50000"),
            self._fact(
                "20000", layer="temporary", external_id="C2", expires_on=self._today(5)
            ),
        )
        ends = {line.cover_layer: line.date_to for line in self._insured()}
        self.assertEqual(ends, {"primary": False, "temporary": self._today(5)})
        self.assertEqual(self._cover(), 70000)

    def test_one_bad_fact_stops_no_other(self):
        answers = self._tell(
            self._fact("1000", policy_number="9"),
            self._fact("2000.001"),
            self._fact("3000", currency="XXX"),
            self._fact("4000"),
        )
        self.assertEqual(
            [a["status"] for a in answers], ["rejected", "rejected", "rejected", "new"]
        )
        self.assertTrue(all(a["error"] for a in answers[:3]))
        self.assertEqual(self._cover(), 4000)

    def test_p12_decisions_are_append_only_even_for_the_superuser(self):
        [answer] = self._tell(self._fact("50000"))
        decision = answer["decision"].sudo()
        with self.assertRaises(AccessError):
            decision.write({"amount_granted": 1})
        with self.assertRaises(AccessError):
            decision.unlink()

    def test_a_buyer_is_never_matched_by_its_name(self):
        [answer] = self._tell(
            self._fact(
                "50000",
                buyer_external_id="B9",
                buyer_name=self.debtor.name,
                identifiers=(Identifier("siren", OTHER_SIREN, "FR"),),
            )
        )
        buyer = answer["decision"].buyer_id
        self.assertEqual(buyer.match_state, "unmatched")
        self.assertFalse(self._insured())
        buyer.with_user(self.analyst).confirm_match(self.debtor.id)
        self.assertEqual(self._cover(), 50000)
        buyer.with_user(self.analyst).action_unmatch()
        self.assertFalse(self._insured())

    def test_a_buyer_with_a_new_number_keeps_its_file(self):
        [first] = self._tell(self._fact("50000"))
        [second] = self._tell(
            self._fact("60000", external_id="C2", buyer_external_id="B7")
        )
        buyer = first["decision"].buyer_id
        self.assertEqual(second["decision"].buyer_id, buyer)
        self.assertEqual(buyer.insurer_buyer_id, "B7")
        self.assertEqual(buyer.number_ids.mapped("number"), ["B1"])
        [third] = self._tell(self._fact("70000", external_id="C3"))
        self.assertEqual(third["decision"].buyer_id, buyer)
        self.assertEqual(self._cover(), 70000)

    def test_a_policy_that_ends_gives_no_credit_any_more(self):
        self._tell(self._fact("50000"))
        self.cover_policy.date_end = self._today(3)
        self.assertEqual(self._insured().date_to, self._today(3))
        self.cover_policy.state = "suspended"
        self.assertFalse(self._insured())
        self.cover_policy.state = "live"
        self.assertEqual(self._cover(), 50000)

    def test_p12_a_sandbox_gives_no_credit(self):
        sandbox = self.cover_policy.copy({"environment": "sandbox", "state": "live"})
        self._tell(self._fact("50000"), policy=sandbox)
        self.assertFalse(self._insured())

    def test_discretionary_until_the_insurer_decides(self):
        self.cover_policy.discretionary_max_amount = 10000
        buyer = self._new_buyer()
        self.assertFalse(self._insured())
        buyer.with_user(self.analyst).discretionary_amount = 15000
        self.assertEqual(self._cover(), 10000)
        self._tell(self._fact(outcome="refused", effective_from=self._today(5)))
        line = self._insured()
        self.assertEqual(
            (line.amount, line.date_to), (10000, self._today(5) - timedelta(1))
        )
        self._tell(self._fact(outcome="refused", external_id="C2"))
        self.assertEqual(self._cover(), 0)

    def test_p12_a_line_follows_the_insurer_and_nobody_else(self):
        self._tell(self._fact("50000"))
        line = self._insured().with_user(self.manager)
        with self.assertRaises(AccessError):
            line.amount = 60000
        with self.assertRaises(AccessError):
            line.cover_amount = 60000
        line.action_suspend()
        self._tell(self._fact("40000", version="2"))
        self.assertEqual((line.state, line.amount), ("suspended", 40000))
