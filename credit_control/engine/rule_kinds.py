# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The kinds of rules that look at documents, debtors and their past."""

from .rules import (
    AMOUNT,
    DAYS,
    NUMBER,
    PERCENT,
    Measured,
    RuleKind,
    rule_kind,
)
from .verdict import Reason, WayOut

WHOLE = 10_000  # basis points
ENDLESS = 10**9  # the share of a limit of zero


def _share(amount, limit):
    """Return a share in basis points, rounded up so that no excess gets lost."""
    if amount <= 0:
        return 0
    return -(-amount * WHOLE // limit) if limit else ENDLESS


class Fact(Measured):
    """A kind whose figure is a fact about the debtor, named like the kind."""

    fact = ""

    def facts(self, rule):
        return ((self.fact or self.name,),)

    def measure(self, rule, case):
        return case.fact(self.fact or self.name)


# === THE DOCUMENT AND THE LIMIT === #


@rule_kind("document_amount")
class DocumentAmount(Measured):
    """The document as a whole is large."""

    unit = AMOUNT

    def measure(self, rule, case):
        return case.document.total


@rule_kind("limit_used")
class LimitUsed(Measured):
    """With the document, the debtor owes more than a share of its limit."""

    unit = PERCENT
    value_units = {"used": AMOUNT, "limit": AMOUNT}

    def measure(self, rule, case):
        return _share(case.after.net, case.limit)

    def values(self, rule, case):
        return {"used": case.after.net, "limit": case.limit}

    def ways_out(self, rule, case):
        # money: rounded down, so that the share is never a cent too high
        most = max(rule.threshold * case.limit // WHOLE, 0)
        over = case.after.net - most
        if 0 < over <= sum(item.amount for item in case.items):
            yield WayOut("deposit", over)


@rule_kind("always")
class Always(Measured):
    """Every document of those that the rule is for."""

    def measure(self, rule, case):
        return 1


# === WHAT IS OVERDUE === #


class Overdue(Measured):
    has_floor = True

    def overdue(self, rule, case):
        return case.fact("overdue_amount", rule.floor)


@rule_kind("overdue_days")
class OverdueDays(Overdue):
    """The oldest open item is overdue for too long."""

    unit = DAYS
    value_units = {"amount": AMOUNT}

    def facts(self, rule):
        return (
            ("overdue_days", rule.floor),
            ("overdue_older", rule.threshold, rule.floor),
        )

    def measure(self, rule, case):
        return case.fact("overdue_days", rule.floor)

    def values(self, rule, case):
        return {"amount": case.fact("overdue_older", rule.threshold, rule.floor)}

    def ways_out(self, rule, case):
        amount = case.fact("overdue_older", rule.threshold, rule.floor)
        yield WayOut("pay_overdue", amount)


@rule_kind("overdue_amount")
class OverdueAmount(Overdue):
    """What is overdue is too much."""

    unit = AMOUNT
    value_units = {"amount": AMOUNT}

    def facts(self, rule):
        return (("overdue_amount", rule.floor),)

    def measure(self, rule, case):
        return self.overdue(rule, case)

    def values(self, rule, case):
        return {"amount": self.overdue(rule, case)}

    def ways_out(self, rule, case):
        yield WayOut("pay_overdue", self.overdue(rule, case) - rule.threshold)


@rule_kind("overdue_share")
class OverdueShare(Overdue):
    """What is overdue is too much of the limit."""

    unit = PERCENT
    value_units = {"amount": AMOUNT, "limit": AMOUNT}

    def facts(self, rule):
        return (("overdue_amount", rule.floor),)

    def measure(self, rule, case):
        return _share(self.overdue(rule, case), case.limit)

    def values(self, rule, case):
        return {"amount": self.overdue(rule, case), "limit": case.limit}

    def ways_out(self, rule, case):
        most = rule.threshold * case.limit // WHOLE
        yield WayOut("pay_overdue", self.overdue(rule, case) - most)


@rule_kind("late_days")
class LateDays(Fact):
    """The debtor pays late on average."""

    unit = DAYS


@rule_kind("dunning_level")
class DunningLevel(Fact):
    """A dunning level was reached."""

    unit = NUMBER


@rule_kind("broken_promises")
class BrokenPromises(Fact):
    """Promises to pay were not kept."""

    unit = NUMBER


# === PRICES === #


@rule_kind("price_cut")
class PriceCut(Fact):
    """The document's prices are below those of the customer's own price list."""

    unit = PERCENT


# === THE CREDIT FILE === #


@rule_kind("line_expired")
class LineExpired(Fact):
    """A line ended and nobody renewed it."""

    unit = DAYS

    def ways_out(self, rule, case):
        yield WayOut("renew_line", 0)


@rule_kind("line_expiring")
class LineExpiring(Fact):
    """A line is about to end."""

    unit = DAYS
    is_less = True

    def ways_out(self, rule, case):
        yield WayOut("renew_line", 0)


@rule_kind("review_overdue")
class ReviewOverdue(Fact):
    """The review of the credit file is due."""

    unit = DAYS

    def ways_out(self, rule, case):
        yield WayOut("review", 0)


@rule_kind("opening_missing")
class OpeningMissing(Fact):
    """Documents of the account opening are missing."""

    unit = NUMBER

    def ways_out(self, rule, case):
        yield WayOut("complete_opening", 0)


@rule_kind("score")
class Score(Fact):
    """The score is low."""

    unit = NUMBER
    is_less = True
    needs_person = True


@rule_kind("first_orders")
class FirstOrders(Fact):
    """The customer is new: few orders were confirmed so far."""

    unit = NUMBER
    is_less = True


class Status(RuleKind):
    """The account has a status that somebody set."""

    status = ""

    def facts(self, rule):
        return (("status",),)

    def reasons(self, rule, case):
        if case.fact("status") == self.status:
            values = {"kind": self.name, "rule": rule.key}
            yield Reason(self.name, rule.effect, values)

    def ways_out(self, rule, case):
        yield WayOut("lift_status", 0)


@rule_kind("status_watch")
class StatusWatch(Status):
    """The customer is being watched."""

    status = "watch"


@rule_kind("status_hold")
class StatusHold(Status):
    """Somebody put the customer on hold."""

    status = "hold"


@rule_kind("status_stop")
class StatusStop(Status):
    """The customer is on the stop list."""

    status = "stop"


# Whatever the policy says, what somebody set by hand is obeyed.
STATUS_RULES = {
    "watch": (-3, "status_watch", "warn"),
    "hold": (-1, "status_hold", "hold"),
    "stop": (-2, "status_stop", "stop"),
}
