# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..insurers.errors import Refused, Unreachable
from ..insurers.facts import OverdueAnswer
from .duty_common import InsuranceCommon


class Line:
    """A connection whose insurer takes notices and answers as it is told to."""

    def __init__(self, *answers):
        self.answers, self.told = list(answers), []

    def report_overdue(self, overdue):
        self.told.append(overdue)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@tagged("post_install", "-at_install")
class TestDutySend(InsuranceCommon):
    """Notices by connection, mail and hand: none of them is an acknowledgement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._late_invoice(1000, 10)
        cls._refresh()
        cls.notice = cls._notice()

    def _send(self, *answers, runs=1):
        line = Line(*answers)

        @contextmanager
        def open_line(_connection, **_options):
            yield line

        connection = type(self.env["credit.insurance.connection"])
        notices = type(self.env["credit.insurance.overdue"])
        able = patch.object(notices, "_compute_can_send", _can_send)
        with able, patch.object(connection, "_open_line", open_line):
            self.notice.invalidate_recordset(["can_send"])
            self.notice.action_send()
            for _run in range(runs):
                self.notice.sudo().date_next = self.env.cr.now()
                self._run_cron("credit.insurance.overdue", "_cron_outbox")
        return line

    def test_no_insurer_is_said_to_take_notices_unverified(self):
        self.assertFalse(self.notice.can_send)
        with self.assertRaises(UserError):
            self.notice.action_send()

    def test_a_person_writes_a_notice_on_an_empty_screen(self):
        form = Form(self.env["credit.insurance.overdue"].with_user(self.analyst))
        self.assertFalse(form.can_send)
        form.policy_id = self.insured_policy
        form.partner_id = self.debtor
        self.assertEqual(form.buyer_id.insurer_buyer_id, f"B{self.debtor.id}")
        self.assertEqual(form.save().line_ids.move_id, self.invoice)

    def test_an_acknowledgement_clears_on_its_own_date(self):
        day = self._today()
        line = self._send(OverdueAnswer("acknowledged", "OVD-9", day))
        self.assertEqual(self.notice.state, "acknowledged")
        duty = self._duties("notice")
        self.assertEqual((duty.state, duty.cleared_on), ("done", day))
        told = line.told[0]
        self.assertEqual(told.reference, self.notice.uuid)
        self.assertEqual(str(told.invoices[0].amount_open), "1000.0")

    def test_p12_a_failed_call_clears_nothing_and_is_tried_again(self):
        line = self._send(
            Unreachable("no line"),
            OverdueAnswer("acknowledged", "OVD-9", self._today()),
            runs=2,
        )
        self.assertEqual(len(line.told), 2)
        self.assertEqual(self.notice.state, "acknowledged")

    def test_p12_a_call_that_may_have_arrived_is_not_repeated(self):
        line = self._send(Unreachable("broke", is_maybe_done=True), runs=3)
        self.assertEqual(len(line.told), 1)
        self.assertEqual((self.notice.state, self.notice.is_in_doubt), ("queued", True))
        duty = self._duties("notice")
        self.assertEqual(duty.state, "open")
        self.assertTrue(duty.activity_ids)
        self.notice.action_arrived()
        self.assertEqual((self.notice.state, duty.state), ("sent", "open"))

    def test_p12_an_answer_that_is_not_understood_is_no_acknowledgement(self):
        for answer in (OverdueAnswer("unknown"), OverdueAnswer("acknowledged", "X")):
            with self.subTest(answer):
                self._send(answer)
                self.assertTrue(self.notice.is_in_doubt)
                self.notice.action_back()
        self.assertEqual(self._duties("notice").state, "open")

    def test_a_refusal_comes_back_to_a_person(self):
        self._send(Refused("too old"))
        self.assertEqual(
            (self.notice.state, self.notice.last_error), ("to_do", "too old")
        )
        self.assertEqual(self._duties("notice").activity_ids.user_id, self.analyst)

    def test_by_mail_with_pdf_and_csv(self):
        with self.assertRaises(UserError):
            self.notice.action_mail()
        self.insurer.partner_id = self.env["res.partner"].create(
            {"name": "Nordassur", "email": "notices@example.com"}
        )
        self.notice.action_mail()
        message = self.notice.message_ids.filtered("attachment_ids")[:1]
        kinds = {file.name.rsplit(".")[-1] for file in message.attachment_ids}
        self.assertEqual((self.notice.state, kinds), ("sent", {"pdf", "csv"}))
        self.assertEqual(self._duties("notice").state, "open")

    def test_the_csv_holds_policy_buyer_and_invoice(self):
        self.debtor.name = "=cmd()"
        rows = self.notice._export_csv().decode("utf-8-sig").splitlines()
        self.assertIn("0012345", rows[1])
        self.assertIn(f"B{self.debtor.id}", rows[1])
        self.assertIn(self.invoice.name, rows[1])
        self.assertIn("'=cmd()", rows[1])

    def test_many_notices_are_prepared_exported_and_sent_at_once(self):
        other = self.env["res.partner"].create({"name": "Second", "is_company": True})
        self._cover(500, other)
        self._late_invoice(400, 10, other)
        self._refresh()
        board = self._duties() | self._duties(partner=other)
        action = board.with_user(self.analyst).action_prepare()
        notices = self.env["credit.insurance.overdue"].with_user(self.analyst)
        notices = notices.search(action["domain"])
        self.assertEqual(notices.partner_id, self.debtor | other)
        again = board.with_user(self.analyst).action_prepare()
        self.assertEqual(notices.search(again["domain"]), notices)
        url = notices.action_export()["url"]
        file = self.env["ir.attachment"].browse(int(url.split("/")[-1].split("?")[0]))
        self.assertEqual(len(file.raw.decode("utf-8-sig").splitlines()), 3)
        self.assertFalse(file.res_id, "it is not about one customer only")
        with self.assertRaises(AccessError):
            file.with_user(self.viewer).read(["raw"])
        notices.action_sent()
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        with self.assertRaises(AccessError):
            board.with_user(self.viewer).action_prepare()

    def test_what_was_told_stays_as_it_is(self):
        self.notice.action_sent()
        with self.assertRaises(UserError):
            self.notice.cause = "dispute"
        with self.assertRaises(UserError):
            self.notice.line_ids.unlink()
        with self.assertRaises(UserError):
            self.notice.unlink()

    def test_the_invoice_of_another_customer_is_refused(self):
        other = self._new_invoice(10, self.partner_a)
        item = other.line_ids.filtered("date_maturity")[:1]
        with self.assertRaises(UserError):
            self.notice.line_ids = [Command.create({"move_line_id": item.id})]

    def test_paid_notices_are_settled_at_night(self):
        self.notice.action_sent()
        self._settle(self.invoice)
        self._run_cron("credit.insurance.duty", "_cron_duties")
        self.assertEqual(self.notice.state, "settled")
        self.assertEqual(set(self._duties().mapped("state")), {"done"})


def _can_send(notices):
    for notice in notices:
        notice.can_send = True


@tagged("post_install", "-at_install")
class TestDutyDunning(InsuranceCommon):
    """What follow-ups know of the insurer, and what the law counts."""

    def test_a_level_prepares_the_notice_once(self):
        self._late_invoice(1000, 10)
        profile = self.env["credit.profile"]._get_or_create(self.debtor, self.company)
        notices = self.env["credit.dunning.notice"].new(
            {"profile_id": profile.id, "partner_id": self.debtor.id}
        )
        notices.company_id = self.company
        found = self.env["credit.insurance.overdue"]
        notices._dunning_effect_insurer()
        self.assertEqual(found.search([]).line_ids.move_id.amount_total, 1000)
        notices._dunning_effect_insurer()
        self.assertEqual(len(found.search([])), 1)

    def test_declared_items_and_their_state(self):
        invoice = self._late_invoice(1000, 10)
        item = invoice.line_ids.filtered("date_maturity")
        notice = self._notice()
        declared = self.env["credit.insurance.overdue"]._get_declared
        self.assertEqual(declared(item), {item.id: "to_do"})
        notice.action_sent()
        self.assertEqual(declared(item), {item.id: "sent"})
        notice.action_close()
        self.assertEqual(declared(item), {})

    def _skipped(self, code):
        run = self.env["credit.dunning.run"]
        branch = run._get_skip_branches(self.company, self._today())[code]
        self.env.flush_all()
        return [row[:2] for row in self.env.execute_query(branch.query)]

    def test_what_others_chase_is_left_to_them(self):
        invoice = self._late_invoice(1000, 10)
        item = invoice.line_ids.filtered("date_maturity")
        notice = self._notice(kind="handover")
        notice.action_sent()
        self.assertEqual(self._skipped("dunning_with_collector"), [])
        self._acknowledge(notice)
        expected = [(self.debtor.id, item.id)]
        self.assertEqual(self._skipped("dunning_with_collector"), expected)
        factor = self.env["credit.factor"].create({"partner_id": self.partner_a.id})
        sold = self.env["credit.factoring"].create(
            {"move_id": invoice.id, "factor_id": factor.id}
        )
        self.assertEqual(self._skipped("dunning_factored"), [])
        sold.notified_on = self._today()
        self.assertEqual(self._skipped("dunning_factored"), expected)
