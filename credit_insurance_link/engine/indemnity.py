# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an insurer owes for a loss, line by line: plain integers, no Odoo, no database.

Amounts are integers in the smallest unit of the policy's currency, percentages are basis
points (95 % = 9500). The order of working, by confidence: the insured loss is what was
owed when cover stopped less what is not insured, credits, set-offs, proceeds of securities
and resale; the indemnity is the insured percentage of the smaller of that loss and the
limit in force, then deductible and threshold, whose order varies by policy [C, one real
Atradius policy]. Payments go to the oldest invoice, insured or not [A Allianz Trade CH],
and after the date of loss in proportion to the share that each party bears
[A Atradius BE]: the policy says which.
"""

from dataclasses import dataclass
from datetime import date

WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class Owed:
    """One invoice of the claim.

    :ivar key: names the invoice for the caller
    :ivar date date_due: original due date
    :ivar date delivered_on: decides on the cover in force
    :ivar int amount: owed at stop of cover, in the policy's tax basis
    :ivar int credit: credit notes and set-offs that belong to this invoice
    :ivar cover: limit in force at delivery, None for none
    :ivar int percent: insured percentage at delivery, basis points
    """

    key: object
    date_due: date
    delivered_on: date
    amount: int
    credit: int = 0
    cover: int | None = None
    percent: int = 0

    @property
    def insurable(self):
        return max(self.amount - self.credit, 0)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Money that came in: a payment, the proceeds of a security, a resale.

    :ivar key: names the recovery for the caller
    """

    key: object
    date: date
    amount: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a policy works out an indemnity.

    :ivar int deductible: borne by the insured on each loss
    :ivar bool deductible_first: taken off the loss, before the percentage
    :ivar int aggregate_left: of the yearly first loss, what is not used up
    :ivar int minimum: smaller losses are not compensated
    :ivar liability_left: the most that the insurer still pays this year; None: no bound
    :ivar str allocation: "oldest", or "shares" after the date of loss
    """

    deductible: int = 0
    deductible_first: bool = False
    aggregate_left: int = 0
    minimum: int = 0
    liability_left: int | None = None
    allocation: str = "oldest"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one invoice.

    :ivar int recovered: allocated to the invoice before the loss was shared
    :ivar int covered: within the limit in force at delivery
    :ivar int uncovered: beyond it
    :ivar int insured: percentage of the covered part
    """

    key: object
    owed: int
    credit: int
    recovered: int
    covered: int
    uncovered: int
    percent: int
    insured: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sum: a code, and what is added or taken off."""

    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class Indemnity:
    lines: tuple
    steps: tuple
    amount: int
    aggregate_used: int

    @property
    def loss(self):
        return sum(line.covered for line in self.lines)


def part(amount, points):
    """A percentage in basis points of an amount, half up."""
    return (2 * amount * points + WHOLE) // (2 * WHOLE)


def get_indemnity(invoices, conditions, recoveries=(), loss_date=None):
    """Work out what the insurer owes.

    :param invoices: iterable of Owed
    :param Conditions conditions: of the policy
    :param recoveries: iterable of Recovery, those before the indemnity
    :param loss_date: date of loss; recoveries after it are shared when the policy says so
    :return: Indemnity
    """
    invoices = sorted(invoices, key=lambda owed: (owed.date_due, owed.delivered_on))
    early, late = _split(recoveries, conditions, loss_date)
    paid = allocate_oldest(invoices, early)
    lines = _cover(invoices, paid)
    shares = _share(lines, late)
    steps = [
        Step("owed", sum(line.owed for line in lines)),
        Step("credit", -sum(line.credit for line in lines)),
        Step("recovered", -sum(line.recovered for line in lines)),
        Step("uncovered", -sum(line.uncovered for line in lines)),
    ]
    covered = sum(line.covered for line in lines)
    insured = sum(line.insured for line in lines)
    amount, used = _deduct(steps, covered, insured, conditions)
    return _cap(steps, lines, amount, used, covered, shares, conditions)


def _split(recoveries, conditions, loss_date):
    """Recoveries that go to the oldest invoice, and those that are shared."""
    if conditions.allocation != "shares" or loss_date is None:
        return list(recoveries), []
    early = [one for one in recoveries if one.date <= loss_date]
    late = [one for one in recoveries if one.date > loss_date]
    return early, late


def allocate_oldest(invoices, recoveries):
    """Give money to the oldest invoices first, insured or not.

    :return: dict, key -> amount; what is left over is not allocated
    """
    left = sum(recovery.amount for recovery in recoveries)
    paid = {}
    for owed in invoices:
        paid[owed.key] = min(left, owed.insurable)
        left -= paid[owed.key]
    return paid


def _cover(invoices, paid):
    """The limit in force at its delivery carries an invoice, the oldest first."""
    by_delivery = sorted(invoices, key=lambda owed: (owed.delivered_on, owed.date_due))
    used, lines = 0, {}
    for owed in by_delivery:
        left = owed.insurable - paid[owed.key]
        covered = max(min(left, (owed.cover or 0) - used), 0)
        used += covered
        lines[owed.key] = Line(
            key=owed.key,
            owed=owed.amount,
            credit=owed.amount - owed.insurable,
            recovered=paid[owed.key],
            covered=covered,
            uncovered=left - covered,
            percent=owed.percent,
            insured=part(covered, owed.percent),
        )
    return tuple(lines[owed.key] for owed in invoices)


def _share(lines, recoveries):
    """The insurer's part of what came in after the date of loss."""
    whole = sum(line.covered + line.uncovered for line in lines)
    came = min(sum(recovery.amount for recovery in recoveries), whole)
    insured = sum(line.insured for line in lines)
    return (2 * came * insured + whole) // (2 * whole) if whole else 0


