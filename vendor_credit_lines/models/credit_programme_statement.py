# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
from base64 import b64encode
from datetime import timedelta

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import date_utils

from odoo.addons.credit_control.models.handouts import to_name
from odoo.addons.credit_control.models.readers import job

from ..const import ANALYST

REPORT = "vendor_credit_lines.action_report_statement"
TEMPLATE = "vendor_credit_lines.mail_template_statement"


class CreditProgramme(models.Model):
    _inherit = "credit.programme"  # pylint: disable=consider-merging-classes-inherited

    statement_period = fields.Selection(
        [("month", "Every month"), ("quarter", "Every quarter")],
        string="Statement to the Sponsor",
        help="Sent by mail after each period. Empty: only when you ask for it.",
    )
    statement_partner_id = fields.Many2one(
        "res.partner",
        string="Sent to",
        domain="[('commercial_partner_id', '=', sponsor_id)]",
        help="The sponsor's contact. Empty: the sponsor himself.",
    )

    def _get_sponsor_contact(self):
        """Who is written to on the sponsor's side."""
        return self.statement_partner_id or self.sponsor_id

    def action_statement(self):
        """Make the statement of this month so far and open it."""
        self.ensure_one()
        self._check_group(ANALYST)
        self.check_access("read")
        today = self.company_id._credit_today()
        statements = self.env["credit.programme.statement"].sudo()
        made = statements._make(self.sudo(), today.replace(day=1), today)
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.programme.statement",
            "res_id": made.id,
            "views": [(False, "form")],
        }


