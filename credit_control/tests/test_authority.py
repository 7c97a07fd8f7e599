# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_hold import HoldCommon

ANALYST = "credit_control.credit_control_group_analyst"
MANAGER = "credit_control.credit_control_group_manager"


class AuthorityCommon(HoldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._new_user("credit_second", ANALYST)
        cls.risky = cls.env["credit.risk.class"].create({"name": "Risky", "code": "Z"})

    @classmethod
    def _rung(cls, amount, **values):
        if "user_id" not in values:
            values.setdefault("group_id", cls.env.ref(ANALYST).id)
        return (
            cls.env["credit.authority"]
            .sudo()
            .create({"amount": amount, "company_id": cls.company.id, **values})
        )

    @classmethod
    def _delegate(cls, giver, delegate, first=0, last=10, **values):
        return (
            cls.env["credit.delegation"]
            .with_user(giver)
            .create(
                {
                    "delegate_id": delegate.id,
                    "date_from": cls._today(first),
                    "date_to": cls._today(last),
                    **values,
                }
            )
        )

    def _request(self, order):
        self.env["credit.hold"].with_user(self.salesman).request_release(
            "sale.order", order.id, "Good customer"
        )


@tagged("post_install", "-at_install")
class TestAuthority(AuthorityCommon):
    """Who may answer: amounts per group, person, policy and risk class."""

    def test_a_persons_rung_replaces_the_groups(self):
        self._rung(1000)
        self._rung(40, user_id=self.analyst.id)
        _order, hold = self._held()
        self.assertFalse(hold.with_user(self.analyst).can_release)
        self.assertTrue(hold.with_user(self.second).can_release)

    def test_a_risk_class_narrows_and_widens_nobody_else(self):
        self._rung(1000)
        self._rung(10, risk_class_id=self.risky.id)
        _order, hold = self._held()
        hold.with_user(self.analyst)._check_release()
        self.env["credit.profile"]._get_or_create(
            self.debtor, self.company
        ).risk_class_id = self.risky
        with self.assertRaises(AccessError):
            hold.with_user(self.analyst).release()

    def test_a_policys_rung_counts_for_that_policy(self):
        self._rung(10)
        self._rung(1000, policy_id=self.policy.id)
        _order, hold = self._held()
        hold.with_user(self.analyst).release()
        self.assertEqual(hold.state, "released")

    def test_zero_decides_nothing(self):
        self._rung(0)
        _order, hold = self._held()
        with self.assertRaises(AccessError):
            hold.with_user(self.analyst).release()

    def test_only_administrators_change_the_ladder(self):
        rung = self._rung(1000)
        with self.assertRaises(AccessError):
            rung.with_user(self.manager).amount = 10**6
        with self.assertRaises(AccessError):
            self.env["credit.authority"].with_user(self.manager).create(
                {"user_id": self.manager.id, "amount": 1}
            )

    def test_an_approver_without_rights_is_refused(self):
        for values in (
            {"user_id": self.salesman.id},
            {"group_id": self.env.ref("base.group_user").id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._rung(10, **values)

    @mute_logger("odoo.sql_db")
    def test_two_rungs_for_the_same_are_refused(self):
        self._rung(10)
        with self.assertRaises(IntegrityError):
            self._rung(20)
            self.env.flush_all()

    def test_four_eyes_from_an_amount(self):
        self.policy.write({"four_eyes": True, "four_eyes_amount": 60})
        _order, small = self._held(150, user=self.manager)
        small.with_user(self.manager).release()
        _order, large = self._held(170, user=self.manager)
        with self.assertRaises(AccessError):
            large.with_user(self.manager).release()


@tagged("post_install", "-at_install")
class TestDelegation(AuthorityCommon):
    """A delegate answers for who is away, with the other's authority, never more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rung(10)
        cls._rung(1000, user_id=cls.analyst.id)

    def test_the_delegate_answers_and_both_are_named(self):
        order, hold = self._held()
        with self.assertRaises(AccessError):
            hold.with_user(self.second).release()
        self._delegate(self.analyst, self.second)
        hold.with_user(self.second).release()
        self.assertEqual(
            (hold.release_user_id, hold.release_for_id), (self.second, self.analyst)
        )
        body = str(order.message_ids[0].body)
        self.assertIn(self.second.name, body)
        self.assertIn(self.analyst.name, body)

    def test_only_on_its_days(self):
        _order, hold = self._held()
        self._delegate(self.analyst, self.second, first=1)
        self._delegate(self.analyst, self.second, first=-5, last=-1)
        self.assertFalse(hold.with_user(self.second).can_release)

    def test_never_more_than_the_givers_own(self):
        _order, hold = self._held(2000)
        self._delegate(self.analyst, self.second)
        with self.assertRaises(AccessError):
            hold.with_user(self.second).release()

    def test_what_was_delegated_is_not_passed_on(self):
        third = self._new_user("credit_third", ANALYST)
        _order, hold = self._held()
        self._delegate(self.analyst, self.second)
        self._delegate(self.second, third)
        self.assertFalse(hold.with_user(third).can_release)

    def test_only_the_givers_customers(self):
        _order, hold = self._held()
        self._delegate(self.analyst, self.second, scope="own")
        self.assertFalse(hold.with_user(self.second).can_release)
        self.line.profile_id.analyst_id = self.analyst
        hold.invalidate_recordset(["can_release"])
        self.assertTrue(hold.with_user(self.second).can_release)

    def test_rings_are_refused(self):
        third = self._new_user("credit_third", ANALYST)
        self._delegate(self.analyst, self.second)
        self._delegate(self.second, third)
        with self.assertRaises(ValidationError):
            self._delegate(third, self.analyst, first=10, last=20)
        self._delegate(third, self.analyst, first=11, last=20)

    def test_a_delegate_without_rights_is_refused(self):
        public = self.env.ref("base.public_user").sudo()
        for user in (self.salesman, self.viewer, public):
            with self.subTest(user=user.login), self.assertRaises(ValidationError):
                self._delegate(self.analyst, user)

    def test_nobody_takes_the_authority_of_another(self):
        with self.assertRaises(AccessError):
            self._delegate(self.manager, self.second, user_id=self.analyst.id)
        mine = self._delegate(self.second, self.manager)
        with self.assertRaises(AccessError):
            mine.with_user(self.second).user_id = self.analyst

    def test_four_eyes_look_at_both(self):
        self.policy.four_eyes = True
        _order, hold = self._held(user=self.salesman)
        hold.sudo().request_user_id = self.analyst
        self._delegate(self.analyst, self.second)
        with self.assertRaises(AccessError):
            hold.with_user(self.second).release()


@tagged("post_install", "-at_install")
class TestRequest(AuthorityCommon):
    """A request reaches who may answer, with the whole story, and does not rot."""

    def test_the_lowest_sufficient_level_is_asked_then_the_next(self):
        self._rung(10)
        self._rung(1000, user_id=self.second.id, level=2, hours=8)
        self._rung(1000, user_id=self.manager.id, level=3, hours=8)
        order, hold = self._held()
        self._request(order)
        self.assertEqual((hold.level, hold.activity_ids.user_id), (2, self.second))
        hold.sudo().deadline = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.env["credit.hold"]._cron_escalate()
        self.assertEqual((hold.level, hold.activity_ids.user_id), (3, self.manager))
        hold.sudo().deadline = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.env["credit.hold"]._cron_escalate()
        self.assertEqual((hold.level, hold.deadline), (3, False))
        self.assertEqual(hold.activity_ids.user_id, self.manager)

    @freeze_time("2026-11-20 15:00:00")  # a Friday
    def test_the_weekend_does_not_count(self):
        self.company.resource_calendar_id.tz = "UTC"
        self._rung(1000, user_id=self.second.id, hours=4)
        order, hold = self._held()
        self._request(order)
        self.assertEqual(hold.deadline.date(), datetime(2026, 11, 23).date())

    def test_the_delegate_is_asked_too(self):
        self._rung(1000, user_id=self.manager.id)
        self._rung(1)
        self._delegate(self.manager, self.second)
        order, hold = self._held()
        self._request(order)
        self.assertEqual(hold.activity_ids.user_id, self.manager | self.second)

    def test_the_message_explains_and_reaches_no_customer(self):
        order, hold = self._held()
        customer = self.env["res.partner"].create(
            {"name": "Customer", "email": "c@x.y"}
        )
        order.message_subscribe(customer.ids)
        last = self.env["mail.message"].search([], limit=1, order="id desc").id
        self._request(order)
        hold.with_user(self.manager).release(note="Secret figures")
        new = self.env["mail.message"].sudo().search([("id", ">", last)])
        told = new.notified_partner_ids
        self.assertIn(self.manager.partner_id, told)
        self.assertNotIn(customer, told)
        self.assertFalse(
            new.filtered(lambda m: m.res_id and not m.is_internal).filtered(
                lambda m: m.subtype_id and not m.subtype_id.internal
            )
        )
        body = " ".join(map(str, new.mapped("body")))
        for word in ("Good customer", "50.00", order.name, "/mail/view"):
            self.assertIn(word, body)

    def test_the_message_speaks_the_approvers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["credit_control"], ["fr_FR"])
        self.manager.lang = "fr_FR"
        order, hold = self._held()
        last = self.env["mail.message"].search([], limit=1, order="id desc").id
        self._request(order)
        message = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("id", ">", last),
                    ("notified_partner_ids", "in", self.manager.partner_id.ids),
                ]
            )
        )
        self.assertIn("dépasse", str(message.mapped("body")))

    def test_a_stop_can_neither_be_requested_nor_released(self):
        order, hold = self._held()
        hold.sudo().is_stop = True
        with self.assertRaises(UserError):
            self._request(order)
        with self.assertRaises(AccessError):
            hold.with_user(self.manager).release()
        self.assertEqual(hold.state, "open")


@tagged("post_install", "-at_install")
class TestOneAnswer(AuthorityCommon):
    """Of two answers exactly one counts, and the other person is told."""

    def test_a_second_answer_is_told_who_was_first(self):
        _order, hold = self._held()
        hold.with_user(self.manager).release()
        for answer in ("release", "reject", "action_release_and_confirm"):
            with self.subTest(answer=answer), self.assertRaises(UserError) as caught:
                getattr(hold.with_user(self.analyst), answer)()
            self.assertIn(self.manager.name, str(caught.exception))
        self.assertEqual((hold.state, hold.release_user_id), ("released", self.manager))

    def test_answering_while_another_does(self):
        _order, hold = self._held()
        hold_type = type(hold)
        self.patch(hold_type, "lock_for_update", self._refuse_lock)
        with self.assertRaisesRegex(UserError, "right now"):
            hold.with_user(self.manager).release()
        self.assertEqual(hold.state, "open")

    def _refuse_lock(self, *_args, **_kwargs):
        raise LockError("taken")

    def test_an_answer_may_be_replaced_knowingly(self):
        _order, hold = self._held()
        hold.with_user(self.analyst).release()
        hold.with_user(self.manager).reject(note="No", replace=True)
        self.assertEqual((hold.state, hold.release_user_id), ("rejected", self.manager))
