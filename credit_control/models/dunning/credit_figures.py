# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ...engine.figures import Month, count_back, effectiveness
from .credit_aged_balance import READERS
from .credit_figures_query import ANSWER_DAYS, BACK


class CreditFigures(models.AbstractModel):
    """How fast money comes in, what is expected when, and what may never come."""

    _name = "credit.figures"
    _inherit = "credit.figures.query"
    _description = "Figures of Collection"

    @api.model
    def get_figures(self, policy_id: int | None = None, user_id: int | None = None):
        """The figures of the current main company, for the web client.

        Amounts are in main units of its currency; whatever may be opened says so.

        :param int policy_id: only debtors of this credit policy
        :param int user_id: only debtors of this salesperson
        :return: dict, company, currency_id, choices of ``policies`` and ``users``,
            ``tiles``, ``trend`` (by month), ``weeks``, ``risks`` and ``responses``
        :raise AccessError: for others than credit people and accountants
        """
        filters = self._get_filters(policy_id, user_id)
        # sudo: the figures do not depend on who looks (P7).
        return self.sudo()._get_figures(filters)

    @api.model
    def open_records(
        self,
        what: str,
        key: str | int | None = None,
        policy_id: int | None = None,
        user_id: int | None = None,
    ):
        """The action that lists what a figure is made of.

        :param str what: ``open``, ``current``, ``late``, ``risk``, ``week``, ``plans``,
            ``promises`` or ``notices``
        :param key: number of the week, code of the risk (all without one), level and
            channel of notices
        :return: dict, action
        """
        filters = self._get_filters(policy_id, user_id)
        # sudo: the very records that were counted; the list itself asks for rights.
        source = self.sudo()
        openers = self._get_openers()
        return openers.get(what, openers["open"])(source, filters, key)

    def _get_openers(self):
        """Hook: what opens each figure.

        :return: dict, what -> function of figures with all rights, filters and key; it
            returns an action
        """
        figures = type(self)
        return {
            "open": figures._open_owed,
            "current": figures._open_current,
            "late": figures._open_late,
            "risk": figures._open_risk,
            "week": figures._open_week,
            "plans": figures._open_plans,
            "promises": figures._open_promises,
            "notices": figures._open_notices,
        }

    def _get_filters(self, policy_id, user_id):
        if not any(map(self.env.user.has_group, READERS)):
            raise AccessError(
                self.env._("These figures are for credit people and accountants.")
            )
        self.env.flush_all()
        return {
            "root": self.env.company.root_id,
            "policy_id": int(policy_id or 0),
            "user_id": int(user_id or 0),
        }

    def _get_figures(self, filters):
        root = filters["root"]
        items = self._fetch_open(filters)
        trend = self._get_trend(filters)
        risks = self._prepare_risks(filters, items)
        promises = self._fetch_promises(filters)
        return {
            "company": root.display_name,
            "currency_id": root.currency_id.id,
            "is_empty": not (items or any(month["receivable"] for month in trend)),
            "policies": self._get_policies(root),
            "users": self._get_users(root),
            "policy_id": filters["policy_id"],
            "user_id": filters["user_id"],
            "trend": trend,
            "tiles": self._prepare_tiles(trend, promises, risks, items),
            "weeks": self._prepare_weeks(filters, items),
            "risks": risks,
            "responses": self._prepare_responses(filters),
        }

    # === TREND === #

    def _get_trend(self, filters):
        """DSO, best possible DSO, delinquency and effectiveness, month by month."""
        root = filters["root"]
        unit = 10**root.currency_id.decimal_places
        ends = self._get_ends(root)
        sales = self._fetch_sales(filters)
        owed = self._fetch_receivables(filters, ends)
        current = self._fetch_current(filters, ends)
        rows = []
        for opening, end in zip(ends, ends[1:], strict=False):
            months = self._get_months(sales, end, unit)
            cents = [round((owed.get(day) or 0.0) * unit) for day in (opening, end)]
            not_due = min(round((current.get(end) or 0.0) * unit), max(cents[1], 0))
            dso, best = count_back(cents[1], months), count_back(not_due, months)
            index = effectiveness(cents[0], months[0].sales, cents[1], not_due)
            rows.append(
                {
                    "month": format_date(self.env, end, date_format="MMM yy"),
                    "date": str(end),
                    "receivable": cents[1] / unit,
                    "sales": months[0].sales / unit,
                    "dso": round(float(dso), 1),
                    "best": round(float(best), 1),
                    "delinquent": round(float(dso - best), 1),
                    "effectiveness": None
                    if index is None
                    else round(100 * float(index), 1),
                }
            )
        return rows

    def _get_months(self, sales, end, unit):
        """The sales of the month of a day, up to that day, and of those before."""
        first = end.replace(day=1)
        months = [Month(round(sales.get(first, 0.0) * unit), end.day)]
        for _month in range(BACK):
            last = first - timedelta(days=1)
            first = last.replace(day=1)
            months.append(Month(round(sales.get(first, 0.0) * unit), last.day))
        return months

    # === TILES AND LISTS === #

    def _prepare_tiles(self, trend, promises, risks, items):
        now = trend[-1]
        promised, kept = promises["promised"], promises["kept"]
        return {
            **{name: now[name] for name in ("dso", "best", "delinquent")},
            "effectiveness": now["effectiveness"],
            "reliability": round(100 * kept / promised) if promised else None,
            "promised": promised,
            "risk": sum(risk["amount"] for risk in risks),
            "open": sum(item["amount"] for item in items),
        }

    def _prepare_weeks(self, filters, items):
        """A row for each week, and one more where payment plans bring something."""
        mondays = self._get_weeks(filters["root"])
        names = [
            format_date(self.env, monday, date_format="d MMM") for monday in mondays
        ]
        names.append(self.env._("later"))
        weeks = self._split_weeks(filters, items)
        rows = []
        for index, plans in enumerate(self._split_plans(filters)):
            rows.append(self._prepare_row(names[index], weeks[index], "week", index))
            if plans["ids"]:
                name = self.env._("%s, payment plans", names[index])
                rows.append(self._prepare_row(name, plans, "plans", index))
        return rows

    def _prepare_row(self, name, part, what, key):
        return {
            "name": name,
            "amount": part["amount"],
            "count": len(part["ids"]),
            "action": {"what": what, "key": key},
        }

    def _get_risk_names(self):
        """Hook: the reasons of ``_get_risk`` in words, the gravest first."""
        return {
            "stopped": self.env._("Stop list or insolvent"),
            "disputed": self.env._("Disputed"),
            "broken": self.env._("Promise broken"),
            "old": self.env._("Over 90 days late"),
        }

    def _prepare_risks(self, filters, items):
        risks = self._split_risks(filters, items)
        return [
            self._prepare_row(name, risks[code], "risk", code)
            for code, name in self._get_risk_names().items()
        ]

    def _prepare_responses(self, filters):
        levels = self.env["credit.dunning.level"].with_context(active_test=False)
        channels = dict(
            self.env["credit.dunning.message"]
            ._fields["channel"]
            ._description_selection(self.env)
        )
        rows = []
        for row in self._fetch_responses(filters):
            level = levels.browse(row["level_id"])
            rows.append(
                {
                    "level": level.display_name,
                    "sequence": (level.plan_id.id, level.sequence, row["channel"]),
                    "channel": channels[row["channel"]],
                    "count": len(row["ids"]),
                    "amount": row["amount"],
                    "paid": row["paid"],
                    "rate": round(100 * row["paid"] / row["amount"]),
                    "days": ANSWER_DAYS,
                    "action": {"what": "notices", "key": self._get_response_key(row)},
                }
            )
        return sorted(rows, key=lambda row: row.pop("sequence"))

    def _get_policies(self, root):
        policies = self.env["credit.policy"].search(
            [("company_id", "in", (False, root.id))]
        )
        return [{"id": policy.id, "name": policy.name} for policy in policies]

    def _get_users(self, root):
        groups = self.env["res.partner"]._read_group(
            [("user_id", "!=", False), ("customer_rank", ">", 0)], ["user_id"]
        )
        users = [user for (user,) in groups if root in user.company_ids.root_id]
        return [{"id": user.id, "name": user.name} for user in users]

    # === WHAT OPENS === #

    def _get_response_key(self, row):
        return f"{row['level_id']}/{row['channel']}"

    def _open_owed(self, filters, _key):
        """Everything that is owed, credits included: what DSO counts."""
        return self._open_items(self._get_owed_domain(filters))

    def _open_current(self, filters, _key):
        return self._open_items(
            self._get_owed_domain(filters) & self._get_current_domain(filters)
        )

    def _open_late(self, filters, _key):
        """What is owed less what is not due yet."""
        return self._open_items(
            self._get_owed_domain(filters) & ~self._get_current_domain(filters)
        )

    def _open_risk(self, filters, key):
        risks = self._split_risks(filters, self._fetch_open(filters))
        chosen = [risks[str(key)]] if key else risks.values()
        ids = [item_id for risk in chosen for item_id in risk["ids"]]
        return self._open_items(Domain("id", "in", ids))

    def _open_week(self, filters, key):
        weeks = self._split_weeks(filters, self._fetch_open(filters))
        return self._open_items(Domain("id", "in", self._get_week(weeks, key)["ids"]))

    def _open_plans(self, filters, key):
        ids = self._get_week(self._split_plans(filters), key)["ids"]
        return self._prepare_action(
            self.env._("Instalments"), "credit.instalment", ids, [(False, "list")]
        )

    def _get_week(self, weeks, key):
        return weeks[min(max(int(key or 0), 0), len(weeks) - 1)]

    def _open_promises(self, filters, _key):
        ids = self._fetch_promises(filters)["ids"]
        return self._prepare_action(self.env._("Promises"), "credit.promise", ids)

    def _open_notices(self, filters, key):
        found = {
            self._get_response_key(row): row["ids"]
            for row in self._fetch_responses(filters)
        }
        return self._prepare_action(
            self.env._("Notices"), "credit.dunning.notice", found.get(str(key), [])
        )

    def _open_items(self, domain):
        return self._prepare_action(
            self.env._("Open Items"),
            "credit.open.item",
            domain,
            [(False, "list"), (False, "pivot"), (False, "graph")],
        )

    def _get_owed_domain(self, filters):
        """The open items of the debtors who count."""
        domain = Domain("company_id", "=", filters["root"].id)
        if filters["user_id"] or filters["policy_id"]:
            domain &= Domain("partner_id", "in", self._fetch_owing(filters))
        return domain

    def _get_current_domain(self, filters):
        today = str(filters["root"]._credit_today())
        return Domain("amount", ">", 0) & Domain("date_due", ">=", today)

    def _prepare_action(self, name, model, records, views=None):
        """An action.

        :param records: list of ids, or a domain
        """
        if not isinstance(records, Domain):
            records = Domain("id", "in", records)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": list(records),
            "views": views or [(False, "list"), (False, "form")],
        }
