# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a debtor stands, and what documents ask for: facts ready for the engine."""

from dataclasses import dataclass, field, replace
from datetime import date

from .allocation import available
from .case import fact_key, settle
from .claim import Claim, Part
from .network import Network
from .pool import Pool
from .rule import Exemption, Rule, belongs_from_json
from .rule_kinds import STATUS_RULES
from .rules import get_kind
from .scope import Scope
from .situation import Document, Item, Line, Release, Situation
from .terms import describe

__all__ = ["DEFAULT_LINE", "Claim", "Part", "Position", "StackLine", "merge"]

DEFAULT_LINE = 0  # key of the line that a policy gives to debtors without line


@dataclass(frozen=True, slots=True)
class StackLine:
    """A line that counts today; amounts in cents of the root company's currency."""

    key: int
    amount: int
    scope: Scope


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
    session: tuple = (None, None)  # the measuring transaction: its xid and snapshot
    status: str = "normal"
    belongs: dict = field(default_factory=dict)  # criterion -> ids, for rules' scopes
    facts: dict = field(default_factory=dict)  # what was measured for the rules
    pool: Pool | None = None  # the limit that the debtor shares with others
    terms: dict | None = None  # payment term id -> Term, once asked for

    @property
    def is_gated(self):
        """Whether anything may hold this debtor's documents."""
        by_hand = self.status in STATUS_RULES
        return self.managed or by_hand or self.pool is not None

    @property
    def rules(self):
        """The policy's rules, where it applies, and what somebody set by hand."""
        rules = [*map(Rule.from_json, self.policy["rules"])] if self.managed else []
        if self.status in STATUS_RULES:
            rules.append(Rule(*STATUS_RULES[self.status]))
        # A policy may have a rule of its own about groups, to warn only for example.
        if self.pool and not any(rule.kind == self.pool.rule.kind for rule in rules):
            rules.append(self.pool.rule)
        return tuple(rules)

    @property
    def exemptions(self):
        rows = self.policy.get("exemptions") or ()
        return tuple(map(Exemption.from_json, rows)) if self.managed else ()

    def get_wanted_facts(self):
        """What the rules and exceptions want to know: a set of (name, *parameters)."""
        conditions = (*self.rules, *(e for e in self.exemptions if e.kind))
        return {
            fact
            for condition in conditions
            for fact in get_kind(condition.kind).facts(condition)
        }

    @property
    def limit(self):
        return sum(line.amount for line in self.lines)

    @property
    def net(self):
        """What the debtor owes, less what it is owed."""
        return sum(item.amount for item in self.items)

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
        :return: tuple, two ints, in cents, negative when over
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
            rules=self.rules,
            managed=self.is_gated,
            observe=self.policy["mode"] == "observe",
            today=self.today,
            facts=self._get_facts(),
            exemptions=self.exemptions,
            belongs=belongs_from_json(self.belongs),
        )

    def _get_facts(self):
        wanted = {fact[0] for fact in self.get_wanted_facts()}
        facts = dict(self.facts)
        if "status" in wanted:
            facts[fact_key("status")] = self.status
        if self.pool:
            facts.update(self.pool.facts(self.partner_id))
        return facts

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
            # What is beyond the horizon is not owed yet.
            items = () if self._is_later(claim) else items
            owed = () if before and self._is_later(before) else owed
        later = {"later": 1} if self._is_later(claim) else {}
        return Document(
            key=label,
            items=items,
            before=owed,
            total=max(total, 0),
            paid=max(claim.paid, 0),
            release=release,
            checkpoint=claim.checkpoint,
            belongs={"team": frozenset({claim.team})} if claim.team else {},
            facts={**self._describe_terms(claim, before), **claim.facts, **later},
        )

    def _is_later(self, claim):
        """Whether a document is due beyond the policy's credit horizon."""
        if not claim.due or "later" not in self.policy["components"]:
            return False
        return (claim.due - self.today).days > self.policy["horizon_days"]

    def _settle(self, parts, paid, label):
        """What a document owed until now, less the same money as afterwards."""
        items = self.to_items(parts, label)
        if paid <= 0 or not items:
            return items
        rest = Network(self.engine_lines).plus(self.items)
        return settle(Document(label, items, paid=paid), rest)

    def _describe_terms(self, claim, before):
        """How long the document's payment term is; nothing when no rule asks."""
        if self.terms is None:
            return {}
        own = self.facts.get("default_term")
        return describe(self.terms, claim.terms, before.terms if before else (), own)

    def hand_out(self, parts, label, component):
        """Which part of what is owed already a document stands for.

        Goods that are delivered, an entry that was posted: nothing is owed on top, but
        the rules look at this part as if it came last. First what the same lines may
        carry, then the rest of the component, then anything: never more than is owed.

        :param parts: of a claim
        :param str label: of the document
        :param str component: code of the component where it is counted
        :return: tuple, of :class:`Item`
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
                release, total = found[0]
                return release, min(total, claim.total)
            outgrown += [s for s in found if s[0] and not self._lets_through(*s)]
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
    :return: tuple, the rest of what is asked, and rows for :func:`merge`
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
