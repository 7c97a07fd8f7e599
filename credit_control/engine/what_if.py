# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What would be decided if lines, rules or a policy were different."""

from dataclasses import dataclass, field, replace

from .decision import decide
from .position import DEFAULT_LINE, StackLine
from .rule import Rule
from .scope import Scope
from .situation import Line, Situation

UNMANAGED, NO_CREDIT, DEFAULT = "unmanaged", "no_credit", "default"


@dataclass(frozen=True)
class PolicyChange:
    """What would be different in one policy; None leaves a figure as it is.

    :ivar dict rules: key of a rule -> what differs in its JSON; None switches it off
    :ivar tuple added: JSON of rules that would come in addition
    :ivar bool observe: whether holds would only be observed
    :ivar str no_line: what debtors without line would get
    :ivar int default: cents of the default line
    """

    rules: dict = field(default_factory=dict)
    added: tuple = ()
    observe: bool | None = None
    no_line: str | None = None
    default: int | None = None

    def change_rules(self, rows):
        """Return the rules as they would be, as JSON in their order."""
        kept = [
            {**row, **self.rules.get(row["key"], {})}
            for row in rows
            if self.rules.get(row["key"], {}) is not None
        ]
        known = {row["key"] for row in rows}
        return [*kept, *(row for row in self.added if row["key"] not in known)]


@dataclass(frozen=True)
class LineChange:
    """Lines that would be smaller: ``percent`` of them gone, 100 for all of it."""

    percent: int
    kind: int | None = None
    origin: str = ""

    def cut(self, amount, kind, origin):
        """Return what is left of a line, rounded down to the cent."""
        if self.kind and kind != self.kind:
            return amount
        if self.origin and self.origin.lower() not in (origin or "").lower():
            return amount
        return amount * (100 - self.percent) // 100


@dataclass(frozen=True)
class WhatIf:
    """A set of changes that nobody made yet.

    :ivar dict policies: id -> :class:`PolicyChange`
    :ivar tuple lines: of :class:`LineChange`, one after another
    """

    policies: dict = field(default_factory=dict)
    lines: tuple = ()

    def cut(self, key, amount, known):
        """Return what a line would amount to.

        :param dict known: id of a line -> (id of its kind, origin)
        """
        if key in known:
            for change in self.lines:
                amount = change.cut(amount, *known[key])
        return amount

    def position(self, position, known, has_line):
        """Return where a debtor would stand; the facts have to be measured again.

        :param Position position: as it is
        :param dict known: id of a line -> (id of its kind, origin)
        :param bool has_line: whether the debtor ever had a line of his own
        """
        lines = tuple(
            replace(line, amount=self.cut(line.key, line.amount, known))
            for line in position.lines
        )
        moved = replace(position, lines=lines, facts={}, terms=None)
        change = self.policies.get(position.policy["id"])
        if not change:
            return moved
        mode = position.policy["mode"]
        if change.observe is not None:
            mode = "observe" if change.observe else "hold"
        rules = change.change_rules(position.policy["rules"])
        moved.policy = {**position.policy, "rules": rules, "mode": mode}
        return moved if has_line else _without_line(moved, change)

    def situation(self, data, policy_id, known):
        """Return a recorded situation as it would have been.

        :param dict data: the inputs of a decision
        :param int policy_id: of its policy
        :raise ValueError: when what was recorded does not tell
        """
        situation = Situation.from_json(data)
        lines = [
            Line(line.key, self.cut(line.key, line.amount, known))
            for line in situation.lines
        ]
        change = self.policies.get(policy_id)
        if not change:
            return replace(situation, lines=tuple(lines))
        own = any(line.key != DEFAULT_LINE for line in lines)
        if change.no_line is not None and not own:
            raise ValueError("Nobody recorded whether this debtor ever had a line")
        if change.default is not None:
            lines = [
                Line(line.key, change.default) if line.key == DEFAULT_LINE else line
                for line in lines
            ]
        rules = change.change_rules([rule.to_json() for rule in situation.rules])
        observe = situation.observe if change.observe is None else change.observe
        return replace(
            situation,
            lines=tuple(lines),
            rules=tuple(map(Rule.from_json, rules)),
            observe=observe,
        )


def is_held(verdict):
    """Whether the rules hold a document, never mind that somebody released it."""
    return verdict.outcome == "hold" or verdict.released


def judge_again(situation, key):
    """Return the verdict about one document of a situation; None when nobody knows.

    What the rules ask for may not have been recorded: then there is no answer.
    """
    try:
        return {verdict.key: verdict for verdict in decide(situation)}[key]
    except (KeyError, ValueError):
        return None


def _without_line(position, change):
    """A debtor who never had a line gets what the policy would say."""
    default = next(
        (line.amount for line in position.lines if line.key == DEFAULT_LINE), None
    )
    usual = NO_CREDIT if position.managed else UNMANAGED
    no_line = change.no_line or (usual if default is None else DEFAULT)
    position.managed = no_line != UNMANAGED
    position.lines = ()
    if no_line == DEFAULT:
        amount = default if change.default is None else change.default
        position.lines = (StackLine(DEFAULT_LINE, amount or 0, Scope()),)
        position.items = tuple(
            replace(item, eligible=item.eligible | {DEFAULT_LINE})
            for item in position.items
        )
    return position
