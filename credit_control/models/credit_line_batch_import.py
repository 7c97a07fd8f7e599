# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import unicodedata

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .credit_sheet import (
    MOST_ROWS,
    CellError,
    SheetError,
    read_sheet,
    to_amount,
    to_date,
    to_text,
)

# What people write above their columns, without accents, in the languages we speak.
COLUMNS = {
    "customer": {"customer", "client", "debtor", "partner", "debiteur"},
    "ref": {"reference", "ref", "code", "code client", "customer code", "internal id"},
    "vat": {"vat", "tax id", "tva", "n tva", "numero de tva", "tva intracommunautaire"},
    "xmlid": {"external id", "id", "id externe", "identifiant externe"},
    "name": {"name", "nom", "raison sociale"},
    "amount": {"amount", "after", "new amount", "limit", "montant", "apres", "plafond"},
    "kind": {"kind", "kind of line", "type", "type de ligne", "nature"},
    "date_from": {"start", "from", "debut", "date de debut", "du"},
    "date_to": {"end", "until", "fin", "date de fin", "au", "jusqu au"},
}
KEYS = ("ref", "vat", "xmlid", "name")


def plain(text):
    """Lower case, no accents, single spaces: how people's headings are compared."""
    text = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


class CreditLineBatch(models.Model):
    """The rows of a batch as a spreadsheet gives them."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.batch"

    def _prepare_sheet_rows(self):
        """Values of one row per row of the spreadsheet, with what is wrong in it.

        :raise UserError: when the file as a whole cannot be used
        """
        header, *rows = self._read_sheet()
        columns = self._find_columns(header[1])
        cells = [
            (number, {name: self._cell(row, at) for name, at in columns.items()})
            for number, row in rows
        ]
        partners = self._match_partners([found for _number, found in cells])
        kinds = self._get_kinds_by_word()
        return [
            self._prepare_sheet_row(number, found, partner, kinds)
            for (number, found), partner in zip(cells, partners, strict=True)
        ]

    def _cell(self, row, at):
        return row[at] if at < len(row) else None

    def _read_sheet(self):
        if not self.sheet:
            raise UserError(self.env._("Add the spreadsheet first."))
        try:
            content = base64.b64decode(self.sheet)
            return read_sheet(content, self.sheet_name or "")
        except SheetError as error:
            raise UserError(self._word_sheet_error(error.args[0])) from error

    def _word_sheet_error(self, code):
        words = {
            "type": self.env._("Only CSV and XLSX files can be read."),
            "large": self.env._(
                "This file is too large: %(rows)s rows and 10 MB at most.",
                rows=MOST_ROWS,
            ),
            "empty": self.env._("There is no row below the headings."),
        }
        return words.get(code) or self.env._("This file is broken and cannot be read.")

    def _find_columns(self, header):
        """Where the columns are.

        :return: dict, name -> index
        :raise UserError: without a column that names customers
        """
        words = [plain(to_text(cell)) for cell in header]
        columns = {}
        for name, known in COLUMNS.items():
            found = [at for at, word in enumerate(words) if word in known]
            if len(found) > 1:
                raise UserError(
                    self.env._(
                        "Two columns mean the same: %s",
                        ", ".join(to_text(header[at]) for at in found),
                    )
                )
            if found:
                columns[name] = found[0]
        if not columns.keys() & {"customer", *KEYS}:
            raise UserError(
                self.env._(
                    "No column names the customers. Use one of these headings: Customer, "
                    "Reference, VAT, External ID, Name. Amount, Kind, Start and End may "
                    "follow."
                )
            )
        return columns

    # === CUSTOMERS === #

    def _match_partners(self, rows):
        """The debtor of each row, or a sentence that says why there is none.

        Four statements for any number of rows.

        :param list rows: of dicts of cells
        :return: list, partner or str
        """
        wanted = {key: set() for key in KEYS}
        for row in rows:
            for key in KEYS:
                for cell in (row.get("customer"), row.get(key)):
                    if text := self._to_word(key, cell):
                        wanted[key].add(text)
        found = {key: self._find_partners(key, words) for key, words in wanted.items()}
        return [self._match_partner(row, found) for row in rows]

    def _to_word(self, key, cell):
        """What a cell is compared by: lower case, a VAT number without spaces."""
        word = to_text(cell).lower()
        return "".join(c for c in word if c.isalnum()) if key == "vat" else word

    def _match_partner(self, row, found):
        """The debtor that every key of a row names; a name counts only alone."""
        debtors = self.env["res.partner"]
        keys = [key for key in KEYS if to_text(row.get(key))]
        if len(keys) > 1 and "name" in keys:
            keys.remove("name")
        for key in keys:
            match = found[key].get(self._to_word(key, row[key]))
            if not match:
                return self.env._("There is no customer “%s”.", to_text(row[key])[:80])
            debtors |= match
        word = to_text(row.get("customer"))
        if word:
            debtors |= self._match_word(word, found)
        if len(debtors) > 1:
            return self.env._("Several customers are called this.")
        if not debtors and (word or keys):
            return self.env._("There is no customer “%s”.", word[:80])
        return debtors or self.env._("The customer is missing.")

    def _match_word(self, word, found):
        """Try a word as reference, VAT number, external id and name, in this order."""
        for key in KEYS:
            if match := found[key].get(self._to_word(key, word)):
                return match
        return self.env["res.partner"]

    def _find_partners(self, key, words):
        """Debtors by what they are called, in lower case.

        :param str key: one of KEYS
        :param set words: in lower case
        :return: dict, word -> partners
        """
        if not words:
            return {}
        rows = self.env.execute_query(self._query_partners(key, sorted(words)))
        ids = {partner_id for _word, partner_id in rows}
        # Rows of companies or people that the caller may not see are no match.
        visible = self.env["res.partner"].search(
            Domain("id", "in", list(ids))
            & (
                Domain("company_id", "=", False)
                | Domain("company_id", "child_of", self.company_id.id)
            )
        )
        found = {}
        for word, partner_id in rows:
            if partner_id in visible._ids:
                debtor = visible.browse(partner_id)
                found[word] = found.get(word, visible.browse()) | debtor
        return found

    def _query_partners(self, key, words):
        self.env.flush_all()
        if key == "xmlid":
            return SQL(
                """SELECT lower(d.module || '.' || d.name), p.commercial_partner_id
                FROM ir_model_data d JOIN res_partner p ON p.id = d.res_id
                WHERE d.model = 'res.partner' AND p.active
                AND lower(d.module || '.' || d.name) = ANY(%s)""",
                words,
            )
        whole = SQL("AND p.commercial_partner_id = p.id") if key == "name" else SQL()
        column = SQL("lower(%s)", SQL.identifier("p", key))
        if key == "vat":
            column = SQL("regexp_replace(%s, '[^[:alnum:]]', '', 'g')", column)
        return SQL(
            """SELECT DISTINCT %(column)s, p.commercial_partner_id
            FROM res_partner p WHERE %(column)s = ANY(%(words)s) AND p.active %(whole)s""",
            column=column,
            words=words,
            whole=whole,
        )

    # === CELLS === #

    def _prepare_sheet_row(self, number, cells, partner, kinds):
        values = {
            "batch_id": self.id,
            "sheet_row": number,
            "sheet_text": " · ".join(
                text
                for name in ("customer", *KEYS)
                if (text := to_text(cells.get(name)))
            )[:200],
            "kind_id": self.kind_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
        }
        problems = []
        if isinstance(partner, str):
            problems.append(partner)
        else:
            values["partner_id"] = partner.id
        for read in (self._read_amount, self._read_kind, self._read_dates):
            found, problem = read(cells, kinds)
            values.update(found)
            if problem:
                problems.append(problem)
        return {**values, "sheet_problem": " ".join(problems) or False}

    def _read_amount(self, cells, kinds):
        if "amount" not in cells:
            return {}, ""
        try:
            amount = to_amount(cells["amount"], self.currency_id.decimal_places)
        except CellError as error:
            return {}, self._word_amount_error(error.args[0], cells["amount"])
        return {"amount": amount, "has_amount": True}, ""

    def _word_amount_error(self, code, cell):
        text = to_text(cell)[:40]
        words = {
            "empty": self.env._("The amount is missing."),
            "negative": self.env._("%s is below zero.", text),
            "ambiguous": self.env._(
                "%s may mean thousands or decimals: write it without separator.", text
            ),
            "digits": self.env._("%s has too many decimals.", text),
        }
        return words.get(code) or self.env._("“%s” is no amount.", text)

    def _read_kind(self, cells, kinds):
        word = plain(to_text(cells.get("kind")))
        if not word:
            return {}, ""
        if word not in kinds:
            return {}, self.env._(
                "There is no kind of line “%s”.", to_text(cells["kind"])[:40]
            )
        return {"kind_id": kinds[word].id}, ""

    def _read_dates(self, cells, kinds):
        form = self.env["res.lang"]._get_data(code=self.env.user.lang).date_format
        values = {}
        for name in ("date_from", "date_to"):
            try:
                found = to_date(cells.get(name), [form] if form else [])
            except CellError:
                text = to_text(cells[name])[:40]
                return values, self.env._("“%s” is no date.", text)
            if found:
                values[name] = found
        return values, ""

    @api.model
    def _get_kinds_by_word(self):
        """Kinds by code and by name, in the languages that are installed."""
        kinds = self.env["credit.line.kind"].search([("active", "=", True)])
        words = {}
        for lang, _name in self.env["res.lang"].get_installed():
            for kind in kinds.with_context(lang=lang):
                words[plain(kind.name)] = kind
        words.update({plain(kind.code): kind for kind in kinds})
        return words
