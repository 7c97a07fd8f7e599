# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import LockNotAvailable

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.dunning.credit_dunning_words import GAPS
from .answer_common import AnswerCommon


@tagged("post_install", "-at_install")
class TestCall(AnswerCommon):
    """The next debtor by priority, on one screen at a time, with a result in two clicks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.move"].search(
            [("company_id", "child_of", cls.company.id), ("id", "!=", cls.invoice.id)]
        ).filtered(lambda move: move.state == "posted").button_draft()
        cls.other = cls.env["res.partner"].create(
            {"name": "Other Debtor", "is_company": True}
        )
        cls.big = cls._due(1000, 5, partner=cls.other)

    def _screen(self, user=None):
        return self.env["credit.dunning.call"].with_user(user or self.accountant)

    def _next(self, user=None, **options):
        card = self._screen(user).get_next(**options)
        return card.get("partner", {}).get("id")

    def _result(self, result, user=None, **values):
        screen = self._screen(user)
        partner = screen.get_next()["partner"]["id"]
        return screen.set_result(partner, result, values)

    def test_lateness_times_amount_says_who_is_next(self):
        self.assertEqual(self._next(), self.other.id)
        self.company.credit_call_weight_amount = 0
        self._screen().release(self.other.id)
        self.assertEqual(self._next(), self.debtor.id)

    def test_the_score_counts_with_its_weight(self):
        profiles = self.env["credit.profile"]
        values = {"score": 100, "score_date": self._today()}
        profiles._get_or_create(self.other, self.company).write(values)
        self.assertEqual(self._next(), self.debtor.id)
        self._screen().release(self.debtor.id)
        self.company.credit_call_weight_score = 0
        self.assertEqual(self._next(), self.other.id)

    def test_nobody_gets_the_debtor_of_another(self):
        self.assertEqual(self._next(), self.other.id)
        self.assertEqual(self._next(), self.other.id)
        self.assertEqual(self._next(self.analyst), self.debtor.id)
        with self.assertRaisesRegex(UserError, "is calling"):
            self._screen(self.analyst).open(self.other.id)
        with self.assertRaisesRegex(UserError, "is calling"):
            self._screen(self.analyst).set_result(self.other.id, "no_answer", {})
        lock = (
            self.env["credit.dunning.call.lock"]
            .sudo()
            .search([("user_id", "=", self.accountant.id)])
        )
        lock.until = fields.Datetime.now() - timedelta(minutes=1)
        self.assertEqual(self._screen(self.analyst).open(self.other.id)["left"], 1)

    def test_who_is_passed_over_waits(self):
        card = self._screen().get_next(passed=[self.other.id, "x", None])
        self.assertEqual((card["partner"]["id"], card["left"]), (self.debtor.id, 1))
        self.profile.analyst_id = self.analyst
        self.assertEqual(self._next(self.analyst, only_mine=True), None)
        self._screen().release(self.debtor.id)
        self.assertEqual(self._next(self.analyst, only_mine=True), self.debtor.id)

    def test_a_promise_takes_one_result_and_the_next_comes(self):
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.other.id, "credit_decides": True}
        )
        card = self._screen().get_next()
        self.assertEqual(card["people"][0]["id"], person.id)
        self.assertEqual([card["amount"], card["left"]], [1000.0, 2])
        day = card["dates"]["promise"][0]
        answer = self._result("promise", date=day, contact_id=person.id, note="Yes")
        call = self.env["credit.dunning.contact"].browse(answer["id"])
        promise = call.promise_id
        self.assertEqual((promise.amount, promise.source), (1000, "call"))
        self.assertEqual((promise.move_ids, promise.contact_id), (self.big, person))
        self.assertEqual((call.user_id, call.amount_overdue), (self.accountant, 1000))
        self.assertEqual(promise.create_uid, self.accountant)
        self.assertEqual(self._next(), self.debtor.id)

    def test_only_ticked_items_are_disputed(self):
        more = self._due(7, 3, partner=self.other)
        line = self._receivable(more)
        category = self.env.ref("credit_control.credit_dispute_category_damage")
        self._result("dispute", line_ids=line.ids, category_id=category.id)
        dispute = self.env["credit.dispute"].search([("move_id", "=", more.id)])
        self.assertEqual((dispute.amount, dispute.category_id), (7, category))
        card = self._screen().open(self.other.id)
        excuses = {item["id"]: item["excuse"] for item in card["items"]}
        self.assertEqual(excuses[line.id], "Disputed")
        self.assertEqual(card["amount"], 1000)

    def test_who_is_called_back_comes_first_on_the_day(self):
        self._result("call_back", date=fields.Date.to_string(self._today(3)))
        self.assertEqual(self._next(), self.debtor.id)
        call = self.env["credit.dunning.contact"].search([], limit=1)
        self.company.credit_call_weight_amount = 0
        self._screen().release(self.debtor.id)
        self.env.cr.execute(
            "UPDATE credit_dunning_contact SET call_back = %s, "
            "create_date = create_date - interval '3 days' WHERE id = %s",
            (self._today(), call.id),
        )
        self.assertEqual(self._next(), self.other.id)

    def test_other_results_let_the_debtor_rest(self):
        reason = self.env.ref("credit_control.credit_reason_block_cash")
        self._result("blocked", reason_id=reason.id)
        profile = self.env["credit.profile"].search(
            [("partner_id", "=", self.other.id)]
        )
        self.assertEqual(profile.blockage_reason_id, reason)
        self._result("wrong_number", phone="+33 1 23")
        self.assertEqual(self.profile.activity_ids.user_id, self.accountant)
        self.assertIsNone(self._next())

    def test_pays_today_is_a_promise_of_today(self):
        answer = self._result("today")
        call = self.env["credit.dunning.contact"].browse(answer["id"])
        self.assertEqual(call.promise_id.date, self._today())
        self._result("no_answer")
        self.assertIsNone(self._next())

    def test_credits_are_taken_off(self):
        self._pay(990, partner=self.other)
        self.assertEqual(self._next(), self.debtor.id)
        card = self._screen(self.analyst).open(self.other.id)
        self.assertAlmostEqual(card["amount"], 10)
        self._pay(10, partner=self.other)
        self.assertEqual(self._screen().get_next(passed=[self.debtor.id])["left"], 0)

    def test_a_wrong_click_is_taken_back_with_all_it_made(self):
        reasons = self.env["credit.reason"].search(
            [("is_blockage", "=", True)], limit=2
        )
        profile = self.env["credit.profile"]._get_or_create(self.other, self.company)
        profile.blockage_reason_id = reasons[0]
        category = self.env.ref("credit_control.credit_dispute_category_damage")
        made = {
            "today": {},
            "dispute": {"category_id": category.id},
            "blocked": {"reason_id": reasons[1].id},
            "wrong_number": {},
        }
        for result, values in made.items():
            call = self._result(result, **values)
            card = self._screen().undo_result(call["id"])
            self.assertEqual(card["partner"]["id"], self.other.id)
            self.assertEqual([card["calls"], card["amount"]], [[], 1000])
        self.assertFalse(self.env["credit.promise"].search([]))
        self.assertFalse(self.env["credit.dispute"].search([]))
        self.assertFalse(profile.activity_ids)
        self.assertEqual(profile.blockage_reason_id, reasons[0])
        self.assertIn("Call taken back: Wrong number", profile.message_ids[0].body)
        self.assertEqual(self._next(), self.other.id)

    def test_only_ones_own_last_call_is_taken_back(self):
        first, second = self._result("today"), self._result("no_answer")
        screen = self._screen()
        for user in (self.salesman, self.viewer):
            with self.assertRaises(AccessError):
                self._screen(user).undo_result(second["id"])
        with self.assertRaisesRegex(UserError, "your last call"):
            self._screen(self.analyst).undo_result(second["id"])
        for other in (first["id"], False, "x", [second["id"]], 0):
            with self.assertRaisesRegex(UserError, "your last call"):
                screen.undo_result(other)
        self.assertEqual(screen.undo_result(second["id"])["partner"]["name"], "Debtor")
        promise = self.env["credit.promise"].search([])
        promise.state = "kept"
        with self.assertRaisesRegex(UserError, "went on with it"):
            screen.undo_result(first["id"])
        promise.state = "open"
        self.env.cr.execute(
            "UPDATE credit_dunning_contact SET create_date = "
            "create_date - interval '31 minutes'"
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "half hour"):
            screen.undo_result(first["id"])
        self.assertTrue(promise.exists())

    def test_the_caller_sees_the_last_reminders(self):
        level = self.env.ref("credit_control.credit_dunning_level_1")
        run = self.env["credit.dunning.run"].sudo().create({})
        self.env["credit.dunning.notice"].sudo().create(
            {
                "run_id": run.id,
                "date": self._today(-3),
                "profile_id": self.profile.id,
                "level_id": level.id,
                "state": "sent",
            }
        )
        notice = self._screen().open(self.debtor.id)["notices"][0]
        self.assertEqual(
            (notice["level"], notice["date"]), (level.name, str(self._today(-3)))
        )

    def test_hostile_values_are_refused(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        screen = self._screen()
        for result, values in (
            ("promise", {"date": "2020-01-01"}),
            ("promise", {"date": "tomorrow"}),
            ("promise", {"date": str(self._today(5)), "amount": -5}),
            ("promise", {"date": str(self._today(5)), "amount": float("nan")}),
            ("dispute", {"category_id": "x"}),
            (
                "blocked",
                {"reason_id": self.env.ref("credit_control.credit_reason_score").id},
            ),
            ("call_back", {}),
            ("unlink", {}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                screen.set_result(self.other.id, result, values)
        answer = screen.set_result(
            self.other.id, "no_answer", {"contact_id": stranger.id}
        )
        call = self.env["credit.dunning.contact"].browse(answer["id"])
        self.assertFalse(call.contact_id)

    def test_only_who_follows_up_calls(self):
        for user in (self.salesman, self.viewer):
            for ask in (
                lambda screen: screen.get_next(),
                lambda screen: screen.open(self.other.id),
                lambda screen: screen.release(self.other.id),
                lambda screen: screen.set_result(self.other.id, "no_answer", {}),
            ):
                with self.assertRaises(AccessError):
                    ask(self._screen(user))
        with self.assertRaises(AccessError):
            self.env["credit.dunning.contact"].with_user(self.accountant).create(
                {"partner_id": self.debtor.id, "result": "today"}
            )

    def test_choosing_is_one_statement_besides_the_branches_of_the_company(self):
        screen = self.env["credit.dunning.call"]
        screen._claim(self.company, [], False)
        with self.assertQueryCount(2):
            found = screen._claim(self.company, [], False)
        self.assertEqual(found["partner_id"], self.other.id)

    def test_two_callers_at_once_never_get_the_same_debtor(self):
        """On real connections: the second waits, is refused, and asks again in vain."""
        ranked = SQL(
            "SELECT %s AS partner_id, false AS back, 1 AS priority", self._known()
        )
        with patch.object(
            self.env.registry["credit.dunning.call"],
            "_query_ranked",
            return_value=ranked,
        ):
            screen = self.env["credit.dunning.call"]
            first = screen.with_user(SUPERUSER_ID)._query_claim(self._home(), [], False)
            second = screen.with_user(self._somebody())._query_claim(
                self._home(), [], False
            )
        connect = db_connect(self.env.cr.dbname).cursor
        with connect() as one, connect() as two:
            try:
                two.execute("SELECT 1")
                one.execute(first)
                self.assertEqual(one.rowcount, 1)
                two.execute("SET LOCAL lock_timeout = '200ms'")
                with self.assertRaises(LockNotAvailable), mute_logger("odoo.sql_db"):
                    two.execute(second)
                two.rollback()
                one.commit()
                two.execute(second)
                self.assertEqual(two.rowcount, 0)
            finally:
                one.execute(
                    "DELETE FROM credit_dunning_call_lock WHERE partner_id = %s",
                    (self._known(),),
                )
                one.commit()

    def _known(self):
        """A debtor that other connections see as well."""
        return self.env.ref("base.main_partner").id

    def _home(self):
        return self.env.ref("base.main_company")

    def _somebody(self):
        return self.env.ref("base.user_admin")

    def test_the_script_knows_the_figures(self):
        plan = self.env["credit.dunning.plan"].create(
            {
                "name": "Script",
                "level_ids": [
                    Command.create(
                        {
                            "name": "Call",
                            "delay": 5,
                            "phone_script": "{total} since {due_date}: {invoice}",
                        }
                    )
                ],
            }
        )
        profile = self.env["credit.profile"]._get_or_create(self.other, self.company)
        profile.dunning_plan_id = plan
        card = self._screen().get_next()
        self.assertIn(self.big.name, card["script"])
        self.assertIn("1,000.00", card["script"])
        self.assertNotIn("{", card["script"])
        plan.level_ids.phone_script = " ".join(f"{{{gap}}}" for gap in sorted(GAPS))
        script = self._screen().open(self.other.id)["script"]
        self.assertNotIn("{", script)
        self.assertIn("Call", script)
        plan.level_ids.phone_script = "Pay {total}. You owe {indemnity} more. Bye!"
        self.assertIn("You owe", self._screen().open(self.other.id)["script"])
        self.other.is_company = False
        self.assertRegex(
            self._screen().open(self.other.id)["script"], r"^Pay [^.]+\.\d\d\. Bye!$"
        )
