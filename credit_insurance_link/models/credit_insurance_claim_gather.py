# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.credit_control.models.dunning.credit_legal_file import Paper


class CreditInsuranceClaim(models.Model):
    """The papers that are on record here need not be looked for by hand."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.insurance.claim"

    def action_gather(self):
        """Attach what is on record: invoices, orders, deliveries, reminders, statements.

        Only where a document is missing: what a person added or explained stays.

        :raise UserError: when nothing is on record for what is missing
        """
        self.ensure_one()
        self._check_step(*self._open_states, "docs_requested")
        # sudo: whoever prepares the claim gets all that the insurer gets.
        papers = self.sudo().document_ids.filtered("is_missing")
        for paper in papers:
            paper.attachment_ids = self.sudo()._attach(
                self.sudo()._find_papers(paper.type_id.code)
            )
        if not papers.attachment_ids:
            raise UserError(
                self.env._(
                    "Nothing is on record here for the documents that are missing."
                )
            )
        return True

    def _attach(self, papers):
        return self.env["ir.attachment"].create(
            [
                {
                    "name": paper.path.rpartition("/")[2],
                    "raw": paper.content,
                    "description": paper.title,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for paper in papers
            ]
        )

    def _find_papers(self, code):
        """Hook: what is on record for a document of the checklist.

        :param str code: of the kind of document
        :return: iterable of ``Paper``, as in legal files; nothing for other kinds
        """
        legal, moves = self.env["credit.legal.file"], self.line_ids.move_id
        orders = moves.invoice_line_ids.sale_line_ids.order_id
        debtor, root = self.partner_id, self.company_id
        found = {
            "invoices": lambda: legal._get_invoices(moves),
            "orders": lambda: legal._get_orders(orders),
            "delivery": lambda: legal._get_delivery_proofs(orders),
            "dunning": lambda: legal._get_reminders(debtor, root),
            "open_items": lambda: [
                legal._get_statement(debtor, root, root._credit_today())
            ],
            "statement": lambda: [self._get_year_statement()],
        }
        return found[code]() if code in found else ()

    def _get_year_statement(self):
        """The account's movements since twelve months before the loss."""
        today = self.company_id._credit_today()
        start = fields.Date.subtract(self.date_loss or today, years=1)
        content = self.env["credit.statement"]._render_pdf(
            self.partner_id, self.company_id, "period", start
        )
        title = self.env._("Statement since %s", format_date(self.env, start))
        return Paper("", "statement.pdf", content, title, today)
