# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .debtors import DEBTORS

ENTERED = frozenset({"partner_id", "amount", "selected"})


class CreditLineBatchScore(models.Model):
    """One step of a score table: from this score on, this amount."""

    _name = "credit.line.batch.score"
    _description = "Score Step of a Limit-Change Batch"
    _order = "score desc, id"

    batch_id = fields.Many2one(
        "credit.line.batch", required=True, index=True, ondelete="cascade"
    )
    score = fields.Integer(string="From Score", required=True)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(related="batch_id.currency_id")

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)",
        "The amount of a credit line cannot be negative. Zero means no credit.",
    )


class CreditLineBatchRow(models.Model):
    """One debtor of a batch: the line before and after, or why it cannot be changed."""

    _name = "credit.line.batch.row"
    _description = "Row of a Limit-Change Batch"
    _order = "batch_id desc, sheet_row, id"
    _rec_name = "partner_id"

    batch_id = fields.Many2one(
        "credit.line.batch",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    batch_state = fields.Selection(related="batch_id.state", string="Batch Status")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="batch_id.currency_id")
    sheet_row = fields.Integer(readonly=True, help="Row of the spreadsheet.")
    sheet_text = fields.Char(
        string="In the Spreadsheet",
        readonly=True,
        help="The customer as written there.",
    )
    sheet_problem = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="cascade",
        domain=DEBTORS,
    )
    profile_id = fields.Many2one(
        "credit.profile", string="Credit File", readonly=True, ondelete="set null"
    )
    kind_id = fields.Many2one("credit.line.kind", readonly=True, ondelete="cascade")
    line_id = fields.Many2one(
        "credit.line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    is_new = fields.Boolean(string="New Line", readonly=True)
    has_amount = fields.Boolean(readonly=True)
    amount_before = fields.Monetary(string="Before", readonly=True)
    amount = fields.Monetary(string="After")
    date_from_before = fields.Date(readonly=True)
    date_to_before = fields.Date(readonly=True)
    date_from = fields.Date(string="Start", readonly=True)
    date_to = fields.Date(string="End", readonly=True)
    worth = fields.Monetary(
        readonly=True,
        help="All lines of this kind together, before or after, whichever is more: this "
        "is compared with the authority of whoever approves.",
    )
    over = fields.Monetary(
        string="Over by", readonly=True, help="Owed today beyond what he will have."
    )
    held_count = fields.Integer(string="Newly Held", readonly=True)
    cleared_count = fields.Integer(string="Cleared", readonly=True)
    selected = fields.Boolean(string="Apply", default=True)
    problem = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("todo", "To do"),
            ("problem", "Problem"),
            ("done", "Changed"),
            ("skipped", "Left alone"),
            ("undone", "Taken back"),
        ],
        default="todo",
        required=True,
        readonly=True,
    )
    change_id = fields.Many2one(
        "credit.line.change", readonly=True, ondelete="set null", index="btree_not_null"
    )
    document_ids = fields.One2many(
        "credit.line.batch.document", "row_id", string="Documents", readonly=True
    )

    _todo_idx = models.Index("(batch_id, state)")

    def write(self, vals):
        """A person corrects the customer or the amount, or leaves the row out.

        :raise AccessError: for any other field
        :raise UserError: once the batch is past its preview
        """
        if self.env.su:
            return super().write(vals)
        self.env["credit.line"]._check_analyst()
        if set(vals) - ENTERED:
            raise AccessError(
                self.env._(
                    "Only the customer, the amount and the choice can be changed."
                )
            )
        if any(row.batch_id.state != "ready" for row in self):
            raise UserError(self.env._("This batch was sent already."))
        if vals.get("amount", 0.0) < 0:
            raise UserError(
                self.env._(
                    "The amount of a credit line cannot be negative. "
                    "Zero means no credit."
                )
            )
        partners = self.partner_id
        result = super().write(vals)
        if {"amount", "partner_id"} & set(vals):
            self._correct(vals, partners)
        return result

    def _correct(self, vals, partners):
        """Look again at corrected rows and at all rows of the debtors concerned."""
        # sudo: what a person may enter was checked above; the rest is worked out.
        rows = self.sudo()
        if "amount" in vals:
            rows.has_amount = True
        if "partner_id" in vals:
            for row in rows:
                row.partner_id = row.partner_id.commercial_partner_id
        rows.sheet_problem = False
        partners |= rows.partner_id
        for batch in rows.batch_id:
            batch._work_out(
                batch.row_ids.filtered(lambda row: row.partner_id in partners) | rows
            )

    def action_leave_out(self):
        """Leave these rows out, problems as well."""
        problems = self.filtered(lambda row: row.state == "problem")
        self.write({"selected": False})
        # sudo: rights and step were checked by the write above.
        problems.sudo().state = "skipped"
        return True

    def action_open_documents(self):
        """Show what would be held or cleared by this row."""
        self.ensure_one()
        return {
            **self.batch_id.action_open_documents(),
            "domain": [("row_id", "=", self.id)],
        }

    def action_open_line(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.line",
            "res_id": self.line_id.id,
            "views": [(False, "form")],
        }


class CreditLineBatchDocument(models.Model):
    """A document that a batch would newly hold, or that would fit again."""

    _name = "credit.line.batch.document"
    _description = "Document Touched by a Limit-Change Batch"
    _order = "effect desc, amount desc, id"
    _rec_name = "name"

    batch_id = fields.Many2one(
        "credit.line.batch", required=True, index=True, ondelete="cascade"
    )
    row_id = fields.Many2one(
        "credit.line.batch.row", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="row_id.partner_id")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="batch_id.currency_id")
    name = fields.Char(string="Document", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    effect = fields.Selection(
        [("held", "Would be held"), ("cleared", "Would fit again")], readonly=True
    )
    amount = fields.Monetary(readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)

    def action_open_document(self):
        """Open the document, for those who may read it."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