def _deduct(steps, covered, insured, conditions):
    """Percentage and deductibles, in the policy's order; the yearly first loss first."""
    if not conditions.deductible_first:
        steps.append(Step("own_share", insured - covered))
        used = min(conditions.aggregate_left, insured)
        deductible = min(conditions.deductible, insured - used)
        steps += [Step("aggregate", -used), Step("deductible", -deductible)]
        return insured - used - deductible, used
    used = min(conditions.aggregate_left, covered)
    deductible = min(conditions.deductible, covered - used)
    rest = covered - used - deductible
    # The percentage may differ by invoice: the same average applies to what is left.
    amount = (2 * rest * insured + covered) // (2 * covered) if covered else 0
    steps += [
        Step("aggregate", -used),
        Step("deductible", -deductible),
        Step("own_share", amount - rest),
    ]
    return amount, used


def _cap(steps, lines, amount, used, covered, shared, conditions):
    """Recoveries after the loss, the threshold and the insurer's liability."""
    shared = min(shared, amount)
    steps.append(Step("shared", -shared))
    amount -= shared
    below = amount if covered < conditions.minimum else 0
    steps.append(Step("minimum", -below))
    amount -= below
    bound = conditions.liability_left
    beyond = max(amount - bound, 0) if bound is not None else 0
    steps.append(Step("liability", -beyond))
    amount -= beyond
    return Indemnity(lines, tuple(steps), amount, 0 if below else used)


def share_recovery(amount, insured, loss):
    """Split what comes in after the indemnity was paid.

    :param int amount: of the recovery
    :param int insured: what the insurer bore of the loss
    :param int loss: the whole loss, our own share and what was not covered included
    :return: tuple (insurer's part, ours); they add up to the amount
    """
    if loss <= 0:
        return 0, amount
    insurer = min((2 * amount * insured + loss) // (2 * loss), amount)
    return insurer, amount - insurer


def share_oldest(amount, lines, already=0):
    """Split a later recovery that goes to the oldest invoices first.

    :param lines: iterable of Line, the oldest first
    :param int already: recovered after the indemnity before this one
    :return: tuple (insurer's part, ours); they add up to the amount
    """
    return tuple(
        after - before
        for after, before in zip(
            _oldest(amount + already, lines), _oldest(already, lines), strict=True
        )
    )


def _oldest(amount, lines):
    insurer, left = 0, amount
    for line in lines:
        took = min(left, line.covered + line.uncovered)
        left -= took
        # Of one invoice, what was not covered is paid last.
        insurer += part(min(took, line.covered), line.percent)
    return insurer, amount - insurer
