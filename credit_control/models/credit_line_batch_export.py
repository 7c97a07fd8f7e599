# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

import openpyxl

from odoo import fields, models

from .handouts import guard


class CreditLineBatch(models.Model):
    """A batch as a spreadsheet, which can be imported again."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.line.batch"

    export = fields.Binary(compute="_compute_export", string="Export File")

    def _compute_export(self):
        for batch in self:
            batch.export = base64.b64encode(batch._export_sheet())

    def action_export(self):
        """Download all rows of the batch as XLSX."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/credit.line.batch/{self.id}/export"
            f"/limits-{self.id}.xlsx?download=true",
        }

    def _export_sheet(self):
        """The rows as XLSX.

        :return: bytes, the file
        """
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(self.env._("Limits"))
        sheet.append(self._get_export_header())
        rows = self.row_ids
        references = self._get_export_references(rows.partner_id)
        for row in rows:
            sheet.append(
                [guard(cell) for cell in self._get_export_row(row, references)]
            )
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _get_export_references(self, partners):
        """External ids, so that what is exported is found again when imported."""
        return partners._get_external_ids()

    def _get_export_header(self):
        return [
            self.env._("Reference"),
            self.env._("External ID"),
            self.env._("Name"),
            self.env._("Kind"),
            self.env._("Before"),
            self.env._("Amount"),
            self.env._("Start"),
            self.env._("End"),
            self.env._("Status"),
            self.env._("Problem"),
            self.env._("Newly held"),
            self.env._("Cleared"),
        ]

    def _get_export_row(self, row, references):
        states = dict(row._fields["state"]._description_selection(self.env))
        return [
            row.partner_id.ref or "",
            next(iter(references.get(row.partner_id.id, ())), ""),
            row.partner_id.name or row.sheet_text or "",
            row.kind_id.code or "",
            row.amount_before,
            row.amount,
            row.date_from or "",
            row.date_to or "",
            states.get(row.state, ""),
            row.problem or "",
            row.held_count,
            row.cleared_count,
        ]
