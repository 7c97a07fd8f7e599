# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arithmetic of credit: plain Python, no Odoo, no database.

Models build a :class:`Situation`, :func:`decide` answers with one
:class:`Verdict` per document, and :func:`replay` gives the same verdicts from
the recorded JSON at any later time.
"""

from .allocation import allocate, available, room
from .decision import decide, replay
from .rules import Case, RuleKind, rule_kind, rule_kinds
from .situation import (
    EFFECTS,
    ENGINE_VERSION,
    Document,
    Item,
    Line,
    Release,
    Rule,
    Situation,
)
from .verdict import Allocation, Reason, Verdict, WayOut

__all__ = [
    "EFFECTS",
    "ENGINE_VERSION",
    "Allocation",
    "Case",
    "Document",
    "Item",
    "Line",
    "Reason",
    "Release",
    "Rule",
    "RuleKind",
    "Situation",
    "Verdict",
    "WayOut",
    "allocate",
    "available",
    "decide",
    "replay",
    "room",
    "rule_kind",
    "rule_kinds",
]
