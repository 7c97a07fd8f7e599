# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a debtor stands, and what documents ask for: facts ready for the engine."""

from dataclasses import dataclass, field, replace
from datetime import date

from .allocation import available
from .case import settle
from .network import Network
from .scope import Scope
from .situation import Document, Item, Line, Release, Rule, Situation

DEFAULT_LINE = 0  # key of the line that a policy gives to debtors without line


@dataclass(frozen=True, slots=True)
class StackLine:
    """A line that counts today; amounts in cents of the root company's currency."""

    key: int
    amount: int
    scope: Scope


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
    """

    partner_id: int
    company_id: int
    parts: tuple[Part, ...]
    total: int
    paid: int = 0
    checkpoint: str = ""
    sources: tuple = ()

    @property
    def source_keys(self):
        """The (model, id) of all documents that it comes from."""
        return tuple(key for group in self.sources for key, _total in group)

    @property
    def has_credit(self):
        return any(part.amount < 0 for part in self.parts)

    def grows_beyond(self, before):
        """Whether anything is owed that was not owed before.

        :param Claim before: or None, when the document owed nothing
        """
        if before is None or before.partner_id != self.partner_id:
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


@dataclass(slots=True)
class Position:
    """A debtor's lines, rules and open items in one root company."""

    partner_id: int
    company_id: int
    profile_id: int | None
    policy: dict
    managed: bool
    lines: tuple[StackLine, ...]
    today: date
    items: tuple[Item, ...] = ()
    counted: dict = field(default_factory=dict)  # component code -> cents
    goods: dict = field(default_factory=dict)  # product id -> Goods
    holds: dict = field(default_factory=dict)  # (model, id) -> dict
    taken: frozenset = frozenset()  # (model, id) of documents for which money came
    digits: int = 2  # of the root company's currency
    # model -> items that do not compete with its documents: what is only ordered must
    # not keep back what leaves
    left_out: dict = field(default_factory=dict)

    @property
    def limit(self):
        return sum(line.amount for line in self.lines)

    @property
    def has_goods_scope(self):
        return any(line.scope.has_goods for line in self.lines)

    def eligible(self, term=None, method=None, product=None):
        """The keys of the lines that may carry an amount with these facts."""
        goods = self.goods.get(product)
        return frozenset(
            line.key for line in self.lines if line.scope.meets(term, method, goods)
        )

    def to_items(self, parts, label):
        """Turn parts into the engine's items, one per set of eligible lines."""
        return merge(
            (part.amount, self.eligible(part.term, part.method, part.product), label)
            for part in parts
        )

    def available(self):
        """Cents that may still be sold of anything; negative when over."""
        return available(self.items, self.engine_lines, self.eligible())

    def room(self, verdict, asked):
        """What may be sold of the goods asked for, before and after the document.

        Lines less exposure, as long as everything may use every line. Else what fits
        of these very goods; the rest of the document is the shortage.

        :param Verdict verdict: about the document
        :param Document asked: the document
        :return tuple: two ints, in cents, negative when over
        """
        if all(line.scope.is_open for line in self.lines):
            return self.limit - verdict.before.net, self.limit - verdict.after.net
        if verdict.added:
            return verdict.fits, -verdict.added
        eligible = frozenset().union(*(item.eligible for item in asked.items))
        eligible = eligible or self.eligible()
        before, after = self.items + asked.before, self.items + asked.items
        lines = self.engine_lines
        return available(before, lines, eligible), available(after, lines, eligible)

    @property
    def engine_lines(self):
        return tuple(Line(line.key, line.amount) for line in self.lines)

    def situation(self, documents=(), in_flight=(), handed=()):
        """All that the engine needs.

        :param documents: of :class:`Document`
        :param in_flight: items that other sessions reserved
        :param handed: items taken out of what is owed, because a document stands for
            them (see :meth:`hand_out`)
        """
        return Situation(
            lines=self.engine_lines,
            items=self._without(handed) + tuple(in_flight),
            documents=tuple(documents),
            rules=tuple(map(Rule.from_json, self.policy["rules"])),
            managed=self.managed,
            observe=self.policy["mode"] == "observe",
            today=self.today,
        )

    def document(self, key, claim, before=None, component=None):
        """Build the engine's document.

        :param tuple key: (model name, record id)
        :param Claim claim: after the change
        :param Claim before: before it, or None
        :param str component: in which the document is counted already, see
            :meth:`hand_out`; None for a document that was left out of the exposure
        """
        label = ",".join(map(str, key))
        release, total = self._release(key, claim)
        if component in self.policy["components"]:
            items, owed = self.hand_out(claim.growth(before), label, component), ()
        else:
            same_debtor = before is not None and before.partner_id == self.partner_id
            items = self.to_items(claim.parts, label)
            owed = self._settle(before.parts, claim.paid, label) if same_debtor else ()
        return Document(
            key=label,
            items=items,
            before=owed,
            total=max(total, 0),
            paid=max(claim.paid, 0),
            release=release,
            checkpoint=claim.checkpoint,
        )

    def _settle(self, parts, paid, label):
        """What a document owed until now, less the same money as afterwards."""
        items = self.to_items(parts, label)
        if paid <= 0 or not items:
            return items
        rest = Network(self.engine_lines).plus(self.items)
        return settle(Document(label, items, paid=paid), rest)

    def hand_out(self, parts, label, component):
        """Which part of what is owed already a document stands for.

        Goods that are delivered, an entry that was posted: nothing is owed on top, but
        the rules look at this part as if it came last. First what the same lines may
        carry, then the rest of the component, then anything: never more than is owed.

        :param parts: of a claim
        :param str label: of the document
        :param str component: code of the component where it is counted
        :return tuple: of :class:`Item`
        """
        left = {i: item for i, item in enumerate(self.items) if item.amount > 0}
        found = []
        wanted = list(self.to_items(parts, label))
        for fits in (
            lambda ask, item: item == (ask.eligible, component),
            lambda ask, item: item[0] == ask.eligible,
            lambda ask, item: item[1] == component,
            lambda ask, item: True,
        ):
            for index, ask in enumerate(wanted):
                rest, taken = _take(ask, left, fits)
                wanted[index] = rest
                found += taken
        return merge(found)

    def _without(self, handed):
        """The items less those handed out, whatever their labels."""
        taken = {}
        for item in handed:
            taken[item.eligible] = taken.get(item.eligible, 0) + item.amount
        left = []
        for item in self.items:
            part = min(max(item.amount, 0), taken.get(item.eligible, 0))
            if part:
                taken[item.eligible] -= part
                item = replace(item, amount=item.amount - part)
            if item.amount:
                left.append(item)
        return tuple(left)

    def _release(self, key, claim):
        """The release that counts for a document, with the total it is compared with.

        Its own, or else the one of the documents it comes from: where all of these are
        released and none outgrew its release, the document itself need not be.
        """
        own = self._release_of(key)
        if self._lets_through(own, claim.total):
            return own, claim.total
        outgrown = []
        for group in claim.sources:
            found = [(self._release_of(source), total) for source, total in group]
            if found and all(self._lets_through(*source) for source in found):
                return found[0][0], claim.total
            outgrown += [source for source in found if source[0]]
        return outgrown[0] if outgrown and not own else (own, claim.total)

    def _lets_through(self, release, total):
        if not release or (release.until and release.until < self.today):
            return False
        return total <= release.ceiling

    def _release_of(self, key):
        hold = self.holds.get(key) or {}
        if hold.get("state") != "released" or hold["partner_id"] != self.partner_id:
            return None
        until = hold["release_until"]
        return Release(
            key=hold["id"],
            amount=hold["release_amount"],
            tolerance_bp=hold["release_tolerance_bp"],
            tolerance=hold["release_tolerance"],
            until=date.fromisoformat(until) if until else None,
        )


def _take(ask, left, fits):
    """Take what is asked out of the items that fit.

    :param Item ask: what is wanted, with the lines that may carry it
    :param dict left: index -> Item still there; brought up to date
    :param fits: (ask, (eligible, label of the item)) -> whether to take from it
    :return tuple: the rest of what is asked, and rows for :func:`merge`
    """
    taken, missing = [], ask.amount
    for index, item in left.items():
        if missing > 0 and fits(ask, (item.eligible, item.label)):
            part = min(item.amount, missing)
            missing -= part
            left[index] = replace(item, amount=item.amount - part)
            taken.append((part, item.eligible, ask.label))
    return replace(ask, amount=missing), taken


def merge(rows):
    """Sum amounts by eligible lines, label and sign: few items, same meaning.

    Credits stay apart from debts, because a credit may serve what the debts beside
    it cannot use.
    """
    totals = {}
    for amount, eligible, label in rows:
        key = (amount < 0, eligible, label)
        totals[key] = totals.get(key, 0) + amount
    return tuple(
        Item(amount, eligible, label)
        for (_negative, eligible, label), amount in totals.items()
        if amount
    )
