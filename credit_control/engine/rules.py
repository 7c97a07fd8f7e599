# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The registry of rule kinds and the kind every policy starts with."""

from .case import Case
from .verdict import Reason, WayOut

__all__ = ["Case", "RuleKind", "rule_kind", "rule_kinds"]

_KINDS = {}


class RuleKind:
    """One way to look at a case; stateless, registered with :func:`rule_kind`.

    Only documents that grow in front of a managed debtor are shown to it.
    """

    def reasons(self, rule, case):
        """Return the reasons for which the rule applies, none when it does not.

        :param rule: the :class:`Rule`, with effect and threshold
        :param case: the :class:`Case`
        :return: iterable of :class:`Reason`
        """
        return ()

    def ways_out(self, case):
        """Return what would make the reasons of this kind go away.

        Each amount must work when it is carried out.

        :param case: the :class:`Case`
        :return: iterable of :class:`WayOut`
        """
        return ()


def rule_kind(name):
    """Register the decorated class as the rule kind ``name``."""

    def register(cls):
        if name in _KINDS:
            raise ValueError(f"The rule kind {name!r} exists already")
        _KINDS[name] = cls()
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

    def ways_out(self, case):
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
