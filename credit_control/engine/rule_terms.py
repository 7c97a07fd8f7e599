# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The kinds of rules that look at the document's payment term."""

from .rules import DAYS, PERCENT, Measured, rule_kind
from .verdict import WayOut


class Terms(Measured):
    """Looks at the document's payment term, also when nothing but the term changed."""

    most = None

    def facts(self, rule):
        return (("terms",),)

    def is_asked(self, case):
        return case.grows or case.lengthens

    def ways_out(self, rule, case):
        days = self.allowed(rule, case)
        if days is not None:
            yield WayOut("shorter_term", 0, {"days": days})

    def allowed(self, rule, case):
        """Return how long the term may be, None when days do not tell."""
        return self.most


@rule_kind("term_days")
class TermDays(Terms):
    """The payment term is longer than the policy allows."""

    unit = DAYS

    def measure(self, rule, case):
        return case.fact("term_days")

    def allowed(self, rule, case):
        return rule.threshold


@rule_kind("term_legal")
class TermLegal(Terms):
    """The payment term is longer than the law allows."""

    value_units = {"measured": DAYS, "days": DAYS}

    def measure(self, rule, case):
        return case.fact("term_beyond_legal")

    def values(self, rule, case):
        return {"days": case.fact("term_days")}


@rule_kind("term_line")
class TermLine(Terms):
    """The payment term is longer than a line allows that carries the document."""

    value_units = {"measured": DAYS, "days": DAYS, "allowed": DAYS}

    def facts(self, rule):
        return (("terms",), ("line_terms",))

    def measure(self, rule, case):
        most = self.allowed(rule, case)
        return None if most is None else max(case.fact("term_days") - most, 0)

    def values(self, rule, case):
        return {"days": case.fact("term_days"), "allowed": self.allowed(rule, case)}

    def allowed(self, rule, case):
        after = case.after.used
        carrying = {key for key, amount in after.items() if amount}
        if case.grows and not case.lengthens:
            before = case.before.used
            carrying = {key for key in carrying if after[key] > before.get(key, 0)}
        limits = [days for key, days in case.fact("line_terms") if key in carrying]
        return min(limits, default=None)


@rule_kind("term_better")
class TermBetter(Terms):
    """The payment term is longer than the customer's own."""

    unit = DAYS
    value_units = {"days": DAYS, "default": DAYS}

    def measure(self, rule, case):
        return case.fact("term_days") - case.fact("default_term_days")

    def values(self, rule, case):
        return {"days": case.fact("term_days"), "default": self.default(case)}

    def default(self, case):
        return case.fact("default_term_days")

    def allowed(self, rule, case):
        return self.default(case) + rule.threshold


@rule_kind("discount_better")
class DiscountBetter(Terms):
    """The early-payment discount is higher than the customer's own."""

    unit = PERCENT
    value_units = {"discount": PERCENT, "default": PERCENT}

    def is_asked(self, case):
        return super().is_asked(case) or case.cheapens

    def measure(self, rule, case):
        return case.fact("term_discount") - case.fact("default_term_discount")

    def values(self, rule, case):
        return {
            "discount": case.fact("term_discount"),
            "default": case.fact("default_term_discount"),
        }
