# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
import logging
from datetime import date, timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.dunning.credit_open_item import AS_OF
from .test_interest import InterestCommon

_logger = logging.getLogger(__name__)
DAY = date(2025, 6, 30)


@tagged("post_install", "-at_install")
class TestAgedBalance(InterestCommon):
    """What was open on a day, by age; each figure opens its items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._new_user("credit_acc", "account.group_account_invoice")
        cls.not_due = cls._late_invoice(100, DAY + timedelta(days=1))
        cls.on_the_day = cls._late_invoice(10, DAY)
        cls.late_1 = cls._late_invoice(200, DAY - timedelta(days=1))
        cls.late_30 = cls._late_invoice(20, DAY - timedelta(days=30))
        cls.late_31 = cls._late_invoice(300, DAY - timedelta(days=31))
        cls.late_400 = cls._late_invoice(400, DAY - timedelta(days=400))
        cls.refund = cls._new_invoice(
            50, move_type="out_refund", invoice_date=date(2025, 6, 1)
        )

    def _get(self, user=None, **options):
        balance = self.env["credit.aged.balance"].with_user(user or self.accountant)
        return balance.get_balance(**{"day": str(DAY), "search": "Debtor", **options})

    def _amounts(self, **options):
        (row,) = self._get(**options)["rows"]
        return row["amounts"]

    def test_items_age_by_due_date(self):
        self.assertEqual(self._amounts(), [110, 220, 300, 0, 0, 400, -50])
        self.assertEqual(self._get()["rows"][0]["total"], 980)
        self.assertEqual(self._get()["totals"][0]["total"], 980)
        self.assertEqual(self._get()["columns"][1], "1-30 days")

    def test_items_age_by_invoice_date_and_other_columns(self):
        # Every invoice was made thirty days before it was due.
        amounts = self._amounts(basis="invoice")
        self.assertEqual(amounts, [110, 220, 300, 0, 400, -50])
        self.assertEqual(self._amounts(buckets=[31]), [110, 520, 400, -50])

    def test_a_past_day_shows_what_was_open_then(self):
        self._settle(self.late_31, 300, date(2025, 7, 5))
        self._settle(self.late_1, 50, date(2025, 6, 30))
        self.assertEqual(self._amounts(), [110, 170, 300, 0, 0, 400, -50])
        later = self._amounts(day="2025-07-05")
        self.assertEqual(sum(later), 980 - 50 - 300)
        before = self._amounts(day="2025-05-20")
        self.assertEqual(sum(before), 20 + 300 + 400)

    def test_every_figure_opens_its_items(self):
        data = self._get()
        balance = self.env["credit.aged.balance"].with_user(self.accountant)
        for column, amount in enumerate(data["rows"][0]["amounts"]):
            action = balance.open_items(data, self.debtor.id, column)
            items = self.env["credit.open.item"].with_user(self.accountant)
            items = items.with_context(**action["context"]).search(action["domain"])
            self.assertAlmostEqual(sum(items.mapped("amount")), amount)
        whole = balance.open_items(data, self.debtor.id, None)
        items = items.with_context(**whole["context"]).search(whole["domain"])
        self.assertAlmostEqual(sum(items.mapped("amount")), 980)
        self.assertEqual(items[0].action_open_move()["res_model"], "account.move")

    def test_ages_of_the_pivot_are_those_of_the_screen(self):
        items = self.env["credit.open.item"].with_context(**{AS_OF: str(DAY)})
        groups = items._read_group(
            [("partner_id", "=", self.debtor.id)], ["age"], ["amount:sum"]
        )
        self.assertEqual(
            dict(groups), {"0": 110, "1": 220, "2": 300, "5": 400, "6": -50}
        )

    def test_documents_may_keep_their_currency(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        self._late_invoice(1_000, DAY - timedelta(days=100), currency_id=dollar.id)
        self.assertEqual(self._amounts()[4], 500)
        rows = {
            row["currency_id"]: row for row in self._get(currency="document")["rows"]
        }
        self.assertEqual(rows[dollar.id]["amounts"][4], 1000)
        self.assertEqual(rows[self.company.currency_id.id]["total"], 980)

    def _items(self, data, *asked):
        balance = self.env["credit.aged.balance"].with_user(self.accountant)
        action = balance.open_items(data, *asked)
        items = self.env["credit.open.item"].with_user(self.accountant)
        return items.with_context(**action["context"]).search(action["domain"])

    def test_figures_of_a_currency_or_a_search_open_only_theirs(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        self._late_invoice(1_000, DAY - timedelta(days=100), currency_id=dollar.id)
        other = self.debtor.create({"name": "Somebody else", "is_company": True})
        self._late_invoice(70, DAY - timedelta(days=100), partner=other)
        data = self._get(currency="document")
        found = self._items(data, self.debtor.id, 4, dollar.id)
        self.assertEqual(found.mapped("amount_currency"), [1000])
        self.assertEqual(self._items(data, None, None, dollar.id), found)
        own = self._items(data, None, None, self.company.currency_id.id)
        self.assertEqual(own.partner_id, self.debtor)
        self.assertAlmostEqual(sum(own.mapped("amount")), 980)

    def test_the_spreadsheet_holds_the_same_figures(self):
        data = self._get()
        printer = self.env["credit.aged.print"].with_user(self.accountant)
        action = printer.export(data, "xlsx")
        self.assertIn("/sheet/", action["url"])
        aged = printer.search([], limit=1, order="id desc")
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(aged.sheet)))
        rows = list(book.active.values)
        self.assertEqual(rows[2][0], "Debtor")
        self.assertEqual(list(rows[2][2:]), [110, 220, 300, 0, 0, 400, -50, 980])

    def test_the_paper_holds_the_same_figures(self):
        data = self._get()
        printer = self.env["credit.aged.print"].with_user(self.accountant)
        printer.export(data, "pdf")
        aged = printer.search([], limit=1, order="id desc")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "credit_control.report_credit_aged", aged.ids
        )[0]
        for figure in (b"110.00", b"220.00", b"-50.00", b"980.00"):
            self.assertIn(figure, html)

    def test_only_credit_people_and_accountants_look(self):
        self.assertTrue(self._get(self.viewer)["rows"])
        with self.assertRaises(AccessError):
            self._get(self.salesman)
        with self.assertRaises(AccessError):
            self.env["credit.open.item"].with_user(self.salesman).search([])

    def test_p7_the_figures_do_not_depend_on_the_reader(self):
        self.assertEqual(self._get(self.viewer), self._get(self.accountant))

    def test_nonsense_is_refused(self):
        for options in ({"day": "soon"}, {"buckets": [30, 30]}, {"buckets": ["x"]}):
            with self.assertRaises(UserError):
                self._get(**options)
        self.assertEqual(self._get(search="%' OR 1=1")["rows"], [])

    def test_it_is_one_statement_on_the_index_of_open_items(self):
        balance = self.env["credit.aged.balance"].with_user(self.accountant)
        options = balance._get_options(str(DAY))
        self.env.flush_all()
        balance._fetch_rows(options)
        with self.assertQueryCount(1):
            balance._fetch_rows(options)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self._explain(balance._query_rows(options))
        _logger.info("Plan of the aged balance:\n%s", plan)
        self.assertIn("account_partial_reconcile_credit_max_date_idx", plan)
        self.assertNotIn("company_id_index on account_move_line", plan)

    def _explain(self, query):
        self.env.cr.execute(SQL("EXPLAIN (COSTS OFF) %s", query))
        return "\n".join(row[0] for row in self.env.cr.fetchall())
