# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, replace

from odoo import fields, models
from odoo.tools import SQL


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a component of exposure comes from.

    :ivar int rank: 1..15, makes the ids of the branches distinct; others' from 8 on
    :ivar dict columns: SQL of id, contact (owes it), company (any of the tree), amount,
        date, date_due, model, record, name, user, term, method
    :ivar SQL tables: without debtor and company, which are joined where needed
    :ivar SQL where: which rows count
    :ivar SQL guard: tables and condition that cost less to ask and find something
        whenever the branch does; None to ask the branch itself
    :ivar SQL alone: those of the tables on which contact, company, amount, date, model,
        record and the condition depend, where that is not all of them
    :ivar bool one_sided: whether all amounts have the same sign, so that nobody has to
        sort them by it
    """

    rank: int
    columns: dict
    tables: SQL
    where: SQL
    guard: SQL | None = None
    alone: SQL | None = None
    one_sided: bool = False

    @classmethod
    def of(cls, rank, columns, tables, where, **options):
        """Build a branch with columns given as text."""
        columns = {name: SQL(text) for name, text in columns.items()}
        return cls(rank, columns, tables, where, **options)

    def limited(self, condition):
        """The same branch with a further condition.

        :param SQL condition: on the branch's tables, those ``alone`` if there are such
        """
        return replace(self, where=SQL("%s AND %s", self.where, condition))


class CreditExposureComponent(models.Model):
    """A part of what a debtor owes; add-ons add records and a branch of the view."""

    _name = "credit.exposure.component"
    _description = "Component of Exposure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    is_default = fields.Boolean(
        string="Counted by Default",
        help="New policies count this component.",
    )
    description = fields.Text(translate=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "The code must be unique.")


class CreditExposure(models.Model):
    """One row per open item of a debtor: the only place where exposure is defined (P1).

    ``partner_id`` is the commercial partner of the invoice address, ``company_id`` the
    root company, amounts are in its currency (P7). Partners are joined, never stored,
    so that merging and moving contacts takes effect at once.
    """

    _name = "credit.exposure"
    _description = "Credit Exposure"
    _auto = False
    _order = "date_due, date, id"
    _rec_name = "name"

    name = fields.Char(string="Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    contact_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    branch_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    component_id = fields.Many2one("credit.exposure.component", readonly=True)
    amount = fields.Monetary(readonly=True, help="In the root company's currency.")
    date = fields.Date(readonly=True)
    date_due = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    payment_term_id = fields.Many2one("account.payment.term", readonly=True)
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line", string="Payment Method", readonly=True
    )
    res_model = fields.Char(string="Source Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Source", model_field="res_model", readonly=True
    )

    @property
    def _table_query(self):
        """The view as a query, so that an add-on extends it without a new view."""
        branches = self._get_branches().items()
        return SQL(" UNION ALL ").join(
            self._query_view(code, branch) for code, branch in branches
        )

    def _get_branches(self):
        """Hook: where each component comes from.

        :return: dict, component code -> Branch
        """
        return {
            "receivable": self._get_receivable_branch(),
            "order": self._get_order_branch(),
            "draft_invoice": self._get_draft_branch(),
            "uncleared": self._get_uncleared_branch(),
        }

    def _query_component(self, code):
        """The part of the view that is one component."""
        return self._query_view(code, self._get_branches()[code])

    def _query_view(self, code, branch):
        """All items of a component, joined with debtor and company."""
        return SQL(
            """SELECT %(id)s::bigint * 16 + %(rank)s AS id, %(name)s AS name,
                p.commercial_partner_id AS partner_id, p.id AS contact_id,
                split_part(c.parent_path, '/', 1)::int AS company_id,
                c.id AS branch_id, c.currency_id,
                (SELECT id FROM credit_exposure_component WHERE code = %(code)s)
                    AS component_id,
                %(amount)s AS amount, %(date)s AS date, %(date_due)s AS date_due,
                %(user)s AS user_id, %(term)s AS payment_term_id,
                %(method)s AS payment_method_line_id,
                %(model)s::varchar AS res_model, %(record)s AS res_id
            FROM %(tables)s
            JOIN res_partner p ON p.id = %(contact)s
            JOIN res_company c ON c.id = %(company)s
            WHERE %(where)s""",
            code=code,
            rank=branch.rank,
            tables=branch.tables,
            where=branch.where,
            **branch.columns,
        )

    def _query_owed(self, code, branch, contacts, companies):
        """The items of some contacts, with nothing joined.

        Speed: this runs at each confirmation, where PostgreSQL takes longer to plan a
        join than to read the items. The sum keeps it from reading the index of companies,
        nearly all of the table, to save itself a look at few rows.

        :param SQL contacts: an array of partner ids
        :param SQL companies: an array of company ids
        """
        columns = {
            name: SQL("%s AS %s", branch.columns[name], SQL.identifier(name))
            for name in ("contact", "amount", "date", "term", "method", "record")
        }
        return SQL(
            """SELECT %(contact)s, %(code)s::varchar AS code, %(amount)s, %(date)s,
                %(term)s, %(method)s, %(model)s::varchar AS model, %(record)s
            FROM %(tables)s
            WHERE %(where)s AND %(by)s = ANY(%(contacts)s)
            AND %(company)s + 0 = ANY(%(companies)s)""",
            code=code,
            model=branch.columns["model"],
            tables=branch.tables,
            where=branch.where,
            by=branch.columns["contact"],
            company=branch.columns["company"],
            contacts=contacts,
            companies=companies,
            **columns,
        )

    def _get_receivable_branch(self):
        # Speed: accounts as an array, so that the index of what is not reconciled serves
        # one debtor and all of them.
        return Branch.of(
            1,
            {
                "contact": "l.partner_id",
                "company": "l.company_id",
                "id": "l.id",
                "name": "m.name",
                "amount": "l.amount_residual",
                "date": "l.date",
                "date_due": "COALESCE(l.date_maturity, l.date)",
                "user": "m.invoice_user_id",
                "term": "m.invoice_payment_term_id",
                "method": "m.preferred_payment_method_line_id",
                "model": "'account.move'",
                "record": "l.move_id",
            },
            SQL("account_move_line l LEFT JOIN account_move m ON m.id = l.move_id"),
            SQL(
                """l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                AND l.account_id = ANY(ARRAY(
                    SELECT id FROM account_account
                    WHERE account_type = 'asset_receivable'))"""
            ),
            alone=SQL("account_move_line l"),
        )

    def _get_order_branch(self):
        return Branch.of(
            2,
            {
                "contact": "o.partner_invoice_id",
                "company": "o.company_id",
                "id": "o.id",
                "name": "o.name",
                "amount": "o.credit_open_company - COALESCE(o.credit_reserved_company, 0)",
                "date": "o.date_order::date",
                "date_due": "NULL::date",
                "user": "o.user_id",
                "term": "o.payment_term_id",
                "method": "o.preferred_payment_method_line_id",
                "model": "'sale.order'",
                "record": "o.id",
            },
            SQL("sale_order o"),
            SQL(
                """o.state = 'sale' AND o.credit_open_company <> 0
                AND o.credit_open_company > COALESCE(o.credit_reserved_company, 0)"""
            ),
            one_sided=True,
        )

    def _get_draft_branch(self):
        drafts = SQL(
            "m.state = 'draft' AND m.move_type IN ('out_invoice', 'out_receipt')"
        )
        return Branch.of(
            3,
            {
                "contact": "m.partner_id",
                "company": "m.company_id",
                "id": "m.id",
                "name": "COALESCE(m.name, m.ref, '/')",
                "amount": "own.amount",
                "date": "COALESCE(m.invoice_date, m.date)",
                "date_due": "m.invoice_date_due",
                "user": "m.invoice_user_id",
                "term": "m.invoice_payment_term_id",
                "method": "m.preferred_payment_method_line_id",
                "model": "'account.move'",
                "record": "m.id",
            },
            SQL("account_move m CROSS JOIN LATERAL (%s) own", self._sql_draft_part()),
            SQL("%s AND own.amount > 0", drafts),
            guard=SQL("account_move m WHERE %s", drafts),
        )

    def _sql_draft_part(self):
        # What stems from a confirmed order is still counted there; of a mixed invoice only
        # the other lines count, at the entry's own rate. A draft below zero lends nothing.
        return SQL(
            """SELECT CASE WHEN NOT COALESCE(BOOL_OR(s.id IS NOT NULL), FALSE)
                THEN m.amount_total_signed
                ELSE ROUND((SUM(l.price_total) FILTER (WHERE s.id IS NULL)
                    / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1))::numeric,
                    (SELECT u.decimal_places FROM res_company c
                    JOIN res_currency u ON u.id = c.currency_id
                    WHERE c.id = m.company_id))
                END AS amount
            FROM account_move_line l
            LEFT JOIN (sale_order_line_invoice_rel r
                    JOIN sale_order_line s ON s.id = r.order_line_id AND s.state = 'sale')
                ON r.invoice_line_id = l.id
            WHERE l.move_id = m.id AND l.display_type = 'product'"""
        )

    def _get_uncleared_branch(self):
        # Only payments with an entry: without one the invoice itself is still open. Odoo
        # calls a payment paid as soon as its invoices are; the money is there only when
        # its outstanding account is matched with a bank statement.
        return Branch.of(
            4,
            {
                "contact": "y.partner_id",
                "company": "y.company_id",
                "id": "y.id",
                "name": "y.name",
                "amount": "y.amount_company_currency_signed",
                "date": "y.date",
                "date_due": "y.date",
                "user": "NULL::int",
                "term": "NULL::int",
                "method": "y.payment_method_line_id",
                "model": "'account.payment'",
                "record": "y.id",
            },
            SQL(
                """account_payment y
                JOIN account_account t ON t.id = y.outstanding_account_id
                    AND t.reconcile AND t.account_type <> 'asset_cash'"""
            ),
            SQL(
                """y.state IN ('in_process', 'paid') AND y.is_matched IS NOT TRUE
                AND y.payment_type = 'inbound' AND y.partner_type = 'customer'
                AND y.move_id IS NOT NULL"""
            ),
            guard=SQL(
                """account_payment y WHERE y.state IN ('in_process', 'paid')
                AND y.is_matched IS NOT TRUE AND y.payment_type = 'inbound'"""
            ),
        )

    def action_open_source(self):
        """Open the record that this amount comes from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
