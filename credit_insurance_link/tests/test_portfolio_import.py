# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
from datetime import date, timedelta
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OTHER_SIREN, SIREN, InsuranceCommon

HEADER = "N° EASY;SIREN;Votre référence;Raison sociale;Montant accordé;Date de décision;Statut"


class ImportCommon(InsuranceCommon):
    """Portfolios as an insurer's portal exports them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.write({"name": "Plume SA", "ref": "C001"})
        cls.other = cls.env["res.partner"].create(
            {
                "name": "Autre SA",
                "ref": "C002",
                "is_company": True,
                "country_id": cls.france.id,
                "company_registry": OTHER_SIREN,
            }
        )

    def _line(
        self, easy="1001", siren=SIREN, ref="", name="Plume SA", amount="30 000,00"
    ):
        return f"{easy};{siren};{ref};{name};{amount};01/02/2026;Accord"

    def _two(self, **values):
        return [
            self._line(**values),
            self._line("1002", OTHER_SIREN, name="Autre SA", amount="12 000,00"),
        ]

    def _new_import(self, *lines, days=0, encoding="cp1252", user=None, **values):
        content = "\r\n".join([HEADER, *lines]).encode(encoding)
        imports = self.env["credit.insurance.import"].with_user(user or self.analyst)
        return imports.create(
            {
                "policy_id": self.cover_policy.id,
                "file": base64.b64encode(content),
                "file_name": f"portefeuille-{days}.csv",
                "snapshot_date": self._today(days),
                **values,
            }
        )

    def _preview(self, *lines, **values):
        portfolio = self._new_import(*lines, **values)
        portfolio.action_preview()
        return portfolio

    def _apply(self, *lines, **values):
        portfolio = self._preview(*lines, **values)
        portfolio.action_apply()
        return portfolio

    def _cover(self, partner=None):
        layers = self.env["credit.cover.layer"].search(
            [
                ("partner_id", "=", (partner or self.debtor).id),
                ("date_from", "<=", self._today()),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self._today()),
            ]
        )
        return sum(layers.mapped("amount"))


@tagged("post_install", "-at_install")
class TestPortfolioImport(ImportCommon):
    """A portfolio is read, compared, reviewed, and then applied once."""

    def test_the_columns_are_proposed_and_saved(self):
        portfolio = self._new_import(*self._two())
        portfolio.action_read_columns()
        meanings = {c.heading: c.field for c in portfolio.mapping_id.column_ids}
        self.assertEqual(meanings["Montant accordé"], "amount")
        self.assertEqual(meanings["N° EASY"], "buyer_id")
        self.assertEqual(portfolio.mapping_id.national_id_kind_id.code, "siren")
        again = self._new_import(*self._two(), days=1)
        self.assertEqual(again.mapping_id, portfolio.mapping_id)

    def test_the_preview_changes_nothing(self):
        portfolio = self._preview(*self._two())
        self.assertEqual(portfolio.state, "preview")
        self.assertEqual((portfolio.new_count, portfolio.problem_count), (2, 0))
        self.assertEqual(portfolio.row_ids.mapped("match_state"), ["number"] * 2)
        self.assertEqual(portfolio.row_ids.partner_id, self.debtor | self.other)
        self.assertEqual(self._cover(), 0)

    def test_applying_gives_cover_through_the_one_door(self):
        portfolio = self._apply(*self._two())
        self.assertEqual(portfolio.state, "done")
        self.assertEqual(self._cover(), 30_000)
        self.assertEqual(self._cover(self.other), 12_000)
        decisions = portfolio.row_ids.decision_id
        self.assertEqual(set(decisions.mapped("source")), {"file"})
        self.assertEqual(decisions[0].raw_payload["file"], "portefeuille-0.csv")

    def test_the_next_snapshot_shows_the_difference(self):
        self._apply(*self._two(), days=-1)
        portfolio = self._preview(
            self._line(amount="20 000"),
            self._line("1003", "732829320", name="Nouvelle SA"),
        )
        rows = {row.buyer_number: row for row in portfolio.row_ids}
        self.assertEqual(
            {number: row.status for number, row in rows.items()},
            {"1001": "changed", "1003": "new", "1002": "disappeared"},
        )
        self.assertEqual(rows["1001"].previous_amount, 30_000)

    def test_a_limit_that_comes_back_counts_again(self):
        for days, amount in ((-2, "30 000"), (-1, "20 000")):
            self._apply(*self._two(amount=amount), days=days)
        self.assertEqual(self._cover(), 20_000)
        # The very file of the day before yesterday: somebody has to mean it.
        portfolio = self._preview(*self._two(amount="30 000"))
        with self.assertRaises(UserError):
            portfolio.action_apply()
        portfolio.with_user(self.manager).action_apply_anyway()
        self.assertEqual(self._cover(), 30_000)

    def test_p12_what_disappears_goes_on_until_a_person_says_otherwise(self):
        self._apply(*self._two(), days=-1)
        portfolio = self._preview(self._line())
        with self.assertRaises(UserError):
            portfolio.action_apply()
        with self.assertRaises(AccessError):
            portfolio.action_apply_anyway()
        portfolio.with_user(self.manager).action_apply_anyway()
        self.assertEqual(self._cover(self.other), 12_000)
        gone = portfolio.row_ids.filtered(lambda r: r.status == "disappeared")
        self.assertEqual(gone.review, "open")
        gone.with_user(self.analyst).action_cancel_cover()
        self.assertEqual(self._cover(self.other), 0)
        self.assertEqual(self._cover(), 30_000)

    def test_what_a_person_keeps_is_in_the_next_comparison(self):
        self._apply(*self._two(), days=-2)
        portfolio = self._preview(self._line(), days=-1)
        portfolio.with_user(self.manager).action_apply_anyway()
        gone = portfolio.row_ids.filtered(lambda r: r.status == "disappeared")
        gone.with_user(self.analyst).action_keep()
        later = self._preview(*self._two())
        self.assertEqual(later.same_count, 2)

    def test_an_empty_file_is_refused_with_its_reason(self):
        lost = {"file": False, "file_name": False}
        with self.assertRaisesRegex(UserError, "file is empty"):
            self._new_import(self._line(), **lost)
        portfolio = self._preview(self._line())
        with self.assertRaisesRegex(UserError, "file is empty"):
            portfolio.write(lost)

    def test_the_same_file_is_applied_once(self):
        self._apply(*self._two())
        with self.assertRaisesRegex(UserError, "already"):
            self._preview(*self._two())

    def test_another_day_has_to_be_looked_at_again(self):
        portfolio = self._preview(*self._two())
        portfolio.snapshot_date = self._today(-9)
        self.assertEqual(portfolio.state, "draft")
        with self.assertRaises(UserError):
            portfolio.action_apply()

    def test_an_older_file_needs_a_manager(self):
        self._apply(*self._two())
        portfolio = self._preview(*self._two(amount="1 000"), days=-5)
        self.assertTrue(portfolio.is_old)
        with self.assertRaisesRegex(UserError, "older"):
            portfolio.action_apply()

    def test_a_name_proposes_and_a_person_chooses(self):
        portfolio = self._preview(self._line("1009", "", name="plume sa"))
        row = portfolio.row_ids
        self.assertEqual(
            (row.match_state, row.partner_id), ("name", row.partner_id[:0])
        )
        self.assertIn("Plume SA", row.proposal)
        choice = self.env["credit.insurance.import.choose"].with_user(self.analyst)
        choice = choice.with_context(active_ids=row.ids)
        choice.create({"partner_id": self.debtor.id}).action_choose()
        portfolio.action_apply()
        self.assertEqual(row.decision_id.buyer_id.partner_id, self.debtor)
        self.assertEqual(self._cover(), 30_000)

    def test_without_choice_a_name_gives_nobody_cover(self):
        portfolio = self._apply(self._line("1009", "", name="Plume SA"))
        self.assertEqual(portfolio.row_ids.state, "done")
        self.assertEqual(
            portfolio.row_ids.decision_id.buyer_id.match_state, "unmatched"
        )
        self.assertEqual(self._cover(), 0)

    def test_our_reference_matches(self):
        portfolio = self._apply(self._line("1009", "", ref="C001", name="X"))
        self.assertEqual(portfolio.row_ids.match_state, "reference")
        self.assertEqual(self._cover(), 30_000)

    def test_p12_bad_rows_are_told_one_by_one_and_the_others_applied(self):
        portfolio = self._apply(
            self._line("1,23E+13"),
            self._line("1004", amount="12.500"),
            self._line("1005", siren="404833049"),
            self._line("1006").replace("Accord", "Sans objet"),
            self._line("1002", OTHER_SIREN, name="Autre SA"),
        )
        problems = {row.number: row.trouble for row in portfolio.row_ids}
        self.assertIn("spreadsheet", problems[2])
        self.assertFalse(problems[6])
        self.assertIn("check digit", problems[4])
        self.assertIn("Sans objet", problems[5])
        self.assertEqual(portfolio.problem_count, 3)
        self.assertEqual(self._cover(self.other), 30_000)

    def test_a_row_in_a_wrong_encoding_is_told_and_spoils_no_other(self):
        good, bad = self._line("1001", name="Noëlla"), self._line("1002", name="Éole")
        content = f"{HEADER}\r\n{good}\r\n".encode() + bad.encode("cp1252")
        portfolio = self._preview(file=base64.b64encode(content))
        read, lost = portfolio.row_ids
        self.assertEqual((read.name, read.trouble), ("Noëlla", False))
        self.assertIn("characters were lost", lost.trouble)
        self.assertEqual((lost.state, portfolio.problem_count), ("problem", 1))

    def test_encodings_of_this_world_are_read(self):
        encodings = ("utf-8-sig", "cp1252", "latin-1", "utf-16")
        for number, encoding in enumerate(encodings):
            line = self._line("1001", name="Noëlla", amount=f"{number + 1} 000")
            portfolio = self._preview(line, encoding=encoding)
            self.assertEqual(portfolio.row_ids.name, "Noëlla")
            self.assertEqual(portfolio.row_ids.amount, 1000 * (number + 1))

    def test_what_a_spreadsheet_did_is_undone_where_it_is_certain(self):
        book = openpyxl.Workbook()
        book.active.append(["N° EASY", "SIREN", "Montant accordé", "Date de décision"])
        # Zeros lost, a number as number, a day as its serial; an exponent is certain loss.
        book.active.append([1001, int(SIREN), 30000.5, 46054])
        book.active.append(["1,23E+13", OTHER_SIREN, "12 000,00", "02/02/2026"])
        stream = io.BytesIO()
        book.save(stream)
        portfolio = self._new_import(
            file=base64.b64encode(stream.getvalue()), file_name="a.xlsx"
        )
        portfolio.action_read_columns()
        portfolio.mapping_id.buyer_id_length = 14
        portfolio.action_preview()
        good, mangled = portfolio.row_ids
        self.assertEqual(good.buyer_number, "00000000001001")
        self.assertEqual((good.national_id, good.amount), (SIREN, 30000.5))
        self.assertEqual(good.decided_at, date(2026, 2, 1))
        self.assertEqual(mangled.state, "problem")

    def test_broken_files_are_refused_as_a_whole(self):
        for name, content in (
            ("a.pdf", b"%PDF"),
            ("a.xlsx", b"no archive"),
            ("a.csv", b"N EASY;Montant"),
        ):
            portfolio = self._new_import(file=base64.b64encode(content), file_name=name)
            with self.assertRaises(UserError):
                portfolio.action_preview()

    def test_a_file_without_the_columns_is_refused_by_name(self):
        self._new_import(*self._two()).action_read_columns()
        content = base64.b64encode("N° EASY;Montant accordé\r\n1;5".encode())
        portfolio = self._new_import(file=content)
        with self.assertRaisesRegex(
            UserError, "no column “SIREN”.*columns are “N° EASY”"
        ):
            portfolio.action_preview()

    def test_rows_of_another_policy_are_not_read(self):
        content = "Police;N° EASY;Montant accordé\r\n999;1001;5\r\n12345;1002;6"
        portfolio = self._preview(file=base64.b64encode(content.encode()))
        self.assertEqual(portfolio.row_ids.mapped("buyer_number"), ["1002"])

    def test_viewers_look_and_salespeople_see_nothing(self):
        portfolio = self._preview(*self._two())
        self.assertTrue(portfolio.with_user(self.viewer).row_ids)
        with self.assertRaises(AccessError):
            portfolio.with_user(self.viewer).action_apply()
        with self.assertRaises(AccessError):
            portfolio.with_user(self.salesman).read(["file_name"])
        with self.assertRaises(AccessError):
            portfolio.write({"state": "done"})

    def test_a_large_file_goes_on_in_the_background(self):
        module = "odoo.addons.credit_insurance_link.models.exchange_file"
        apply = f"{module}.credit_insurance_import_apply"
        portfolio = self._preview(*self._two())
        with patch(f"{apply}.CHUNK", 1), patch(f"{apply}.AT_ONCE", 1):
            portfolio.action_apply()
            self.assertEqual(portfolio.state, "applying")
            self.assertEqual(portfolio.done_count, 1)
            self._run_cron("credit.insurance.import", "_cron_apply")
        self.assertEqual(portfolio.state, "done")
        self.assertEqual(portfolio.done_count, 2)

    def test_a_person_stops_applying_and_goes_on(self):
        module = "odoo.addons.credit_insurance_link.models.exchange_file"
        apply = f"{module}.credit_insurance_import_apply"
        portfolio = self._preview(*self._two())
        with patch(f"{apply}.CHUNK", 1), patch(f"{apply}.AT_ONCE", 1):
            portfolio.action_apply()
        self.assertTrue(portfolio.is_running)
        with self.assertRaises(AccessError):
            portfolio.with_user(self.viewer).action_stop()
        portfolio.action_stop()
        self.assertTrue(portfolio.is_running and portfolio.is_stopping)
        self.assertEqual(portfolio.message_ids[0].author_id, self.analyst.partner_id)
        self._run_cron("credit.insurance.import", "_cron_apply")
        self.assertEqual((portfolio.state, portfolio.done_count), ("stopped", 1))
        self.assertEqual(portfolio.progress, 50)
        with self.assertRaises(UserError):
            self._preview(*self._two())
        with self.assertRaises(UserError):
            portfolio.unlink()
        portfolio.action_go_on()
        self._run_cron("credit.insurance.import", "_cron_apply")
        self.assertEqual((portfolio.state, portfolio.done_count), ("done", 2))
        with self.assertRaises(UserError):
            portfolio.action_go_on()

    def test_matching_takes_few_statements_for_many_rows(self):
        def count(size):
            lines = [
                self._line(f"{2000 + n}", "", name=f"Firm {n}") for n in range(size)
            ]
            portfolio = self._new_import(*lines)
            portfolio.action_read_columns()
            before = self.env.cr.sql_log_count
            portfolio.action_preview()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(60), count(5) + 2)

    def test_a_withdrawn_cover_in_the_file_ends_it(self):
        self._apply(*self._two(), days=-1)
        lines = [self._line().replace("Accord", "Résilié"), self._two()[1]]
        self._apply(*lines)
        self.assertEqual(self._cover(), 0)

    def test_dates_of_the_snapshot_count_where_the_file_tells_none(self):
        day = self._today() - timedelta(days=3)
        lines = [line.replace("01/02/2026", "") for line in self._two()]
        portfolio = self._apply(*lines, days=-3)
        self.assertEqual(set(portfolio.row_ids.decision_id.mapped("decided_at")), {day})
