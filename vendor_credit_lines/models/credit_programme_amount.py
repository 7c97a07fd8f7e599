# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.fields import Date, Domain
from odoo.tools import SQL

from .credit_programme_version import parse_domain

POINTS_PER_DAY = 2
YEAR = 364  # days: the same weekday a year ago


class CreditProgrammeVersion(models.Model):
    """How much each customer may get, and until when."""

    _inherit = "credit.programme.version"

    def _get_amounts(self, partners):
        """What these debtors may get, before the pot is asked.

        :param partners: debtors
        :return: dict, partner id -> (amount in the programme's currency, segment id or 0,
            code of the reason why nothing, or "")
        """
        self.ensure_one()
        segments = self._get_segments(partners)
        amounts = self._get_amount_methods()[self.amount_method](partners, segments)
        return {
            partner.id: self._cap(amounts[partner.id], segments.get(partner.id))
            for partner in partners
        }

    def _get_amount_methods(self):
        """Hook: the ways to work out amounts, by their code.

        :return: dict, code -> method of (partners, segments by partner id), which
            returns partner id -> (amount, code of the reason why nothing or "")
        """
        return {
            "fixed": self._get_amounts_fixed,
            "segment": self._get_amounts_segment,
            "score": self._get_amounts_segment,
            "turnover": self._get_amounts_turnover,
        }

    def _cap(self, found, segment):
        amount, reason = found
        if self.customer_cap:
            amount = min(amount, self.customer_cap)
        amount = self.programme_id.currency_id.round(amount)
        if not amount and not reason:
            reason = "no_amount"
        return amount, segment.id if segment else 0, reason

    def _get_segments(self, partners):
        """The first segment that each debtor fits: partner id -> segment.

        By score a segment also asks for its lowest score.
        """
        found, left = {}, set(partners.ids)
        scores = self._get_scores(partners) if self.amount_method == "score" else {}
        for segment in self.segment_ids:
            domain = Domain(parse_domain(segment.domain)) & Domain(
                "id", "in", list(left)
            )
            matching = self._get_customers().search(domain).ids if left else []
            for partner_id in matching:
                if not scores or (scores[partner_id] or 0) >= segment.score_min:
                    found[partner_id] = segment
                    left.discard(partner_id)
        return found

    def _get_amounts_fixed(self, partners, segments):
        return {partner.id: (self.amount, "") for partner in partners}

    def _get_amounts_segment(self, partners, segments):
        nothing = (0.0, "no_segment")
        return {
            partner.id: (segments[partner.id].amount, "")
            if partner.id in segments
            else nothing
            for partner in partners
        }

    def _get_amounts_turnover(self, partners, segments):
        turnover = self._get_turnover(partners)
        company = self.programme_id.company_id
        today = company._credit_today()
        return {
            partner.id: (
                company.currency_id._convert(
                    turnover.get(partner.id, 0.0) * self.percent / 100,
                    self.programme_id.currency_id,
                    company,
                    today,
                ),
                "" if turnover.get(partner.id, 0.0) > 0 else "no_turnover",
            )
            for partner in partners
        }

    def _get_turnover(self, partners, date_from=None, date_to=None):
        """Invoiced to debtors, without taxes, less credit notes, company currency.

        :param date date_from: default: the programme's months back from today
        :param date date_to: default: today
        :return: dict, partner id -> float
        """
        root = self.programme_id.company_id
        today = root._credit_today()
        first = date_from or Date.subtract(today, months=self.turnover_months)
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT m.commercial_partner_id, SUM(m.amount_untaxed_signed)::float
                    FROM account_move m JOIN res_company c ON c.id = m.company_id
                    WHERE m.state = 'posted'
                    AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                    AND m.commercial_partner_id = ANY(%s)
                    AND split_part(c.parent_path, '/', 1)::int = %s
                    AND m.invoice_date BETWEEN %s AND %s
                    GROUP BY 1""",
                    partners.ids,
                    root.id,
                    first,
                    date_to or today,
                )
            )
        )

    def _get_scores(self, partners):
        """Hook: how well debtors pay.

        :return: dict, partner id -> int from 0 (bad) to 100, or None when nobody knows
        """
        figures = self.env["credit.behaviour"]._get_figures(
            partners.ids, self.programme_id.company_id
        )
        return {
            partner_id: None
            if row["days_late_avg"] is None
            else max(100 - round(row["days_late_avg"] * POINTS_PER_DAY), 0)
            for partner_id, row in figures.items()
        }

    # === UNTIL WHEN === #

    def _get_periods(self, partners):
        """From when to when the lines of these debtors count.

        :return: dict, partner id -> (first day, last day or False)
        """
        self.ensure_one()
        today = self.programme_id.company_id._credit_today()
        if self.line_end == "season":
            return self._get_seasons(partners)
        end = self.date_to
        if self.line_end == "months":
            end = Date.add(today, months=self.line_months) - timedelta(days=1)
        return dict.fromkeys(partners.ids, (today, end))

    def _get_seasons(self, partners):
        """Each debtor's busiest weeks, by what he was invoiced a year ago.

        Who bought nothing then gets the programme's last weeks.
        """
        today = self.programme_id.company_id._credit_today()
        start = max(self.date_from or today, today)
        length = timedelta(weeks=self.season_weeks)
        last = max(start, self.date_to - length + timedelta(days=1))
        busiest = self._fetch_busiest(partners, start, last)
        return {
            partner.id: (
                found := busiest.get(partner.id, last),
                min(found + length - timedelta(days=1), self.date_to),
            )
            for partner in partners
        }

    def _fetch_busiest(self, partners, start, last):
        """The first day of the weeks with the highest turnover, moved to this year."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (m.commercial_partner_id)
                    m.commercial_partner_id, d.day::date
                FROM account_move m
                JOIN res_company c ON c.id = m.company_id
                JOIN generate_series(%(start)s::date, %(last)s::date, '1 week') d(day)
                    ON m.invoice_date + %(year)s >= d.day::date
                    AND m.invoice_date + %(year)s < d.day::date + %(days)s
                WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
                AND m.commercial_partner_id = ANY(%(partners)s)
                AND split_part(c.parent_path, '/', 1)::int = %(root)s
                AND m.invoice_date >= %(start)s::date - %(year)s - 7
                GROUP BY 1, 2
                ORDER BY 1, SUM(m.amount_untaxed_signed) DESC, 2""",
                start=start,
                last=last,
                year=YEAR,
                days=self.season_weeks * 7,
                partners=partners.ids,
                root=self.programme_id.company_id.id,
            )
        )
        return dict(rows)
