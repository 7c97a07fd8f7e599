# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a policy asks of documents: rules, and the exceptions from them."""

from dataclasses import dataclass, field

from .exact import require_amount

# A stop is a hold that no release opens: only its cause can go away.
EFFECTS = ("inform", "warn", "hold", "stop")


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes a document warn or hold; ``kind`` names a registered rule kind.

    ``threshold`` is in the unit of the kind: cents, days, basis points or a number;
    ``floor`` (cents) says below what an overdue item is a trivial residue.
    ``checkpoints`` holds the codes of the steps it looks at, ``scope`` the ids of
    whom it is for, per criterion; none means all. ``version`` counts its changes.
    """

    key: int
    kind: str
    effect: str
    threshold: int = 0
    checkpoints: frozenset[str] = frozenset()
    floor: int = 0
    scope: dict[str, frozenset[int]] = field(default_factory=dict)
    version: int = 0

    def __post_init__(self):
        require_amount("A rule's threshold", self.threshold, 0)
        require_amount("A rule's floor", self.floor, 0)
        if self.effect not in EFFECTS:
            raise ValueError(f"Unknown effect {self.effect!r}")

    @property
    def is_built_in(self):
        """Whether it belongs to no policy: no exception lifts it."""
        return self.key <= 0

    def is_for(self, checkpoint, belongs):
        """Whether it looks at a document.

        :param str checkpoint: the step that the document takes
        :param dict belongs: criterion -> ids of what debtor and document belong to
        """
        if self.checkpoints and checkpoint not in self.checkpoints:
            return False
        return all(
            not ids.isdisjoint(belongs.get(criterion, ()))
            for criterion, ids in self.scope.items()
            if ids
        )

    def to_json(self):
        return {
            "key": self.key,
            "kind": self.kind,
            "effect": self.effect,
            **_condition_to_json(self),
        }

    @classmethod
    def from_json(cls, data):
        condition = _condition_from_json(data)
        return cls(data["key"], data["kind"], data["effect"], **condition)


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where rules do not apply; conditions as those of a :class:`Rule`.

    It holds when its kind's figure stays within the threshold, or is beyond it when
    ``beyond``; without a kind it always holds. It lifts the rules whose keys it names,
    or, naming none, all rules of the policy.
    """

    key: int
    kind: str = ""
    beyond: bool = False
    lifts: frozenset[int] = frozenset()
    threshold: int = 0
    checkpoints: frozenset[str] = frozenset()
    floor: int = 0
    scope: dict[str, frozenset[int]] = field(default_factory=dict)
    version: int = 0
    effect: str = "inform"

    is_for = Rule.is_for

    def __post_init__(self):
        require_amount("An exception's threshold", self.threshold, 0)
        require_amount("An exception's floor", self.floor, 0)

    def is_about(self, rule):
        """Whether it could lift a rule."""
        if rule.is_built_in:
            return False
        return not self.lifts or rule.key in self.lifts

    def to_json(self):
        return {
            "key": self.key,
            "kind": self.kind,
            "beyond": self.beyond,
            "lifts": sorted(self.lifts),
            **_condition_to_json(self),
        }

    @classmethod
    def from_json(cls, data):
        return cls(
            data["key"],
            data["kind"],
            data["beyond"],
            frozenset(data["lifts"]),
            **_condition_from_json(data),
        )


def belongs_to_json(belongs):
    return {criterion: sorted(ids) for criterion, ids in sorted(belongs.items())}


def belongs_from_json(data):
    return {criterion: frozenset(ids) for criterion, ids in (data or {}).items()}


def _condition_to_json(condition):
    return {
        "threshold": condition.threshold,
        "checkpoints": sorted(condition.checkpoints),
        "floor": condition.floor,
        "scope": belongs_to_json(condition.scope),
        "version": condition.version,
    }


def _condition_from_json(data):
    # Records of the first engine know the threshold only.
    return {
        "threshold": data["threshold"],
        "checkpoints": frozenset(data.get("checkpoints") or ()),
        "floor": data.get("floor", 0),
        "scope": belongs_from_json(data.get("scope")),
        "version": data.get("version", 0),
    }
