# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Late interest between professionals, to the cent.

Code de commerce, article L441-10, II (France): penalties run from the day after the
payment date on the invoice, without any reminder. The rate is the contractual one, never
below three times the legal rate; without a contractual rate it is that of the European
Central Bank's main refinancing operations plus ten points, the one in force on 1 January
for the first half-year and on 1 July for the second. The floor concerns the contractual
rate only. Interest bears no interest (Code civil, article 1343-2).

Every day late bears ``balance x rate / 365`` at the balance of that day; the day of a
payment still counts with the balance before it. Sums are exact fractions and rounded
once, half up.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from .exact import require_amount

DAY = timedelta(1)
YEAR, LEAP_YEAR = 365, 366


class MissingRateError(LookupError):
    """No rate is known for a half-year.

    :ivar date since: first day of the half-year
    """

    def __init__(self, since):
        super().__init__(f"no rate for the half-year from {since}")
        self.since = since


@dataclass(frozen=True, slots=True)
class Method:
    """How interest is counted.

    :ivar bool sliced: each half-year at its own rate; else the rate of the first day late
    :ivar bool actual: days of a leap year are divided by 366; else always by 365
    """

    sliced: bool = True
    actual: bool = False


@dataclass(frozen=True, slots=True)
class Debt:
    """One amount due on one day, and what became of it.

    :ivar int amount: at the beginning, in the currency's smallest unit
    :ivar date due: the last day on which payment is in time
    :ivar tuple movements: (day, amount): payments and credit notes, below zero
    :ivar int withheld: the part that bears no interest, a disputed one for instance
    :ivar start: date, interest runs from the day after it instead of after ``due``
    :ivar stop: date, the first day on which interest runs no more
    """

    amount: int
    due: date
    movements: tuple[tuple[date, int], ...] = ()
    withheld: int = 0
    start: date | None = None
    stop: date | None = None

    def __post_init__(self):
        require_amount("amount", self.amount)
        require_amount("withheld", self.withheld, 0)
        for _day, amount in self.movements:
            require_amount("movement", amount)


@dataclass(frozen=True, slots=True)
class Slice:
    """Days with one balance and one rate.

    :ivar date first: first day that counts
    :ivar date last: last day that counts
    :ivar int balance: smallest unit
    :ivar Decimal rate: percent a year
    :ivar int year: days by which a year is divided
    """

    first: date
    last: date
    balance: int
    rate: Decimal
    year: int

    @property
    def days(self):
        """How many days count."""
        return (self.last - self.first).days + 1

    @property
    def amount(self):
        """The interest of these days, exact."""
        return Fraction(self.rate) * self.balance * self.days / (100 * self.year)


def half_year(day):
    """Return the first day of the half-year of a day."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def slices(debt, until, rate_on, method=Method()):  # noqa: B008 (frozen)
    """Cut the days late into intervals of one balance and one rate.

    :param Debt debt: what is owed
    :param date until: last day that may count
    :param rate_on: callable, first day of a half-year -> Decimal, percent a year
    :param Method method: how interest is counted
    :return: tuple of Slice, none without balance
    :raise MissingRateError: by ``rate_on``
    """
    start, end = _bounds(debt, until)
    if end <= start:
        return ()
    fixed = None if method.sliced else half_year(start + DAY)
    cut = []
    for before, last in pairwise(_cuts(debt, start, end, method)):
        first = before + DAY
        balance = _balance(debt, first)
        if balance > 0:
            rate = rate_on(fixed or half_year(first))
            cut.append(Slice(first, last, balance, rate, _year(first, method)))
    return tuple(cut)


def total(parts):
    """Return the exact sum of slices."""
    return sum((part.amount for part in parts), Fraction(0))


def round_half_up(amount):
    """Round an exact amount to a whole number of units; a half goes away from zero."""
    units = int(abs(amount) + Fraction(1, 2))
    return units if amount >= 0 else -units


def round_together(amounts):
    """Round exact amounts so that their sum is the rounded sum.

    :param amounts: list of Fraction, the instalments of one invoice for instance
    :return: list of int, the same length
    """
    rounded, exact, done = [], Fraction(0), 0
    for amount in amounts:
        exact += amount
        rounded.append(round_half_up(exact) - done)
        done += rounded[-1]
    return rounded


def contractual_rate(rate, floor):
    """Return a contractual rate, raised to its legal floor (L441-10, II)."""
    return max(rate, floor)


def _bounds(debt, until):
    """The last day before interest and the last day with it."""
    start = max(debt.due, debt.start) if debt.start else debt.due
    end = min(until, debt.stop - DAY) if debt.stop else until
    return start, end


def _cuts(debt, start, end, method):
    """The last days of the intervals, the day before the first one in front."""
    days = {day for day, _amount in debt.movements if start < day < end}
    for year in range(start.year, end.year + 1):
        if method.sliced:
            days.add(date(year, 6, 30))
        if method.sliced or method.actual:
            days.add(date(year, 12, 31))
    return [start, *sorted(day for day in days if start < day < end), end]


def _balance(debt, day):
    """What bears interest on a day: a payment of that day counts from the next one."""
    paid = sum(amount for moved, amount in debt.movements if moved < day)
    return debt.amount + paid - debt.withheld


def _year(day, method):
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    return LEAP_YEAR if method.actual and leap else YEAR
