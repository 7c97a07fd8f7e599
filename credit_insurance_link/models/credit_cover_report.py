# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .credit_insurance_policy_use import UNANSWERED


class CreditCoverReport(models.Model):
    """What each policy grants each customer today, and what is made of it.

    One statement; lines and exposure are those of the gate (P1). Customers who owe and
    whom no policy covers are rows without policy.
    """

    _name = "credit.cover.report"
    _description = "Use of Cover"
    _auto = False
    _order = "uncovered desc, free desc, id"
    _rec_name = "partner_id"

    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    buyer_id = fields.Many2one("credit.insurer.buyer", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    granted = fields.Monetary(readonly=True, help="Cover in force today.")
    exposure = fields.Monetary(readonly=True, help="What the customer owes.")
    used = fields.Monetary(
        readonly=True, help="The part of the cover that the exposure takes."
    )
    free = fields.Monetary(readonly=True, help="Cover that nobody uses today.")
    uncovered = fields.Monetary(
        readonly=True, help="What is owed beyond the cover of all policies together."
    )
    unused = fields.Monetary(
        string="To Give Back",
        readonly=True,
        help="Cover of customers who owe nothing: the insurer charges for each limit, so "
        "what nobody needs is better given back.",
    )
    pending_action = fields.Selection(
        related="buyer_id.pending_action", string="Announced"
    )
    pending_date = fields.Date(related="buyer_id.pending_date")

    @property
    def _table_query(self):
        companies = self.env["res.company"].sudo()
        roots = companies.search([("parent_id", "=", False)])
        queries = [self._query_company(root) for root in roots]
        return SQL(
            "SELECT ROW_NUMBER() OVER (ORDER BY r.company_id, r.partner_id, r.policy_id)"
            " AS id, r.* FROM (%s) r",
            SQL(" UNION ALL ").join(queries),
        )

    @api.model
    def _query_company(self, root):
        """The rows of one root company.

        Speed: both sides are worked out once each; without statistics, after a first
        portfolio, PostgreSQL would work one out for each row of the other.
        """
        return SQL(
            """SELECT q.policy_id, q.buyer_id, q.partner_id, %(root)s AS company_id,
                %(currency)s AS currency_id, q.granted, q.exposure, q.used,
                q.granted - q.used AS free, q.uncovered,
                CASE WHEN q.exposure <= 0 THEN q.granted ELSE 0 END AS unused
            FROM (
                WITH t AS MATERIALIZED (%(totals)s), c AS MATERIALIZED (%(covers)s)
                SELECT c.policy_id, c.buyer_id, t.partner_id,
                    COALESCE(c.granted, 0) AS granted, GREATEST(t.exposure, 0) AS exposure,
                    %(used)s AS used, %(uncovered)s AS uncovered
                FROM t LEFT JOIN c ON c.partner_id = t.partner_id
                WHERE c.policy_id IS NOT NULL OR t.exposure > 0
            ) q""",
            root=root.id,
            currency=root.currency_id.id,
            totals=self.env["credit.measure"]._query_totals(root),
            covers=self._query_covers(root),
            # Two policies that cover one customer carry in proportion.
            used=SQL(
                """COALESCE(ROUND(LEAST(GREATEST(t.exposure, 0), c.whole)
                * c.granted / NULLIF(c.whole, 0), 2), 0)"""
            ),
            uncovered=SQL(
                """ROUND(GREATEST(GREATEST(t.exposure, 0) - COALESCE(c.whole, 0), 0)
                / COALESCE(c.policies, 1), 2)"""
            ),
        )

    @api.model
    def _query_covers(self, root):
        """What each policy gives each customer today, beside what all give him."""
        measure = self.env["credit.measure"]
        return SQL(
            """SELECT l.partner_id, l.cover_policy_id AS policy_id,
                l.cover_buyer_id AS buyer_id, SUM(s.worth) AS granted,
                SUM(SUM(s.worth)) OVER p AS whole, COUNT(*) OVER p AS policies
            FROM (%(lines)s) s JOIN credit_line l ON l.id = s.id
            WHERE s.counts AND l.company_id = %(root)s
                AND l.cover_policy_id IS NOT NULL
            GROUP BY 1, 2, 3
            WINDOW p AS (PARTITION BY l.partner_id)""",
            lines=measure._query_all_lines(root, root._credit_today()),
            root=root.id,
        )

    def action_open_file(self):
        """Open the credit file of the customer."""
        self.ensure_one()
        return self.partner_id.action_open_credit_profile()

    def action_give_back(self):
        """Prepare requests that give back cover nobody uses; nothing is sent yet.

        :return: dict, an action that shows the requests
        :raise UserError: where there is nothing to give back
        """
        if not self.env.user.has_group("credit_control.credit_control_group_analyst"):
            raise AccessError(self.env._("Only credit analysts ask insurers."))
        rows = [row for row in self if row.unused > 0 and row.buyer_id]
        known = self.env["credit.cover.request"].search(
            [
                ("buyer_id", "in", [row.buyer_id.id for row in rows]),
                ("layer", "=", "primary"),
                ("state", "in", UNANSWERED),
            ]
        )
        busy = {(request.policy_id, request.buyer_id) for request in known}
        wanted = {(row.policy_id, row.buyer_id) for row in rows} - busy
        if not wanted and not known:
            raise UserError(self.env._("None of these customers has unused cover."))
        requests = known.create(
            [
                {"policy_id": policy.id, "buyer_id": buyer.id, "type": "cancel"}
                for policy, buyer in sorted(wanted, key=lambda key: key[1].id)
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_cover_request_action"
        )
        return {
            **action,
            "domain": [("id", "in", (known | requests).ids)],
            "context": {},
        }
