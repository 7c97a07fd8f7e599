# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the engine is asked: plain values, amounts in the smallest currency unit."""

from dataclasses import dataclass, field
from datetime import date

from .exact import require_amount
from .rule import Exemption, Rule, belongs_from_json, belongs_to_json

ENGINE_VERSION = "2"
# Version 1 knew neither checkpoints, scopes, exceptions nor the effect "stop".
READABLE_VERSIONS = frozenset({"1", "2"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the stack, given in the order in which lines are filled."""

    key: int
    amount: int

    def __post_init__(self):
        require_amount("A line's amount", self.amount, 0)

    def to_json(self):
        return {"key": self.key, "amount": self.amount}

    @classmethod
    def from_json(cls, data):
        return cls(data["key"], data["amount"])


@dataclass(frozen=True, slots=True)
class Item:
    """Something owed (amount above 0) or a credit (below 0).

    ``eligible`` holds the keys of the lines that may carry it; a credit may
    serve anything. ``label`` names the component or document it came from.
    """

    amount: int
    eligible: frozenset[int]
    label: str = ""

    def __post_init__(self):
        require_amount("An item's amount", self.amount)

    def to_json(self):
        return {
            "amount": self.amount,
            "eligible": sorted(self.eligible),
            "label": self.label,
        }

    @classmethod
    def from_json(cls, data):
        return cls(data["amount"], frozenset(data["eligible"]), data["label"])


@dataclass(frozen=True, slots=True)
class Release:
    """Somebody let a document through, up to an amount and until a date.

    ``tolerance_bp`` is a percentage in basis points (250 = 2.5 %); the larger
    of it and ``tolerance`` counts. ``until`` is inclusive.
    """

    key: int
    amount: int
    tolerance_bp: int = 0
    tolerance: int = 0
    until: date | None = None

    def __post_init__(self):
        require_amount("A release's amount", self.amount, 0)
        require_amount("A release's tolerance", self.tolerance, 0)
        require_amount("A release's tolerance in percent", self.tolerance_bp, 0)

    @property
    def ceiling(self):
        """The largest document total this release lets through."""
        # money: rounded down, so that a tolerance never gives a cent too much
        percentage = self.amount * self.tolerance_bp // 10000
        return self.amount + max(self.tolerance, percentage)

    def to_json(self):
        return {
            "key": self.key,
            "amount": self.amount,
            "tolerance_bp": self.tolerance_bp,
            "tolerance": self.tolerance,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_json(cls, data):
        until = data["until"] and date.fromisoformat(data["until"])
        return cls(
            data["key"],
            data["amount"],
            data["tolerance_bp"],
            data["tolerance"],
            until or None,
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A document at a checkpoint.

    ``items`` is what it will owe, ``before`` what it owed until now; neither is
    part of the situation's items. ``paid`` is money taken for it that no item
    shows yet; ``total`` is what a release is compared with. ``checkpoint`` is the
    code of the step it takes. ``facts`` are further inputs for rule kinds, ``belongs``
    tells what the document belongs to, for the scopes of rules: criterion -> ids.
    """

    key: str
    items: tuple[Item, ...]
    before: tuple[Item, ...] = ()
    total: int = 0
    paid: int = 0
    release: Release | None = None
    facts: dict[str, int | str] = field(default_factory=dict)
    checkpoint: str = ""
    belongs: dict[str, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self):
        require_amount("A document's total", self.total)
        require_amount("What was paid", self.paid, 0)

    def to_json(self):
        return {
            "key": self.key,
            "items": [item.to_json() for item in self.items],
            "before": [item.to_json() for item in self.before],
            "total": self.total,
            "paid": self.paid,
            "release": self.release.to_json() if self.release else None,
            "facts": dict(sorted(self.facts.items())),
            "checkpoint": self.checkpoint,
            "belongs": belongs_to_json(self.belongs),
        }

    @classmethod
    def from_json(cls, data):
        return cls(
            key=data["key"],
            items=tuple(map(Item.from_json, data["items"])),
            before=tuple(map(Item.from_json, data["before"])),
            total=data["total"],
            paid=data["paid"],
            release=data["release"] and Release.from_json(data["release"]) or None,
            facts=dict(data["facts"]),
            checkpoint=data.get("checkpoint", ""),
            belongs=belongs_from_json(data.get("belongs")),
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """All that one decision depends on; the same situation gives the same verdicts.

    ``items`` already contains what other sessions have in flight. ``managed`` is
    false for a debtor the company does not control; ``observe`` turns holds into
    warnings. ``facts`` is what was measured for the rules, ``belongs`` what the debtor
    belongs to, for their scopes.
    """

    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    documents: tuple[Document, ...]
    rules: tuple[Rule, ...]
    managed: bool
    observe: bool
    today: date
    facts: dict[str, int | str] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    belongs: dict[str, frozenset[int]] = field(default_factory=dict)

    def to_json(self):
        """Return the situation as plain types, for the record of a decision."""
        return {
            "engine": ENGINE_VERSION,
            "lines": [line.to_json() for line in self.lines],
            "items": [item.to_json() for item in self.items],
            "documents": [document.to_json() for document in self.documents],
            "rules": [rule.to_json() for rule in self.rules],
            "managed": self.managed,
            "observe": self.observe,
            "today": self.today.isoformat(),
            "facts": dict(sorted(self.facts.items())),
            "exemptions": [exemption.to_json() for exemption in self.exemptions],
            "belongs": belongs_to_json(self.belongs),
        }

    @classmethod
    def from_json(cls, data):
        """Build the situation that :meth:`to_json` described.

        :raise ValueError: when it was recorded by an engine this one cannot read
        """
        if data.get("engine") not in READABLE_VERSIONS:
            raise ValueError(f"Unknown engine version {data.get('engine')!r}")
        return cls(
            lines=tuple(map(Line.from_json, data["lines"])),
            items=tuple(map(Item.from_json, data["items"])),
            documents=tuple(map(Document.from_json, data["documents"])),
            rules=tuple(map(Rule.from_json, data["rules"])),
            managed=data["managed"],
            observe=data["observe"],
            today=date.fromisoformat(data["today"]),
            facts=dict(data["facts"]),
            exemptions=tuple(map(Exemption.from_json, data.get("exemptions") or ())),
            belongs=belongs_from_json(data.get("belongs")),
        )
