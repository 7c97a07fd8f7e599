# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The registry of rule kinds, what a kind is, and the kind every policy starts with."""

from .case import Case
from .verdict import Reason, WayOut

__all__ = ["Case", "Measured", "RuleKind", "rule_kind", "rule_kinds"]

# Units of thresholds: a percentage is kept in basis points (250 = 2.5 %).
NONE, AMOUNT, DAYS, PERCENT, NUMBER = "none", "amount", "days", "percent", "number"

_KINDS = {}


class RuleKind:
    """One way to look at a case; stateless, registered with :func:`rule_kind`.

    Only documents that grow in front of a managed debtor are shown to it.

    :cvar str name: set when it is registered
    :cvar str unit: of its threshold
    :cvar str code: of the reason in the catalogue
    :cvar bool has_floor: whether trivial residues can be left out
    :cvar bool is_less: whether it speaks below the threshold instead of above
    :cvar bool needs_person: whether its effect must stay open to a person's decision
    :cvar dict value_units: units of the reason's values, besides figure and threshold
    """

    name = ""
    unit = NONE
    code = ""
    has_floor = False
    is_less = False
    needs_person = False
    value_units = {}

    def facts(self, rule):
        """Declare what has to be measured of the debtor.

        :return: iterable of (name, *parameters) tuples, see :meth:`Case.fact`
        """
        return ()

    def is_asked(self, case):
        """Whether a case is any business of this kind."""
        return case.grows

    def reasons(self, rule, case):
        """Return the reasons for which the rule applies, none when it does not.

        :param rule: the :class:`Rule`, with effect and threshold
        :param case: the :class:`Case`
        :return: iterable of :class:`Reason`
        """
        return ()

    def speaks(self, rule, case):
        """Whether the rule applies; None when nobody can tell."""
        return any(True for _reason in self.reasons(rule, case))

    def ways_out(self, rule, case):
        """Return what would make the reasons of this rule go away.

        Each amount must work when it is carried out.

        :param rule: the rule that spoke
        :param case: the :class:`Case`
        :return: iterable of :class:`WayOut`
        """
        return ()


class Measured(RuleKind):
    """A kind that compares one figure with the threshold: most kinds are no more."""

    def measure(self, rule, case):
        """Return the figure, in the kind's unit; None when nobody knows it."""
        raise NotImplementedError

    def values(self, rule, case):
        """Return further values for the words of the reason."""
        return {}

    def speaks(self, rule, case):
        figure = self.measure(rule, case)
        if figure is None:
            return None
        if self.is_less:
            return figure < rule.threshold
        return figure > (0 if self.unit == NONE else rule.threshold)

    def reasons(self, rule, case):
        if not self.speaks(rule, case):
            return
        yield Reason(
            self.code or self.name,
            rule.effect,
            {
                "kind": self.name,
                "rule": rule.key,
                "measured": self.measure(rule, case),
                "threshold": rule.threshold,
                **self.values(rule, case),
            },
        )


def rule_kind(name):
    """Register the decorated class as the rule kind ``name``."""

    def register(cls):
        if name in _KINDS:
            raise ValueError(f"The rule kind {name!r} exists already")
        kind = cls()
        kind.name = name
        _KINDS[name] = kind
        return cls

    return register


def rule_kinds():
    """Return the names of all registered kinds."""
    return tuple(_KINDS)


def get_kind(name):
    """Return a registered kind.

    :raise ValueError: a rule nobody understands must not let documents through
    """
    try:
        return _KINDS[name]
    except KeyError:
        raise ValueError(f"Unknown rule kind {name!r}") from None


@rule_kind("uncovered")
class Uncovered(RuleKind):
    """The document adds something that no line carries."""

    unit = AMOUNT
    code = "uncovered"

    def reasons(self, rule, case):
        if case.added <= rule.threshold:
            return ()
        values = {
            "added": case.added,
            "uncovered": case.after.uncovered,
            "limit": case.limit,
            "threshold": rule.threshold,
            "rule": rule.key,
        }
        code = "uncovered" if case.limit else "no_credit"
        return (Reason(code, rule.effect, values),)

    def ways_out(self, rule, case):
        if case.added:
            yield from self._deposit(case)
            yield from self._ship_part(case)
            yield from self._pay_open(case)
            # A new line carries what was uncovered before as well, so it has to be
            # large enough for both.
            yield WayOut("ask_more", case.after.uncovered)

    def _deposit(self, case):
        owed = sum(item.amount for item in case.items)
        if case.fitting_items is not None and case.added <= owed:
            yield WayOut("deposit", case.added)

    def _ship_part(self, case):
        if case.fits:
            kept = [item.to_json() for item in case.fitting_items]
            yield WayOut("ship_part", case.fits, {"items": kept})

    def _pay_open(self, case):
        items = case.payable_items
        if items:
            amount = sum(item.amount for item in items)
            yield WayOut("pay_open", amount, {"items": [i.to_json() for i in items]})
