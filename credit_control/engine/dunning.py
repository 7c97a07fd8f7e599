# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which reminder a debtor gets on a day, and why it gets none.

Each open item follows the steps of its plan by its own due date, so that instalments of
one invoice are reminded one by one. A debtor gets one message, led by the oldest item
whose step is due; what else is overdue is listed with it, and credits are taken off.

Amounts are integers in the smallest unit of the company's currency.
"""

from dataclasses import dataclass, field

SEQUENCE, LATEST = "sequence", "latest"
PAUSE, END = "pause", "end"


@dataclass(frozen=True, slots=True)
class Level:
    """A step of a plan.

    :ivar int rank: 1, 2 … after the due date, 0 before it
    :ivar int delay: days after the due date on which it is due; negative before it
    :ivar int quiet: days that must have passed since the debtor was last contacted; one
        at least
    :ivar int minimum: the least total for which a debtor is asked
    """

    key: int
    rank: int
    delay: int
    quiet: int = 0
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a plan, by their delay; a plan that is not alive has none."""

    levels: tuple[Level, ...] = ()
    mode: str = SEQUENCE
    restart: str = "never"


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An open item that is owed.

    :ivar int late: days after its due date, negative before it
    :ivar int amount: what is open of it
    :ivar int rank: the highest step that was sent for it, 0 for none
    :ivar before: delay of the last reminder that was sent before its due date, or None
    :ivar int since: days since its last step was sent, or None
    :ivar bool paused: something that pauses ended since its last step
    :ivar str skip: reason why it is left out, or an empty string
    """

    key: int
    late: int
    amount: int
    plan: Plan
    rank: int = 0
    before: int | None = None
    since: int | None = None
    paused: bool = False
    skip: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """What is left out; no item means all that is left of the debtor.

    :ivar int days: in how many days it is looked at again, None where unknown
    """

    reason: str
    items: tuple[int, ...]
    amount: int
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one debtor.

    :ivar Level level: the step of the lead
    :ivar dict steps: item key -> Level that it reaches with this message
    :ivar tuple listed: keys of the items that are overdue as well
    :ivar int total: what is asked for, credits taken off
    """

    level: Level
    lead: int
    steps: dict
    listed: tuple[int, ...]
    total: int


@dataclass(slots=True)
class Outcome:
    """The message of a debtor, if any, and what is left out."""

    message: Message | None = None
    skips: list = field(default_factory=list)


def next_step(item):
    """Return the level that is due for an item, or None, and the reason for None."""
    plan = item.plan
    if not plan.levels:
        return None, "no_plan"
    if item.late < 0:
        return _next_before(item)
    levels = [level for level in plan.levels if level.rank > _reached(item)]
    if not levels:
        return None, "finished"
    due = [level for level in levels if level.delay <= item.late]
    if not due:
        return None, "no_level"
    return (due[-1] if plan.mode == LATEST else levels[0]), ""


def days_to_next(item):
    """Return in how many days the next step of an item is due, None when there is none."""
    levels = [level for level in item.plan.levels if level.rank > _reached(item)]
    return max(levels[0].delay - item.late, 0) if levels else None


def _next_before(item):
    # A reminder that was missed is not made up for: a later one says the same.
    levels = [level for level in item.plan.levels if not level.rank]
    due = [level for level in levels if level.delay <= item.late]
    if due and (item.before is None or due[-1].delay > item.before):
        return due[-1], ""
    return None, "no_level"


def _reached(item):
    """Return the rank from which an item goes on; 0 where its plan starts again."""
    plan = item.plan
    if item.paused and plan.restart == PAUSE:
        return 0
    last = max((level.rank for level in plan.levels), default=0)
    if plan.restart == END and item.rank >= last > 0 and item.since is not None:
        if item.since >= plan.levels[-1].quiet:
            return 0
    return item.rank


def choose(items, credit=0, contact=None, skip=""):
    """Choose the message of one debtor on one day.

    :param items: what it owes: everything overdue and what a step before the due date may
        concern
    :param int credit: what is not allocated to any item, zero or below
    :param int contact: days since it was last contacted, or None
    :param str skip: reason to leave out the whole debtor
    :return: Outcome
    """
    if skip:
        return Outcome(skips=[_skip(skip, items)])
    outcome = Outcome(skips=_left_out(items))
    owed = [item for item in items if not item.skip]
    steps, waiting = _split(owed, any(item.late > 0 for item in items))
    if not steps:
        outcome.skips += _word_waiting(waiting)
        return outcome
    lead = max(steps, key=lambda item: (item.late, -item.key))
    level = steps[lead]
    listed = [item for item in owed if item in steps or item.late > 0]
    total = sum(item.amount for item in listed) + credit
    if why := _refuse(level, total, contact):
        days = _quiet(level) - contact if why == "quiet" else None
        outcome.skips.append(_skip(why, listed, days))
        return outcome
    outcome.message = Message(
        level,
        lead.key,
        {item.key: step for item, step in steps.items()},
        tuple(item.key for item in listed if item not in steps),
        total,
    )
    outcome.skips += _word_waiting(
        [(item, why) for item, why in waiting if why == "older_overdue"]
    )
    return outcome


def _split(owed, overdue):
    """Return the steps that are due, and the other items with their reasons."""
    steps, waiting = {}, []
    for item in owed:
        level, why = next_step(item)
        if level and overdue and not level.rank:
            level, why = None, "older_overdue"
        if level:
            steps[item] = level
        elif item.late > 0 or why == "older_overdue":
            waiting.append((item, why))
    return steps, waiting


def _refuse(level, total, contact):
    if total <= 0:
        return "credited"
    if total < level.minimum:
        return "below_minimum"
    if contact is not None and contact < _quiet(level):
        return "quiet"
    return ""


def _quiet(level):
    """Return how long a debtor is left in peace: nobody is reminded twice a day."""
    return max(level.quiet, 1)


def _left_out(items):
    return [_skip(item.skip, [item]) for item in items if item.skip]


def _word_waiting(waiting):
    """Return one skip for each reason; it ends with the first of its items."""
    skips = []
    for reason in dict.fromkeys(why for _item, why in waiting):
        items = [item for item, why in waiting if why == reason]
        days = None
        if reason == "no_level":
            days = min(filter(None, map(days_to_next, items)), default=None)
        skips.append(_skip(reason, items, days))
    return skips


def _skip(reason, items, days=None):
    keys = tuple(item.key for item in items)
    return Skip(reason, keys, sum(item.amount for item in items), days)
