# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
from datetime import date, datetime

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..models.credit_sheet import (
    BROKEN,
    CellError,
    SheetError,
    read_sheet,
    to_amount,
    to_date,
)
from ..models.handouts import guard, to_csv
from .test_line_batch import BatchCommon


def to_xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestSheet(BaseCase):
    """Cells as people write them."""

    def test_amounts_in_any_notation(self):
        cases = {
            "1234.56": 1234.56,
            "1234,56": 1234.56,
            "1 234,56 €": 1234.56,
            "1\u202f234,5": 1234.5,
            "1.234,56": 1234.56,
            "1,234.56": 1234.56,
            "1.234.567": 1234567,
            "1'000": 1000,
            "0,500": 0.5,
            "1500 EUR": 1500,
            12.5: 12.5,
            7: 7,
            "0": 0,
        }
        for cell, amount in cases.items():
            with self.subTest(cell=cell):
                self.assertEqual(to_amount(cell), amount)

    def test_wrong_amounts_are_refused_not_guessed(self):
        cases = {
            "1,234": "ambiguous",
            "1.234": "ambiguous",
            "-5": "negative",
            -5: "negative",
            "": "empty",
            None: "empty",
            "abc": "number",
            "1.23.4": "number",
            "1e5": "number",
            "NaN": "number",
            float("inf"): "number",
            True: "number",
            "12.3456": "digits",
            "=1+1": "number",
        }
        for cell, code in cases.items():
            with self.subTest(cell=cell), self.assertRaises(CellError) as caught:
                to_amount(cell)
            self.assertEqual(caught.exception.args[0], code, cell)

    def test_dates(self):
        day = date(2030, 2, 1)
        for cell in (
            "2030-02-01",
            "01/02/2030",
            "01.02.2030",
            day,
            datetime(2030, 2, 1),
        ):
            with self.subTest(cell=cell):
                self.assertEqual(to_date(cell), day)
        self.assertEqual(to_date("02/01/2030", ["%m/%d/%Y"]), day)
        self.assertIsNone(to_date(" "))
        with self.assertRaises(CellError):
            to_date("31/02/2030")

    def test_files_that_cannot_be_read_are_told(self):
        cases = (
            (b"a;b\n1;2", "x.ods", "type"),
            (b"PK broken", "x.xlsx", "broken"),
            (b"", "x.csv", "empty"),
            (b"only;headings\n;\n", "x.csv", "empty"),
            (b"a\n" + b"1\n" * 20_001, "x.csv", "large"),
        )
        for content, name, code in cases:
            with self.subTest(name=name), self.assertRaises(SheetError) as caught:
                read_sheet(content, name)
            self.assertEqual(caught.exception.args[0], code)

    def test_characters_that_are_lost_are_told_where_they_are(self):
        good = "Réf;Montant\nÉ1;5\n".encode()
        rows = read_sheet(good + "Noëlla;6\n".encode("cp1252"), "x.csv")
        self.assertEqual(rows[1], (2, ["É1", "5"]), "one bad row spoils no other")
        self.assertEqual(rows[2], (3, [f"No{BROKEN}lla", "6"]))

    def test_encodings_and_separators(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            for separator in ";,\t":
                content = f"Réf{separator}Montant\nÉ1{separator}5\n".encode(encoding)
                rows = read_sheet(content, "x.csv")
                self.assertEqual(rows[1], (2, ["É1", "5"]), (encoding, separator))

    def test_amounts_that_are_handed_out_are_read_as_amounts(self):
        amounts = (50_000.0, 0.1 + 0.2, 1.234, -5.5)
        content = to_csv([["Amount"], *([amount] for amount in amounts)])
        lines = content.decode("utf-8-sig").splitlines()
        self.assertEqual(lines[1:], ["50000,00", "0,30", "1,234", "-5,50"])

    def test_texts_never_become_formulas(self):
        for text in ("=1+1", "+33 1", "-x", "@SUM(A1)", "\t=1"):
            self.assertTrue(guard(text).startswith("'"), text)
        self.assertEqual((guard("Debtor"), guard(-5)), ("Debtor", -5))
        self.assertEqual((guard(0), guard(False), guard(None)), (0, "", ""))


@tagged("post_install", "-at_install")
class TestLineBatchSheet(BatchCommon):
    """A spreadsheet is told row by row what is wrong; nothing is applied by halves."""

    def _new_sheet(self, content, name="limits.csv", **values):
        if isinstance(content, str):
            content = content.encode()
        return self._new_batch(
            source="sheet",
            sheet=base64.b64encode(content),
            sheet_name=name,
            operation="set",
            **values,
        )

    def test_each_way_to_name_a_customer(self):
        self.debtors[1].vat = "FR23334175221"
        self.env["ir.model.data"].create(
            {
                "module": "crm9",
                "name": "Batch_Two",
                "model": "res.partner",
                "res_id": self.debtors[2].id,
            }
        )
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.debtors[0].id, "ref": "CONTACT"}
        )
        for word, debtor in (
            ("b0", self.debtors[0]),
            ("FR 23 334175221", self.debtors[1]),
            ("crm9.batch_two", self.debtors[2]),
            ("BATCH 0", self.debtors[0]),
            (contact.ref, self.debtors[0]),
        ):
            with self.subTest(word=word):
                batch = self._new_sheet(f"Client;Montant\n{word};1500,50\n")
                batch.action_preview()
                row = batch.row_ids
                self.assertEqual((row.partner_id, row.problem), (debtor, False))
                self.assertEqual(row.amount, 1500.5)

    def test_bad_rows_are_told_and_nothing_is_applied(self):
        twin = self.env["res.partner"].create({"name": "Twin", "is_company": True})
        twin.copy({"name": "Twin"})
        content = (
            "Customer;Amount;Kind;End\n"
            "B0;1500;;\n"
            "Nobody;1500;;\n"
            "B1;-5;;\n"
            "B2;1.500;;\n"
            "B2;1600;magic;\n"
            "B2;1700;own;31/02/2030\n"
            "Twin;100;;\n"
            ";100;;\n"
            "B1;1e9999;;\n"
        )
        batch = self._new_sheet(content)
        batch.action_preview()
        self.assertEqual(batch.row_ids.mapped("sheet_row"), list(range(2, 11)))
        self.assertEqual(batch.problem_count, 8)
        words = " | ".join(row.problem or "-" for row in batch.row_ids)
        for word in (
            "Nobody",
            "below zero",
            "without separator",
            "magic",
            "no date",
            "Several customers",
            "is missing",
            "is no amount",
        ):
            self.assertIn(word, words)
        with self.assertRaises(UserError):
            batch.action_apply()
        self.assertEqual(self._amounts(), [1000.0] * 3)

    def test_duplicates_are_both_told(self):
        batch = self._new_sheet("Ref;Amount\nB0;1500\nB1;1500\nB0;1600\n")
        batch.action_preview()
        self.assertEqual(batch.row_ids.mapped("state"), ["problem", "todo", "problem"])

    def test_a_corrected_row_is_looked_at_again(self):
        batch = self._new_sheet("Ref;Amount\nBO;1500\nB1;1 500,25\n")
        batch.action_preview()
        self.assertEqual(batch.row_ids.mapped("state"), ["problem", "todo"])
        batch.row_ids[0].partner_id = self.debtors[0]
        self.assertEqual(batch.row_ids.mapped("state"), ["todo", "todo"])
        batch.action_apply()
        self.assertEqual(self._amounts(), [1500, 1500.25, 1000])

    def test_xlsx_with_dates_and_kinds(self):
        content = to_xlsx(
            ["Référence", "Plafond", "Type", "Fin"],
            ["B0", 1500, "temporary", datetime(2050, 6, 30)],
            ["B1", 1600, None, None],
        )
        batch = self._new_sheet(content, "limits.xlsx")
        batch.action_preview()
        batch.action_apply()
        self.assertEqual(self._amounts(), [1000, 1600, 1000])
        line = batch.row_ids[0].line_id
        self.assertEqual((line.kind_id.code, line.amount), ("temporary", 1500))
        self.assertEqual(line.date_to, date(2050, 6, 30))

    def test_a_list_of_customers_alone_takes_the_operation(self):
        batch = self._new_sheet("Ref\nB0\nB2\n", amount=1800)
        batch.action_preview()
        batch.action_apply()
        self.assertEqual(self._amounts(), [1800, 1000, 1800])

    def test_two_keys_that_differ_are_a_problem(self):
        batch = self._new_sheet("Ref;Customer;Amount\nB0;Batch 1;5\n")
        batch.action_preview()
        self.assertEqual(batch.problem_count, 1)

    def test_headings_nobody_understands(self):
        for header in ("What;Amount", "Ref;Reference;Amount"):
            with self.subTest(header=header), self.assertRaises(UserError):
                self._new_sheet(f"{header}\nB0;1;2\n").action_preview()

    def test_what_is_exported_can_be_imported(self):
        self.debtors[0].write({"name": "=HYPERLINK(1)", "ref": "+B0"})
        batch = self._new_batch()
        batch.action_preview()
        content = batch._export_sheet()
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        types = {cell.data_type for row in sheet.iter_rows() for cell in row}
        self.assertNotIn("f", types)
        again = self._new_sheet(content, "limits.xlsx")
        again.action_preview()
        self.assertEqual(again.row_ids.partner_id, self.debtors)
        again.action_apply()
        self.assertEqual(self._amounts(), [1200.0] * 3)
