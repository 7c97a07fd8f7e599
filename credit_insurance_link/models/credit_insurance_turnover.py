# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, date_utils, format_date

from odoo.addons.credit_control.models.handouts import to_csv

from ..engine import duties


class CreditInsuranceTurnover(models.Model):
    """The insurable turnover of a period, as it is declared to the insurer.

    Without taxes: VAT is not insured [A Atradius UK, Allianz DE]. What the policy excludes
    is shown beside it, so that the sum can be checked with the books.
    """

    _name = "credit.insurance.turnover"
    _description = "Turnover Declaration"
    _inherit = ["credit.insurance.told"]
    _order = "date_to desc, id desc"

    _button_fields = frozenset({"state", "declared_on", "received_on", "external_id"})
    _fixed_fields = frozenset({"policy_id", "date_from", "date_to", "line_ids"})

    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    line_ids = fields.One2many(
        "credit.insurance.turnover.line", "turnover_id", string="Countries"
    )
    amount = fields.Monetary(
        string="Insurable Turnover", compute="_compute_amounts", store=True
    )
    excluded_amount = fields.Monetary(
        string="Excluded", compute="_compute_amounts", store=True
    )
    premium_amount = fields.Monetary(
        string="Premium",
        compute="_compute_premium_amount",
        compute_sudo=True,
        groups="credit_control.credit_control_group_manager",
        help="The policy's rate on the insurable turnover; the insurer's bill decides.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("declared", "Declared"),
            ("acknowledged", "Received by the Insurer"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        group_expand=True,
    )
    declared_on = fields.Date(readonly=True, tracking=True)
    received_on = fields.Date(string="Received on", readonly=True, tracking=True)
    external_id = fields.Char(string="Insurer's Number", readonly=True, tracking=True)
    deadline = fields.Date(compute="_compute_deadline")
    note = fields.Text()

    _period_uniq = models.Constraint(
        "UNIQUE(policy_id, date_from, date_to)",
        "The declaration of this period exists already.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_from <= date_to)", "A period cannot end before it starts."
    )

    @api.depends_context("lang")
    @api.depends("policy_id.name", "date_from", "date_to")
    def _compute_display_name(self):
        for one in self:
            days = [format_date(self.env, day) for day in (one.date_from, one.date_to)]
            one.display_name = f"{one.policy_id.name or ''} · {' – '.join(days)}"

    @api.depends("line_ids.amount", "line_ids.excluded_amount")
    def _compute_amounts(self):
        for one in self:
            one.amount = sum(one.line_ids.mapped("amount"))
            one.excluded_amount = sum(one.line_ids.mapped("excluded_amount"))

    def _compute_premium_amount(self):
        for one in self:
            premium = one.amount * one.policy_id.premium_rate / 100
            # A new declaration has no policy yet, and so no currency to round in.
            currency = one.currency_id
            one.premium_amount = currency.round(premium) if currency else 0.0

    @api.depends("date_to", "policy_id.turnover_days")
    def _compute_deadline(self):
        for one in self:
            days = one.policy_id.turnover_days
            one.deadline = one.date_to and one.date_to + timedelta(days=days)

    @api.model_create_multi
    def create(self, vals_list):
        declarations = super().create(vals_list)
        # sudo: the books add up whoever asks.
        for one in declarations.sudo():
            if not one.line_ids:
                one._fill()
        return declarations

    # === STEPS === #

    def action_compute(self):
        """Add the period's invoices up again."""
        for one in self:
            one._check_step("draft")
            one.sudo()._fill()
        return True

    def action_declare(self):
        """The declaration left for the insurer."""
        for one in self:
            today = one.company_id._credit_today()
            if one.date_to >= today:
                raise UserError(self.env._("This period is not over yet."))
            one._step("draft", state="declared", declared_on=today)
        return True

    def action_acknowledge(self):
        """Open the dialog that records the insurer's receipt."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_insurance_link.credit_insurance_turnover_answer_action"
        )
        return {**action, "context": {"default_turnover_id": self.id}}

    def action_export(self):
        """Download the declaration as CSV."""
        self.ensure_one()
        self.check_access("read")
        header = [
            self.env._("Policy"),
            self.env._("From"),
            self.env._("To"),
            self.env._("Country"),
            self.env._("Currency"),
            self.env._("Insurable"),
            self.env._("Excluded"),
            self.env._("Note"),
        ]
        rows = [
            [
                self.policy_id.policy_number,
                self.date_from,
                self.date_to,
                line.country_id.code or "",
                self.currency_id.name,
                line.amount,
                line.excluded_amount,
                line.note or "",
            ]
            for line in self.line_ids
        ]
        return self._download(f"turnover-{self.id}.csv", to_csv([header, *rows]))

    def _acknowledge(self, received_on, external_id):
        """The insurer has it: only this fulfils the duty."""
        self._step(
            "declared",
            state="acknowledged",
            received_on=received_on,
            external_id=external_id,
        )
        duty = self.env["credit.insurance.duty"].sudo()
        found = duty.search([("turnover_id", "=", self.id), ("state", "=", "open")])
        found._clear(
            received_on, self.env._("Received by the insurer: %s", external_id or "")
        )

    # === PERIODS === #

    @api.model
    def _open_periods(self, policy):
        """Open the declaration of each period that is over, with its duty."""
        if not policy.turnover_period or policy.state not in ("live", "suspended"):
            return
        for start, end in self._get_periods(policy, policy.company_id._credit_today()):
            declaration = self.create(
                {"policy_id": policy.id, "date_from": start, "date_to": end}
            )
            self.env["credit.insurance.duty"].sudo().create(
                declaration._prepare_duty(policy, end)
            )

    def _get_periods(self, policy, today):
        """The periods that are over and not declared: since the last one, or the last one.

        :return: iterable of (first day, last day)
        """
        period = policy.turnover_period
        over = date_utils.start_of(today, period) - timedelta(days=1)
        start = date_utils.start_of(over, period)
        last = self.search(
            [("policy_id", "=", policy.id)], order="date_to desc", limit=1
        )
        if last:
            start = last.date_to + timedelta(days=1)
        start = max(start, policy.date_start or start)
        while start <= over:
            end = min(date_utils.end_of(start, period), over)
            yield start, end
            start = end + timedelta(days=1)

    def _prepare_duty(self, policy, end):
        due = duties.get_period_duty(end, policy.turnover_days)
        return {
            "kind": due.kind,
            "policy_id": policy.id,
            "turnover_id": self.id,
            "company_id": policy.company_id.id,
            "currency_id": policy.currency_id.id,
            "deadline": due.deadline,
            "anchor": due.anchor,
            "date_anchor": due.anchored_on,
            "user_id": policy._get_responsible().id,
            "is_missed": due.deadline < policy.company_id._credit_today(),
        }

    # === FIGURES === #

    def _fill(self):
        """Add up the period's invoices by country."""
        self.line_ids.unlink()
        self.env.flush_all()
        rows = self.env.execute_query(self._query_turnover())
        company, policy = self.company_id, self.policy_id
        lines = []
        for country_id, amount, excluded in rows:
            money = [
                company.currency_id._convert(
                    float(part), policy.currency_id, company, self.date_to
                )
                for part in (amount, excluded)
            ]
            lines.append(
                {
                    "turnover_id": self.id,
                    "country_id": country_id,
                    "amount": money[0],
                    "excluded_amount": money[1],
                }
            )
        self.env["credit.insurance.turnover.line"].create(lines)

    def _query_turnover(self):
        """Hook: sales of the period by country of the debtor.

        Private persons and affiliates are left out where the policy says so; an excluded
        country counts as excluded.

        :return: SQL of rows (country id, insurable, excluded), company currency, no taxes
        """
        companies = self.env["res.company"].search(
            [("id", "child_of", self.company_id.id)]
        )
        return SQL(
            """SELECT c.country_id,
                SUM(CASE WHEN c.out THEN 0 ELSE c.amount END),
                SUM(CASE WHEN c.out THEN c.amount ELSE 0 END)
            FROM (SELECT COALESCE(p.country_id, o.country_id) AS country_id,
                    m.amount_untaxed_signed AS amount,
                    %(out)s
                    AS out
                FROM account_move m
                JOIN res_partner d ON d.id = m.partner_id
                JOIN res_partner p ON p.id = d.commercial_partner_id
                JOIN res_company w ON w.id = m.company_id
                JOIN res_partner o ON o.id = w.partner_id
                WHERE m.state = 'posted'
                AND m.move_type IN ('out_invoice', 'out_refund')
                AND m.company_id = ANY(%(companies)s)
                AND m.invoice_date BETWEEN %(first)s AND %(last)s) c
            GROUP BY 1 ORDER BY 2 DESC, 1""",
            out=self._query_excluded(),
            companies=companies.ids,
            first=self.date_from,
            last=self.date_to,
        )

    def _query_excluded(self):
        """Hook: whether the policy excludes a sale to the debtor ``p``.

        :return: SQL, a condition; ``o`` is the seller, for debtors without a country
        """
        return SQL(
            """((%(persons)s AND p.is_company IS NOT TRUE)
                OR (%(affiliates)s AND EXISTS (
                    SELECT FROM res_company a WHERE a.partner_id = p.id))
                OR EXISTS (SELECT FROM credit_insurance_policy_country x
                    WHERE x.policy_id = %(policy)s AND x.is_excluded
                    AND x.country_id = COALESCE(p.country_id, o.country_id)))""",
            persons=self.policy_id.exclude_persons,
            affiliates=self.policy_id.exclude_affiliates,
            policy=self.policy_id.id,
        )
