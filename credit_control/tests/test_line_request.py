# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestLineRequest(CreditCommon):
    """From the salesperson's question to the line, and the answer back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._give_line(1000)
        cls.temporary = cls.env.ref("credit_control.credit_line_kind_temporary")

    def _ask(self, user=None, **values):
        request = (
            self.env["credit.line.request"]
            .with_user(user or self.salesman)
            .create(
                {
                    "partner_id": self.debtor.id,
                    "amount": 500,
                    "date_to": self._today(30),
                    "reason": "A large deal",
                    **values,
                }
            )
        )
        request.action_send()
        return request

    def test_granted_with_a_date_becomes_an_extra_line(self):
        request = self._ask()
        self.assertEqual(request.state, "waiting")
        self.assertIn(self.manager, request.sudo().activity_ids.user_id)
        request.with_user(self.analyst).action_grant()
        line = request.line_id
        self.assertEqual((line.amount, line.kind_id), (500, self.temporary))
        self.assertEqual((line.date_to, line.state), (self._today(30), "active"))
        self.assertEqual(self._available(), 1500)
        self.assertFalse(request.sudo().activity_ids)

    def test_granted_for_good_raises_the_line_with_its_change(self):
        own = self.env["credit.line"]._default_kind_id()
        request = self._ask(kind_id=own.id, date_to=False)
        request.with_user(self.analyst).action_grant()
        self.assertEqual((request.line_id, self.line.amount), (self.line, 1500))
        self.assertEqual(self.line.change_ids.approver_id, self.analyst)

    def test_the_asker_is_told_the_answer(self):
        order = self._new_order(1400)
        request = self._ask(order_id=order.id)
        answer = request.with_user(self.analyst)
        answer.write({"granted_amount": 400, "answer": "Less, but at once"})
        answer.action_grant()
        self.assertEqual(request.line_id.amount, 400)
        message = request.sudo().message_ids[0]
        self.assertIn("Less, but at once", message.body)
        self.assertIn(self.salesman.partner_id, message.notified_partner_ids)
        self.assertIn("Less, but at once", order.message_ids[0].body)

    def test_refused_gives_nothing(self):
        request = self._ask()
        request.with_user(self.manager).action_refuse()
        self.assertEqual((request.state, request.granted_amount), ("refused", 0))
        self.assertEqual(self._available(), 1000)

    def test_the_way_from_a_held_order(self):
        order = self._new_order(1400)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        self.env.invalidate_all()
        action = order.action_credit_ask_more()
        form = Form(
            self.env["credit.line.request"]
            .with_user(self.salesman)
            .with_context(**action["context"]),
            view=action["view_id"][0],
        )
        self.assertEqual((form.amount, form.order_id), (400, order))
        form.reason = "He will pay"
        request = form.save()
        request.action_send()
        request.with_user(self.analyst).action_grant()
        self.env.cr.flush()
        self.assertEqual(order.credit_hold_id.id, False, "the hold cleared")
        order.action_confirm()

    def test_the_way_from_the_hold(self):
        order = self._new_order(1400)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        self.env.invalidate_all()
        hold = order.credit_hold_id.with_user(self.salesman)
        context = hold.action_ask_more()["context"]
        self.assertEqual(context["default_amount"], 400)
        self.assertEqual(context["default_order_id"], order.id)

    def test_temporary_limit_in_two_clicks(self):
        profile = self.line.profile_id.with_user(self.analyst)
        action = profile.action_temporary_limit()
        form = Form(
            self.env["credit.line.request"]
            .with_user(self.analyst)
            .with_context(**action["context"]),
            view=action["view_id"][0],
        )
        form.amount = 250
        form.reason = "Season"
        self.assertTrue(form.alone)
        form.save().action_give()
        self.assertEqual(self._available(), 1250)
        extra = profile.line_ids - self.line
        self.assertEqual((extra.date_to, extra.state), (self._today(30), "active"))

    def test_beyond_authority_nobody_gives_alone(self):
        request = self.env["credit.line.request"].with_user(self.analyst)
        request = request.create(
            {
                "partner_id": self.debtor.id,
                "amount": 10_001,
                "date_to": self._today(30),
                "reason": "Season",
            }
        )
        self.assertFalse(request.alone)
        with self.assertRaises(AccessError):
            request.action_give()
        request.action_send()
        with self.assertRaises(AccessError):
            request.action_grant()
        request.with_user(self.manager).action_grant()
        self.assertEqual(self._available(), 11_001)

    def test_lines_of_the_kind_count_together(self):
        self._give_line(9800, kind="temporary", date_to=self._today(5))
        request = self._ask()
        with self.assertRaises(AccessError):
            request.with_user(self.analyst).action_grant()
        request.with_user(self.analyst).granted_amount = 200
        request.with_user(self.analyst).action_grant()

    def test_answers_are_not_forged(self):
        request = self._ask()
        line = self.line.id
        for user in (self.salesman, self.viewer):
            for values in (
                {"state": "granted"},
                {"granted_amount": 1},
                {"answer": "yes"},
                {"line_id": line},
                {"amount": 900},
                {"user_id": self.manager.id},
            ):
                with self.subTest(user=user.login, values=values):
                    with self.assertRaises(AccessError):
                        request.with_user(user).write(values)
            with self.assertRaises(AccessError):
                request.with_user(user).action_grant()
        with self.assertRaises(AccessError):
            request.with_user(self.analyst).write({"amount": 5})
        with self.assertRaises(AccessError):
            self._ask(state="granted")
        self.assertEqual(self._available(), 1000)

    def test_a_salesperson_sees_his_own_requests_only(self):
        request = self._ask()
        colleague = self._new_user("colleague", "sales_team.group_sale_salesman")
        model = self.env["credit.line.request"]
        self.assertFalse(model.with_user(colleague).search([("id", "=", request.id)]))
        self.assertTrue(model.with_user(self.viewer).search([("id", "=", request.id)]))
        with self.assertRaises(AccessError):
            request.with_user(colleague).action_withdraw()
        request.action_withdraw()
        self.assertEqual(request.state, "cancel")
        with self.assertRaises(UserError):
            request.with_user(self.manager).action_grant()

    def test_the_documents_are_readable_for_whoever_answers(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.salesman)
            .create(
                {
                    "name": "accounts.txt",
                    "datas": base64.b64encode(b"profit"),
                    "res_model": "credit.line.request",
                }
            )
        )
        request = self._ask(attachment_ids=[Command.set(file.ids)])
        found = request.with_user(self.analyst).attachment_ids
        self.assertEqual(found.raw, b"profit")

    def test_other_systems_ask_and_hostile_callers_get_nowhere(self):
        model = self.env["credit.line.request"].with_user(self.salesman)
        found = model.ask(self.debtor.id, 300, "Shop", "2099-12-31")
        self.assertEqual(model.browse(found).state, "waiting")
        for args in (
            (0, 300, "x"),
            ("1", 300, "x"),
            (self.debtor.id, float("nan"), "x"),
            (self.debtor.id, -1, "x"),
            (self.debtor.id, 0, "x"),
            (self.debtor.id, 5, "x", "never"),
            (self.debtor.id, 5, "x", "1999-01-01"),
        ):
            with self.subTest(args=args), self.assertRaises(UserError):
                model.ask(*args)
        stranger = self._new_user("plain", "base.group_user")
        with self.assertRaises(AccessError):
            model.with_user(stranger).ask(self.debtor.id, 300, "x", "2099-12-31")
