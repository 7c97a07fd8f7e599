# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..exceptions import CreditHoldError
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestProfileStatus(CreditCommon):
    """Forced hold and stop list: a reason, a reminder, and only a person lifts it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env["credit.profile"]._get_or_create(cls.debtor, cls.company)
        cls.reason = cls.env.ref("credit_control.credit_reason_status_insolvency")

    def test_dialog_sets_status_with_reason_and_history(self):
        profile = self.profile.with_user(self.analyst)
        action = profile.action_change_status()
        form = Form(
            self.env["credit.profile.status"]
            .with_user(self.analyst)
            .with_context(**action["context"])
        )
        form.status = "stop"
        form.reason_id = self.reason
        form.note = "Redressement judiciaire"
        form.save().action_apply()
        self.assertEqual(
            (profile.status, profile.status_reason_id), ("stop", self.reason)
        )
        self.assertIn("Redressement judiciaire", profile.message_ids[0].body)

    def test_nonsense_is_refused(self):
        profile = self.profile.with_user(self.analyst)
        other = self.env.ref("credit_control.credit_reason_uncovered")
        yesterday = fields.Date.to_string(self._today(-1))
        for args in (
            ("hold", None),
            ("hold", other.id),
            ("hold", "1"),
            ("vip", self.reason.id),
            ("hold", self.reason.id, "", yesterday),
            ("hold", self.reason.id, "", "soon"),
        ):
            with self.subTest(args=args), self.assertRaises(UserError):
                profile.set_status(*args)
        self.assertEqual(profile.status, "normal")

    def test_only_analysts_and_never_by_write(self):
        for user in (self.salesman, self.viewer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.profile.with_user(user).set_status("hold", self.reason.id)
        with self.assertRaises(AccessError):
            self.profile.with_user(self.manager).write({"status": "stop"})

    def test_only_a_manager_takes_off_the_stop_list(self):
        self.profile.with_user(self.analyst).set_status("stop", self.reason.id)
        with self.assertRaises(AccessError):
            self.profile.with_user(self.analyst).set_status("normal")
        self.profile.with_user(self.manager).set_status("normal")
        self.assertFalse(self.profile.status_reason_id)

    def test_end_date_reminds_once_and_lifts_nothing(self):
        self.profile.analyst_id = self.analyst
        today = fields.Date.to_string(self._today())
        self.profile.with_user(self.analyst).set_status(
            "hold", self.reason.id, until=today
        )
        for _day in range(2):
            self.env["credit.profile"]._cron_remind_status()
        self.assertEqual(self.profile.status, "hold")
        self.assertEqual(self.profile.activity_ids.user_id, self.analyst)
        self.assertEqual(len(self.profile.activity_ids), 1)
        self.profile.with_user(self.manager).set_status("normal")
        self.assertFalse(self.profile.activity_ids)

    def _set(self, status):
        reason = self.reason.id if status != "normal" else None
        self.profile.with_user(self.manager).set_status(status, reason)

    def _try_small(self):
        order = self._new_order(10)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._record_holds()
        order.invalidate_recordset(["credit_hold_id", "credit_hold_state"])
        return order, order.sudo().credit_hold_id

    def test_a_forced_hold_holds_what_fits_and_may_be_released(self):
        self._give_line(100)
        self._set("hold")
        order, hold = self._try_small()
        hold.with_user(self.manager).action_release_and_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_stop_is_opened_by_lifting_it_only(self):
        self._give_line(100)
        self._set("stop")
        order, hold = self._try_small()
        self.assertTrue(hold.is_stop)
        for answer in ("release", "action_release_and_confirm"):
            with self.subTest(answer=answer), self.assertRaises(AccessError):
                getattr(hold.with_user(self.manager), answer)()
        with self.assertRaises(UserError):
            order.action_credit_request_release()
        self._set("normal")
        self.env.cr.flush()
        self.assertEqual(hold.state, "cleared")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_stop_that_is_lifted_leaves_what_may_be_released(self):
        self._give_line(5)
        self._set("stop")
        _order, hold = self._try_small()
        self._set("normal")
        self.env.cr.flush()
        self.assertEqual((hold.state, hold.is_stop), ("open", False))
        self._set("stop")
        self.env.cr.flush()
        self.assertTrue(hold.is_stop)
        self._set("normal")
        self.env.cr.flush()
        hold.with_user(self.manager).release()
        self.assertEqual(hold.state, "released")

    def test_watching_holds_nothing(self):
        self._give_line(100)
        self._set("watch")
        order = self._new_order(10)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
