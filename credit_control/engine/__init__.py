# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arithmetic of credit: plain Python, no Odoo, no database.

Models build a :class:`Situation`, :func:`decide` answers with one
:class:`Verdict` per document, and :func:`replay` gives the same verdicts from
the recorded JSON at any later time.
"""

from .allocation import allocate, available, room
from .decision import decide, replay
from .pool import Pool
from .rule import EFFECTS, Exemption, Rule
from . import rule_terms  # its kinds register themselves
from .rule_kinds import Fact
from .rules import Case, Measured, RuleKind, get_kind, rule_kind, rule_kinds
from .situation import (
    ENGINE_VERSION,
    Document,
    Item,
    Line,
    Release,
    Situation,
)
from .verdict import Allocation, Reason, Verdict, WayOut

__all__ = [
    "EFFECTS",
    "ENGINE_VERSION",
    "Allocation",
    "Case",
    "Document",
    "Exemption",
    "Fact",
    "Item",
    "Line",
    "Measured",
    "Pool",
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
    "get_kind",
    "replay",
    "room",
    "rule_kind",
    "rule_kinds",
]
