# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A limit that several debtors share: checked with their own lines, not instead."""

from dataclasses import dataclass, field

from .rule import Rule
from .rules import AMOUNT, RuleKind, rule_kind
from .verdict import Reason, WayOut

# Belongs to no policy: who is in a group is checked, whatever the rules say.
POOL_RULE = -10
STEPS = frozenset({"confirmation", "change"})


@dataclass(slots=True)
class Pool:
    """A shared limit and what each member owes; one object for all its members.

    What one member is owed is not taken off what another one owes: they are different
    companies, and nobody may set one's credit against another's debt.
    """

    key: int
    name: str
    limit: int
    owed: dict = field(default_factory=dict)  # partner id -> cents, net

    @property
    def total(self):
        """What all members owe together."""
        return sum(max(amount, 0) for amount in self.owed.values())

    def others(self, partner_id):
        """What all members but one owe together."""
        return self.total - max(self.owed.get(partner_id, 0), 0)

    def add(self, items_by_partner):
        """Count further items: what other sessions have in flight, for example.

        :param dict items_by_partner: partner id -> items; others than members are left out
        """
        for partner_id in self.owed:
            items = items_by_partner.get(partner_id, ())
            self.owed[partner_id] += sum(item.amount for item in items)

    def settle(self, partner_id, judged, components):
        """Count what a member owes after its documents were decided.

        :param judged: (situation, verdict) of each, in the order of decision
        :param components: for each where it is counted already, None for new debts
        """
        for (_situation, verdict), component in zip(judged, components, strict=True):
            if not component:
                last = verdict.before if verdict.outcome == "hold" else verdict.after
                self.owed[partner_id] = last.net

    @property
    def rule(self):
        return Rule(POOL_RULE, "group_limit", "hold", checkpoints=STEPS)

    def facts(self, partner_id):
        """What the rule wants to know, for one member."""
        return {
            "group": self.name,
            "group_limit": self.limit,
            "group_others": self.others(partner_id),
        }


@rule_kind("group_limit")
class GroupLimit(RuleKind):
    """With the document, the debtor's group would owe more than its shared limit."""

    unit = AMOUNT
    code = "group_limit"
    value_units = {"limit": AMOUNT, "total": AMOUNT, "added": AMOUNT}

    def added(self, case):
        """By how much the document takes the group further beyond its limit, in cents."""
        facts = case.situation.facts
        if "group_limit" not in facts:
            return 0
        left = max(facts["group_limit"] - facts["group_others"], 0)
        before, after = max(case.before.net, left), max(case.after.net, left)
        return max(after - before, 0)

    def reasons(self, rule, case):
        added = self.added(case)
        if added <= rule.threshold:
            return ()
        facts = case.situation.facts
        values = {
            "kind": self.name,
            "rule": rule.key,
            "threshold": rule.threshold,
            "measured": added,
            "added": added,
            "group": facts["group"],
            "limit": facts["group_limit"],
            "total": facts["group_others"] + max(case.after.net, 0),
        }
        return (Reason(self.code, rule.effect, values),)

    def ways_out(self, rule, case):
        added = self.added(case)
        if not added:
            return
        if added <= sum(item.amount for item in case.items):
            yield WayOut("deposit", added)
        if added <= case.situation.facts["group_others"]:
            # Whoever of the others pays: all of them together owe at least this.
            yield WayOut("group_pay", added)
