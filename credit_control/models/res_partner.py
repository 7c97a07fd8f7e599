# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import allocate

FIGURES = ("credit_limit_total", "credit_exposure", "credit_available")
ANALYST = "credit_control.credit_control_group_analyst"
COMPARISONS = {op: SQL(op) for op in ("<", ">", "<=", ">=", "=", "!=")}


class ResPartner(models.Model):
    """Nothing is stored on partners: the table is hot, and figures must be of now."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    credit_profile_id = fields.Many2one(
        "credit.profile",
        string="Credit File",
        compute="_compute_credit_profile_id",
        compute_sudo=True,
    )
    credit_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of Credit Figures",
        compute="_compute_credit_figures",
        compute_sudo=True,
    )
    credit_is_managed = fields.Boolean(
        string="Credit Managed", compute="_compute_credit_figures", compute_sudo=True
    )
    credit_limit_total = fields.Monetary(
        string="Credit Lines",
        compute="_compute_credit_figures",
        compute_sudo=True,
        search="_search_credit_limit_total",
        currency_field="credit_currency_id",
        help="All lines in force today, in the main company's currency.",
    )
    credit_exposure = fields.Monetary(
        string="Exposure",
        compute="_compute_credit_figures",
        compute_sudo=True,
        search="_search_credit_exposure",
        currency_field="credit_currency_id",
        help="What the whole customer owes: invoices, orders and what the policy counts.",
    )
    credit_available = fields.Monetary(
        string="Available Credit",
        compute="_compute_credit_figures",
        compute_sudo=True,
        search="_search_credit_available",
        currency_field="credit_currency_id",
        help="What may still be sold of anything; negative when over the limit. Lists sort "
        "and filter by lines less exposure, lines for certain goods included.",
    )
    credit_over_limit = fields.Boolean(
        string="Over Credit Limit",
        compute="_compute_credit_figures",
        compute_sudo=True,
        search="_search_credit_over_limit",
    )
    credit_stack = fields.Json(compute="_compute_credit_stack", compute_sudo=True)
    credit_hold_count = fields.Integer(compute="_compute_credit_hold_count")
    credit_line_ids = fields.One2many(
        "credit.line", compute="_compute_credit_records", string="Lines of Credit"
    )
    credit_hold_ids = fields.One2many(
        "credit.hold", compute="_compute_credit_records", string="Waiting Holds"
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_credit_profile_id(self):
        profiles = self.env["credit.profile"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.root_id.id),
            ]
        )
        by_partner = {profile.partner_id: profile for profile in profiles}
        for partner in self:
            partner.credit_profile_id = by_partner.get(partner.commercial_partner_id)

    def _get_credit_positions(self):
        """Measure the debtors of these contacts: two statements for all.

        The figures are computed as superuser, so it is here that customers and other
        outsiders get none.
        """
        if not self.env.user._may_see_credit():
            return {}
        # Speed: the company's own partner, asked for its time zone, comes along.
        (self | self.env.company.root_id.sudo().partner_id).mapped(
            "commercial_partner_id"
        )
        debtors = self.commercial_partner_id._origin
        if not debtors:
            return {}
        return self.env["credit.measure"]._get_positions(debtors.ids, self.env.company)

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_credit_figures(self):
        positions = self._get_credit_positions()
        currency = self.env.company.root_id.currency_id
        for partner in self:
            position = positions.get(partner.commercial_partner_id._origin.id)
            managed = bool(position) and position.managed
            unit = 10**position.digits if position else 1
            partner.credit_currency_id = currency
            partner.credit_is_managed = managed
            partner.credit_limit_total = position.limit / unit if managed else 0.0
            partner.credit_exposure = (
                sum(position.counted.values()) / unit if position else 0.0
            )
            partner.credit_available = position.available() / unit if managed else 0.0
            partner.credit_over_limit = managed and bool(
                allocate(position.items, position.engine_lines).uncovered
            )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang", "uid")
    def _compute_credit_stack(self):
        positions = self._get_credit_positions()
        company = self.env.company.root_id
        for partner in self:
            position = positions.get(partner.commercial_partner_id._origin.id)
            partner.credit_stack = position and self.env[
                "credit.explanation"
            ]._explain_position(company, position)

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_credit_hold_count(self):
        # sudo: the number only; opening the holds needs the right to read them.
        counts = dict(
            self.env["credit.hold"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.root_id.id),
                    ("state", "in", ("open", "requested")),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.credit_hold_count = counts.get(partner.commercial_partner_id, 0)

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_credit_records(self):
        """For those who may read lines and holds: what the figures are made of."""
        domain = Domain("partner_id", "in", self.commercial_partner_id.ids) & Domain(
            "company_id", "=", self.env.company.root_id.id
        )
        lines = self.env["credit.line"].search(domain & Domain("state", "!=", "ended"))
        holds = self.env["credit.hold"].search(
            domain & Domain("state", "in", ("open", "requested"))
        )
        lines_of, holds_of = lines.grouped("partner_id"), holds.grouped("partner_id")
        for partner in self:
            debtor = partner.commercial_partner_id
            partner.credit_line_ids = lines_of.get(debtor)
            partner.credit_hold_ids = holds_of.get(debtor)

    # === LISTS: FILTER AND SORT IN THE DATABASE === #

    def _check_credit_reader(self):
        if not self.env.user._may_see_credit():
            raise AccessError(self.env._("You may not see what customers owe."))

    def _search_credit_over_limit(self, operator, value):
        self._check_credit_reader()
        if operator != "in":
            return NotImplemented
        over = Domain("commercial_partner_id", "in", self._get_credit_over_ids())
        wanted = Domain.OR([over if flag else ~over for flag in set(map(bool, value))])
        return wanted

    def _get_credit_over_ids(self):
        """Debtors over their limit: by SQL, except those with scoped lines.

        Few debtors have lines for certain goods or terms; they are measured exactly.
        """
        table = self.env["credit.measure"]._query_totals(self.env.company)
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, is_scoped FROM (%s) t"
                " WHERE is_managed AND (is_scoped OR exposure > limit_total)",
                table,
            )
        )
        over = [partner_id for partner_id, scoped in rows if not scoped]
        scoped = [partner_id for partner_id, scoped in rows if scoped]
        positions = self.env["credit.measure"]._get_positions(scoped, self.env.company)
        return over + [
            partner_id
            for partner_id, position in positions.items()
            if allocate(position.items, position.engine_lines).uncovered
        ]

    def _search_credit_limit_total(self, operator, value):
        return self._search_credit_figure("limit_total", operator, value)

    def _search_credit_exposure(self, operator, value):
        return self._search_credit_figure("exposure", operator, value)

    def _search_credit_available(self, operator, value):
        return self._search_credit_figure("available", operator, value)

    def _search_credit_figure(self, column, operator, value):
        self._check_credit_reader()
        if operator not in COMPARISONS or not isinstance(value, int | float):
            return NotImplemented
        measure = self.env["credit.measure"]
        nothing = measure._get_totals_of_nothing(self.env.company)[column]
        compare = SQL("%s %s", COMPARISONS[operator], value)
        rows = self.env.execute_query(
            SQL(
                "SELECT array_agg(partner_id) FILTER (WHERE %(column)s %(compare)s),"
                " array_agg(partner_id) FILTER (WHERE NOT %(column)s %(compare)s),"
                " %(nothing)s::numeric %(compare)s FROM (%(table)s) t",
                column=SQL.identifier(column),
                compare=compare,
                nothing=nothing,
                table=measure._query_totals(self.env.company),
            )
        )
        matching, others, nothing_matches = rows[0]
        if nothing_matches:
            return Domain("commercial_partner_id", "not in", others or [])
        return Domain("commercial_partner_id", "in", matching or [])

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Override of `base`: sort by figures that are computed in the database."""
        if field_name not in FIGURES:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        self._check_credit_reader()
        totals = query.make_alias(alias, "credit_totals")
        if totals not in query._joins:
            query.add_join(
                "LEFT JOIN",
                totals,
                SQL("(%s)", self.env["credit.measure"]._query_totals(self.env.company)),
                SQL(
                    "%s = %s",
                    SQL.identifier(totals, "partner_id"),
                    SQL.identifier(alias, "commercial_partner_id"),
                ),
            )
        column = field_name.removeprefix("credit_")
        nothing = self.env["credit.measure"]._get_totals_of_nothing(self.env.company)
        return SQL(
            "COALESCE(%s, %s) %s %s",
            SQL.identifier(totals, column),
            nothing[column],
            direction,
            nulls,
        )

    # === ACTIONS === #

    def action_open_credit_profile(self):
        """Open the credit file; analysts open one where there is none yet."""
        self.ensure_one()
        profile = self.credit_profile_id
        action = {
            "type": "ir.actions.act_window",
            "res_model": "credit.profile",
            "views": [(False, "form")],
            "name": self.env._("Credit File"),
        }
        if profile:
            return {**action, "res_id": profile.id}
        context = {"default_partner_id": self.commercial_partner_id.id}
        return {**action, "context": context}

    def action_open_credit_exposure(self):
        """Open the items that the exposure is made of (P1)."""
        self.ensure_one()
        return self.env["credit.measure"]._get_exposure_action(
            self.commercial_partner_id, self.env.company
        )

    def action_open_credit_holds(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_control.credit_hold_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        return action

    # === MOVING AND MERGING === #

    def write(self, vals):
        """Override of `base`: a credit file follows its debtor to a new parent."""
        if "parent_id" not in vals and "is_company" not in vals:
            return super().write(vals)
        result = super().write(vals)
        self.sudo()._credit_move_files(allowed=self.env.su)
        return result

    def _credit_move_files(self, allowed):
        """Hand over the files of partners that are no debtors of their own any more.

        A move there and back would leave the file with somebody else, and the debtor
        not managed: only credit analysts move debtors who have a file (P2).

        :param bool allowed: the caller is the system itself
        """
        profiles = self.env["credit.profile"].with_context(active_test=False)
        moved = self.filtered(lambda p: p.commercial_partner_id != p)
        files = profiles.search([("partner_id", "in", moved.ids)])
        if files and not (allowed or self.env.user.has_group(ANALYST)):
            raise AccessError(
                self.env._(
                    "%s has a credit file: ask a credit analyst to move this customer.",
                    files[:1].partner_id.display_name,
                )
            )
        for profile in files:
            profile._hand_over(profile.partner_id.commercial_partner_id)
        for partner in moved:
            profiles._hand_over_holds(partner, partner.commercial_partner_id)
