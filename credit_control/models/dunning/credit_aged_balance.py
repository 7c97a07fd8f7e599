# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
from datetime import date

import openpyxl
from openpyxl.styles import Font

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .credit_open_item import AS_OF

READERS = (
    "credit_control.credit_control_group_viewer",
    "account.group_account_invoice",
    "account.group_account_readonly",
)
BUCKETS = (30, 60, 90, 120)
MOST_BUCKETS = 10
OPTIONS = ("day", "basis", "buckets", "currency", "search")
PAGE = 200
MOST_ROWS = 100_000


class CreditAgedBalance(models.AbstractModel):
    """Who owed how much, how late, on any day: one statement, whoever looks (P7)."""

    _name = "credit.aged.balance"
    _description = "Aged Balance"

    @api.model
    def get_balance(
        self,
        day: str | None = None,
        basis: str = "due",
        buckets: list | None = None,
        currency: str = "company",
        search: str = "",
        offset: int = 0,
    ):
        """The aged balance of the current main company, for the web client.

        :param str day: ISO date, today without one
        :param str basis: ``due`` or ``invoice``: from which date items age
        :param list buckets: last days of the columns, rising
        :param str currency: ``company``, or ``document`` for one row per currency
        :param str search: part of a customer's name or reference
        :param int offset: rows to leave out, for the next page
        :return: dict, options as understood, ``columns`` (labels), ``rows`` of a page,
            ``count`` of all rows, ``totals`` by currency over all rows
        :raise AccessError: for others than credit people and accountants
        """
        options = self._get_options(day, basis, buckets, currency, search)
        rows = self._fetch_rows(options)
        start = max(int(offset), 0)
        return {
            **{key: value for key, value in options.items() if key != "root"},
            "day": str(options["day"]),
            "company": options["root"].display_name,
            "columns": self._get_columns(options),
            "rows": rows[start : start + PAGE],
            "page": PAGE,
            "count": len(rows),
            "totals": self._get_totals(rows, options),
        }

    @api.model
    def open_items(
        self,
        options: dict,
        partner_id: int | None,
        column: int | None,
        currency_id: int | None = None,
    ):
        """The action that lists the items behind a figure.

        :param dict options: what ``get_balance`` answered, or a part of it
        :param partner_id: commercial partner; None: all who are shown
        :param column: index of the column; None: the total
        :param currency_id: of the row, where each document keeps its currency
        :return: dict, action
        """
        options = self._get_options(**{key: options.get(key) for key in OPTIONS})
        domain = [("company_id", "=", options["root"].id)]
        if partner_id:
            domain.append(("partner_id", "=", int(partner_id)))
        elif options["search"]:
            found = {row["partner_id"] for row in self._fetch_rows(options)}
            domain.append(("partner_id", "in", sorted(found)))
        if currency_id and options["currency"] == "document":
            domain.append(("move_currency_id", "=", int(currency_id)))
        if column is not None:
            domain += self._get_column_domain(options, int(column))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Items"),
            "res_model": "credit.open.item",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": domain,
            "context": {AS_OF: str(options["day"])},
        }

    # === OPTIONS === #

    def _check_reader(self):
        if not any(map(self.env.user.has_group, READERS)):
            raise AccessError(
                self.env._("The aged balance is for credit people and accountants.")
            )

    def _get_options(
        self, day=None, basis="due", buckets=None, currency="company", search=""
    ):
        self._check_reader()
        root = self.env.company.root_id
        try:
            day = date.fromisoformat(day) if day else root._credit_today()
            buckets = [int(bucket) for bucket in buckets or BUCKETS][:MOST_BUCKETS]
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is no date or no number of days.")) from (
                error
            )
        if buckets != sorted(set(buckets)) or buckets[0] < 1 or buckets[-1] > 9999:
            raise UserError(self.env._("The days of the columns must rise, from 1 on."))
        return {
            "root": root,
            "day": day,
            "basis": "invoice" if basis == "invoice" else "due",
            "buckets": buckets,
            "currency": "document" if currency == "document" else "company",
            "search": str(search or "")[:100],
        }

    def _get_columns(self, options):
        """The labels of the columns, the credits last."""
        buckets = options["buckets"]
        first = 1 if options["basis"] == "due" else 0
        labels = [self.env._("Not due")] if options["basis"] == "due" else []
        for last in buckets:
            labels.append(self.env._("%(first)s-%(last)s days", first=first, last=last))
            first = last + 1
        labels.append(self.env._("Over %s days", buckets[-1]))
        return [*labels, self.env._("Credits")]

    def _get_bounds(self, options):
        """First and last age of each column but the credits; None is without end."""
        buckets = options["buckets"]
        if options["basis"] == "due":
            starts = [None, 1, *(last + 1 for last in buckets)]
            return list(zip(starts, [0, *buckets, None], strict=True))
        starts = [None, *(last + 1 for last in buckets)]
        return list(zip(starts, [*buckets, None], strict=True))

    def _get_column_domain(self, options, column):
        bounds = self._get_bounds(options)
        per_document = options["currency"] == "document"
        value = "amount_currency" if per_document else "amount"
        if column >= len(bounds) or column < 0:
            return [(value, "<", 0)]
        first, last = bounds[column]
        field = "date_due" if options["basis"] == "due" else "date"
        domain = [(value, ">=", 0)]
        if first is not None:
            domain.append((field, "<=", str(self._before(options["day"], first))))
        if last is not None:
            domain.append((field, ">=", str(self._before(options["day"], last))))
        return domain

    def _before(self, day, days):
        return date.fromordinal(max(day.toordinal() - days, 1))

    # === FIGURES === #

    def _fetch_rows(self, options):
        """One row per customer, and currency if asked, the most overdue first."""
        self.env.flush_all()
        currencies = self.env["res.currency"]
        self.env.cr.execute(self._query_rows(options))
        return [
            {
                "partner_id": row[0],
                "name": row[1],
                "currency_id": row[2],
                "currency": currencies.browse(row[2]).name,
                "amounts": list(row[3]),
                "total": row[4],
            }
            for row in self.env.cr.fetchall()
        ]

    def _query_rows(self, options):
        root = options["root"]
        per_document = options["currency"] == "document"
        companies = self.env["credit.measure"]._get_tree(root.id)[2]
        items = self.env["credit.open.item"]._query_open(options["day"], companies)
        sums = SQL(", ").join(self._sql_columns(options))
        return SQL(
            """SELECT d.id, COALESCE(d.complete_name, d.name), s.currency, s.amounts,
                s.total
            FROM (SELECT i.partner_id, i.currency, ARRAY[%(sums)s]::float[] AS amounts,
                    SUM(i.value)::float AS total,
                    SUM(i.value) FILTER (WHERE i.value > 0 AND i.date_due < %(day)s)
                        AS late
                FROM (SELECT o.partner_id, o.date_due, o.date, %(currency)s AS currency,
                    %(value)s AS value FROM (%(items)s) o) i
                GROUP BY i.partner_id, i.currency) s
            JOIN res_partner d ON d.id = s.partner_id
            WHERE %(search)s
            ORDER BY s.late DESC NULLS LAST, s.total DESC, d.id LIMIT %(limit)s""",
            sums=sums,
            day=options["day"],
            items=items,
            currency=SQL("o.move_currency_id" if per_document else "o.currency_id"),
            value=SQL("o.amount_currency" if per_document else "o.amount"),
            search=self._sql_search(options["search"]),
            limit=MOST_ROWS,
        )

    def _sql_search(self, text):
        if not text:
            return SQL("TRUE")
        return SQL(
            "POSITION(LOWER(%(text)s) IN LOWER(CONCAT_WS(' ', d.ref, d.name))) > 0",
            text=text,
        )

    def _sql_columns(self, options):
        day = SQL("%s::date", options["day"])
        field = SQL("i.date_due" if options["basis"] == "due" else "i.date")
        for first, last in self._get_bounds(options):
            where = SQL("i.value >= 0")
            if first is not None:
                where = SQL("%s AND %s - %s >= %s", where, day, field, first)
            if last is not None:
                where = SQL("%s AND %s - %s <= %s", where, day, field, last)
            yield SQL("COALESCE(SUM(i.value) FILTER (WHERE %s), 0)", where)
        yield SQL("COALESCE(SUM(i.value) FILTER (WHERE i.value < 0), 0)")

    def _get_totals(self, rows, options):
        totals = {}
        for row in rows:
            sums = totals.setdefault(
                row["currency_id"], [0.0] * (len(row["amounts"]) + 1)
            )
            for index, amount in enumerate([*row["amounts"], row["total"]]):
                sums[index] += amount
        if not totals:
            columns = len(self._get_columns(options))
            totals[options["root"].currency_id.id] = [0.0] * (columns + 1)
        return [
            {
                "currency_id": currency_id,
                "currency": self.env["res.currency"].browse(currency_id).name,
                "amounts": sums[:-1],
                "total": sums[-1],
            }
            for currency_id, sums in totals.items()
        ]

    # === SHEET === #

    def _export_sheet(self, options):
        """The aged balance as XLSX.

        :param dict options: see ``_get_options``
        :return: bytes, the file
        """
        rows = self._fetch_rows(options)
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(self.env._("Aged Balance"))
        sheet.append([self._get_title(options)])
        header = [self.env._("Customer"), self.env._("Currency")]
        header += [*self._get_columns(options), self.env._("Total")]
        cells = [openpyxl.cell.WriteOnlyCell(sheet, value=text) for text in header]
        for cell in cells:
            cell.font = Font(bold=True)
        sheet.append(cells)
        for row in rows:
            name = f"'{row['name']}" if row["name"][:1] in "=+-@" else row["name"]
            sheet.append([name, row["currency"], *row["amounts"], row["total"]])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _get_title(self, options):
        by = (
            self.env._("by due date")
            if options["basis"] == "due"
            else self.env._("by invoice date")
        )
        return self.env._(
            "Aged balance of %(company)s on %(day)s, %(by)s",
            company=options["root"].display_name,
            day=options["day"],
            by=by,
        )
