# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io
from datetime import timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import InsuranceCommon


@tagged("post_install", "-at_install")
class TestCoverDispatch(InsuranceCommon):
    """Requests leave in a file as they would over a connection, with a trace."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._new_buyer(number="00000341003327")
        cls.insurer.partner_id = cls.env["res.partner"].create(
            {"name": "Alpha", "email": "alpha@example.com"}
        )

    def _dispatch(self, **values):
        request = self.env["credit.cover.request"].create(
            {
                "policy_id": self.cover_policy.id,
                "buyer_id": self.buyer.id,
                "type": "new",
                "amount_requested": 50_000,
                **values,
            }
        )
        action = request.with_user(self.analyst).action_dispatch()
        dispatch = self.env["credit.cover.dispatch"].browse(action["res_id"])
        return dispatch.with_user(self.analyst)

    def _rows(self, dispatch):
        text = dispatch._export_csv().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def test_the_file_says_what_a_connection_would(self):
        dispatch = self._dispatch()
        [row] = self._rows(dispatch)
        order = dispatch.request_ids._prepare_order()
        self.assertEqual(row["Our Reference"], order.reference)
        self.assertEqual(row["Policy"], "0012345")
        self.assertEqual(row["Insurer's Number of the Buyer"], "00000341003327")
        self.assertEqual(row["Amount Asked"], "50000,00")
        self.assertIn("SIREN", row["National Numbers"])

    def test_the_page_has_its_letterhead_and_the_numbers_of_the_buyer(self):
        dispatch = self._dispatch(comment="Before the season")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.viewer)
            ._render_qweb_html(
                "credit_insurance_link.credit_cover_dispatch_report", dispatch.ids
            )
        )
        page = html.decode()
        [row] = self._rows(dispatch)
        for text in (self.company.name, row["National Numbers"], "Before the season"):
            self.assertIn(text, page)

    def test_formulas_are_disarmed_in_every_format(self):
        self.debtor.name = "=HYPERLINK(1)"
        dispatch = self._dispatch(comment="@SUM(A1)")
        [row] = self._rows(dispatch)
        self.assertEqual(row["Buyer"], "'=HYPERLINK(1)")
        self.assertEqual(row["Comment"], "'@SUM(A1)")
        book = openpyxl.load_workbook(io.BytesIO(dispatch._export_xlsx()))
        cells = [cell for cells in book.active.iter_rows() for cell in cells]
        self.assertNotIn("f", {cell.data_type for cell in cells})

    def test_a_request_is_in_one_file_only(self):
        dispatch = self._dispatch()
        request = dispatch.request_ids.with_user(self.analyst)
        self.assertEqual(request.action_dispatch()["res_id"], dispatch.id)

    def test_sending_leaves_a_trace_and_happens_once(self):
        dispatch = self._dispatch()
        dispatch.action_mark_sent()
        self.assertEqual(dispatch.request_ids.state, "sent")
        self.assertEqual((dispatch.sent_by, dispatch.channel), (self.analyst, "hand"))
        self.assertTrue(dispatch.sent_on)
        self.assertIn(b"00000341003327", dispatch.file_ids.raw)
        with self.assertRaises(UserError):
            dispatch.action_mark_sent()
        with self.assertRaises(UserError):
            dispatch.request_ids = False
        with self.assertRaises(UserError):
            dispatch.unlink()

    def test_a_mail_carries_the_file_to_the_recipient(self):
        dispatch = self._dispatch()
        self.assertEqual(dispatch.recipient_id, self.insurer.partner_id)
        dispatch.action_mail()
        message = dispatch.message_ids.filtered("attachment_ids")[:1]
        self.assertEqual(message.notified_partner_ids, self.insurer.partner_id)
        self.assertEqual(len(message.attachment_ids), 2)
        self.assertEqual(dispatch.state, "sent")

    def test_nobody_to_write_to(self):
        self.insurer.partner_id.email = False
        dispatch = self._dispatch()
        with self.assertRaises(UserError):
            dispatch.action_mail()
        self.assertEqual(dispatch.state, "draft")

    def test_the_acknowledgement_is_typed_with_its_day(self):
        dispatch = self._dispatch()
        today = self._today().isoformat()
        with self.assertRaises(UserError):
            dispatch.acknowledge(today, "AR-1")
        dispatch.action_mark_sent()
        tomorrow = (self._today() + timedelta(days=1)).isoformat()
        for day, number in (
            (tomorrow, "AR-1"),
            (today, " "),
            ("", "AR-1"),
            ("soon", "x"),
        ):
            with self.assertRaises(UserError):
                dispatch.acknowledge(day, number)
        dispatch.acknowledge(today, "AR-1")
        self.assertEqual(
            (dispatch.state, dispatch.acknowledgement), ("acknowledged", "AR-1")
        )

    def test_viewers_send_nothing_and_salespeople_see_nothing(self):
        dispatch = self._dispatch()
        with self.assertRaises(AccessError):
            dispatch.with_user(self.viewer).action_mark_sent()
        with self.assertRaises(AccessError):
            dispatch.with_user(self.salesman).read(["name"])
        with self.assertRaises(AccessError):
            dispatch.write({"state": "sent"})