class CreditProgrammeStatement(models.Model):
    """What a programme's lines did in a period, as the sponsor is told."""

    _name = "credit.programme.statement"
    _description = "Statement to a Sponsor"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"

    programme_id = fields.Many2one(
        "credit.programme", required=True, index=True, ondelete="cascade"
    )
    sponsor_id = fields.Many2one(
        related="programme_id.sponsor_id", store=True, index=True
    )
    company_id = fields.Many2one(related="programme_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    sent_on = fields.Datetime(readonly=True)
    line_ids = fields.One2many(
        "credit.programme.statement.line", "statement_id", string="Resellers"
    )
    opened_count = fields.Integer(string="Opened in the Period")
    line_count = fields.Integer(string="Lines")
    granted = fields.Monetary()
    used = fields.Monetary(string="In Use")
    overdue = fields.Monetary()
    lost = fields.Monetary(string="Lost in the Period")

    xlsx = fields.Binary("Spreadsheet", compute="_compute_xlsx", exportable=False)

    _period_uniq = models.Constraint(
        "UNIQUE(programme_id, date_from, date_to)",
        "The statement of this period exists already.",
    )

    def _compute_display_name(self):
        for statement in self:
            statement.display_name = (
                f"{statement.programme_id.name} · {statement.date_to or ''}"
            )

    # === MAKING === #

    @api.model
    def _make(self, programme, first, last):
        """Write the statement of a period; what exists for it is worked out anew.

        In use and overdue are those of the moment when it is made.

        :param date first: first day
        :param date last: last day
        """
        period = [
            ("programme_id", "=", programme.id),
            ("date_from", "=", first),
            ("date_to", "=", last),
        ]
        statement = self.search(period)
        if statement.sent_on:
            return statement
        statement = statement or self.create(
            {"programme_id": programme.id, "date_from": first, "date_to": last}
        )
        statement.line_ids.unlink()
        statement._fill()
        return statement

    def _fill(self):
        grants = self._get_grants()
        overdue = self._get_overdue(grants.partner_id, self.company_id)
        lost = self._get_lost(grants)
        lines = self.env["credit.programme.statement.line"].create(
            [self._prepare_line(grant, overdue, lost) for grant in grants]
        )
        self.write(
            {
                "line_count": len(lines),
                "opened_count": len(
                    grants.filtered(lambda g: g.date_from >= self.date_from)
                ),
                **{
                    name: sum(lines.mapped(name))
                    for name in ("granted", "used", "overdue", "lost")
                },
            }
        )

    def _get_grants(self):
        started = Domain("date_from", "<=", self.date_to)
        running = Domain("date_to", "=", False) | Domain(
            "date_to", ">=", self.date_from
        )
        given = Domain("line_id", "!=", False)
        mine = Domain("programme_id", "=", self.programme_id.id)
        return self.env["credit.grant"].search(mine & given & started & running)

    @api.model
    def _get_overdue(self, partners, company):
        """What debtors have not paid in time, company currency: partner id -> amount."""
        # The ORM does not know what the view reads.
        self.env.flush_all()
        groups = self.env["credit.exposure"]._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("component_id.code", "=", "receivable"),
                ("amount", ">", 0),
                ("date_due", "<", company._credit_today()),
            ],
            ["partner_id"],
            ["amount:sum"],
        )
        return {partner.id: amount for partner, amount in groups}

    def _get_lost(self, grants):
        claims = self.env["credit.programme.claim"].search(
            [
                ("grant_id", "in", grants.ids),
                ("state", "!=", "draft"),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ]
        )
        lost = {}
        for claim in claims:
            lost[claim.grant_id] = lost.get(claim.grant_id, 0.0) + claim.amount
        return lost

    def _prepare_line(self, grant, overdue, lost):
        """Values of one reseller; what is overdue counts up to what the line carries."""
        company = grant.company_id

        def to_company(amount):
            return grant.currency_id._convert(
                amount, company.currency_id, company, self.date_to
            )

        used = grant.used_amount
        return {
            "statement_id": self.id,
            "partner_id": grant.partner_id.id,
            "date_from": grant.date_from,
            "date_to": grant.date_to,
            "granted": to_company(grant.amount),
            "used": used,
            "overdue": min(used, overdue.get(grant.partner_id.id, 0.0)),
            "lost": to_company(lost.get(grant, 0.0)),
        }

    # === SENDING === #

    def action_send(self):
        """Send the statement to the sponsor, as spreadsheet and PDF.

        :raise UserError: when it was sent or nobody can be written to
        """
        self.ensure_one()
        self.programme_id._check_group(ANALYST)
        self.check_access("read")
        if self.sent_on:
            raise UserError(self.env._("This statement was sent already."))
        if not self._get_recipient().email:
            raise UserError(
                self.env._(
                    "%s has no mail address. Enter it, or choose another contact on the "
                    "programme's page “Sponsor”.",
                    self._get_recipient().display_name,
                )
            )
        self.sudo()._send()
        return True

    def _get_recipient(self):
        return self.programme_id._get_sponsor_contact()

    def _send(self):
        # First the mark: a statement is sent once.
        self.sent_on = fields.Datetime.now()
        files = [
            self.env["ir.attachment"].create(
                {
                    "name": name,
                    "datas": b64encode(content),
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
            for name, content in self._get_files()
        ]
        self.env.ref(TEMPLATE).send_mail(
            self.id, email_values={"attachment_ids": [(4, file.id) for file in files]}
        )

    def _get_files(self):
        name = f"{self.programme_id.name} {self.date_to}"
        files = [(f"{name}.xlsx", self._get_xlsx())]
        if self._can_print():
            files.append((f"{name}.pdf", self._get_pdf()))
        return files

    def _can_print(self):
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        return state in ("ok", "workers")

    def _get_pdf(self):
        """The statement as PDF: bytes."""
        reports = self.env["ir.actions.report"]
        return reports._render_qweb_pdf(REPORT, self.ids)[0]

    def action_xlsx(self):
        """Download the spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        name = to_name(self.display_name)
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self._name}/{self.id}/xlsx/{name}.xlsx?download=true",
        }

    def _compute_xlsx(self):
        for statement in self:
            statement.xlsx = b64encode(statement.sudo()._get_xlsx())

    def _get_xlsx(self):
        """The statement as a spreadsheet.

        :return: bytes, of the workbook
        """
        output = io.BytesIO()
        # Names stay text: a customer called "=1+1" is no formula.
        book = xlsxwriter.Workbook(output, {"strings_to_formulas": False})
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        names = (
            "partner_id",
            "date_from",
            "date_to",
            "granted",
            "used",
            "overdue",
            "lost",
        )
        labels = self.line_ids.fields_get(names, ["string"])
        for column, name in enumerate(names):
            sheet.write_string(0, column, labels[name]["string"], bold)
        for row, line in enumerate(self.line_ids, 1):
            sheet.write_string(row, 0, line.partner_id.display_name or "")
            for column, name in enumerate(names[1:3], 1):
                if line[name]:
                    sheet.write_datetime(
                        row, column, fields.Datetime.to_datetime(line[name]), day
                    )
            for column, name in enumerate(names[3:], 3):
                sheet.write_number(row, column, line[name], money)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 6, 14)
        book.close()
        return output.getvalue()

    # === ON SCHEDULE === #

    @api.model
    @job
    def _cron_statements(self):
        """Make and send the statements of periods that are over."""
        programmes = self.env["credit.programme"].search(
            [("statement_period", "!=", False), ("state", "!=", "draft")]
        )
        for programme in programmes:
            statement = self._make(programme, *self._get_last_period(programme))
            if not statement.sent_on and statement._get_recipient().email:
                statement._send()
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _get_last_period(self, programme):
        today = programme.company_id._credit_today()
        start = date_utils.start_of(today, programme.statement_period)
        last = start - timedelta(days=1)
        return date_utils.start_of(last, programme.statement_period), last


class CreditProgrammeStatementLine(models.Model):
    """One reseller of a statement."""

    _name = "credit.programme.statement.line"
    _description = "Reseller in a Statement"
    _order = "used desc, id"
    _rec_name = "partner_id"

    statement_id = fields.Many2one(
        "credit.programme.statement", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Reseller", required=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="statement_id.currency_id")
    date_from = fields.Date(string="Start")
    date_to = fields.Date(string="End")
    granted = fields.Monetary()
    used = fields.Monetary(string="In Use")
    overdue = fields.Monetary()
    lost = fields.Monetary()
