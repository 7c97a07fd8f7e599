# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditInsuranceDocumentType(models.Model):
    """A paper that insurers ask for; the sixteen shipped ones are of a real policy [C]."""

    _name = "credit.insurance.document.type"
    _description = "Document of a Claim"
    _inherit = ["credit.document.type"]

    for_insolvency = fields.Boolean(
        string="Only after Insolvency",
        help="Not asked for when the customer simply does not pay.",
    )


class CreditInsurancePolicy(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.policy"

    claim_document_ids = fields.Many2many(
        "credit.insurance.document.type",
        string="Documents of a Claim",
        default=lambda self: self._default_claim_document_ids(),
        help="A claim is filed only when each of them is there or explained.",
    )

    @api.model
    def _default_claim_document_ids(self):
        return self.env["credit.insurance.document.type"].search(
            [("active", "=", True)]
        )


class CreditInsuranceClaimDocument(models.Model):
    """One paper of a claim's checklist: there, missing, or explained."""

    _name = "credit.insurance.claim.document"
    _description = "Paper of a Claim"
    _order = "sequence, id"

    claim_id = fields.Many2one(
        "credit.insurance.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    type_id = fields.Many2one(
        "credit.insurance.document.type",
        string="Document",
        required=True,
        ondelete="restrict",
    )
    name = fields.Char(related="type_id.name")
    sequence = fields.Integer(related="type_id.sequence", store=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    explanation = fields.Char(
        string="Why There Is None",
        help="Told to the insurer instead of the paper.",
    )
    is_missing = fields.Boolean(
        string="Missing", compute="_compute_is_missing", store=True
    )

    _type_uniq = models.Constraint(
        "UNIQUE(claim_id, type_id)", "This document is on the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        papers = super().create(vals_list)
        papers._keep_files()
        return papers

    def write(self, vals):
        before = {paper: paper.attachment_ids for paper in self}
        result = super().write(vals)
        if "attachment_ids" in vals:
            if any(before[paper] - paper.attachment_ids for paper in self):
                self._check_open()
            self._keep_files()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        self._check_open()

    def _check_open(self):
        if not self.env.su and not self.claim_id._is_open():
            raise UserError(self.env._("What was told to others stays on record."))

    def _keep_files(self):
        for paper in self:
            paper.claim_id._adopt(paper.attachment_ids)

    @api.depends("attachment_ids", "explanation")
    def _compute_is_missing(self):
        for paper in self:
            explained = (paper.explanation or "").strip()
            paper.is_missing = not paper.attachment_ids and not explained


class CreditInsuranceClaim(models.Model):
    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.claim"

    def _add_documents(self):
        """The checklist of the policy; some papers exist only after an insolvency."""
        types = self.policy_id.claim_document_ids.filtered(
            lambda kind: self.cause == "insolvency" or not kind.for_insolvency
        )
        wanting = types - self.document_ids.type_id
        self.env["credit.insurance.claim.document"].create(
            [{"claim_id": self.id, "type_id": kind.id} for kind in wanting]
        )
