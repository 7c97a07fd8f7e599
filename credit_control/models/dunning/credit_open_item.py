# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import fields, models
from odoo.tools import SQL

AS_OF = "credit_as_of"  # key of the context: the day, ISO format


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"  # pylint: disable=consider-merging-classes-inherited

    # Speed: what was matched after a past day, without reading the years before.
    _credit_max_date_idx = models.Index("(max_date)")


class CreditOpenItem(models.Model):
    """What was open on receivable accounts on a day, today or past, one row per item.

    Statement, aged balance and cash forecast read this one statement. What is open now
    plus what was matched later is what was open then: the years before are never read.
    """

    _name = "credit.open.item"
    _description = "Open Item"
    _auto = False
    _order = "date_due, date, id"
    _rec_name = "name"

    name = fields.Char(string="Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    move_currency_id = fields.Many2one(
        "res.currency", string="Document Currency", readonly=True
    )
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(readonly=True)
    days_late = fields.Integer(
        readonly=True, aggregator="max", help="Days after the due date, on the day."
    )
    age = fields.Selection(
        [
            ("0", "Not due"),
            ("1", "1-30 days"),
            ("2", "31-60 days"),
            ("3", "61-90 days"),
            ("4", "91-120 days"),
            ("5", "Over 120 days"),
            ("6", "Unallocated credits"),
        ],
        readonly=True,
    )
    original = fields.Monetary(readonly=True)
    amount = fields.Monetary(
        string="Open Amount", readonly=True, help="In the company's currency."
    )
    amount_currency = fields.Monetary(
        string="Open in Currency",
        currency_field="move_currency_id",
        readonly=True,
        aggregator=None,
    )

    @property
    def _table_query(self):
        return self._query_open(self._get_as_of())

    def _get_as_of(self):
        """The day of the context, else today."""
        day = self.env.context.get(AS_OF)
        try:
            return date.fromisoformat(day)
        except (TypeError, ValueError):
            return self.env.company._credit_today()

    def _query_open(self, day, company_ids=None, partner_ids=None):
        """The statement behind every list of open items.

        :param date day: what was dated or matched later does not count
        :param company_ids: ids of companies and branches; None: all
        :param partner_ids: ids of commercial partners; None: all
        :return: SQL, the columns of this model
        """
        companies = partners = SQL("TRUE")
        if company_ids is not None:
            # Speed: the sum keeps PostgreSQL from reading the index of companies.
            companies = SQL("l.company_id + 0 = ANY(%s)", list(company_ids))
        if partner_ids is not None:
            partners = SQL("p.commercial_partner_id = ANY(%s)", list(partner_ids))
        return SQL(
            """SELECT l.id, COALESCE(m.name, l.name) AS name,
                p.commercial_partner_id AS partner_id,
                split_part(c.parent_path, '/', 1)::int AS company_id,
                c.currency_id, l.currency_id AS move_currency_id, l.move_id,
                m.invoice_user_id AS user_id,
                COALESCE(m.invoice_date, l.date) AS date,
                l.due AS date_due, %(day)s::date - l.due AS days_late,
                CASE WHEN l.residual < 0 THEN '6' WHEN l.due >= %(day)s THEN '0'
                    ELSE LEAST((%(day)s::date - l.due + 29) / 30, 5)::varchar
                    END AS age,
                l.balance AS original, l.residual AS amount,
                l.residual_currency AS amount_currency
            FROM (%(lines)s) l
            JOIN account_move m ON m.id = l.move_id
            JOIN res_partner p ON p.id = l.partner_id
            JOIN res_company c ON c.id = l.company_id
            WHERE %(companies)s AND %(partners)s
            AND (l.residual <> 0 OR l.residual_currency <> 0)""",
            day=day,
            lines=self._query_lines(day),
            companies=companies,
            partners=partners,
        )

    def _query_lines(self, day):
        # Speed: two branches, so that the open ones come from Odoo's index of what is not
        # reconciled, and the others from what was matched since.
        columns = SQL(
            """l.id, l.name, l.partner_id, l.company_id, l.currency_id, l.move_id, l.date,
            COALESCE(l.date_maturity, l.date) AS due, l.balance,
            l.amount_residual + COALESCE(x.amount, 0) AS residual,
            l.amount_residual_currency + COALESCE(x.amount_currency, 0)
                AS residual_currency"""
        )
        receivable = SQL(
            """l.parent_state = 'posted' AND l.date <= %s AND l.account_id = ANY(ARRAY(
                SELECT id FROM account_account WHERE account_type = 'asset_receivable'))""",
            day,
        )
        return SQL(
            """WITH later AS MATERIALIZED (%(later)s)
            SELECT %(columns)s FROM account_move_line l
            LEFT JOIN later x ON x.line_id = l.id
            WHERE l.reconciled IS NOT TRUE AND %(receivable)s
            UNION ALL
            SELECT %(columns)s FROM later x JOIN account_move_line l ON l.id = x.line_id
            WHERE l.reconciled IS TRUE AND %(receivable)s""",
            later=self._query_later(day),
            columns=columns,
            receivable=receivable,
        )

    def _query_later(self, day):
        """What was matched after a day, by item."""
        return SQL(
            """SELECT y.line_id, SUM(y.amount) AS amount,
                SUM(y.amount_currency) AS amount_currency
            FROM account_partial_reconcile z
            CROSS JOIN LATERAL (VALUES
                (z.debit_move_id, z.amount, z.debit_amount_currency),
                (z.credit_move_id, -z.amount, -z.credit_amount_currency)
            ) y(line_id, amount, amount_currency)
            WHERE z.max_date > %s GROUP BY y.line_id""",
            day,
        )

    def action_open_move(self):
        """Open the entry that this amount comes from."""
        self.ensure_one()
        return self.move_id._get_records_action()
