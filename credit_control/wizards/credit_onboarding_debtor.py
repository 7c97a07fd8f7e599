# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..models.credit_line import AMOUNT_CEILING

RISK_LIMIT = re.compile(r"risk_\w+_limit")
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class CreditOnboardingDebtor(models.TransientModel):
    """A debtor with a native limit, and the line that he would get."""

    _name = "credit.onboarding.debtor"
    _description = "Credit Onboarding: Debtor"
    _rec_name = "partner_id"
    _order = "over desc, id"
    _transient_max_hours = 24.0

    onboarding_id = fields.Many2one(
        "credit.onboarding",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    source = fields.Selection(
        [
            ("native", "Its own limit"),
            ("default", "Native default"),
            ("risk", "Limits of single risks"),
        ],
        readonly=True,
        help="Limits of single risks, from another add-on, have no counterpart: their sum "
        "is proposed, and you choose.",
    )
    selected = fields.Boolean(string="Create")
    native_amount = fields.Monetary(string="Native Limit", readonly=True)
    amount = fields.Monetary(string="New Line")
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="onboarding_id.currency_id", string="Company Currency"
    )
    rate = fields.Float(
        digits=0, readonly=True, help="Worth of one unit in the company's currency."
    )
    exposure = fields.Monetary(currency_field="company_currency_id", readonly=True)
    over = fields.Monetary(
        string="Over by",
        compute="_compute_over",
        store=True,
        currency_field="company_currency_id",
        help="Owed today beyond the new line.",
    )
    result = fields.Selection(
        [("todo", "To do"), ("created", "Created"), ("skipped", "Left alone")],
        default="todo",
        readonly=True,
    )
    line_id = fields.Many2one(
        "credit.line", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)",
        "The amount of a credit line cannot be negative. Zero means no credit.",
    )

    @api.depends("amount", "rate", "exposure")
    def _compute_over(self):
        for row in self:
            row.over = max(row.exposure - row.amount * row.rate, 0.0)

    def write(self, vals):
        if not self.env.su and set(vals) - {"selected", "amount"}:
            raise AccessError(
                self.env._("Only the choice and the amount can be changed.")
            )
        return super().write(vals)

    # === FIND === #

    @api.model
    def _clear(self, wizard):
        query = SQL(
            "DELETE FROM credit_onboarding_debtor WHERE onboarding_id = %s", wizard.id
        )
        self.env.flush_all()
        self.env.cr.execute(query)
        self.env.invalidate_all(flush=False)

    @api.model
    def _get_native_default(self, company):
        """The limit of partners who have none of their own, 0 when it is not in use."""
        if not company.sudo().account_use_credit_limit and not self._get_risk_columns():
            return 0.0
        partners = self.env["res.partner"].sudo().with_company(company)
        fallback = partners._fields["credit_limit"].get_company_dependent_fallback(
            partners
        )
        return fallback or 0.0

    @api.model
    def _get_risk_columns(self):
        """Limits of single risks, where OCA's account_financial_risk is installed."""
        stored = self.env["res.partner"]._fields.items()
        return [
            name
            for name, field in stored
            if RISK_LIMIT.fullmatch(name) and field.store and field.type == "monetary"
        ]

    @api.model
    def _fill(self, wizard):
        """List the debtors with a native limit and no line: one statement for all.

        :return: dict, counts of those that are not listed
        """
        self._insert(wizard)
        self._set_currencies(wizard)
        return self._count_others(wizard)

    @api.model
    def _query_limits(self, wizard):
        """Every debtor: its native limit, where that comes from, whether it has lines.

        Values equal to the default are not stored by Odoo, and 0 means no limit.
        """
        root = wizard.company_id
        branches = root.sudo().search([("id", "child_of", root.id)]).ids
        columns = self._get_risk_columns()
        risks = SQL(" + ").join(
            SQL("COALESCE(p.%s, 0)", SQL.identifier(name)) for name in columns
        )
        return SQL(
            """SELECT p.id AS partner_id, p.customer_rank > 0 AS is_customer,
                COALESCE(p.credit_limit ?| %(keys)s, FALSE) AS is_own,
                COALESCE((p.credit_limit ->> %(root_key)s)::numeric, (
                    SELECT MAX(v.value::numeric) FROM jsonb_each_text(p.credit_limit) v
                    WHERE v.key = ANY(%(keys)s)), %(default)s) AS native,
                %(risks)s AS risks,
                EXISTS (SELECT FROM credit_line l WHERE l.partner_id = p.id
                    AND l.company_id = %(root)s) AS is_managed
            FROM res_partner p
            WHERE p.commercial_partner_id = p.id AND p.active
            AND (p.company_id IS NULL OR p.company_id = ANY(%(branches)s))""",
            root=root.id,
            root_key=str(root.id),
            keys=[str(company_id) for company_id in branches],
            branches=branches,
            default=self._get_native_default(root),
            risks=risks if columns else SQL("0"),
        )

    @api.model
    def _insert(self, wizard):
        totals = self.env["credit.measure"]._query_totals(wizard.company_id)
        self.env.cr.execute(
            SQL(
                """INSERT INTO credit_onboarding_debtor (onboarding_id, partner_id, source,
                    selected, native_amount, amount, currency_id, rate, exposure, over,
                    result, create_uid, create_date, write_uid, write_date)
                SELECT %(wizard)s, d.partner_id, d.source, d.source <> 'risk', d.native,
                    d.amount, %(currency)s, 1.0, d.exposure,
                    GREATEST(d.exposure - d.amount, 0), 'todo',
                    %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM (SELECT n.*, COALESCE(t.exposure, 0) AS exposure,
                        LEAST(COALESCE(NULLIF(n.native, 0), n.risks), %(ceiling)s - 1)
                            AS amount,
                        CASE WHEN n.native <= 0 THEN 'risk' WHEN n.is_own THEN 'native'
                            ELSE 'default' END AS source
                    FROM (%(limits)s) n LEFT JOIN (%(totals)s) t USING (partner_id)
                    WHERE NOT n.is_managed AND GREATEST(n.native, n.risks) > 0) d
                WHERE d.source <> 'default'
                    OR %(include_default)s AND (d.is_customer OR d.exposure <> 0)""",
                wizard=wizard.id,
                currency=wizard.company_id.currency_id.id,
                uid=self.env.uid,
                ceiling=AMOUNT_CEILING,
                limits=self._query_limits(wizard),
                totals=totals,
                include_default=wizard.include_default,
            )
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _count_others(self, wizard):
        return self.env.execute_query_dict(
            SQL(
                """SELECT COUNT(*) FILTER (WHERE is_managed AND native + risks > 0)
                        AS managed_count,
                    COUNT(*) FILTER (WHERE NOT is_managed AND is_customer AND d.id IS NULL)
                        AS unlimited_count
                FROM (%s) n LEFT JOIN credit_onboarding_debtor d
                    ON d.partner_id = n.partner_id AND d.onboarding_id = %s""",
                self._query_limits(wizard),
                wizard.id,
            )
        )[0]

    @api.model
    def _set_currencies(self, wizard):
        """Where another add-on keeps limits in other currencies, say in which."""
        if "risk_currency_id" not in self.env["res.partner"]._fields:
            return
        partners = self.env["res.partner"].sudo().with_company(wizard.company_id)
        rows = self.sudo().search([("onboarding_id", "=", wizard.id)])
        for batch in split_every(1000, rows.ids, self.sudo().browse):
            by_currency = batch.grouped(
                lambda row: partners.browse(row.partner_id.id).risk_currency_id
            )
            for currency, found in by_currency.items():
                if currency and currency != wizard.currency_id:
                    found._set_currency(wizard, currency)

    def _set_currency(self, wizard, currency):
        company = wizard.company_id
        line = self.env["credit.line"].new(
            {"currency_id": currency.id, "company_id": company.id}
        )
        rate = currency._get_conversion_rate(
            currency, company.currency_id, company, company._credit_today()
        )
        known = line._has_rate()
        self.write({"currency_id": currency.id, "rate": rate if known else 0.0})
        if not known:
            self.write({"selected": False})

    # === CREATE === #

    @api.model
    def _check_amounts(self, wizard):
        """:raise UserError: naming the first rows that cannot become lines"""
        wrong = self.search(
            Domain(self._get_todo_domain(wizard))
            & (Domain("amount", ">=", AMOUNT_CEILING) | Domain("rate", "=", 0)),
            limit=5,
        )
        if wrong:
            raise UserError(
                self.env._(
                    "The amount is absurdly large, or its currency has no rate: %s",
                    ", ".join(wrong.partner_id.mapped("display_name")),
                )
            )

    @api.model
    def _get_todo_domain(self, wizard):
        return [
            ("onboarding_id", "=", wizard.id),
            ("selected", "=", True),
            ("result", "=", "todo"),
        ]

    @api.model
    def _create_lines(self, wizard, count):
        """Create the lines of the next rows.

        :return: int, how many rows were dealt with
        """
        rows = self.search(
            self._get_todo_domain(wizard), limit=count, order="id"
        ).sudo()
        company = wizard.company_id
        lines = self.env["credit.line"].with_context(**QUIET)
        managed = lines.search(
            [("partner_id", "in", rows.partner_id.ids), ("company_id", "=", company.id)]
        ).partner_id
        skipped = rows.filtered(
            lambda row: row.partner_id in managed or not row._is_debtor()
        )
        skipped.result = "skipped"
        todo = rows - skipped
        profiles = self._get_profiles(todo.partner_id, company)
        kind = self.env.ref("credit_control.credit_line_kind_own")
        created = lines.create(
            [
                row._prepare_line(wizard, profiles[row.partner_id.id], kind)
                for row in todo
            ]
        )
        for row, line in zip(todo, created, strict=True):
            row.line_id = line
        todo.result = "created"
        return len(rows)

    def _is_debtor(self):
        """Whether the partner still is a debtor of his own."""
        partner = self.partner_id
        return partner.active and partner.commercial_partner_id == partner

    @api.model
    def _get_profiles(self, partners, company):
        """The credit files of these debtors, opened where missing.

        :return: dict, partner id -> id of the file
        """
        profiles = self.env["credit.profile"].with_context(**QUIET)
        found = profiles.with_context(active_test=False).search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
        )
        missing = partners - found.partner_id
        found |= profiles.create(
            [
                {"partner_id": partner.id, "company_id": company.id}
                for partner in missing
            ]
        )
        return {profile.partner_id.id: profile.id for profile in found}

    def _prepare_line(self, wizard, profile_id, kind):
        """Values of a line; beyond the manager's own authority it stays a draft."""
        self.ensure_one()
        within = self.amount * self.rate <= wizard._get_authority()
        return {
            "profile_id": profile_id,
            "kind_id": kind.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "state": wizard.line_state if within else "draft",
            "origin": wizard.origin,
            "date_onboarded": wizard.date_run,
        }

    # === UNDO === #

    @api.model
    def _query_removable(self, wizard):
        """The lines of a run that nobody has touched since."""
        self.env.flush_all()
        return SQL(
            """FROM credit_line l WHERE l.company_id = %s AND l.date_onboarded = %s
            AND l.write_date = l.create_date AND l.state IN ('draft', 'active')
            AND NOT EXISTS (SELECT FROM credit_line_change c WHERE c.line_id = l.id)""",
            wizard.company_id.id,
            wizard.date_run,
        )

    @api.model
    def _count_removable(self, wizard):
        query = SQL("SELECT COUNT(*) %s", self._query_removable(wizard))
        return self.env.execute_query(query)[0][0]

    @api.model
    def _remove_lines(self, wizard, count):
        """Delete the next lines of a run and the credit files that it opened for them.

        :return: int, how many lines were deleted
        """
        found = self.env.execute_query(
            SQL(
                "SELECT l.id %s ORDER BY l.id LIMIT %s",
                self._query_removable(wizard),
                count,
            )
        )
        # sudo: the manager's group was checked; he takes back what he created himself.
        lines = self.env["credit.line"].sudo().with_context(**QUIET)
        lines = lines.browse(row[0] for row in found)
        profiles = lines.profile_id
        lines.filtered(lambda line: line.state == "active").state = "draft"
        lines.unlink()
        empty = profiles.filtered(
            lambda profile: (
                not profile.line_ids
                and not profile.policy_id
                and profile.write_date == profile.create_date
            )
        )
        empty.unlink()
        return len(found)
