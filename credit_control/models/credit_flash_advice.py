# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ..engine import allocate

MAX_ADVICE = 6
SOON_DAYS = 60
WORSE_DAYS = 8  # slower by this much is a trend, less is chance
LATE_DAYS = 30  # from here on it is grave
LITTLE_USE = 0.25


class CreditFlashAdvice(models.AbstractModel):
    """What to do next about a customer: sentences with amounts, the gravest first."""

    _name = "credit.flash.advice"
    _description = "Advice About a Customer"

    @api.model
    def _get_advice(self, flash):
        """Hook: what the facts of the page call for.

        :param dict flash: of ``credit.flash._get_flash``
        :return: list, dicts with ``level`` (danger, warning, info, success) and ``text``,
            at most six
        """
        found = []
        for step in self._get_steps():
            found += [
                {"level": level, "text": text} for level, text in step(flash) if text
            ]
        if not found:
            text = self.env._("Nothing to do: within its lines, and it pays on time.")
            found = [{"level": "success", "text": text}]
        grave = {"danger": 0, "warning": 1, "info": 2, "success": 3}
        return sorted(found, key=lambda advice: grave[advice["level"]])[:MAX_ADVICE]

    def _get_steps(self):
        """Hook: the functions that look for something, each of the page's facts."""
        return [
            self._advise_status,
            self._advise_overdue,
            self._advise_over_limit,
            self._advise_answers,
            self._advise_holds,
            self._advise_trend,
            self._advise_review,
            self._advise_ending_lines,
            self._advise_documents,
            self._advise_line,
        ]

    def _advise_status(self, flash):
        profile = flash["profile"]
        words = {
            "stop": self.env._("On the stop list: nothing is delivered on account."),
            "hold": self.env._("On forced hold: each document needs a release."),
        }
        text = words.get(profile.status)
        reason = profile.status_reason_id.name
        return [("danger", text and f"{text} {reason}." if reason else text)]

    def _advise_overdue(self, flash):
        """What to collect, less the money that nobody matched yet: it is no debt."""
        ageing, money = flash["ageing"], flash["money"]
        received = -ageing["credit"]
        rest = ageing["overdue"] - received
        if ageing["overdue"] > 0 and received > 0:
            text = self.env._(
                "Match %s received with the oldest invoices.", money(received)
            )
            yield "info", text
        if rest <= 0:
            return
        level = "danger" if ageing["days"] > LATE_DAYS else "warning"
        if received > 0:
            yield level, self.env._("Then collect %s overdue.", money(rest))
        else:
            yield (
                level,
                self.env._(
                    "Collect %(amount)s overdue, the oldest for %(days)s.",
                    amount=money(rest),
                    days=flash["days"](ageing["days"]),
                ),
            )

    def _advise_answers(self, flash):
        """What the customer promised and broke, and what it disputes."""
        broken = flash["answers"]["broken"]
        if broken:
            yield (
                "warning",
                self.env._(
                    "It broke its promise of %(date)s over %(amount)s: call, or stop.",
                    date=format_date(self.env, broken.date),
                    amount=flash["money"](broken.amount),
                ),
            )
        if flash["answers"]["disputed"]:
            amount = flash["money"](flash["answers"]["disputed"])
            yield "info", self.env._("Settle the disputes over %s.", amount)

    def _advise_over_limit(self, flash):
        over = flash["explained"]["over"]
        if over <= 0:
            return []
        return [
            (
                "danger",
                self.env._(
                    "%s of what it owes is on no line: collect it, take a guarantee, or "
                    "decide on a larger line.",
                    flash["money"](over),
                ),
            )
        ]

    def _advise_ending_lines(self, flash):
        """Lines that end soon, and what would then be on no line."""
        today, position = flash["today"], flash["position"]
        soon = today + timedelta(days=SOON_DAYS)
        named = {row["key"] for row in flash["stack"]}
        ending = flash["profile"].line_ids.filtered(
            lambda line: (
                line.in_force == "now" and line.date_to and line.date_to <= soon
            )
        )
        unit = 10**position.digits
        now = allocate(position.items, position.engine_lines).uncovered
        for line in ending:
            rest = [row for row in position.engine_lines if row.key != line.id]
            bare = allocate(position.items, rest).uncovered - now
            name = line.label if line.id in named else self.env._("a secured line")
            if bare > 0:
                yield (
                    "warning",
                    self.env._(
                        "Renew %(line)s before %(date)s: %(amount)s would be on no line.",
                        line=name,
                        date=format_date(self.env, line.date_to),
                        amount=flash["money"](bare / unit),
                    ),
                )
            else:
                yield (
                    "info",
                    self.env._(
                        "%(line)s ends on %(date)s; nothing depends on it today.",
                        line=name,
                        date=format_date(self.env, line.date_to),
                    ),
                )

    def _advise_holds(self, flash):
        holds = flash["holds"]
        count = len(holds["waiting"]) + holds["more"]
        if not count:
            return []
        if count == 1:
            text = self.env._(
                "Answer the held document of %s.", flash["money"](holds["amount"])
            )
        else:
            text = self.env._(
                "Answer %(count)s held documents of %(amount)s in all.",
                count=count,
                amount=flash["money"](holds["amount"]),
            )
        return [("warning", text)]

    def _advise_trend(self, flash):
        """Compare the last two quarters with payments with the one before them."""
        late = [
            quarter["days_late_avg"]
            for quarter in flash["trend"]
            if quarter["days_late_avg"] is not None
        ]
        if len(late) < 2 or late[-1] - late[-2] < WORSE_DAYS:
            return []
        return [
            (
                "warning",
                self.env._(
                    "It pays later: %(now)s days late this quarter, %(before)s before. "
                    "Call before the next large order.",
                    now=round(late[-1]),
                    before=round(late[-2]),
                ),
            )
        ]

    def _advise_documents(self, flash):
        names = ", ".join(flash["missing"].mapped("name"))
        return [("info", names and self.env._("Ask for documents: %s.", names))]

    def _advise_review(self, flash):
        profile = flash["profile"]
        if not profile.review_date or profile.review_date >= flash["today"]:
            return []
        date = format_date(self.env, profile.review_date)
        return [("warning", self.env._("Review the credit file: due since %s.", date))]

    def _advise_line(self, flash):
        """A customer without line who owes, or lines that are hardly used."""
        explained, money = flash["explained"], flash["money"]
        if not explained["managed"] and explained["exposure"] > 0:
            text = self.env._(
                "It owes %s and has no line: decide what it may owe.",
                money(explained["exposure"]),
            )
            return [("warning", text)]
        sales = flash["history"]["sales"]
        limit = explained["limit"]
        if sales <= 0 or limit <= 0 or explained["exposure"] > LITTLE_USE * limit:
            return []
        return [
            (
                "info",
                self.env._(
                    "%(used)s of %(limit)s is used: a smaller line may do.",
                    used=money(max(explained["exposure"], 0)),
                    limit=money(limit),
                ),
            )
        ]
