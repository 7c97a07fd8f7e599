# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from urllib.parse import quote

from odoo import fields, models

from odoo.addons.credit_control.models.handouts import pack, to_csv, to_name

from .papers import to_pdf

REPORT = "credit_insurance_link.credit_insurance_claim_report"


class CreditInsuranceClaim(models.Model):
    """The whole file of a claim in one archive."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.claim"

    archive = fields.Binary(compute="_compute_archive", exportable=False)

    def action_archive_file(self):
        """Download the whole file: the claim as PDF, the computation, all papers."""
        self.ensure_one()
        self.check_access("read")
        name = quote(f"{to_name(self.name)}.zip")
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self._name}/{self.id}/archive/{name}"
            "?download=true&mimetype=application/zip",
        }

    def _compute_archive(self):
        for claim in self:
            claim.archive = claim.id and base64.b64encode(claim._get_archive())

    def _get_archive(self):
        """The claim as PDF, its computation as CSV, invoices and papers.

        Why a paper is missing stands in the PDF.

        :return: bytes, a ZIP archive
        """
        return pack(self._get_archive_files())

    def _get_archive_files(self):
        """Hook: the files of the archive.

        :return: iterable of (path in the archive, bytes)
        """
        yield self.env._("Claim") + ".pdf", to_pdf(self, REPORT)
        yield self.env._("Computation") + ".csv", self._export_computation()
        for number, paper in enumerate(self.document_ids, 1):
            folder = f"{number:02} {to_name(paper.type_id.name)}"
            for file in paper.sudo().attachment_ids:
                yield f"{folder}/{file.id} {to_name(file.name)}", file.raw or b""
        if not self._has_invoices():
            folder = self.env._("Invoices")
            for paper in self.sudo()._find_papers("invoices"):
                yield f"{folder}/{to_name(paper.name)}", paper.content

    def _has_invoices(self):
        """Whether copies of the invoices are among the documents."""
        papers = self.document_ids.filtered(lambda one: one.type_id.code == "invoices")
        return bool(papers.attachment_ids)

    def _export_computation(self):
        """Lines and steps as CSV, UTF-8 with a byte order mark."""
        names = (
            "move_id date_delivery date_due amount credit_amount recovered_amount"
            " cover_amount covered_amount uncovered_amount insured_percent"
            " insured_amount"
        ).split()
        words = self.line_ids.fields_get(names, ["string"])
        rows = [[words[name]["string"] for name in names]]
        # sudo: the numbers of the invoices that are claimed.
        for line in self.sudo().line_ids:
            rows.append([line.move_id.name, *(line[name] for name in names[1:])])
        rows.append([])
        steps = dict(self.step_ids._fields["code"]._description_selection(self.env))
        rows += [[steps[step.code], step.amount] for step in self.step_ids]
        label = self._fields["indemnity_amount"]._description_string(self.env)
        return to_csv([*rows, [label, self.indemnity_amount]])
