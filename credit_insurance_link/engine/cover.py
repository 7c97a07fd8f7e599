# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which cover is in force on which day, from what an insurer decided.

Amounts are integers in the smallest unit of the policy's currency. A granted amount
comes from a decision alone; what was asked never enters here (P12).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DISCRETIONARY = "discretionary"
# Their sum is the named cover. Grade cover is a decision on the buyer as well.
NAMED = frozenset({"primary", "topup", "temporary", "credit_check", "grade_cover"})
DAY = timedelta(days=1)
# What a decision does to cover. Neutral ones are no rulings at all.
GRANT, END, SUPERSEDE = "grant", "end", "supersede"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision, as far as it says what is covered when.

    ``key`` is our record, ``cover`` the insurer's id of the cover, ``effect`` GRANT, END
    or SUPERSEDE, ``order`` whatever puts decisions of one day in their order.
    """

    key: int
    cover: str
    layer: str
    effect: str
    decided: date
    order: tuple
    effective: date
    amount: int = 0
    expires: date | None = None

    @property
    def grants(self):
        return self.effect == GRANT


@dataclass(frozen=True, slots=True)
class Span:
    """A layer's amount from ``start`` to ``end`` (last day; None: open)."""

    layer: str
    amount: int
    start: date
    end: date | None
    key: int

    def holds(self, day):
        return self.start <= day and (self.end is None or day <= self.end)


def get_spans(rulings):
    """Work out the layers of one buyer under one policy, past and future.

    On each day the last decision counts that is in force by then. A decision that ends
    a cover ends nothing but that cover, where the insurer named it; of an unknown cover
    it ends the layer. So the order in which decisions arrive does not matter.

    :param rulings: Ruling, in any order
    :return: list of Span, layer by layer, without overlap; zeros included, because a
        refusal is a decision too
    """
    by_layer = {}
    for ruling in sorted(rulings, key=_order):
        by_layer.setdefault(ruling.layer, []).append(ruling)
    return [
        span
        for layer in sorted(by_layer)
        for span in _get_layer_spans(layer, by_layer[layer])
    ]


def _order(ruling):
    return ruling.decided, ruling.order, ruling.key


def _get_layer_spans(layer, rulings):
    starts = {ruling.effective for ruling in rulings}
    ends = {ruling.expires + DAY for ruling in rulings if ruling.expires}
    days = sorted(starts | ends)
    spans = []
    for day, following in pairwise([*days, None]):
        found = _rule(rulings, day)
        if found is None:
            continue
        amount, key = found
        end = following - DAY if following else None
        last = spans[-1] if spans else None
        if last and (last.amount, last.key) == (amount, key):
            spans[-1] = Span(layer, amount, last.start, end, key)
        else:
            spans.append(Span(layer, amount, day, end, key))
    return spans


def _rule(rulings, day):
    """What holds on a day: (amount, key of the decision), None before any decision."""
    current, granted = None, set()
    for ruling in rulings:
        if ruling.effective > day:
            continue
        if ruling.grants:
            granted.add(ruling.cover)
            current = ruling
        elif _ends(ruling, current, granted):
            current = ruling
    if current is None:
        return None
    over = current.expires and day > current.expires
    amount = current.amount if current.grants and not over else 0
    return amount, current.key


def _ends(ruling, current, granted):
    """Whether a decision that grants nothing changes what ran before it."""
    known = ruling.cover in granted
    if ruling.effect == SUPERSEDE and not known:
        return False
    return not known or current is None or current.cover == ruling.cover


def get_cover(spans, day, discretionary=0, begins=None):
    """Return the cover in force on a day.

    Reference: named = sum of the named layers of that day; where the insurer decided
    anything about the buyer by then, a refusal included, named counts alone; else the
    policy's discretionary cover.

    :param spans: of :func:`get_spans`
    :param date day: any day
    :param int discretionary: what the policy lets us grant on our own
    :param date begins: since when it does; None: always
    :return: int
    """
    named = [span for span in spans if span.layer in NAMED and span.start <= day]
    if named:
        return sum(span.amount for span in named if span.holds(day))
    own = [s for s in spans if s.layer == DISCRETIONARY and s.start <= day]
    if own:
        return sum(span.amount for span in own if span.holds(day))
    return discretionary if begins is None or begins <= day else 0


def get_counting(spans, since, discretionary=0, begins=None):
    """Return the spans that count from a day on, discretionary ones as well.

    :param date since: earlier spans are left out; running ones keep their start
    :param int discretionary: of the policy, where no decision displaces it
    :param date begins: its first day; None: ``since``
    :return: list of Span; the discretionary one of the policy has key 0
    """
    named = [span for span in spans if span.layer in NAMED]
    own = [span for span in spans if span.layer == DISCRETIONARY]
    displaced = _first(named)
    counting = named + [_until(span, displaced) for span in own]
    decided = _first(spans)
    if discretionary and (decided is None or decided > since):
        span = Span(DISCRETIONARY, discretionary, begins or since, None, 0)
        counting.append(_until(span, decided))
    return [span for span in counting if _gives(span, since)]


def _first(spans):
    return min((span.start for span in spans), default=None)


def _until(span, displaced):
    """A discretionary span ends the day before the insurer's first decision."""
    if displaced is None or (span.end is not None and span.end < displaced):
        return span
    return Span(span.layer, span.amount, span.start, displaced - DAY, span.key)


def _gives(span, since):
    # A primary limit of zero is told: it means no credit, not no decision (P6).
    told = span.amount or span.layer == "primary"
    return told and (span.end is None or span.end >= max(since, span.start))


def share_out(amount, owed, wanted=(), held=()):
    """Divide one cover among the customer files of one legal entity.

    Each gets what it owes, in equal proportion where that is too much; of what is left,
    what its waiting documents want; then what it has already, so that nothing moves
    without need; the rest goes to the first one. The parts never sum up to more than
    the whole.

    :param int amount: the cover
    :param list owed: what each file owes, in their order; negative counts as nothing
    :param list wanted: what waiting documents of each lack
    :param list held: what each has now
    :return: list of int, as long as ``owed``
    """
    parts = _divide(amount, owed)
    for more in (wanted, [h - p for h, p in zip(held, parts, strict=False)]):
        if more:
            extra = _divide(amount - sum(parts), more)
            parts = [part + one for part, one in zip(parts, extra, strict=True)]
    parts[0] += amount - sum(parts)
    return parts


def _divide(amount, wants):
    wants = [max(want, 0) for want in wants]
    total = sum(wants)
    if total <= amount:
        return wants
    parts = [amount * want // total for want in wants]
    parts[wants.index(max(wants))] += amount - sum(parts)
    return parts


def combine(mode, insured, own):
    """What a customer may owe, by the company's setting.

    :param str mode: "sum", "insured" or "greater"
    :param int insured: all insured lines together
    :param list own: the lines of own funds, in their order of use
    :return: list of int, what is left of each line of own funds
    """
    if mode == "insured":
        return [0] * len(own)
    if mode != "greater":
        return list(own)
    left, rest = insured, []
    for line in own:
        rest.append(max(line - left, 0))
        left = max(left - line, 0)
    return rest
