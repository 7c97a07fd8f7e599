# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.credit_control.exceptions import CreditHoldError

from .duty_common import InsuranceCommon


@tagged("post_install", "-at_install")
class TestFactor(InsuranceCommon):
    """What a factor bears leaves the customer's exposure, and nothing else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        component = "credit_insurance_link.credit_exposure_component_factored"
        cls.policy.component_ids |= cls.env.ref(component)
        cls._give_line(1000)
        cls.factor = cls.env["credit.factor"].create({"partner_id": cls.partner_a.id})
        cls.invoice = cls._new_invoice(600)

    def _approve(self, amount, **values):
        return self.env["credit.factor.approval"].create(
            {
                "factor_id": self.factor.id,
                "partner_id": self.debtor.id,
                "amount": amount,
                "date_from": self._today(-100),
                **values,
            }
        )

    def _sell(self, invoice=None, **values):
        sold = (
            self.env["credit.factoring"]
            .with_user(self.analyst)
            .create(
                {
                    "move_id": (invoice or self.invoice).id,
                    "factor_id": self.factor.id,
                    **values,
                }
            )
        )
        self.env.flush_all()
        return sold

    def test_without_recourse_it_leaves_within_the_approval(self):
        self._approve(10_000)
        self._sell()
        self.assertEqual((self._exposure(), self._available()), (0, 1000))

    def test_p6_no_approval_means_no_transfer_of_risk(self):
        self._sell()
        self.assertEqual(self._exposure(), 600)

    def test_beyond_the_approval_it_stays(self):
        self._approve(400)
        sold = self._sell()
        self.assertEqual(self._exposure(), 200)
        self.assertEqual((sold.borne_amount, self.factor.borne_amount), (400, 400))

    def test_with_recourse_it_stays(self):
        self._approve(10_000)
        self._sell(with_recourse=True)
        self.assertEqual(self._exposure(), 600)

    def test_the_approval_carries_invoices_in_the_order_of_sale(self):
        self._approve(1000)
        second = self._new_invoice(700)
        first, later = self._sell(), self._sell(second)
        self.assertEqual((first.borne_amount, later.borne_amount), (600, 400))
        self.assertEqual(self._exposure(), 300)
        self._settle(self.invoice)
        self.env.flush_all()
        self.assertEqual(self._exposure(), 0)

    def test_p8_partial_payments_follow(self):
        self._approve(10_000)
        self._sell()
        self._settle(self.invoice, 250)
        self.env.flush_all()
        self.assertEqual(self._exposure(), 0)
        self.assertEqual(self.factor.sold_amount, 350)

    def test_handed_back_it_counts_again(self):
        self._approve(10_000)
        sold = self._sell()
        sold.action_return()
        self.env.flush_all()
        self.assertEqual(self._exposure(), 600)
        self._sell()
        self.assertEqual(self._exposure(), 0)

    def test_it_frees_the_line_for_a_new_order(self):
        self.goods.list_price = 900
        order = self._new_order(900)
        with self.assertRaises(CreditHoldError):
            order.action_confirm()
        self._approve(10_000)
        self._sell()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def _rule(self, kind, **values):
        values = {"policy_id": self.policy.id, "kind": kind, "effect": "hold", **values}
        return self.env["credit.rule"].create(values)

    def _get_held(self):
        """What holds a small order now, empty when nothing does."""
        order = self._new_order(1)
        try:
            with self.env.cr.savepoint():
                order.with_user(self.salesman).action_confirm()
        except CreditHoldError as error:
            return error.context["credit"]
        return {}

    def test_late_payment_is_ours_only_beyond_what_the_factor_bears(self):
        self._give_line(100_000)
        self._rule("overdue_amount", threshold=100)
        late = self._late_invoice(600, 20)
        self.assertTrue(self._get_held())
        self._approve(500)
        sold = self._sell(late)
        self.assertFalse(self._get_held())  # a hundred is left, and that may be
        sold.action_return()
        self.assertTrue(self._get_held())

    def test_sold_with_recourse_it_is_paid_late_to_us(self):
        self._give_line(100_000)
        self._rule("overdue_days", threshold_days=10)
        late = self._late_invoice(600, 20)
        self._approve(10_000)
        self._sell(late, with_recourse=True)
        self.assertTrue(self._get_held())

    def test_where_the_policy_counts_what_was_sold_it_is_late_as_well(self):
        component = "credit_insurance_link.credit_exposure_component_factored"
        self.policy.component_ids -= self.env.ref(component)
        self._give_line(100_000)
        self._rule("overdue_days", threshold_days=10)
        self._approve(10_000)
        self._sell(self._late_invoice(600, 20))
        self.assertTrue(self._get_held())

    def test_p9_nobody_is_asked_to_pay_us_what_the_factor_bears(self):
        self._give_line(100_000)
        self._rule("overdue_days", threshold_days=10)
        self._approve(10_000)
        self._sell(self._late_invoice(600, 30))
        ours = self._late_invoice(50, 20)
        held = self._get_held()
        self.assertIn("20 days", held["headline"])
        named = [way["id"] for way in held["ways_out"] if way["model"]]
        self.assertEqual(named, ours.ids)

    def test_p1_the_figure_opens_its_invoice(self):
        self._approve(400)
        self._sell()
        row = self.env["credit.exposure"].search(
            [
                ("partner_id", "=", self.debtor.id),
                ("component_id.code", "=", "factored"),
            ]
        )
        self.assertEqual((row.amount, row.res_id), (-400, self.invoice.id))

    def test_what_was_sold_keeps_its_approval(self):
        approval = self._approve(10_000)
        self._sell()
        with self.assertRaises(UserError):
            approval.amount = 0
        approval.date_to = self._today()
        self._approve(0, date_from=self._today(1))
        self.env.flush_all()
        self.assertEqual(self._exposure(), 0)

    def test_two_approvals_do_not_overlap(self):
        self._approve(100)
        with self.assertRaises(ValidationError):
            self._approve(200, date_from=self._today())

    def test_who_may_sell(self):
        with self.assertRaises(AccessError):
            self.env["credit.factoring"].with_user(self.viewer).create(
                {"move_id": self.invoice.id, "factor_id": self.factor.id}
            )
        sold = self._sell()
        with self.assertRaises(AccessError):
            sold.write({"state": "returned"})
        with self.assertRaises(UserError):
            sold.with_recourse = True
        with self.assertRaises(AccessError):
            self._approve(5).with_user(self.analyst).amount = 10**6

    def test_many_invoices_are_sold_at_once(self):
        draft = self._new_invoice(10, post=False)
        wizard = self.env["credit.factoring.sell"].create(
            {
                "move_ids": [Command.set((self.invoice | draft).ids)],
                "factor_id": self.factor.id,
            }
        )
        self.assertEqual((wizard.move_count, wizard.skip_count), (1, 1))
        self.assertEqual(wizard.amount, 600)
        wizard.action_sell()
        with self.assertRaises(UserError):
            wizard.action_sell()

    def test_whom_the_factor_has_not_approved_is_said_before_the_sale(self):
        def unapproved(**values):
            given = {"move_ids": self.invoice.ids, "factor_id": self.factor.id}
            wizard = self.env["credit.factoring.sell"].new(given | values)
            return wizard.unapproved_ids

        self.assertEqual(unapproved().ids, self.debtor.ids)
        self.assertFalse(unapproved(with_recourse=True), "nothing is transferred")
        self._approve(400)
        self.assertFalse(unapproved())
        self.assertTrue(unapproved(sold_on=self._today(-400)), "not yet approved")


@tagged("post_install", "-at_install")
class TestGuarantee(InsuranceCommon):
    """A guarantee carries a line until its last day of call, and is not forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env["credit.profile"]._get_or_create(cls.debtor, cls.company)

    def _guarantee(self, **values):
        return (
            self.env["credit.guarantee"]
            .with_user(self.analyst)
            .create(
                {
                    "name": "G-1",
                    "profile_id": self.profile.id,
                    "issuer_id": self.partner_a.id,
                    "amount": 5000,
                    "date_to": self._today(60),
                    "document_ids": [Command.set(self._paper().ids)],
                    **values,
                }
            )
        )

    def _active(self, **values):
        one = self._guarantee(**values)
        one.action_activate()
        return one

    def _dialog(self, one, way, **values):
        self.env["credit.guarantee.call"].with_user(self.analyst).create(
            {"guarantee_id": one.id, "way": way, "reason": "Unpaid", **values}
        ).action_apply()

    def test_in_force_it_carries_a_secured_line_until_the_last_call(self):
        one = self._active(date_call=self._today(45))
        self.assertEqual(self._available(), 5000)
        self.assertEqual(one.line_id.date_to, self._today(45))
        self.assertTrue(one.line_id.kind_id.is_secured)

    def test_without_the_deed_it_carries_nothing(self):
        one = self._guarantee(document_ids=False)
        with self.assertRaises(UserError):
            one.action_activate()

    def test_the_own_authority_bounds_it(self):
        self.company.credit_authority_analyst = 1000
        with self.assertRaises(UserError):
            self._guarantee().action_activate()
        self._guarantee().with_user(self.manager).action_activate()

    def test_a_call_ends_the_line(self):
        one = self._active()
        self._dialog(one, "call", amount=3000)
        self.assertEqual((one.state, one.called_amount), ("called", 3000))
        self.assertEqual(one.line_id.state, "ended")
        with self.assertRaises(UserError):
            self._dialog(one, "paid", amount=3001)
        self._dialog(one, "paid", amount=3000)
        self.assertEqual(one.state, "paid")

    def _proposed(self, one):
        call = self.env["credit.guarantee.call"].with_user(self.analyst)
        one.invalidate_recordset(["overdue_amount"])
        return Form(call.with_context(default_guarantee_id=one.id)).amount

    def test_a_call_asks_for_what_is_overdue_up_to_the_guarantee(self):
        one = self._active(date_from=self._today(-90))
        self._late_invoice(700, 5)
        self.assertEqual(self._proposed(one), 700)
        self._late_invoice(6000, 5)
        self.assertEqual(self._proposed(one), 5000)
        with self.assertRaises(UserError):
            self._dialog(one, "call", amount=5001)

    def test_where_nothing_is_overdue_no_amount_is_proposed(self):
        one = self._active(date_from=self._today(-90))
        self._new_invoice(700)
        self.assertEqual(self._proposed(one), 0)
        with self.assertRaises(UserError):
            self._dialog(one, "call")

    def test_a_call_proposes_what_this_guarantee_covers_and_no_other_was_called_for(
        self,
    ):
        self._late_invoice(700, 5)
        one, later = self._active(date_from=self._today(-90)), self._guarantee()
        self.assertEqual((self._proposed(one), self._proposed(later)), (700, 0))
        other = self._active(name="G-2", amount=900)
        self._dialog(other, "call", amount=400)
        self.assertEqual(self._proposed(one), 300)

    def test_what_the_customer_paid_in_advance_is_not_called(self):
        one = self._active(date_from=self._today(-90))
        self._late_invoice(700, 5)
        refund = {"move_type": "out_refund", "invoice_date": self._today(-60)}
        self._late_invoice(200, 50, **refund)
        self.assertEqual(self._proposed(one), 500)

    def test_what_a_factor_bears_is_not_ours_to_call(self):
        one = self._active(date_from=self._today(-90))
        late = self._late_invoice(700, 5)
        factor = self.env["credit.factor"].create({"partner_id": self.partner_a.id})
        approval = {"factor_id": factor.id, "partner_id": self.debtor.id}
        self.env["credit.factor.approval"].create(
            {**approval, "amount": 500, "date_from": self._today(-9)}
        )
        sold = {"factor_id": factor.id, "move_id": late.id}
        self.env["credit.factoring"].with_user(self.analyst).create(sold)
        self.assertEqual(one.overdue_amount, 200)

    def test_too_late_is_too_late(self):
        one = self._active(date_call=self._today(2))
        with self.assertRaises(UserError):
            self._dialog(one, "call", amount=10, date=self._today(3))
        one.sudo().write({"date_call": self._today(-1)})
        self._run_cron("credit.guarantee", "_cron_guarantees")
        self.assertEqual((one.state, one.line_id.state), ("expired", "ended"))

    def test_somebody_is_told_before_the_last_day(self):
        one = self._active(date_call=self._today(29))
        self._run_cron("credit.guarantee", "_cron_guarantees")
        told = one.activity_ids
        self.assertEqual(told.user_id, self.analyst)
        self._run_cron("credit.guarantee", "_cron_guarantees")
        self.assertEqual(one.activity_ids, told)
        one.sudo().date_call = self._today(4)
        self._run_cron("credit.guarantee", "_cron_guarantees")
        self.assertNotEqual(one.activity_ids, told)

    def test_given_back_it_ends(self):
        one = self._active()
        one.action_release()
        self.assertEqual((one.state, one.line_id.state), ("released", "ended"))

    def test_terms_in_force_stay_and_states_are_not_typed(self):
        one = self._active()
        with self.assertRaises(UserError):
            one.amount = 9000
        with self.assertRaises(AccessError):
            one.state = "paid"
        with self.assertRaises(ValidationError):
            self._guarantee(issuer_id=self.debtor.id)
