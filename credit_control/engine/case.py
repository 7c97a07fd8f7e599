# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One document in front of the gate, measured against everything else."""

from dataclasses import replace
from functools import cached_property

from .network import Network


def cut(items, network, taken):
    """Take amounts, given per mask, off the items, the last ones first."""
    taken, left = dict(taken), []
    for item in reversed(items):
        mask = network.mask(item.eligible)
        part = min(max(item.amount, 0), taken.get(mask, 0))
        if part:
            taken[mask] -= part
            item = replace(item, amount=item.amount - part)
        if item.amount:
            left.append(item)
    return tuple(reversed(left))


def pick(items, network, wanted):
    """Return parts of the items, the first ones first, that sum up as wanted."""
    wanted, parts = dict(wanted), []
    for item in items:
        mask = network.mask(item.eligible)
        part = min(item.amount, wanted.get(mask, 0))
        if part:
            wanted[mask] -= part
            parts.append(replace(item, amount=part))
    return tuple(parts)


def choose(amount, *supplies):
    """Spread an amount over masks: all of the first supply, then the next one."""
    taken = {}
    for supply in supplies:
        for mask, most in supply.items():
            part = min(amount, most - taken.get(mask, 0))
            if part > 0:
                taken[mask] = taken.get(mask, 0) + part
                amount -= part
    return taken


def uncarried(items, rest):
    """Return, per mask, what no line carries of these items on top of the rest.

    Their own credits are left out: as these serve anything, each unit taken off
    here is one unit less uncovered all the same.
    """
    return rest.plus([item for item in items if item.amount > 0]).unmet_since(rest)


def settle(document, rest):
    """Return the document's items less what was paid, never below 0 in sum.

    Money pays first what no line would carry, so that it does most.
    """
    paid = min(document.paid, max(sum(item.amount for item in document.items), 0))
    if not paid:
        return document.items
    demand, _credit = rest.group(document.items)
    # speed: with a single group there is nothing to choose from
    unmet = uncarried(document.items, rest) if len(demand) > 1 else {}
    return cut(document.items, rest, choose(paid, unmet, demand))


def fact_key(name, *parameters):
    """Return the name of a fact in the records: its own and its parameters."""
    return ":".join(map(str, (name, *parameters)))


class Case:
    """What a rule kind may look at.

    :ivar situation: the situation being decided
    :ivar document: the document in question
    :ivar items: what it will owe, less what was paid for it
    :ivar before: :class:`Allocation` without the change
    :ivar after: :class:`Allocation` with it
    :ivar added: what it adds to the uncovered amount, 0 at least
    """

    def __init__(self, situation, document, rest, others=()):
        self.situation = situation
        self.document = document
        self.items = settle(document, rest)
        self.rest = rest
        self.others = others
        self.network_before = rest.plus(document.before) if document.before else rest
        self.network_after = rest.plus(self.items)
        self.before = self.network_before.allocation()
        self.after = self.network_after.allocation()
        self.added = max(self.after.uncovered - self.before.uncovered, 0)

    @property
    def limit(self):
        """The amount of all lines together."""
        return self.rest.capacity

    @property
    def growth(self):
        """By how much the document's own debt grows, 0 at least."""
        return max(self.after.net - self.before.net, 0)

    @cached_property
    def grows(self):
        """Whether any part grows: what only shrinks is nobody's business."""
        if self.document.facts.get("later"):
            # Nothing is owed before the horizon, but the other rules look at it.
            return True
        demand, credit = self.rest.group(self.items)
        demand_before, credit_before = self.rest.group(self.document.before)
        return credit < credit_before or any(
            amount > demand_before.get(mask, 0) for mask, amount in demand.items()
        )

    @property
    def is_paid(self):
        """Whether money was taken for all that is new: nobody holds that."""
        paid = self.document.paid > 0
        return paid and not self.growth and not self.added

    @property
    def lengthens(self):
        """Whether the payment term got longer."""
        facts = self.document.facts
        return facts.get("term_days", 0) > facts.get("term_days_before", 0)

    @property
    def cheapens(self):
        """Whether the early-payment discount got higher."""
        facts = self.document.facts
        return facts.get("term_discount", 0) > facts.get("term_discount_before", 0)

    @cached_property
    def belongs(self):
        """What debtor and document belong to, for the scopes of rules."""
        return {**self.situation.belongs, **self.document.belongs}

    def fact(self, name, *parameters):
        """Return what was measured: of the document, else of its debtor.

        :raise ValueError: what nobody measured must not let documents through
        """
        key = fact_key(name, *parameters)
        for facts in (self.document.facts, self.situation.facts):
            if key in facts:
                return facts[key]
        raise ValueError(f"Nobody measured the fact {key!r}")

    @cached_property
    def _uncarried(self):
        return uncarried(self.items, self.rest)

    @cached_property
    def fitting_items(self):
        """The document cut to what adds nothing uncovered; None if cutting won't do."""
        if not self.added:
            return self.items
        if self.added > sum(self._uncarried.values()):
            return None
        return cut(self.items, self.rest, choose(self.added, self._uncarried))

    @property
    def fits(self):
        """The largest part of the growth that would add nothing uncovered."""
        if self.fitting_items is None:
            return 0
        return max(self.growth - self.added, 0)

    @cached_property
    def payable_items(self):
        """The open items whose payment lets the document pass, None if none would.

        The document goes first on the lines, so what is left over is what has to
        be paid: all that stays uncovered, also what was uncovered before.
        """
        own = Network(self.situation.lines).plus(
            [item for item in (*self.situation.items, *self.others) if item.amount < 0]
        )
        own = own.plus(self.items)
        own = own.plus([item for item in self.others if item.amount > 0])
        if own.unmet:
            return None
        items = [item for item in self.situation.items if item.amount > 0]
        return pick(items, own, own.plus(items).unmet)
