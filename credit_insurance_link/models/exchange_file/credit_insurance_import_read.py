# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.credit_control.models.credit_sheet import SheetError, read_sheet

from ...files import portfolio, snapshot
from ...files.cells import text


class CreditInsuranceImport(models.Model):
    """From the file to rows that a person can review."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.import"

    def action_read_columns(self):
        """Read the headings; propose what the columns mean, or use what is saved."""
        self.ensure_one()
        self._check_analyst()
        rows = self._read_file()
        if not self.mapping_id:
            insurer = self.policy_id.insurer_id
            self.mapping_id = self.env["credit.insurance.mapping"].create(
                {
                    "name": self.env._("Portfolio of %s", insurer.name),
                    "insurer_id": insurer.id,
                    "buyer_id_length": 14 if insurer.adapter == "coface" else 0,
                }
            )
        self.mapping_id._read_header(rows[0][1])
        return True

    def action_preview(self):
        """Read all rows, find their buyers, compare with the last portfolio."""
        self.ensure_one()
        self._check_analyst()
        if self.state not in ("draft", "preview"):
            raise UserError(self.env._("It is applied already."))
        rows = self._read_file()
        if not self.mapping_id.column_ids:
            self.action_read_columns()
        self._check_mapping(rows[0][1])
        # sudo: rows are written by the flow only; rights were checked above.
        self.sudo()._preview(rows)
        return True

    def _check_mapping(self, header):
        lacks = self.mapping_id._get_missing()
        if lacks:
            raise UserError(self.env._("The columns lack: %s.", ", ".join(lacks)))
        mapping = self.mapping_id._prepare_mapping(self.policy_id)
        _places, absent = portfolio.find(header, mapping)
        used = {c.key: c.heading for c in self.mapping_id.column_ids if c.field}
        gone = [used[key] for key in absent]
        if gone:
            raise UserError(
                self.env._(
                    "The file has no column %(lacking)s. Its columns are %(present)s. "
                    "Use another mapping, or clear what the lacking columns mean.",
                    lacking=self._quote(gone),
                    present=self._quote(text(cell)[:40] for cell in header if cell),
                )
            )

    def _quote(self, headings):
        return ", ".join(f"“{heading}”" for heading in headings)

    def _read_file(self):
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        try:
            return read_sheet(content, self.file_name or "")
        except SheetError as error:
            raise UserError(self._word_sheet_error(error.args[0])) from error

    def _word_sheet_error(self, code):
        words = {
            "type": self.env._("Only CSV and XLSX files can be read."),
            "large": self.env._(
                "The file is too large: 20,000 rows and 10 MB at most."
            ),
            "empty": self.env._("There is no row below the headings."),
        }
        return words.get(code) or self.env._("This file is broken and cannot be read.")

    # === PREVIEW === #

    def _preview(self, rows):
        """Write the rows of the file anew, with their difference and their problems."""
        digest, previous = self._get_digest(), self._get_previous()
        self._check_known(digest, previous)
        self.row_ids.unlink()
        found = portfolio.read(rows, self.mapping_id._prepare_mapping(self.policy_id))
        found = [row for row in found if not self._is_of_other_policy(row)]
        before = previous._get_snapshot()
        after = {row.key: row.fingerprint for row in found}
        difference = snapshot.compare(
            {key: row.fingerprint for key, row in before.items()}, after
        )
        matches = self._match(found)
        values = [
            self._prepare_row(row, difference, before, match)
            for row, match in zip(found, matches, strict=True)
        ]
        values += [
            self._prepare_gone(before[key])
            for key, status in difference.states.items()
            if status == snapshot.GONE
        ]
        names = list(values[0]) if values else []
        self.policy_id._bulk_insert(
            self.env["credit.insurance.import.row"],
            [{name: vals[name] for name in names} for vals in values],
        )
        self.invalidate_recordset()
        self.write(
            {
                "state": "preview",
                "file_hash": digest,
                "previous_id": previous.id,
                "is_old": self._is_old(digest, previous),
                "gone_percent": snapshot.gone_percent(before, difference),
            }
        )

    def _get_digest(self):
        return hashlib.sha256(
            base64.b64decode(self.with_context(bin_size=False).file or b"")
        ).hexdigest()

    def _check_known(self, digest, previous):
        """The file that was applied last is not applied again.

        :param str digest: hash of this file
        :param previous: the import that was applied last
        """
        if previous.file_hash == digest or self._find_same(
            digest, ("applying", "stopped")
        ):
            raise UserError(
                self.env._(
                    "This very file was applied already: “%(name)s”, as of %(day)s.",
                    name=previous.file_name,
                    day=previous.snapshot_date,
                )
            )

    def _find_same(self, digest, states):
        return self.search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("file_hash", "=", digest),
                ("state", "in", states),
                ("id", "!=", self.id),
            ],
            limit=1,
        )

    def _is_old(self, digest, previous):
        """Whether it would turn the clock back: by its date, or by its content.

        A file that was applied before the last one may be right (everything is as it
        was), but far more likely somebody picked the wrong file.
        """
        later = previous and previous.snapshot_date > self.snapshot_date
        return bool(later or self._find_same(digest, ("done",)))

    def _is_of_other_policy(self, row):
        """A file may hold several policies: this import reads its own."""
        return row.policy_number.lstrip("0") != self.policy_id.policy_number.lstrip("0")

    def _get_previous(self):
        """The last portfolio of this policy that was applied."""
        return self.search(
            [("policy_id", "=", self.policy_id.id), ("state", "=", "done")],
            order="snapshot_date desc, id desc",
            limit=1,
        )

    def _get_snapshot(self):
        """What was in force after this portfolio.

        :return: dict, key -> row; what disappeared goes on until a person ended it
        """
        rows = self.env["credit.insurance.import.row"].search(
            [
                ("import_id", "in", self.ids),
                "|",
                ("state", "=", "done"),
                ("review", "in", ("open", "keep")),
                "|",
                ("review", "=", False),
                ("review", "!=", "cancel"),
            ]
        )
        return {row.key: row for row in rows}

    def _prepare_row(self, row, difference, before, match):
        """Hook: values of a row of the preview."""
        status = difference.states[row.key]
        former = before.get(row.key)
        same = status == snapshot.SAME
        return {
            **self._prepare_common(row),
            "status": status,
            "state": "problem" if row.problems else "done" if same else "todo",
            "review": False,
            "problem": False,
            "faults": [[one.field, one.code, one.text] for one in row.problems],
            "previous_amount": former.amount if former else 0.0,
            **match,
        }

    def _prepare_common(self, row):
        return {
            "import_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "number": row.number,
            "key": row.key,
            "fingerprint": row.fingerprint,
            "name": row.name or row.buyer_id or row.national_id or row.own_reference,
            "buyer_number": row.buyer_id or False,
            "national_id": row.national_id or row.vat or False,
            "layer": row.layer,
            "outcome": row.outcome,
            "has_amount": row.amount is not None,
            "amount": float(row.amount or 0),
            "decided_at": row.decided_at or False,
            "date_expiry": row.expires_on or False,
            "said": self._prepare_said(row),
        }

    def _prepare_said(self, row):
        """What the row says, to be made a fact of when it is applied."""

        def plain(value):
            return str(value) if value is not None else None

        names = ("external_id", "vat", "own_reference", "country", "currency")
        said = {name: getattr(row, name) for name in names}
        said |= {"reasons": row.reasons, "conditions": row.conditions}
        said |= {"grade": row.grade, "max_terms_days": row.max_terms_days}
        dates = ("effective_from", "grade_date", "date_requested")
        exact = ("amount", "amount_requested", "insured_percent")
        return {
            **said,
            **{name: plain(getattr(row, name)) for name in (*dates, *exact)},
        }

    def _prepare_gone(self, former):
        """Values of a row that tells what the file does not hold any more."""
        copied = ("key", "fingerprint", "name", "buyer_number", "national_id", "layer")
        copied += ("outcome", "has_amount", "decided_at", "date_expiry", "said")
        values = {name: former[name] for name in copied}
        return {
            **values,
            "import_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "number": 0,
            "status": snapshot.GONE,
            "state": "review",
            "review": "open",
            "problem": False,
            "faults": [],
            "amount": former.amount,
            "previous_amount": former.amount,
            "match_state": former.match_state,
            "partner_id": former.partner_id.id,
            "proposal": False,
        }
