# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, formatLang, groupby
from odoo.tools.image import image_data_uri

from .page_numbers import number_pages

REPORT = "credit_control.credit_statement_report_pdf"
MOST_CUSTOMERS = 500


class CreditStatement(models.TransientModel):
    """A customer's account on paper: what is open, or what moved in a period."""

    _name = "credit.statement"
    _description = "Customer Statement"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        required=True,
        domain=[("commercial_partner_id", "!=", False), ("parent_id", "=", False)],
        default=lambda self: self._default_partner_ids(),
    )
    mode = fields.Selection(
        [("open", "Open items"), ("period", "All movements of a period")],
        required=True,
        default="open",
    )
    date_from = fields.Date(
        string="From", default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="What was dated or matched later does not count.",
    )

    def _default_partner_ids(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        partners = self.env["res.partner"].browse(self.env.context.get("active_ids"))
        return partners.commercial_partner_id

    def _default_date_from(self):
        return self.env.company._credit_today() - timedelta(days=90)

    def action_print(self):
        """Download the statements as one PDF, each in its customer's language."""
        return self.env.ref(REPORT).report_action(self)

    def action_preview(self):
        """Show the statements on screen."""
        return self.env.ref(
            "credit_control.credit_statement_report_html"
        ).report_action(self)

    def action_send(self):
        """Write to the customer, with the statement attached as it is now.

        The attachment is kept with its hash and never made again.
        """
        self.ensure_one()
        self.env["credit.aged.balance"]._check_reader()
        if len(self.partner_ids) != 1:
            raise UserError(self.env._("Choose one customer to write to."))
        debtor = self.partner_ids.commercial_partner_id
        # Odoo lets only those write to a customer who may change it.
        debtor.check_access("write")
        words = self.with_context(lang=debtor.lang or self.env.lang)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send a Statement"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": words._prepare_mail(debtor, self._store(debtor)),
        }

    def _store(self, debtor):
        content = self._render_pdf(
            debtor,
            self.company_id.root_id,
            self.mode,
            self.mode == "period" and self.date_from,
            self.date_to,
        )
        # sudo: what is sent is kept, whoever sends it.
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{debtor.name} {self.date_to}.pdf".replace("/", "-"),
                    "raw": content,
                    "mimetype": "application/pdf",
                    "description": f"SHA-256 {hashlib.sha256(content).hexdigest()}",
                    "res_model": "res.partner",
                    "res_id": debtor.id,
                }
            )
        )

    def _prepare_mail(self, debtor, attachment):
        """Hook: the message that is proposed, in the customer's language."""
        day = format_date(self.env, self.date_to)
        body = self.env._(
            "Please find attached the statement of your account on %(day)s.", day=day
        )
        return {
            "default_model": "res.partner",
            "default_res_ids": debtor.ids,
            "default_composition_mode": "comment",
            "default_partner_ids": [debtor.address_get(["invoice"])["invoice"]],
            "default_attachment_ids": attachment.ids,
            "default_subject": self.env._(
                "%(company)s: statement of account on %(day)s",
                company=self.company_id.name,
                day=day,
            ),
            "default_body": f"<p>{escape(body)}</p>",
        }

    @api.model
    def _render_pdf(self, partner, root, mode="open", date_from=None, date_to=None):
        """The statement of one customer; the caller has checked who asks.

        :param partner: any contact of the customer
        :param root: root company
        :param str mode: ``open`` or ``period``
        :return: bytes, PDF
        """
        values = {
            "company_id": root.id,
            "partner_ids": [fields.Command.set(partner.commercial_partner_id.ids)],
            "mode": mode,
            "date_to": date_to or root._credit_today(),
        }
        if date_from:
            values["date_from"] = date_from
        # sudo: a portal user may not make one, but read his own.
        statement = self.sudo().with_company(root).create(values)
        reports = self.env["ir.actions.report"].sudo()
        content = reports._render_qweb_pdf(REPORT, statement.ids)[0]
        return number_pages(content, partner.commercial_partner_id.name)

    # === FIGURES === #

    def _get_pages(self):
        """What the paper shows, one page per customer, in the customer's language.

        :return: list of dicts, see ``_get_statement``
        """
        self.ensure_one()
        if not self.env.su:
            self.env["credit.aged.balance"]._check_reader()
            self.company_id.check_access("read")
        if len(self.partner_ids) > MOST_CUSTOMERS:
            raise UserError(
                self.env._(
                    "At most %s statements can be printed at once.", MOST_CUSTOMERS
                )
            )
        first = self.date_from if self.mode == "period" else None
        root = self.company_id.root_id
        # sudo: the figures do not depend on who prints them (P7).
        return [
            self.sudo()
            .with_context(lang=partner.lang or self.env.lang)
            ._get_statement(partner, root, first, self.date_to)
            for partner in self.partner_ids.commercial_partner_id
        ]

    @api.model
    def _get_statement(self, partner, root, first, last):
        """The account of one customer, currency by currency.

        :param partner: commercial partner
        :param root: root company
        :param first: first day of the period; None: only what is open
        :param date last: last day
        :return: dict, partner, lang, ``first``, ``last`` (words) and ``sections``: dicts
            with ``currency``, ``opening``, ``rows``, ``balance``, ``overdue`` (words), each
            row with date, name, kind, due, debit, credit, balance and late (days)
        """
        self.env.flush_all()
        if first:
            rows = self._fetch_period(partner, root, first, last)
        else:
            rows = self._fetch_open(partner, root, last)
        return {
            "partner": partner.with_env(self.env),
            "company": root.with_env(self.env),
            "logo": self._get_logo(root),
            "lang": self.env.lang,
            "first": first and format_date(self.env, first),
            "last": format_date(self.env, last),
            "sections": [
                self._prepare_section(currency_id, group, first, last)
                for currency_id, group in groupby(rows, lambda row: row["currency_id"])
            ],
        }

    def _get_logo(self, root):
        """The logo as data, as on letters; nothing where none was chosen."""
        if root.logo and not root.uses_default_logo:
            return image_data_uri(root.logo)
        return ""

    def _prepare_section(self, currency_id, rows, first, last):
        currency = self.env["res.currency"].browse(currency_id)

        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        balance = sum(row["amount"] for row in rows if first and row["date"] < first)
        opening, shown = money(balance), []
        for row in rows:
            if first and row["date"] < first:
                continue
            balance += row["amount"]
            shown.append(self._prepare_row(row, balance, money, last))
        overdue = sum(row["amount"] for row in rows if row["open"] and row["late"] > 0)
        return {
            "currency": currency,
            "opening": first and opening,
            "rows": shown,
            "balance": money(balance),
            "overdue": not first and overdue > 0 and money(overdue),
        }

    def _prepare_row(self, row, balance, money, last):
        amount = row["amount"]
        return {
            "date": format_date(self.env, row["date"]),
            "name": row["name"],
            "kind": self._word_kind(row),
            "due": row["due"] and amount > 0 and format_date(self.env, row["due"]),
            "debit": amount > 0 and money(amount),
            "credit": amount < 0 and money(-amount),
            "balance": money(balance),
            "late": amount > 0 and row["open"] and max(row["late"], 0),
        }

    def _word_kind(self, row):
        kinds = {
            "out_invoice": self.env._("Invoice"),
            "out_receipt": self.env._("Invoice"),
            "out_refund": self.env._("Credit note"),
        }
        if row["move_type"] in kinds:
            return kinds[row["move_type"]]
        is_money = row["journal_type"] in ("bank", "cash", "credit")
        return self.env._("Payment") if is_money else self.env._("Entry")

    def _fetch_open(self, partner, root, last):
        companies = self.env["credit.measure"]._get_tree(root.id)[2]
        items = self.env["credit.open.item"]._query_open(last, companies, partner.ids)
        return self.env.execute_query_dict(
            SQL(
                """SELECT o.name, o.date, o.date_due AS due, o.move_currency_id
                    AS currency_id, o.amount_currency::float AS amount,
                    o.days_late AS late, TRUE AS open, m.move_type, j.type AS journal_type
                FROM (%s) o JOIN account_move m ON m.id = o.move_id
                JOIN account_journal j ON j.id = m.journal_id
                WHERE o.amount_currency <> 0
                ORDER BY o.move_currency_id, o.date, o.id""",
                items,
            )
        )

    def _fetch_period(self, partner, root, first, last):
        """The movements of the period, and one row for what was before in each currency."""
        return self.env.execute_query_dict(
            SQL(
                """SELECT CASE WHEN l.date >= %(first)s THEN m.name END AS name,
                    CASE WHEN l.date >= %(first)s THEN l.date
                        ELSE %(first)s::date - 1 END AS date,
                    CASE WHEN l.date >= %(first)s THEN l.date_maturity END AS due,
                    l.currency_id, SUM(l.amount_currency)::float AS amount, 0 AS late,
                    FALSE AS open,
                    CASE WHEN l.date >= %(first)s THEN m.move_type END AS move_type,
                    CASE WHEN l.date >= %(first)s THEN j.type END AS journal_type
                FROM account_move_line l
                JOIN account_move m ON m.id = l.move_id
                JOIN account_journal j ON j.id = m.journal_id
                JOIN account_account a ON a.id = l.account_id
                    AND a.account_type = 'asset_receivable'
                JOIN res_partner p ON p.id = l.partner_id
                WHERE p.commercial_partner_id = %(partner)s
                AND l.company_id = ANY(%(companies)s) AND l.parent_state = 'posted'
                AND l.date <= %(last)s AND l.amount_currency <> 0
                GROUP BY 1, 2, 3, 4, 8, 9, CASE WHEN l.date >= %(first)s THEN l.id END
                ORDER BY l.currency_id, 2, 1""",
                first=first,
                last=last,
                partner=partner.id,
                companies=list(self.env["credit.measure"]._get_tree(root.id)[2]),
            )
        )
