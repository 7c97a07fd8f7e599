# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date, formatLang

MAX_LINES = 12  # what fits on one page; the rest is summed up
MAX_HOLDS = 4
BUCKETS = ("later", "1", "31", "61", "91", "credit")
VIEWER = "credit_control.credit_control_group_viewer"
SECTIONS = frozenset(
    {"identity", "rating", "line_details", "behaviour", "holds", "duties"}
)


class CreditFlash(models.AbstractModel):
    """The diagnosis of a customer on one page, from its opening to its last payment.

    Exposure and lines come from ``credit.measure`` and ``credit.exposure`` alone (P1),
    whoever looks (P7); what a reader may see of them is decided here.
    """

    _name = "credit.flash"
    _description = "Customer Diagnosis"

    # === RIGHTS === #

    @api.model
    def _check_reader(self, profiles):
        """Refuse readers for whom this page is not.

        :param profiles: ``credit.profile``
        :raise AccessError: for others than credit staff, accountants, and salespeople
            of these very customers
        """
        profiles.check_access("read")
        user = self.env.user
        if user.has_group(VIEWER) or user.has_group(
            "sales_team.group_sale_salesman_all_leads"
        ):
            return
        # sudo: whose customer it is, nothing else.
        own = all(profile.sudo().partner_id.user_id == user for profile in profiles)
        if not (user.has_group("sales_team.group_sale_salesman") and own):
            raise AccessError(
                self.env._("The diagnosis is for your own customers only.")
            )

    @api.model
    def _get_flash_sections(self, user):
        """Hook: which parts of the page a user is shown.

        Without ``line_details`` lines that others secure are one sum, without ``rating``
        there is no score: what an insurer, a bank or an agency said is for the credit
        team.

        :param user: ``res.users``
        :return: set, of ``SECTIONS``
        """
        if user.has_group(VIEWER):
            return set(SECTIONS)
        return set(SECTIONS - {"line_details", "rating"})

    # === FACTS === #

    @api.model
    def _get_flash(self, profile):
        """Everything on the page of one credit file, in the reader's language.

        :param profile: ``credit.profile``, whose reader was checked
        :return: dict, texts and numbers for the template; amounts in main units of the
            root company's currency
        """
        sections = self._get_flash_sections(self.env.user)
        # sudo: the figures do not depend on the reader; the sections do.
        profile = profile.sudo()
        flash = {
            **self._get_words(profile.company_id.currency_id),
            **self._get_standing(profile),
            "sections": sections,
            "profile": profile,
            "today": profile.company_id._credit_today(),
            "ageing": self._get_ageing(profile),
            "history": self._get_history(profile),
            "trend": self._get_trend(profile),
            "holds": self._get_holds(profile),
            "answers": self._get_answers(profile),
            "missing": profile.missing_document_ids,
        }
        flash["stack"] = self._get_stack(flash["explained"], profile, sections)
        flash["duties"] = self._get_duties(flash)
        flash["advice"] = self.env["credit.flash.advice"].sudo()._get_advice(flash)
        return flash

    def _get_standing(self, profile):
        """Where the customer stands and how it paid, from the one source of each (P1)."""
        company, partner = profile.company_id, profile.partner_id
        measured = self.env["credit.measure"]._get_positions([partner.id], company)
        position = measured[partner.id]
        explanation = self.env["credit.explanation"].sudo()
        paid = self.env["credit.behaviour"]._get_figures(partner.ids, company)
        return {
            "position": position,
            "explained": explanation._explain_position(company, position),
            "components": self._get_components(position, company),
            "behaviour": paid[partner.id],
        }

    def _get_words(self, currency):
        """How amounts, dates and days are written for the reader."""
        return {
            "money": self._get_money(currency),
            "date": lambda value: format_date(self.env, value) if value else "",
            "days": self._word_days,
        }

    def _get_money(self, currency):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=currency)

        return money

    def _word_days(self, number):
        days = round(number)
        return self.env._("1 day") if days == 1 else self.env._("%s days", days)

    def _get_stack(self, explained, profile, sections):
        """The lines in force as rows of a chart; at most twelve, the rest summed up."""
        rows = explained["stack"]
        if "line_details" not in sections:
            rows = self._hide_secured(rows, profile)
        if len(rows) > MAX_LINES:
            rest = rows[MAX_LINES - 1 :]
            name = self.env._("%s more lines", len(rest))
            rows = [*rows[: MAX_LINES - 1], self._sum_rows(rest, name)]
        dates = self.env["credit.line"]._fields["date_to"]
        widest = max([row["amount"] for row in rows], default=0) or 1
        return [
            {
                **row,
                "date_to": dates.to_date(row["date_to"]),
                "width": round(100 * row["amount"] / widest, 1),
                "fill": round(100 * row["used"] / row["amount"])
                if row["amount"]
                else 0,
            }
            for row in rows
        ]

    def _hide_secured(self, rows, profile):
        secured = set(
            profile.line_ids.filtered(lambda line: line.kind_id.is_secured).ids
        )
        own = [row for row in rows if row["key"] not in secured]
        hidden = [row for row in rows if row["key"] in secured]
        if not hidden:
            return own
        return [*own, self._sum_rows(hidden, self.env._("Secured lines"))]

    def _sum_rows(self, rows, name):
        sums = {
            key: sum(row[key] for row in rows) for key in ("amount", "used", "free")
        }
        return {
            **sums,
            "name": name,
            "color": "#8a8f98",
            "date_to": False,
            "scope": False,
            "key": False,
        }

    def _get_components(self, position, company):
        """What the exposure is made of, counted parts only: their sum is the exposure."""
        scale = 10**position.digits
        components = self.env["credit.exposure.component"].search(
            [("code", "in", list(position.counted))]
        )
        return [
            {"name": component.name, "amount": position.counted[component.code] / scale}
            for component in components
            if position.counted.get(component.code)
        ]

    def _get_ageing(self, profile):
        """Receivables by how late they are; credits that nobody matched apart.

        :return: dict, bucket -> amount, and ``since``: due date of the oldest, ``overdue``
        """
        today = profile.company_id._credit_today()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT CASE WHEN e.amount < 0 THEN 'credit'
                    WHEN e.date_due >= %(today)s THEN 'later'
                    WHEN e.date_due >= %(today)s::date - 30 THEN '1'
                    WHEN e.date_due >= %(today)s::date - 60 THEN '31'
                    WHEN e.date_due >= %(today)s::date - 90 THEN '61'
                    ELSE '91' END AS bucket, SUM(e.amount)::float, MIN(e.date_due)
                FROM (%(exposure)s) e
                WHERE e.partner_id = %(partner)s AND e.company_id = %(company)s
                AND e.component_id = (SELECT id FROM credit_exposure_component
                    WHERE code = 'receivable')
                GROUP BY 1""",
                today=today,
                exposure=self.env["credit.exposure"]._table_query,
                partner=profile.partner_id.id,
                company=profile.company_id.id,
            )
        )
        ageing = dict.fromkeys(BUCKETS, 0.0)
        ageing.update({bucket: amount for bucket, amount, _since in rows})
        late = [row for row in rows if row[0] not in ("later", "credit")]
        ageing["overdue"] = sum(row[1] for row in late)
        ageing["since"] = min((row[2] for row in late), default=None)
        ageing["days"] = (today - ageing["since"]).days if late else 0
        return ageing

    def _get_history(self, profile):
        """From the opening of the account on: dates and the sales of twelve months."""
        partner, root = profile.partner_id, profile.company_id
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT MIN(m.invoice_date) AS first_invoice,
                    MAX(m.invoice_date) FILTER (WHERE m.move_type = 'out_invoice')
                        AS last_invoice,
                    COALESCE(SUM(m.amount_total_signed) FILTER (
                        WHERE m.invoice_date > %(today)s::date - 365), 0)::float AS sales
                FROM res_partner p
                JOIN account_move m ON m.partner_id = p.id
                JOIN res_company c ON c.id = m.company_id
                WHERE p.commercial_partner_id = %(partner)s AND m.state = 'posted'
                AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                AND split_part(c.parent_path, '/', 1)::int = %(root)s""",
                today=root._credit_today(),
                partner=partner.id,
                root=root.id,
            )
        )
        opening = profile.opening_ids.filtered("date_answer").sorted("date_answer")[:1]
        opened = opening.date_answer or profile.create_date
        return {**rows[0], "opening": opening, "opened": opened.date()}

    def _get_trend(self, profile):
        """Days late by quarter, with the height of each column in percent."""
        quarters = self.env["credit.behaviour"]._get_trend(
            profile.partner_id.id, profile.company_id
        )
        worst = max([quarter["days_late_avg"] or 0 for quarter in quarters] + [30])
        for quarter in quarters:
            late = quarter["days_late_avg"]
            date = quarter["date"]
            quarter["label"] = self.env._(
                "Q%(quarter)s %(year)s",
                quarter=(date.month + 2) // 3,
                year=f"{date:%y}",
            )
            quarter["late"] = None if late is None else round(late)
            quarter["height"] = round(100 * (late or 0) / worst)
        return quarters

    def _get_holds(self, profile):
        """Holds that wait, and how often twelve months brought holds and releases."""
        holds = self.env["credit.hold"].sudo()
        domain = profile._get_records_domain()
        waiting = holds.search([*domain, ("state", "in", ("open", "requested"))])
        year = [*domain, ("date_held", ">=", self._get_year_ago(profile))]
        counts = dict(holds._read_group(year, ["state"], ["__count"]))
        released = holds._read_group(
            [*year, ("release_date", "!=", False), ("state", "!=", "rejected")],
            [],
            ["__count", "release_amount:sum"],
        )[0]
        more = max(len(waiting) - MAX_HOLDS, 0)
        return {
            "summary": self._word_holds(
                more, sum(counts.values()), *released, profile.currency_id
            ),
            "waiting": waiting[:MAX_HOLDS],
            "more": more,
            "amount": sum(waiting.mapped("amount")),
        }

    def _word_holds(self, more, held, released, amount, currency):
        words = [self.env._("%s more wait.", more)] if more else []
        words.append(self.env._("Held in 12 months: %s.", held))
        if released:
            words.append(
                self.env._(
                    "Released: %(count)s, for %(amount)s.",
                    count=released,
                    amount=self._get_money(currency)(amount or 0.0),
                )
            )
        return " ".join(words)

    def _get_answers(self, profile):
        """What the customer promised and what it disputes.

        :return: dict, ``broken``: the last promise if it was not kept, ``promised``: those
            whose day has not passed, ``disputed``: open disputes, less what was paid since
        """
        today = profile.company_id._credit_today()
        promises = profile.promise_ids.sorted("date")
        waiting = promises.filtered(
            lambda promise: promise.state == "open" and promise.date >= today
        )
        disputes = profile.dispute_ids.filtered(lambda dispute: dispute.state == "open")
        return {
            "broken": (promises - waiting)
            .filtered(lambda promise: promise.state not in ("renewed", "withdrawn"))[
                -1:
            ]
            .filtered(lambda promise: promise.state not in ("kept", "late")),
            "promised": waiting,
            "disputed": sum(
                max(min(dispute.amount, dispute.move_id.amount_residual_signed), 0.0)
                for dispute in disputes
            ),
        }

    def _get_year_ago(self, profile):
        today = profile.company_id._credit_today()
        return today.replace(year=today.year - 1, day=min(today.day, 28))

    def _get_duties(self, flash):
        """What has a date: reviews, lines and documents that end, waiting changes.

        :return: list, dicts with ``date``, ``text``, ``late`` (bool), the earliest first
        """
        profile, today = flash["profile"], flash["today"]
        duties = []
        if profile.review_date:
            duties.append(
                (profile.review_date, self.env._("Review of the credit file"))
            )
        if profile.status_until and profile.status != "normal":
            duties.append((profile.status_until, self.env._("Review of the status")))
        for promise in flash["answers"]["promised"]:
            amount = flash["money"](promise.amount)
            text = self.env._("Promised payment of %s", amount)
            duties.append((promise.date, text))
        for row in flash["stack"]:
            if row["date_to"]:
                text = self.env._("End of the line %s", row["name"])
                duties.append((row["date_to"], text))
        for paper in profile.document_ids.filtered(
            lambda paper: paper.is_present and paper.date_to
        ):
            duties.append((paper.date_to, paper.type_id.name))
        return [
            {"date": date, "text": text, "late": date < today}
            for date, text in sorted(duties)[:5]
        ]
