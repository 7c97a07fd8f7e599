# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What documents make their debtors owe."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Part:
    """An amount that somebody owes, with what decides which lines may carry it."""

    amount: int
    term: int | None = None
    method: int | None = None
    product: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a document makes its debtor owe.

    ``total`` is the whole document as releases see it, ``paid`` money already taken
    for it that no entry shows yet; cents of the root company's currency.
    ``checkpoint`` is the code of the step it takes; empty: the document tells.
    ``sources`` are groups of the documents it comes from, ((model, id), total) each: a
    group of which all are released stands for its release (P10).
    ``team`` is the id of the sales team. ``facts`` are about the document alone, for
    rule kinds; they go before what is worked out from its payment term. ``costly`` are
    those that cost something to work out, name -> function, see :meth:`learn`. ``due`` is
    the day of its delivery, for the credit horizon; None: at once.
    """

    partner_id: int
    company_id: int
    parts: tuple[Part, ...]
    total: int
    paid: int = 0
    checkpoint: str = ""
    sources: tuple = ()
    team: int | None = None
    facts: dict = field(default_factory=dict)
    costly: dict = field(default_factory=dict, compare=False)
    due: date | None = None

    def learn(self, names):
        """Work out what rules ask of the document; nothing that is known already."""
        for name in names & self.costly.keys() - self.facts.keys():
            self.facts[name] = self.costly[name]()

    @property
    def terms(self):
        """The ids of its payment terms; None where an amount is due at once."""
        return {part.term for part in self.parts}

    @property
    def source_keys(self):
        """The (model, id) of all documents that it comes from."""
        return tuple(key for group in self.sources for key, _total in group)

    @property
    def has_credit(self):
        return any(part.amount < 0 for part in self.parts)

    @property
    def products(self):
        """The ids of what is sold."""
        return {part.product for part in self.parts if part.product}

    def grows_beyond(self, before):
        """Whether anything is owed that was not owed before.

        :param Claim before: or None, when the document owed nothing
        """
        if before is None or before.partner_id != self.partner_id:
            return any(part.amount > 0 for part in self.parts)
        if before.due and (not self.due or self.due < before.due):
            # What comes earlier may come within the credit horizon.
            return any(part.amount > 0 for part in self.parts)
        return _sum_parts(self.parts) != _sum_parts(before.parts) and any(
            amount > _sum_parts(before.parts).get(key, 0)
            for key, amount in _sum_parts(self.parts).items()
        )

    def growth(self, before):
        """The parts that were not owed before, or the excess over what was.

        :param Claim before: or None
        """
        same = before is not None and before.partner_id == self.partner_id
        owed = _sum_parts(before.parts) if same else {}
        added = {
            key: amount - owed.get(key, 0)
            for key, amount in _sum_parts(self.parts).items()
        }
        return tuple(Part(amount, *key) for key, amount in added.items() if amount > 0)


def _sum_parts(parts):
    totals = {}
    for part in parts:
        key = (part.term, part.method, part.product)
        totals[key] = totals.get(key, 0) + part.amount
    return totals
