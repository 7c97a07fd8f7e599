# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class CreditOnboardingDocument(models.TransientModel):
    """A quotation or open order that would be held today under the new lines.

    Each quotation is looked at alone. An open order is listed when its debtor is over:
    it may be delivered and invoiced, but it could not grow.
    """

    _name = "credit.onboarding.document"
    _description = "Credit Onboarding: Document"
    _rec_name = "order_id"
    _order = "is_confirmed, amount desc, id"
    _transient_max_hours = 24.0

    onboarding_id = fields.Many2one(
        "credit.onboarding",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Document",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", ondelete="cascade", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    is_confirmed = fields.Boolean(string="Confirmed", readonly=True)
    currency_id = fields.Many2one(related="onboarding_id.currency_id")
    amount = fields.Monetary(
        readonly=True, help="What the document adds or still owes."
    )
    limit_amount = fields.Monetary(string="Limit", readonly=True)
    exposure = fields.Monetary(readonly=True, help="Owed today, open orders included.")

    @api.model
    def _clear(self, wizard):
        query = SQL(
            "DELETE FROM credit_onboarding_document WHERE onboarding_id = %s", wizard.id
        )
        self.env.flush_all()
        self.env.cr.execute(query)
        self.env.invalidate_all(flush=False)

    @api.model
    def _fill(self, wizard):
        """List what would be held: one statement, whatever the number of orders."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO credit_onboarding_document (onboarding_id, order_id,
                    partner_id, user_id, is_confirmed, amount, limit_amount, exposure,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(wizard)s, q.order_id, q.partner_id, q.user_id, q.is_confirmed,
                    q.amount, q.limit_amount, q.exposure,
                    %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM (%(documents)s) q
                WHERE q.amount > 0 AND q.limit_amount IS NOT NULL AND q.limit_amount
                    < q.exposure + CASE WHEN q.is_confirmed THEN 0 ELSE q.amount END""",
                wizard=wizard.id,
                uid=self.env.uid,
                documents=self._query_documents(wizard),
            )
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _query_documents(self, wizard):
        """Open documents of debtors without line, with limit and exposure as they would be.

        An open order is part of the exposure already; a quotation that expired cannot be
        confirmed as it is.
        """
        root = wizard.company_id
        return SQL(
            """SELECT o.id AS order_id, p.commercial_partner_id AS partner_id, o.user_id,
                o.state = 'sale' AS is_confirmed,
                CASE WHEN o.state = 'sale' THEN o.credit_open_company
                    WHEN o.currency_id = c.currency_id THEN o.amount_total
                    ELSE ROUND((o.amount_total / NULLIF(o.currency_rate, 0))::numeric,
                        u.decimal_places)
                    END AS amount,
                %(limit)s AS limit_amount, COALESCE(t.exposure, 0) AS exposure
            FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_invoice_id
            JOIN res_company c ON c.id = o.company_id
                AND split_part(c.parent_path, '/', 1)::int = %(root)s
            JOIN res_currency u ON u.id = c.currency_id
            LEFT JOIN credit_onboarding_debtor d ON d.onboarding_id = %(wizard)s
                AND d.partner_id = p.commercial_partner_id AND d.selected
            LEFT JOIN (%(totals)s) t ON t.partner_id = p.commercial_partner_id
            WHERE (o.state = 'sale' AND o.credit_open_company > 0
                OR o.state IN ('draft', 'sent')
                AND (o.validity_date IS NULL OR o.validity_date >= %(today)s))
            AND NOT EXISTS (SELECT FROM credit_line l WHERE l.company_id = %(root)s
                AND l.partner_id = p.commercial_partner_id)""",
            limit=self._query_limit(wizard),
            root=root.id,
            wizard=wizard.id,
            totals=self.env["credit.measure"]._query_totals(root),
            today=root._credit_today(),
        )

    @api.model
    def _query_limit(self, wizard):
        """The limit of a debtor; NULL when he is not managed and never held."""
        others = {"no_credit": 0.0, "default": wizard.default_amount}.get(
            wizard.no_line
        )
        return SQL(
            "CASE WHEN d.id IS NOT NULL THEN d.amount * d.rate ELSE %s::numeric END",
            others,
        )

    def action_open_order(self):
        """Open the document, for those who may read it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
