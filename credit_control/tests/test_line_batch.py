# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CreditCommon


class BatchCommon(CreditCommon):
    """Three debtors with a tag and a line of 1,000 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Resellers"})
        cls.debtors = cls.env["res.partner"].create(
            [
                {
                    "name": f"Batch {number}",
                    "is_company": True,
                    "ref": f"B{number}",
                    "category_id": [Command.set(cls.tag.ids)],
                }
                for number in range(3)
            ]
        )
        cls.lines = cls.env["credit.line"]
        for debtor in cls.debtors:
            cls.lines |= cls._give_line(1000, partner=debtor)

    def _new_batch(self, user=None, **values):
        return (
            self.env["credit.line.batch"]
            .with_user(user or self.analyst)
            .create(
                {
                    "reason": "Season",
                    "partner_tag_ids": [Command.set(self.tag.ids)],
                    "operation": "percent",
                    "percent": 20,
                    **values,
                }
            )
        )

    def _apply(self, batch):
        batch.action_preview()
        batch.action_apply()
        return batch

    def _amounts(self):
        self.env.invalidate_all()
        return self.lines.mapped("amount")


@tagged("post_install", "-at_install")
class TestLineBatch(BatchCommon):
    """Choosing, working out, applying and taking back."""

    def test_a_new_batch_opens_empty(self):
        batch = Form(self.env["credit.line.batch"].with_user(self.analyst))
        self.assertEqual((batch.state, batch.row_count), ("draft", 0))

    def test_preview_shows_and_changes_nothing(self):
        batch = self._new_batch(rounding="500", rounding_way="up")
        batch.action_preview()
        self.assertEqual(batch.row_ids.mapped("amount"), [1500.0] * 3)
        self.assertEqual((batch.total_before, batch.total_after), (3000, 4500))
        self.assertEqual(self._amounts(), [1000.0] * 3)

    def test_applied_lines_have_their_change_and_their_message(self):
        batch = self._apply(self._new_batch())
        self.assertEqual(self._amounts(), [1200.0] * 3)
        change = self.lines[0].change_ids
        self.assertEqual((change.state, change.old_amount), ("done", 1000))
        self.assertIn("Season", change.reason)
        self.assertEqual(change.approver_id, self.analyst)
        self.assertIn(batch.name, self.lines[0].message_ids[0].body)
        self.assertEqual((batch.state, batch.progress), ("done", 100))

    def test_operations(self):
        cases = (
            ({"operation": "set", "amount": 2345}, 2300),
            ({"operation": "set", "amount": 2345, "rounding": "0"}, 2345),
            ({"operation": "add", "amount": -300}, 700),
            ({"operation": "add", "amount": -3000}, 0),
            ({"percent": -30}, 700),
            ({"percent": -30, "floor": 800}, 800),
            ({"percent": 500, "ceiling": 2500}, 2500),
            ({"percent": 4, "rounding_way": "up"}, 1100),
            ({"percent": 9, "rounding_way": "down"}, None),
        )
        for values, expected in cases:
            with self.subTest(**values):
                batch = self._new_batch(**values)
                batch.action_preview()
                row = batch.row_ids[0]
                self.assertEqual(
                    row.state, "todo" if expected is not None else "skipped"
                )
                self.assertEqual(row.amount, 1000 if expected is None else expected)

    def test_the_score_table_and_the_risk_class(self):
        profiles = self.lines.profile_id
        risk = self.env["credit.risk.class"].search([], limit=1)
        profiles.risk_class_id = risk
        for profile, score in zip(profiles, (80, 45, 10), strict=True):
            profile.write({"score": score, "score_date": self._today()})
        batch = self._new_batch(
            risk_class_ids=[Command.set(risk.ids)],
            operation="score",
            score_ids=[
                Command.create({"score": score, "amount": amount})
                for score, amount in ((40, 3000), (70, 8000))
            ],
        )
        batch.action_preview()
        rows = {row.profile_id: row for row in batch.row_ids}
        self.assertEqual(
            [rows[p].amount for p in profiles[:2]], [8000, 3000], "70 and 40 reached"
        )
        self.assertEqual(rows[profiles[2]].state, "problem")
        profiles[2].score_date = False
        batch.action_look_again()
        self.assertIn("no score", rows[profiles[2]].problem)

    def test_who_has_no_line_gets_one_or_is_left_alone(self):
        other = self.env["res.partner"].create(
            {"name": "New", "is_company": True, "category_id": self.tag.ids}
        )
        self.env["credit.profile"]._get_or_create(other, self.company)
        values = {"operation": "set", "amount": 1500}
        only = self._apply(self._new_batch(target="only", **values))
        row = only.row_ids.filtered(lambda row: row.partner_id == other)
        self.assertEqual((row.state, row.line_id.id), ("skipped", False))
        change = self._apply(self._new_batch(target="change", **values))
        row = change.row_ids.filtered(lambda row: row.partner_id == other)
        self.assertEqual((row.state, row.line_id.amount), ("done", 1500))
        self.assertEqual(row.line_id.state, "active")

    def test_temporary_limits_for_many(self):
        kind = self.env.ref("credit_control.credit_line_kind_temporary")
        values = {"kind_id": kind.id, "target": "open", "operation": "set"}
        batch = self._new_batch(amount=500, **values)
        batch.action_preview()
        self.assertEqual(batch.problem_count, 3, "without end date")
        batch.action_back()
        batch.date_to = self._today(30)
        self._apply(batch)
        self.assertEqual(self._available(self.debtors[0]), 1500)
        self.assertEqual(batch.row_ids.line_id.mapped("date_to"), [self._today(30)] * 3)

    def test_rows_left_out_and_amounts_entered_by_hand(self):
        batch = self._new_batch()
        batch.action_preview()
        first, second, _third = batch.row_ids
        first.selected = False
        second.amount = 1234
        batch.action_apply()
        self.assertEqual(self._amounts(), [1000, 1234, 1200])

    def test_several_lines_of_the_kind_are_a_problem(self):
        self._give_line(10, partner=self.debtors[0])
        batch = self._new_batch()
        batch.action_preview()
        self.assertEqual(batch.problem_count, 1)
        with self.assertRaisesRegex(UserError, "by halves"):
            batch.action_apply()
        self.assertEqual(self._amounts(), [1000.0] * 3)
        batch.action_leave_out_problems()
        batch.action_apply()
        self.assertEqual(self._amounts(), [1000, 1200, 1200])

    def test_a_line_changed_since_the_preview_is_left_alone(self):
        batch = self._new_batch()
        batch.action_preview()
        self.lines[0].amount = 3000
        batch.action_apply()
        self.assertEqual(self._amounts(), [3000, 1200, 1200])
        self.assertIn("since the preview", batch.row_ids[0].problem)

    def test_one_debtor_that_fails_is_left_out_whole(self):
        batch = self._new_batch()
        batch.action_preview()
        self.debtors[1].active = False
        batch.action_apply()
        self.assertEqual(self._amounts(), [1200, 1000, 1200])
        self.assertEqual(batch.row_ids.mapped("state"), ["done", "skipped", "done"])

    def test_the_impact_names_what_would_be_held_and_cleared(self):
        over = self._new_order(1100, partner=self.debtors[0])
        under = self._new_order(900, partner=self.debtors[1])
        more = self._new_batch()
        more.action_preview()
        document = more.document_ids
        self.assertEqual((document.res_id, document.effect), (over.id, "cleared"))
        less = self._new_batch(percent=-50)
        less.action_preview()
        document = less.document_ids
        self.assertEqual((document.res_id, document.effect), (under.id, "held"))
        self.assertEqual((less.held_count, less.cleared_count), (1, 0))

    def test_the_impact_is_what_then_happens(self):
        order = self._new_order(1100, partner=self.debtors[0])
        batch = self._new_batch()
        batch.action_preview()
        self.assertEqual(batch.cleared_count, 1)
        batch.action_apply()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_debtors_over_the_new_limit_are_told(self):
        self._new_invoice(800, partner=self.debtors[0])
        batch = self._new_batch(percent=-50)
        batch.action_preview()
        self.assertEqual(batch.row_ids.mapped("over"), [300, 0, 0])

    def test_scoped_lines_are_never_touched(self):
        scoped = self._give_line(
            700, partner=self.debtors[0], product_ids=[Command.set(self.goods.ids)]
        )
        self._apply(self._new_batch())
        self.assertEqual((scoped.amount, self._amounts()[0]), (700, 1200))


@tagged("post_install", "-at_install")
class TestLineBatchRights(BatchCommon):
    """Who may prepare, approve and apply."""

    def test_viewers_and_salespeople_prepare_nothing(self):
        for user in (self.viewer, self.salesman):
            with self.assertRaises(AccessError):
                self._new_batch(user=user)

    def test_beyond_authority_a_second_person_approves(self):
        batch = self._new_batch(operation="set", amount=20_000)
        batch.action_preview()
        self.assertFalse(batch.alone)
        batch.action_apply()
        self.assertEqual((batch.state, self._amounts()[0]), ("waiting", 1000))
        self.assertIn(self.manager, batch.activity_ids.user_id)
        with self.assertRaises(AccessError):
            batch.action_approve()
        batch.with_user(self.manager).action_approve()
        self.assertEqual(self._amounts(), [20_000] * 3)
        self.assertFalse(batch.activity_ids)

    def test_many_small_rises_are_more_than_one_person_decides(self):
        self.company.credit_authority_analyst = 1501
        batch = self._new_batch(operation="add", amount=501, rounding="0")
        batch.action_preview()
        self.assertFalse(batch.above_count)
        batch.action_apply()
        self.assertEqual(
            batch.state, "waiting", "each may have 1,500, all rise by more"
        )

    def test_approver_needs_the_authority_for_each_row(self):
        colleague = self._new_user(
            "credit_colleague", "credit_control.credit_control_group_analyst"
        )
        batch = self._new_batch(operation="set", amount=20_000)
        self._apply(batch)
        with self.assertRaises(AccessError):
            batch.with_user(colleague).action_approve()
        batch.with_user(self.manager).action_refuse()
        self.assertEqual((batch.state, self._amounts()[0]), ("ready", 1000))

    def test_lines_of_one_kind_count_together(self):
        self._give_line(
            9500, partner=self.debtors[0], product_ids=[Command.set(self.goods.ids)]
        )
        batch = self._new_batch()
        batch.action_preview()
        self.assertEqual(batch.above_count, 1)
        batch.action_leave_out_above()
        batch.action_apply()
        self.assertEqual(self._amounts(), [1000, 1200, 1200])

    def test_the_flow_cannot_be_forged(self):
        batch = self._new_batch()
        batch.action_preview()
        row = batch.row_ids[0]
        forged = (
            (batch, {"state": "applying"}),
            (batch, {"approver_id": self.manager.id}),
            (row, {"state": "done"}),
            (row, {"worth": 1}),
            (row, {"line_id": self.lines[2].id}),
        )
        for record, values in forged:
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(UserError):
            row.amount = -5
        with self.assertRaises(UserError):
            batch.amount = 10
        with self.assertRaises(AccessError):
            self.env["credit.line.batch.row"].with_user(self.analyst).create(
                {"batch_id": batch.id}
            )

    def test_conditions_are_never_executed(self):
        batch = self._new_batch(
            profile_domain="[('id', '=', __import__('os').getpid())]"
        )
        with self.assertRaises(UserError):
            batch.action_preview()

    def test_other_companies_are_out_of_reach(self):
        batch = self._new_batch()
        stranger = self.env["res.company"].create({"name": "Stranger"})
        foreign = batch.sudo().copy({"company_id": stranger.id})
        self.assertFalse(
            self.env["credit.line.batch"]
            .with_user(self.analyst)
            .search([("id", "=", foreign.id)])
        )
        with self.assertRaises(AccessError):
            batch.write({"company_id": stranger.id})

    def test_stopped_and_resumed(self):
        batch = self._new_batch()
        batch.action_preview()
        batch.sudo().state = "applying"
        batch.action_pause()
        self.assertEqual((batch.state, self._amounts()[0]), ("paused", 1000))
        batch.action_resume()
        self.assertEqual((batch.state, self._amounts()), ("done", [1200.0] * 3))
