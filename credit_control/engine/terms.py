# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long payment terms are, and how long they may be.

Code de commerce, article L441-10, I (France): the period agreed between professionals
may not exceed sixty days after the date of issue of the invoice; by derogation, forty-five
days end of month may be agreed. "Forty-five days end of month" has two accepted
readings, both allowed here: the end of the month of issue and then 45 days, or 45 days
and then the end of that month. Sectors with rules of their own (articles L441-11 and
L441-12) are for the policy's own limit of days. Exceeding it is fined (L441-16).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

LEGAL_DAYS = 60
LEGAL_DAYS_END_OF_MONTH = 45
# Four years: every position in a month, with and without a leap year.
FIRST, DAYS = date(2023, 1, 1), 1461


@dataclass(frozen=True, slots=True)
class TermLine:
    """One instalment of a payment term, as Odoo describes it."""

    delay_type: str = "days_after"
    days: int = 0
    day_of_month: int = 0

    def due(self, issued):
        """Return the day on which an invoice issued on a day is due."""
        if self.delay_type == "days_after_end_of_month":
            return _end_of_month(issued) + timedelta(self.days)
        if self.delay_type == "days_after_end_of_next_month":
            next_month = _end_of_month(issued) + timedelta(1)
            return _end_of_month(next_month) + timedelta(self.days)
        later = issued + timedelta(self.days)
        if self.delay_type == "days_end_of_month_on_the":
            return self._on_the_day(later)
        return later

    def _on_the_day(self, later):
        if not self.day_of_month:
            return _end_of_month(later)
        last = _end_of_month(_end_of_month(later) + timedelta(1))
        return last.replace(day=min(self.day_of_month, last.day))


@dataclass(frozen=True, slots=True)
class Term:
    """A payment term: its instalments, and its early-payment discount (basis points)."""

    lines: tuple[TermLine, ...] = ()
    discount: int = 0


def longest(lines):
    """Return the most days that an invoice may stay unpaid, 0 when due at once."""
    return max((_longest(line)[0] for line in lines), default=0)


def beyond_ceiling(lines):
    """Return by how many days terms may exceed the legal ceiling, 0 when they do not."""
    return max((_longest(line)[1] for line in lines), default=0)


def describe(terms, asked, before, own):
    """Return the facts about a document's payment terms.

    :param dict terms: id -> Term
    :param asked: ids of the document's terms; None where it is due at once
    :param before: ids of the terms it had
    :param own: id of the customer's own term, or None
    """

    def pick(ids):
        return [terms[key] for key in ids if key in terms]

    now, past, default = pick(asked), pick(before), pick([own])
    return {
        "term_days": _days(now),
        "term_days_before": _days(past),
        "term_beyond_legal": max((beyond_ceiling(t.lines) for t in now), default=0),
        "term_discount": _discount(now),
        "term_discount_before": _discount(past),
        "default_term_days": _days(default),
        "default_term_discount": _discount(default),
    }


def _days(terms):
    return max((longest(term.lines) for term in terms), default=0)


def _discount(terms):
    return max((term.discount for term in terms), default=0)


# Speed: a few thousand dates, worked out once for each wording of a term.
@lru_cache(maxsize=512)
def _longest(line):
    days = beyond = 0
    for offset in range(DAYS):
        issued = FIRST + timedelta(offset)
        due = line.due(issued)
        days = max(days, (due - issued).days)
        beyond = max(beyond, (due - _ceiling(issued)).days)
    return days, beyond


def _ceiling(issued):
    """The last lawful day, by whichever agreement allows most."""
    end_of_month = timedelta(LEGAL_DAYS_END_OF_MONTH)
    return max(
        issued + timedelta(LEGAL_DAYS),
        _end_of_month(issued) + end_of_month,
        _end_of_month(issued + end_of_month),
    )


def _end_of_month(day):
    return (day.replace(day=1) + timedelta(31)).replace(day=1) - timedelta(1)
