# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..handouts import pack, to_csv, to_name

WRITERS = (
    "credit_control.credit_control_group_analyst",
    "account.group_account_invoice",
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of the archive.

    :ivar str folder: where it lies
    :ivar str name: file name
    :ivar bytes content: the file
    :ivar str title: what it proves, in the reader's words
    :ivar day: date, or None
    :ivar str proof: how it was sent and received, with the hash of that time
    """

    folder: str
    name: str
    content: bytes
    title: str
    day: object = None
    proof: str = ""

    @property
    def path(self):
        """Where it lies in the archive, without characters that a system refuses."""
        return f"{self.folder}/{to_name(self.name)}".lstrip("/")

    @property
    def sha256(self):
        """The hash that the index shows."""
        return hashlib.sha256(self.content).hexdigest()


class CreditLegalFile(models.Model):
    """All that a lawyer, a court or an insurer asks for about one debtor, in one archive.

    Kept as it was made, with its hash: nobody changes it, a new state is a new file. The
    list of documents with their numbers is what a request for an order to pay needs (Code
    de procédure civile, article 1407).
    """

    _name = "credit.legal.file"
    _description = "Legal File of a Debtor"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(string="Open Amount", readonly=True)
    entries = fields.Json(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", string="Archive", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)

    @api.model
    def make(self, partner_id: int):
        """Make the legal file of a customer in the current main company, and keep it.

        :param int partner_id: any contact of the customer
        :return: dict, the action that downloads it
        :raise AccessError: for others than credit analysts and accountants
        """
        if not any(map(self.env.user.has_group, WRITERS)):
            raise AccessError(
                self.env._("Legal files are made by credit analysts and accountants.")
            )
        partner = self.env["res.partner"].browse(int(partner_id))
        partner.check_access("read")
        # sudo: whoever may make the file gets all of it; orders and messages have
        # readers of their own.
        debtor = partner.sudo().commercial_partner_id
        legal = self.sudo()._make(debtor, self.env.company.root_id)
        return legal.with_env(self.env).action_download()

    def action_download(self):
        """Download the archive."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("A legal file is a proof, it is kept."))

    # === MAKING === #

    def _make(self, debtor, root):
        day = root._credit_today()
        moves = self._get_moves(debtor, root, day)
        delivered = self._get_delivered_orders(debtor, root)
        self._check_content(moves, delivered)
        orders = moves.invoice_line_ids.sale_line_ids.order_id | delivered
        papers = [
            *self._get_invoices(moves),
            *self._get_orders(orders),
            *self._get_delivery_proofs(orders),
            *self._get_reminders(debtor, root),
            self._get_statement(debtor, root, day),
            self._get_history(debtor, root, day),
        ]
        legal = self.create(
            {
                "partner_id": debtor.id,
                "company_id": root.id,
                "date": day,
                "amount": sum(moves.mapped("amount_residual_signed")),
                "entries": [self._prepare_entry(paper) for paper in papers],
            }
        )
        legal._store([*legal._get_index(), *papers])
        return legal

    def _store(self, papers):
        content = pack((paper.path, paper.content) for paper in papers)
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": to_name(f"{self.partner_id.name}-{self.date}.zip"),
                "raw": content,
                "mimetype": "application/zip",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.sha256 = hashlib.sha256(content).hexdigest()

    def _prepare_entry(self, paper):
        return {
            "path": paper.path,
            "title": paper.title,
            "day": paper.day and format_date(self.env, paper.day),
            "proof": paper.proof,
            "sha256": paper.sha256,
        }

    # === INDEX === #

    def _get_index(self):
        columns = ("path", "title", "day", "proof", "sha256")
        rows = [
            [entry[column] or "" for column in columns] for entry in self.entries or []
        ]
        header = [
            self.env._("File"),
            self.env._("Document"),
            self.env._("Date"),
            self.env._("Proof"),
            "SHA-256",
        ]
        title = self.env._("Index")
        content = self._print("credit_control.credit_legal_file_report", self)
        return [
            Paper("", "0-index.pdf", content, title),
            Paper("", "0-index.csv", to_csv([header, *rows]), title),
        ]

    def _print(self, report, record):
        reports = self.env["ir.actions.report"]
        return reports._render_qweb_pdf(report, record.ids)[0]


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def action_make_legal_file(self):
        """Make the legal file of the customer and download it."""
        self.ensure_one()
        return self.env["credit.legal.file"].make(self.id)


class CreditProfile(models.Model):
    _inherit = "credit.profile"  # pylint: disable=consider-merging-classes-inherited

    def action_make_legal_file(self):
        """Make the legal file of the debtor and download it."""
        self.ensure_one()
        company = self.company_id
        return self.partner_id.with_company(company).action_make_legal_file()
