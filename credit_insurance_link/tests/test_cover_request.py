# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from .common import InsuranceCommon


@tagged("post_install", "-at_install")
class TestCoverRequest(InsuranceCommon):
    """Asking for cover: whom, how much, once at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._new_buyer()

    def _new_request(self, amount=50000, user=None, **values):
        return (
            self.env["credit.cover.request"]
            .with_user(user or self.analyst)
            .create(
                {
                    "policy_id": self.cover_policy.id,
                    "buyer_id": self.buyer.id,
                    "amount_requested": amount,
                    **values,
                }
            )
        )

    def test_p12_asked_sent_referred_decided(self):
        request = self._new_request()
        request.action_send()
        self.assertEqual(request.state, "to_send")
        request.action_mark_sent()
        self.assertEqual(request.state, "sent")
        told = {"own_reference": request.uuid}
        self._tell(self._fact(outcome="referred", **told))
        self.assertEqual(request.state, "referred")
        self.assertFalse(self._insured())
        self._tell(self._fact("20000", outcome="partial", version="2", **told))
        self.assertEqual(request.state, "decided")
        self.assertEqual(request.decision_ids.mapped("amount_granted"), [20000, 0])
        self.assertEqual(self._insured().amount, 20000)

    def test_a_prolongation_says_until_when_and_the_line_shows_it(self):
        layer = {"layer": "temporary", "external_id": "T"}
        self._tell(self._fact("7000", expires_on=self._today(9), **layer))
        line = self._insured()
        later = self._today(99)
        request = self._new_request(
            7000, type="renew", date_to=later, layer="temporary"
        )
        request.action_send()
        request.action_mark_sent()
        told = {"version": "2", "expires_on": later, "own_reference": request.uuid}
        self._tell(self._fact("7000", **layer, **told))
        self.assertEqual((line.date_to, line.state), (later, "active"))
        answer = request.message_ids.filtered(lambda m: "7,000.00" in (m.body or ""))
        self.assertIn(format_date(self.env, later), answer.body)

    def test_the_answer_is_found_without_our_reference(self):
        request = self._new_request()
        request.action_send()
        request.action_mark_sent()
        self._tell(self._fact("20000"))
        self.assertEqual(request.state, "decided")

    def test_one_open_request_for_a_buyer_and_layer(self):
        self._new_request()
        self._new_request(layer="topup")
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._new_request()

    def test_what_was_sent_stays_as_it_is(self):
        request = self._new_request()
        request.action_send()
        with self.assertRaises(UserError):
            request.amount_requested = 1
        with self.assertRaises(UserError):
            request.unlink()
        with self.assertRaises(AccessError):
            request.state = "decided"
        request.action_cancel()
        self.env.flush_all()
        self._new_request()

    def test_a_wrong_number_blocks_the_sending(self):
        request = self._new_request()
        self.debtor.company_registry = "404833049"
        with self.assertRaisesRegex(UserError, "404833049"):
            request.action_send()

    def test_a_name_is_not_enough_to_ask(self):
        self.buyer.insurer_buyer_id = False
        self.debtor.write({"company_registry": False, "vat": False})
        request = self._new_request()
        with self.assertRaises(UserError):
            request.action_send()

    def test_nobody_asks_about_a_buyer_that_is_not_confirmed(self):
        self.buyer.action_unmatch()
        with self.assertRaises(UserError):
            self._new_request().action_send()

    def test_an_amount_is_asked_for(self):
        with self.assertRaises(ValidationError):
            self._new_request(amount=0)
        self._new_request(amount=0, type="cancel")

    def test_an_increase_asks_for_more_than_today_and_a_reduction_for_less(self):
        extra = self._fact(7000, layer="temporary", external_id="T")
        self._tell(self._fact(30000), extra)
        request = self._new_request(30000, type="increase")
        wrong = [("increase", 30000), ("increase", 29000), ("reduce", 30000)]
        for kind, amount in [*wrong, ("reduce", 31000)]:
            request.write({"type": kind, "amount_requested": amount})
            with self.subTest(kind=kind, amount=amount):
                with self.assertRaisesRegex(UserError, "30,000.00"):
                    request.action_send()
        for kind, amount in (("increase", 31000), ("reduce", 29000)):
            request.unlink() if request.state == "draft" else request.action_cancel()
            self.env.flush_all()
            request = self._new_request(amount, type=kind)
            request.action_send()
            self.assertEqual(request.state, "to_send")

    def test_an_increase_is_above_the_discretionary_cover_that_it_displaces(self):
        self.cover_policy.discretionary_max_amount = 10000
        self.cover_policy.discretionary_automatic = True
        request = self._new_request(9000, type="increase")
        with self.assertRaisesRegex(UserError, "10,000.00"):
            request.action_send()
        request.amount_requested = 11000
        request.action_send()
        self.assertEqual(request.state, "to_send")

    def test_viewers_and_salespeople_do_not_ask(self):
        for user in (self.viewer, self.salesman):
            with self.assertRaises(AccessError):
                self._new_request(user=user)

    def test_every_transport_sends_the_same(self):
        order = self._new_request(is_urgent=True, terms_days=45)._prepare_order()
        self.assertEqual(str(order.amount), "50000.00")
        self.assertEqual(order.buyer_external_id, "B1")
        self.assertEqual(order.policy_number, "0012345")
        self.assertTrue(order.is_urgent)
