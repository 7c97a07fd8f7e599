# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..insurers.facts import Identifier
from .common import OTHER_SIREN, SIREN, InsuranceCommon


@tagged("post_install", "-at_install")
class TestCoverScreens(InsuranceCommon):
    """What analysts do on their screens: ask, type, confirm, give back."""

    def _ask(self, user=None):
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        action = profile.with_user(user or self.analyst).action_ask_cover()
        return Form(
            self.env["credit.cover.ask"]
            .with_user(user or self.analyst)
            .with_context(**action["context"])
        )

    def _type(self, buyer, request=None, **values):
        form = Form(
            self.env["credit.cover.type"]
            .with_user(self.analyst)
            .with_context(
                default_buyer_id=buyer.id,
                default_request_id=request.id if request else False,
            )
        )
        form.policy_id = self.cover_policy
        for name, value in values.items():
            setattr(form, name, value)
        return form.save().action_take_in()

    def test_asking_proposes_what_is_owed_in_thousands(self):
        self._new_invoice(4300)
        asked = self._ask()
        self.assertEqual((asked.type, asked.amount), ("new", 5000))
        self.assertEqual(asked.number_state, "ok")
        action = asked.save().action_ask()
        request = self.env["credit.cover.request"].browse(action["res_id"])
        self.assertEqual(request.state, "to_send")
        self.assertEqual(request.partner_id, self.debtor)
        self.assertFalse(self._insured())

    def test_asking_to_prolong_proposes_what_the_layer_covers_and_says_until_when(self):
        today = self._today()
        extra = self._fact(7000, layer="temporary", external_id="T")
        self._tell(self._fact(30000), extra)
        self._new_invoice(4300)
        asked = self._ask()
        self.assertEqual((asked.type, asked.amount), ("increase", 37000))
        asked.type = "reduce"
        self.assertEqual(asked.amount, 5000)
        asked.type = "renew"
        self.assertEqual(asked.amount, 30000)
        asked.layer = "temporary"
        self.assertEqual(asked.amount, 7000)
        asked.date_to = today + timedelta(days=90)
        action = asked.save().action_ask()
        request = self.env["credit.cover.request"].browse(action["res_id"])
        self.assertEqual(request._prepare_order().date_to, today + timedelta(days=90))
        self.assertEqual(request._prepare_order().amount, 7000)

    def test_asking_to_cancel_asks_for_no_amount(self):
        self._tell(self._fact(30000))
        self._new_invoice(4300)
        asked = self._ask()
        asked.date_to = self._today()
        asked.type = "cancel"
        action = asked.save().action_ask()
        request = self.env["credit.cover.request"].browse(action["res_id"])
        self.assertEqual((request.amount_requested, request.date_to), (0, False))

    def test_asking_proposes_the_policy_that_knows_the_customer(self):
        second = self.env["credit.insurer"].create({"name": "Zeta", "code": "zeta"})
        policy = self.cover_policy.copy({"insurer_id": second.id, "state": "live"})
        self.assertEqual(self._ask().policy_id, self.cover_policy)
        self._new_buyer(insurer_id=second.id)
        self.assertEqual(self._ask().policy_id, policy)

    def test_p12_an_increase_is_never_proposed_below_the_cover_of_today(self):
        self.assertEqual((self._ask().type, self._ask().amount), ("new", 0))
        self._tell(self._fact("20500"))
        self.assertEqual(self._ask().type, "increase")
        self.assertEqual(self._ask().amount, 20500)

    def test_an_increase_up_to_the_cover_of_today_is_refused_in_so_many_words(self):
        self._tell(self._fact("20500"))
        asked = self._ask()
        self.assertIn("20,500.00", asked.direction)
        asked.amount = 21000
        self.assertFalse(asked.direction)
        asked.amount = 20000
        self.assertIn("20,500.00", asked.direction)
        with self.assertRaisesRegex(UserError, "20,500.00"):
            asked.save().action_ask()

    def test_typing_proposes_the_policy_where_there_is_no_doubt(self):
        buyer = self._new_buyer()

        def proposed():
            form = Form(
                self.env["credit.cover.type"]
                .with_user(self.analyst)
                .with_context(default_buyer_id=buyer.id)
            )
            return form.policy_id

        self.assertEqual(proposed(), self.cover_policy)
        second = self.cover_policy.copy({"policy_number": "Z-2", "state": "live"})
        self.assertFalse(proposed())
        self._tell(self._fact(500, policy_number="Z-2", external_id="Z"), policy=second)
        self.assertEqual(proposed(), second)

    def test_a_buyer_tells_how_it_was_matched_and_what_covers_it(self):
        self.cover_policy.discretionary_max_amount = 3000
        buyer = self._new_buyer()
        buyer.discretionary_amount = 2000
        self.assertEqual(buyer.match_note, self.env.user.name)
        self.assertEqual(buyer.cover_today, 2000)
        self._tell(self._fact("50000", buyer_external_id="B2"))
        buyer.sudo().write({"matched_on": "siren", "matched_value": SIREN})
        self.assertIn(SIREN, buyer.match_note)
        self.assertEqual(buyer.cover_today, 50000)

    def test_a_grant_typed_without_its_amount_takes_no_cover_away(self):
        buyer = self._new_buyer()
        self._tell(self._fact(30000))
        with self.assertRaises(UserError):
            self._type(buyer, outcome="granted")
        self.assertEqual(self._insured().amount, 30000)
        self._type(buyer, outcome="cancelled")
        self.assertFalse(self._insured().amount)

    def test_p12_a_typed_decision_goes_through_the_same_door(self):
        request_id = self._ask().save()
        request_id.amount = 9000
        request = self.env["credit.cover.request"].browse(
            request_id.action_ask()["res_id"]
        )
        request.action_mark_sent()
        buyer = request.buyer_id
        self.assertFalse(buyer.insurer_buyer_id, "the insurer gave no number yet")
        self._type(buyer, request, outcome="partial", amount=8000)
        self.assertEqual(request.state, "decided")
        self.assertEqual(request.decision_ids.source, "manual")
        self.assertEqual(request.decision_ids.buyer_id, buyer)
        self.assertEqual(self._insured().amount, 8000)
        self._type(buyer, outcome="cancelled")
        self.assertEqual(sum(self._insured().mapped("amount")), 0)

    def test_typed_later_on_the_same_day_counts_later(self):
        buyer = self._new_buyer()
        self._tell(self._fact(outcome="refused"))
        self._type(buyer, outcome="granted", amount=3000)
        self.assertEqual(self._insured().amount, 3000)

    def test_a_decision_about_a_buyer_without_numbers_is_refused(self):
        self.debtor.company_registry = False
        buyer = self._new_buyer(number=False)
        with self.assertRaises(UserError):
            self._type(buyer, amount=3000)

    def test_a_person_confirms_whom_names_only_propose(self):
        [told] = self._tell(
            self._fact("5000", identifiers=(), buyer_name=self.debtor.name)
        )
        buyer = told["decision"].buyer_id
        form = Form(
            self.env["credit.insurer.buyer.confirm"]
            .with_user(self.analyst)
            .with_context(default_buyer_id=buyer.id)
        )
        self.assertIn(self.debtor, form.candidate_ids[:])
        form.partner_id = self.debtor
        self.assertIn(SIREN, form.numbers)
        form.save().action_confirm()
        self.assertEqual(buyer.partner_id, self.debtor)
        self.assertEqual(self._insured().amount, 5000)

    def test_p1_the_use_of_cover_is_that_of_the_gate(self):
        self._tell(self._fact("5000"))
        self._new_invoice(7000)
        self.env.flush_all()
        [row] = self.env["credit.cover.report"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        figures = (row.granted, row.used, row.free, row.uncovered, row.unused)
        self.assertEqual(figures, (5000, 5000, 0, 2000, 0))
        self.assertEqual(self._available(), -2000)
        policy = self.cover_policy.with_user(self.viewer)
        self.assertEqual((policy.granted_total, policy.used_percent), (5000, 100))

    def test_p1_each_figure_of_a_policy_opens_what_it_counts(self):
        self.debtor.copy({"name": "Owes Nothing", "company_registry": OTHER_SIREN})
        self._tell(
            self._fact("5000"),
            self._fact(
                "3000",
                external_id="C2",
                buyer_external_id="B2",
                identifiers=(Identifier("siren", OTHER_SIREN, "FR"),),
            ),
        )
        self._new_invoice(7000)
        self.env.flush_all()
        policy = self.cover_policy.with_user(self.viewer)
        report = self.env["credit.cover.report"].with_user(self.viewer)
        told = {"granted": (2, 8000), "used": (1, 5000), "free": (1, 3000)}
        told |= {"uncovered": (1, 2000), "unused": (1, 3000)}
        for figure, (count, amount) in told.items():
            opened = policy.with_context(cover_figure=figure).action_open_use()
            rows = report.search(opened["domain"])
            self.assertEqual((len(rows), sum(rows.mapped(figure))), (count, amount))
            self.assertEqual(policy[f"{figure}_total"], amount, figure)

    def test_p1_each_count_of_a_policy_opens_what_it_counts(self):
        buyer = self._new_buyer()
        self._tell(
            self._fact(
                "5000",
                pending_action="withdrawal",
                pending_date=self._today() + timedelta(days=20),
            )
        )
        unknown = self.env["credit.insurer.buyer"].create(
            {"name": "WHO", "insurer_id": self.insurer.id, "insurer_buyer_id": "B9"}
        )
        self.env["credit.cover.request"].create(
            {"policy_id": self.cover_policy.id, "buyer_id": buyer.id, "type": "cancel"}
        )
        policy = self.cover_policy.with_user(self.viewer)
        opened = {
            "buyer_count": policy.action_open_buyers(),
            "pending_count": policy.action_open_pending(),
            "unmatched_count": policy.action_open_unmatched(),
            "request_count": policy.action_open_requests(),
        }
        found = {
            name: self.env[action["res_model"]].search(action["domain"])
            for name, action in opened.items()
        }
        self.assertEqual(found["buyer_count"], buyer | unknown)
        self.assertEqual(found["pending_count"], buyer)
        self.assertEqual(found["unmatched_count"], unknown)
        for name, records in found.items():
            self.assertEqual(policy[name], len(records), name)

    def test_two_policies_share_the_use(self):
        second = self.cover_policy.copy({"policy_number": "2", "state": "live"})
        self._tell(self._fact("6000"))
        self._tell(self._fact("2000", policy_number="2"), policy=second)
        self._new_invoice(4000)
        self.env.flush_all()
        rows = self.env["credit.cover.report"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        used = {row.policy_id: row.used for row in rows}
        self.assertEqual(used, {self.cover_policy: 3000, second: 1000})

    def test_unused_cover_is_given_back_by_a_draft(self):
        self._tell(self._fact("5000"))
        self.env.flush_all()
        row = self.env["credit.cover.report"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        self.assertEqual(row.unused, 5000)
        with self.assertRaises(AccessError):
            row.with_user(self.viewer).action_give_back()
        action = row.with_user(self.analyst).action_give_back()
        request = self.env["credit.cover.request"].search(action["domain"])
        self.assertEqual((request.type, request.state), ("cancel", "draft"))
        self.assertEqual(self._insured().amount, 5000, "nothing happened yet")

    def test_the_history_tells_each_step(self):
        self._tell(
            self._fact("5000", decided_at=self._today(-20)),
            self._fact("2000", outcome="reduced", version="2"),
        )
        profile = self._insured().profile_id.with_user(self.viewer)
        [series] = profile.cover_history["series"]
        self.assertEqual([step[1] for step in series["points"]], [5000, 2000])
        self.assertEqual((profile.insured_amount, profile.own_amount), (2000, 0))
