# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What debtors answer: promises and payment plans. Amounts in the smallest unit."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Payment:
    """Money that was matched with what was promised.

    :ivar date date: the day it was received
    :ivar int amount: smallest unit
    """

    date: date
    amount: int


@dataclass(frozen=True)
class Judgement:
    """What became of a promise.

    :ivar str state: ``open``, ``kept``, ``late``, ``broken`` or ``void``
    :ivar int paid: what was paid since, smallest unit
    :ivar date settled: the day of the payment that reached the amount, or None
    """

    state: str
    paid: int
    settled: date | None = None


def judge(amount, day, today, payments, still_open=None):
    """Say whether a promise was kept.

    A credit note makes what was promised smaller: nobody breaks a promise by not paying
    what he no longer owes. The promised day counts until midnight.

    :param int amount: what was promised
    :param date day: the promised day
    :param date today: in the company's time zone
    :param payments: of :class:`Payment`
    :param int still_open: what the chosen invoices still owe; None: none were chosen
    :return: :class:`Judgement`; ``void`` when there was nothing left to pay
    """
    paid = sum(payment.amount for payment in payments)
    target = amount if still_open is None else min(amount, paid + max(still_open, 0))
    if target <= 0:
        return Judgement("void", paid)
    settled = _reach(target, payments)
    if settled:
        return Judgement("kept" if settled <= day else "late", paid, settled)
    return Judgement("open" if today <= day else "broken", paid)


def _reach(target, payments):
    reached = 0
    for payment in sorted(payments, key=lambda payment: payment.date):
        reached += payment.amount
        if reached >= target:
            return payment.date
    return None


def split(total, count):
    """Share an amount among instalments; the rest of the rounding is on the last one.

    :param int total: smallest unit
    :param int count: how many, at least one
    :return: list of ints whose sum is ``total``
    """
    each = total // count
    return [each] * (count - 1) + [total - each * (count - 1)]


def due_dates(first, count, every, unit):
    """When instalments are due.

    :param date first: the first of them
    :param int count: how many
    :param int every: how many weeks or months between two of them
    :param str unit: ``week`` or ``month``; the 31st becomes the last day of a month
    :return: list of dates
    """
    if unit == "week":
        return [first + timedelta(weeks=every * step) for step in range(count)]
    return [_add_months(first, every * step) for step in range(count)]


def _add_months(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (after - timedelta(days=1)).day))


def fill(amounts, paid):
    """Let what was paid fill instalments, the earliest first.

    :param amounts: of the instalments, in the order of their days
    :param int paid: what was paid of the plan in all
    :return: list of ints, how much of each is paid
    """
    filled = []
    for amount in amounts:
        part = max(min(amount, paid), 0)
        filled.append(part)
        paid -= part
    return filled


def in_default(instalments, grace, today):
    """The first instalment that is not paid so many days after its day, or None.

    :param instalments: (day, amount, paid) each
    :param int grace: days
    :param date today: in the company's time zone
    :return: index or None
    """
    for index, (day, amount, paid) in enumerate(instalments):
        if paid < amount and today > day + timedelta(days=grace):
            return index
    return None
