# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the engine answers: codes and amounts, never words."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Allocation:
    """Which line carries how much.

    ``demand`` is the sum of what is owed, ``credit`` the sum of the credits;
    ``covered`` is what fits on credits and lines, ``uncovered`` the rest.
    """

    used: dict[int, int]
    covered: int
    uncovered: int
    demand: int
    credit: int

    @property
    def credit_used(self):
        """The part of the credits that serves something owed."""
        return self.covered - sum(self.used.values())

    @property
    def net(self):
        """Net exposure: what is owed less all credits."""
        return self.demand - self.credit

    def to_json(self):
        return {
            "used": [[key, amount] for key, amount in self.used.items()],
            "covered": self.covered,
            "uncovered": self.uncovered,
            "demand": self.demand,
            "credit": self.credit,
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document warns or holds: a code of the reason catalogue with values."""

    code: str
    effect: str
    values: dict[str, int | str] = field(default_factory=dict)

    def to_json(self):
        return {"code": self.code, "effect": self.effect, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class WayOut:
    """Something that would let the document pass, with the amount it takes.

    ``values["items"]`` of ``ship_part`` tells what may be kept of the document,
    of ``pay_open`` which open items to pay: a list of plain item dicts.
    """

    code: str
    amount: int
    values: dict = field(default_factory=dict)

    def to_json(self):
        return {"code": self.code, "amount": self.amount, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one document.

    ``added`` is what the document adds to the uncovered amount, ``fits`` the
    largest part of its growth that would add nothing. ``released`` says that a
    release let it pass, ``observed`` that it would have been held, ``stopped`` that no
    release opens it.
    """

    key: str
    outcome: str
    reasons: tuple[Reason, ...]
    ways_out: tuple[WayOut, ...]
    uncovered_before: int
    uncovered_after: int
    added: int
    fits: int
    before: Allocation
    after: Allocation
    released: bool = False
    observed: bool = False
    stopped: bool = False

    @property
    def at_stake(self):
        """What somebody decides about who lets the document through.

        What it adds uncovered; all of it where another reason holds as well.
        """
        holding = {r.code for r in self.reasons if r.effect in ("hold", "stop")}
        if holding - {"uncovered", "no_credit"}:
            return max(self.after.net - self.before.net, self.added)
        return self.added

    def to_json(self):
        """Return the verdict as plain types, for the record of a decision."""
        return {
            "key": self.key,
            "outcome": self.outcome,
            "reasons": [reason.to_json() for reason in self.reasons],
            "ways_out": [way.to_json() for way in self.ways_out],
            "uncovered_before": self.uncovered_before,
            "uncovered_after": self.uncovered_after,
            "added": self.added,
            "fits": self.fits,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "released": self.released,
            "observed": self.observed,
            "stopped": self.stopped,
        }
