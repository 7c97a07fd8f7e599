# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL


class CreditProgrammeReview(models.TransientModel):
    """What chasing the customers of a programme costs, before and with their line."""

    # One file per concern: pylint: disable=consider-merging-classes-inherited
    _inherit = "credit.programme.review"

    reminder_cost = fields.Monetary(
        string="One Reminder",
        default=2.0,
        help="What a reminder costs on average, with its share of the work.",
    )
    call_cost = fields.Monetary(string="One Call", default=8.0)
    reminder_before = fields.Integer(string="Reminders Before", readonly=True)
    reminder_after = fields.Integer(string="Reminders with the Line", readonly=True)
    call_before = fields.Integer(string="Calls Before", readonly=True)
    call_after = fields.Integer(string="Calls with the Line", readonly=True)
    dunning_cost = fields.Monetary(
        string="Cost of Dunning",
        readonly=True,
        help="Reminders and calls to these customers since their line opened.",
    )
    dunning_more = fields.Monetary(
        string="More than Before",
        readonly=True,
        help="Against an equally long time before the line.",
    )

    _costs_positive = models.Constraint(
        "CHECK(COALESCE(reminder_cost, 0) >= 0 AND COALESCE(call_cost, 0) >= 0)",
        "What a reminder or a call costs is zero or more.",
    )

    def _review_dunning(self, grants):
        before, after = self._count_dunning(self._get_spans(grants))
        costs = (self.reminder_cost, self.call_cost)
        was, now = (
            sum(count * cost for count, cost in zip(counts, costs, strict=True))
            for counts in (before, after)
        )
        self.write(
            {
                "reminder_before": before[0],
                "call_before": before[1],
                "reminder_after": after[0],
                "call_after": after[1],
                "dunning_cost": now,
                "dunning_more": now - was,
            }
        )

    def _count_dunning(self, spans):
        """Reminders that were sent and calls that were made.

        :param dict spans: partner id -> (day, number of days)
        :return: (reminders, calls) before the day, and the same from the day on
        """
        if not spans:
            return (0, 0), (0, 0)
        self.env.flush_all()
        ((*before, reminders, calls),) = self.env.execute_query(
            SQL(
                """SELECT
                    COUNT(*) FILTER (WHERE d.date < s.day AND NOT d.is_call),
                    COUNT(*) FILTER (WHERE d.date < s.day AND d.is_call),
                    COUNT(*) FILTER (WHERE d.date >= s.day AND NOT d.is_call),
                    COUNT(*) FILTER (WHERE d.date >= s.day AND d.is_call)
                FROM unnest(%(partners)s::int[], %(days)s::date[], %(spans)s::int[])
                    AS s(partner, day, days)
                JOIN (
                    SELECT partner_id, company_id, date, FALSE AS is_call
                    FROM credit_dunning_notice
                    WHERE state = 'sent' AND is_test IS NOT TRUE
                    UNION ALL SELECT partner_id, company_id, date, TRUE
                    FROM credit_dunning_contact
                ) d ON d.partner_id = s.partner AND d.company_id = %(company)s
                    AND d.date >= s.day - s.days AND d.date < s.day + s.days""",
                partners=list(spans),
                days=[day for day, _days in spans.values()],
                spans=[days for _day, days in spans.values()],
                company=self.programme_id.company_id.id,
            )
        )
        return tuple(before), (reminders, calls)
