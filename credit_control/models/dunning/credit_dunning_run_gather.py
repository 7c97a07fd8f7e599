# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from ...engine import dunning


@dataclass(slots=True)
class Debtor:
    """What one debtor owes on a day, and who wants it left in peace.

    :ivar list owed: rows of items that are owed
    :ivar list credits: rows of credits that are not allocated
    :ivar dict skips: item key, or None for the debtor -> Excuse
    """

    partner_id: int
    profile_id: int | None = None
    contact: int | None = None
    owed: list = field(default_factory=list)
    credits: list = field(default_factory=list)
    skips: dict = field(default_factory=dict)
    outcome: dunning.Outcome | None = None


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why something is left out: code of a reason, its end and the record behind it."""

    code: str
    until: object = None
    model: str = ""
    res_id: int | None = None
    pauses: bool = False


class CreditDunningRun(models.Model):
    """Gather what is owed, in a few statements for any number of items."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.dunning.run"

    @api.model
    def _gather(self, company, day, partner_ids=None, *, at_sending=False):
        """What debtors owe on a day, and the message that each gets.

        :param company: ``res.company``, a root company
        :param date day: the day of the messages
        :param partner_ids: only these commercial partners; None for all
        :param bool at_sending: steps of that day, but who is left in peace today
        :return: dict, partner id -> Debtor with its outcome
        """
        self.env.flush_all()
        plans = self._get_engine_plans(company)
        horizon = max(
            (-level.delay for plan in plans.values() for level in plan.levels),
            default=0,
        )
        debtors = {}
        query = self._query_items(company, day, max(horizon, 0), partner_ids)
        for row in self.env.execute_query_dict(query):
            key = row["partner_id"]
            debtor = debtors.setdefault(key, Debtor(key, row["profile_id"]))
            (debtor.owed if row["cents"] > 0 else debtor.credits).append(row)
        debtors = {key: debtor for key, debtor in debtors.items() if debtor.owed}
        asked = company._credit_today() if at_sending else day
        self._fill_skips(debtors, company, asked, partner_ids)
        self._fill_contacts(debtors, company, day, partner_ids)
        for debtor in debtors.values():
            debtor.outcome = self._choose(debtor, plans)
        return debtors

    def _choose(self, debtor, plans):
        skip = debtor.skips.get(None)
        return dunning.choose(
            [self._prepare_engine_item(row, debtor, plans) for row in debtor.owed],
            credit=sum(row["cents"] for row in debtor.credits),
            contact=debtor.contact,
            skip=skip.code if skip else "",
        )

    def _prepare_engine_item(self, row, debtor, plans):
        plan = plans.get(row["plan_id"]) or dunning.Plan()
        skip = debtor.skips.get(row["id"])
        handed = row["handed"] and plan.restart != dunning.END
        return dunning.Item(
            key=row["id"],
            late=row["late"],
            amount=row["cents"],
            plan=plan,
            rank=row["rank"] or 0,
            before=row["before"],
            since=row["since"],
            paused=row["paused"] or False,
            skip=skip.code if skip else "dunning_handed_over" if handed else "",
        )

    @api.model
    def _get_engine_plans(self, company):
        """The live plans of a company, for the engine; amounts in cents.

        :return: dict, plan id -> Plan
        """
        # sudo: who makes a run need not have the right to see each plan.
        plans = (
            self.env["credit.dunning.plan"]
            .sudo()
            .search([("company_id", "in", (False, company.id))])
        )
        unit = 10**company.currency_id.decimal_places
        return {
            plan.id: dunning.Plan(
                tuple(
                    dunning.Level(
                        level.id,
                        level.rank,
                        level.delay,
                        level.quiet_days,
                        round(level.minimum_amount * unit),
                    )
                    for level in plan.level_ids.sorted("delay")
                ),
                plan.mode,
                plan.restart,
            )
            for plan in plans
        }

    # === STATEMENTS === #

    def _query_items(self, company, day, horizon, partner_ids=None):
        """Open items of debtors with their plan and the last step that was sent.

        What is open comes from the exposure, so that nothing is dunned that is not
        exposure (P1).
        """
        return SQL(
            """WITH owed AS MATERIALIZED (%(owed)s)
            SELECT o.id, o.move_id, o.partner_id, o.due, o.name, o.date, o.currency_id,
                o.amount_residual_currency AS amount_currency,
                ROUND(o.amount_residual * %(unit)s)::bigint AS cents,
                %(day)s::date - o.due AS late, f.id AS profile_id,
                COALESCE(o.credit_dunning_plan_id, f.dunning_plan_id,
                    y.dunning_plan_id, %(plan)s) AS plan_id,
                s.rank, s.level_id, s.before, s.handed, s.paused,
                %(day)s::date - s.date AS since
            FROM owed o
            LEFT JOIN credit_profile f
                ON f.partner_id = o.partner_id AND f.company_id = %(root)s
            LEFT JOIN credit_policy y ON y.id = COALESCE(f.policy_id, %(policy)s)
            LEFT JOIN LATERAL (%(steps)s) s ON o.amount_residual > 0
            ORDER BY o.partner_id, o.due, o.id""",
            owed=self._query_open_items(company, day, horizon, partner_ids),
            day=day,
            unit=10**company.currency_id.decimal_places,
            plan=self._get_default_plan_id() or None,
            root=company.id,
            policy=company._get_credit_policy().id or None,
            steps=self._query_steps(),
        )

    def _query_open_items(self, company, day, horizon, partner_ids=None):
        """What is open on receivable accounts and due soon, and every credit."""
        branch = self.env["credit.exposure"]._get_branches()["receivable"]
        return SQL(
            """SELECT l.id, l.move_id, p.commercial_partner_id AS partner_id,
                COALESCE(l.date_maturity, l.date) AS due,
                l.amount_residual, l.amount_residual_currency, l.currency_id,
                m.name, COALESCE(m.invoice_date, m.date) AS date,
                m.credit_dunning_plan_id
            FROM %(tables)s JOIN res_partner p ON p.id = l.partner_id %(own)s
            WHERE %(where)s AND l.company_id = ANY(%(companies)s)
            AND (l.amount_residual < 0 OR l.amount_residual > 0
                AND COALESCE(l.date_maturity, l.date) <= %(day)s::date + %(horizon)s)""",
            tables=branch.tables,
            where=branch.where,
            own=self._sql_own(SQL("p.commercial_partner_id"), partner_ids),
            companies=self._get_tree_ids(company),
            day=day,
            horizon=horizon,
        )

    def _query_steps(self):
        """The last step of an item "o": what left, and what is about to leave."""
        return SQL(
            """SELECT MAX(i.rank) AS rank, MAX(n.date) AS date,
                (ARRAY_AGG(i.level_id ORDER BY i.rank DESC, n.date DESC))[1] AS level_id,
                MAX(v.delay) FILTER (WHERE v.delay < 0) AS before,
                BOOL_OR(v.kind = 'handover') AS handed,
                EXISTS (SELECT FROM credit_dunning_skip k
                    WHERE k.pauses AND (k.move_line_id = o.id
                        OR k.move_line_id IS NULL AND k.profile_id = f.id)
                    AND k.date >= MAX(n.date)) AS paused
            FROM credit_dunning_item i
            JOIN credit_dunning_notice n ON n.id = i.notice_id
                AND n.state IN ('sending', 'sent') AND n.is_test IS NOT TRUE
            JOIN credit_dunning_level v ON v.id = i.level_id
            WHERE i.move_line_id = o.id AND i.counts AND i.kind = 'step'"""
        )

    def _query_contacts(self, company):
        """Hook: when debtors were contacted; add more with UNION ALL.

        :return: SQL of partner_id and date
        """
        return SQL(
            """SELECT partner_id, date FROM credit_dunning_notice
            WHERE state IN ('sending', 'sent') AND is_test IS NOT TRUE
            AND company_id = %s""",
            company.id,
        )

    def _fill_contacts(self, debtors, company, day, partner_ids):
        rows = self.env.execute_query(
            SQL(
                """SELECT c.partner_id, %(day)s::date - MAX(c.date)
                FROM (%(contacts)s) c(partner_id, date) WHERE TRUE %(own)s
                GROUP BY c.partner_id""",
                day=day,
                contacts=self._query_contacts(company),
                own=self._sql_own(SQL("c.partner_id"), partner_ids),
            )
        )
        for partner_id, days in rows:
            if partner_id in debtors:
                debtors[partner_id].contact = days

    def _fill_skips(self, debtors, company, day, partner_ids):
        for code, branch in self._get_skip_branches(company, day).items():
            rows = self.env.execute_query(
                SQL(
                    """SELECT b.partner_id, b.move_line_id, b.until, b.res_id
                    FROM (%s) b(partner_id, move_line_id, until, res_id)
                    WHERE TRUE %s""",
                    branch.query,
                    self._sql_own(SQL("b.partner_id"), partner_ids),
                )
            )
            for partner_id, key, until, res_id in rows:
                if debtor := debtors.get(partner_id):
                    excuse = Excuse(code, until, branch.model, res_id, branch.pauses)
                    debtor.skips.setdefault(key, excuse)

    @api.model
    def _sql_own(self, column, partner_ids):
        if partner_ids is None:
            return SQL()
        return SQL("AND %s = ANY(%s)", column, list(partner_ids))

    @api.model
    def _get_tree_ids(self, company):
        """The company and its branches, whoever looks (P7)."""
        # sudo: which branches there are is no secret here.
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("id", "child_of", company.id)]).ids

    @api.model
    def _get_default_plan_id(self):
        plan = self.env.ref(
            "credit_control.credit_dunning_plan_default", raise_if_not_found=False
        )
        return plan and plan.id
