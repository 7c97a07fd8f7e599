# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import format_date

from .answer_common import AnswerCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


class PortalCase(AnswerCommon, HttpCase):
    """Two customers on the portal, each with an invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child = cls.env["res.partner"].create(
            {"name": "Ann of Debtor", "parent_id": cls.debtor.id}
        )
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Stranger Ltd", "is_company": True}
        )
        cls.user = cls._new_portal_user("credit_customer", cls.child)
        cls.other_user = cls._new_portal_user("credit_stranger", cls.stranger)
        cls.theirs = cls._due(777, 9, partner=cls.stranger)
        cls.company.credit_portal_promise_days = 10

    @classmethod
    def _new_portal_user(cls, login, partner):
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _get(self, path="/my/credit", login="credit_customer"):
        self.authenticate(login, login)
        return self.url_open(path)

    def _post(self, page, /, login="credit_customer", files=None, **values):
        self.authenticate(login, login)
        values["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(f"/my/credit/{page}", data=values, files=files)


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    """A customer sees its account and answers; nothing of others, nothing of limits."""

    def _letter(self, partner, **values):
        """What was sent to a customer, as a run would leave it."""
        profile = self.env["credit.profile"]._get_or_create(partner, self.company)
        run = (
            self.env["credit.dunning.run"]
            .sudo()
            .create({"company_id": self.company.id})
        )
        notice = (
            self.env["credit.dunning.notice"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "profile_id": profile.id,
                    "level_id": self.env.ref(
                        "credit_control.credit_dunning_level_1"
                    ).id,
                }
            )
        )
        return (
            self.env["credit.dunning.message"]
            .sudo()
            .create(
                {
                    "notice_id": notice.id,
                    "channel": "email",
                    "state": "sent",
                    "subject": f"Reminder for {partner.name}",
                    "body": "<p>Please pay</p>",
                    **values,
                }
            )
        )

    def test_the_statement_is_the_customers_own(self):
        self._pay(15)
        page = self._get().text
        self.assertIn(self.invoice.name, page)
        self.assertIn("85.00", page)
        self.assertIn("days late", page)
        for secret in (self.theirs.name, "777.00", "Stranger"):
            self.assertNotIn(secret, page)
        self.assertIn(self.theirs.name, self._get(login="credit_stranger").text)

    def test_it_never_shows_limits_or_scores(self):
        self._give_line(654321)
        self.profile.write({"score": 37, "score_date": self._today()})
        self.profile.sudo().write({"status": "watch", "status_note": "Shaky"})
        page = self._get().text
        for secret in ("654321", "654,321", "Shaky", "watch", "score", "limit"):
            self.assertNotIn(secret, page)

    def _take_payments(self):
        return self.env["payment.provider"].create(
            {
                "name": "Test",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": self.company.id,
            }
        )

    def test_without_anybody_who_takes_the_money_no_button_pays(self):
        self.assertNotIn("/my/invoices/overdue", self._get().text)
        self._take_payments().is_published = False
        self.assertNotIn("/my/invoices/overdue", self._get().text)

    def test_it_pays_its_own_invoices_first_through_odoos_page(self):
        self._take_payments()
        overdue = "/my/invoices/overdue"
        self._due(44.44, 3)
        self._due(5.55, 3, partner=self.child)
        self.assertIn(overdue, self._get().text)
        page = self._get(overdue)
        self.assertTrue(page.url.endswith(overdue))
        self.assertIn("5.55", page.text)
        self.assertNotIn("44.44", page.text)

    def test_who_pays_for_a_company_pays_its_overdue_invoices(self):
        self._take_payments()
        overdue = "/my/invoices/overdue"
        self._due(44.44, 3)
        self.assertIn(overdue, self._get().text)
        page = self._get(overdue)
        self.assertTrue(page.url.endswith(overdue))
        self.assertIn("44.44", page.text)
        self.assertNotIn("777.00", page.text)

    def test_a_promise_until_the_limit(self):
        day = str(self._today(10))
        answer = self._post("promise", day=day, move_id=self.invoice.id, note="Soon")
        self.assertTrue(answer.url.endswith("/my/credit?done=promise"), answer.text)
        self.assertIn("Promised for", answer.text)
        promise = self.env["credit.promise"].search(
            [("move_ids", "=", self.invoice.id)]
        )
        self.assertEqual((promise.amount, promise.source), (100, "portal"))
        self.assertEqual((promise.contact_id, promise.note), (self.child, "Soon"))
        for values in ({"move_id": self.invoice.id}, {}, {"move_id": "9" * 5000}):
            again = self._post("promise", day=day, note="x" * 1_000_000, **values)
            self.assertIn("Please call us", again.text)
        self.assertEqual(self.env["credit.promise"].search_count([]), 1)

    def test_what_cannot_be_promised(self):
        for values in (
            {"day": str(self._today(11))},
            {"day": str(self._today(-1))},
            {"day": "never"},
            {},
            {"day": str(self._today(1)), "move_id": self.theirs.id},
        ):
            answer = self._post("promise", **values)
            self.assertIn("Please", answer.text)
        self.env["credit.promise"].create(
            {
                "profile_id": self.profile.id,
                "amount": 1,
                "date": self._today(-5),
                "state": "broken",
                "source": "portal",
                "move_ids": self.invoice.ids,
            }
        )
        answer = self._post("promise", day=str(self._today(1)))
        self.assertIn("Please call us", answer.text)
        self.company.credit_portal_promises = False
        self.assertNotIn("o_credit_day", self._get().text)
        self.assertEqual(self.env["credit.promise"].search_count([]), 1)

    def test_what_was_typed_stays_after_a_mistake(self):
        late = str(self._today(11))
        page = self._post(
            "promise", day=late, move_id=self.invoice.id, note="<b>After</b> the fair"
        ).text
        self.assertIn(f'value="{late}"', page)
        self.assertIn('checked="checked"', page)
        self.assertIn("&lt;b&gt;After&lt;/b&gt; the fair", page)
        self.assertIn(format_date(self.env, self._today(10)), page)

    def test_a_dispute_with_a_file(self):
        category = self.env.ref("credit_control.credit_dispute_category_damage")
        answer = self._post(
            "dispute",
            move_id=self.invoice.id,
            category_id=category.id,
            text="<b>Broken</b> box",
            files={"file": ("box.txt", b"broken", "text/plain")},
        )
        self.assertTrue(answer.url.endswith("done=dispute"), answer.text)
        self.assertIn("We look into it", answer.text)
        dispute = self.env["credit.dispute"].search([("move_id", "=", self.invoice.id)])
        self.assertEqual((dispute.amount, dispute.category_id), (100, category))
        self.assertFalse(dispute.user_id.share)
        file = dispute.message_ids.attachment_ids
        self.assertEqual((file.name, file.raw), ("box.txt", b"broken"))
        self.assertNotIn(
            "<b>", str(dispute.message_ids.filtered("attachment_ids").body)
        )

    def test_what_was_upheld_is_not_disputed_again_on_the_portal(self):
        """Nobody keeps reminders away by disputing one invoice for ever."""
        values = {
            "move_id": self.invoice.id,
            "category_id": self.env.ref(
                "credit_control.credit_dispute_category_price"
            ).id,
            "text": "Too dear",
        }
        self._post("dispute", **values)
        dispute = self.env["credit.dispute"].search([("move_id", "=", self.invoice.id)])
        dispute.action_uphold()
        self.assertIn("Please call us", self._post("dispute", **values).text)
        self.assertEqual(self.env["credit.dispute"].search_count([]), 1)
        self.assertIn("o_credit_day", self._get().text)
        dispute.date_closed = self._today(-91)
        self.assertIn("done=dispute", self._post("dispute", **values).url)

    def test_what_cannot_be_disputed(self):
        good = self.env.ref("credit_control.credit_dispute_category_price")
        hidden = good.copy({"on_portal": False})
        for values in (
            {"move_id": self.theirs.id, "category_id": good.id, "text": "x"},
            {"category_id": good.id, "text": "x"},
            {"move_id": self.invoice.id, "category_id": hidden.id, "text": "x"},
            {"move_id": self.invoice.id, "category_id": good.id, "text": " "},
            {"move_id": "1;2", "category_id": "x", "text": "x"},
        ):
            self.assertIn("Please", self._post("dispute", **values).text)
        self.assertFalse(self.env["credit.dispute"].search([]))

    def test_letters_are_the_customers_own_and_really_sent(self):
        mine, theirs = self._letter(self.debtor), self._letter(self.stranger)
        waits = self._letter(self.debtor, state="queued", subject="Not yet")
        page = self._get().text
        self.assertIn(mine.subject, page)
        self.assertNotIn("Not yet", page)
        self.assertIn("Please pay", self._get(f"/my/credit/letter/{mine.id}").text)
        for letter in (theirs, waits):
            path = f"/my/credit/letter/{letter.id}"
            self.assertEqual(self._get(path).status_code, 404)
        for number in (99999999, 2**31, "9" * 30):
            path = f"/my/credit/letter/{number}"
            self.assertEqual(self._get(path).status_code, 404)

    def test_the_statement_as_a_file(self):
        statement = self.env.registry["credit.statement"]
        with patch.object(statement, "_render_pdf", return_value=b"%PDF") as render:
            answer = self._get("/my/credit/statement")
        self.assertEqual(answer.content, b"%PDF")
        self.assertEqual(render.call_args.args[:2], (self.debtor, self.company))

    def test_the_home_page_leads_to_it(self):
        self.authenticate("credit_customer", "credit_customer")
        self.assertIn("/my/credit", self.url_open("/my").text)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["credit_item_count"]}
        )
        self.assertEqual(answer["credit_item_count"], 1)

    def test_who_is_not_logged_in_sees_nothing(self):
        for path in ("/my/credit", "/my/credit/statement", "/my/credit/letter/1"):
            self.assertIn("/web/login", self.url_open(path).url)


@tagged("post_install", "-at_install")
class TestPortalSignature(PortalCase):
    """P2, P9: a customer who signs what is held is told so, without any figure."""

    def _sign(self, order):
        self.authenticate("credit_customer", "credit_customer")
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept", {"name": "Ann", "signature": PIXEL}
        )

    def _quote(self, amount):
        order = self._new_order(
            amount, partner=self.child, require_signature=True, require_payment=False
        )
        order.action_quotation_sent()
        return order

    def test_p9_what_is_held_is_told_where_it_is_signed(self):
        line = self._give_line(self._exposure() + 400)
        order = self._quote(1000)
        answer = self._sign(order)
        order.invalidate_recordset()
        self.assertEqual(list(answer), ["error"])
        self.assertIn("credit department", answer["error"])
        for figure in ("400", "600", f"{line.amount:.0f}"):
            self.assertNotIn(figure, answer["error"])
        self.assertEqual((order.state, order.signed_by), ("sent", False))

    def test_p2_what_fits_is_signed_and_confirmed(self):
        self._give_line(self._exposure() + 1000)
        order = self._quote(1000)
        self.assertNotIn("error", self._sign(order))
        order.invalidate_recordset()
        self.assertEqual((order.state, order.signed_by), ("sale", "Ann"))
