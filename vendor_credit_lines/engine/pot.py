# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who gets how much of a pot: plain Python, amounts in the smallest currency unit."""

from dataclasses import dataclass, field

FIRST, PRO_RATA, QUEUE = "first_come", "pro_rata", "queue"
GIVEN, QUEUED, LEFT_OUT = "given", "queued", "left_out"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer may get if the pot allows it.

    ``reason`` says beforehand why he gets nothing.
    """

    key: int
    amount: int
    segment: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer gets: outcome, amount, and why not (all)."""

    key: int
    outcome: str
    amount: int = 0
    reason: str = ""


@dataclass(slots=True)
class Pot:
    """What may be given in all (None: no end), per segment, and what was given.

    ``waiting``: customers queue already, so nobody overtakes them.
    ``ratio``: (numerator, denominator) that shrinks each wish, for a pro-rata share.
    """

    total: int | None = None
    caps: dict = field(default_factory=dict)  # segment -> most
    given: dict = field(default_factory=dict)  # segment -> amount
    ratio: tuple = (1, 1)
    waiting: bool = False

    def room(self, segment):
        """How much more this segment may get; None without end, never below 0."""
        rooms = []
        if self.total is not None:
            rooms.append(self.total - sum(self.given.values()))
        if self.caps.get(segment) is not None:
            rooms.append(self.caps[segment] - self.given.get(segment, 0))
        return max(min(rooms), 0) if rooms else None

    def take(self, segment, amount):
        self.given[segment] = self.given.get(segment, 0) + amount


def share(wishes, pot, full):
    """Answer wishes in their order; what is given is taken from the pot.

    :param wishes: of :class:`Wish`
    :param Pot pot: changed
    :param str full: what happens when the pot is full
    :return: list, of :class:`Answer`, in the same order
    """
    return [_answer(wish, pot, full) for wish in wishes]


def _answer(wish, pot, full):
    if wish.reason:
        return Answer(wish.key, LEFT_OUT, 0, wish.reason)
    amount = wish.amount
    if full == PRO_RATA:
        # money: rounded down, so that the shares never add up to a cent too much
        amount = amount * pot.ratio[0] // pot.ratio[1]
    room = pot.room(wish.segment)
    if full == PRO_RATA and room is not None:
        amount = min(amount, room)
    if amount <= 0:
        reason = "pot_full" if wish.amount > 0 else "no_amount"
        return Answer(wish.key, LEFT_OUT, 0, reason)
    if full == QUEUE and pot.waiting or (room is not None and amount > room):
        if full == QUEUE:
            pot.waiting = True
            return Answer(wish.key, QUEUED, amount, "pot_full")
        return Answer(wish.key, LEFT_OUT, 0, "pot_full")
    pot.take(wish.segment, amount)
    return Answer(wish.key, GIVEN, amount)


def weigh(wishes, pot):
    """The ratio that makes all wishes fit into what is left of the pot.

    Segments with a cap of their own are cut further when their turn comes.

    :param wishes: of :class:`Wish`
    :return: tuple, (numerator, denominator), at most 1
    """
    wanted = sum(wish.amount for wish in wishes if not wish.reason)
    if pot.total is None:
        return (1, 1)
    left = max(pot.total - sum(pot.given.values()), 0)
    return (left, wanted) if wanted > left else (1, 1)
