# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The arithmetic of programmes: plain Python, no Odoo, no database."""

from .loss import concentration, quantile, simulate, split_loss
from .match import match
from .pot import (
    FIRST,
    GIVEN,
    LEFT_OUT,
    PRO_RATA,
    QUEUE,
    QUEUED,
    Answer,
    Pot,
    Wish,
    share,
    weigh,
)

__all__ = [
    "FIRST",
    "GIVEN",
    "LEFT_OUT",
    "PRO_RATA",
    "QUEUE",
    "QUEUED",
    "Answer",
    "Pot",
    "Wish",
    "concentration",
    "match",
    "quantile",
    "share",
    "simulate",
    "split_loss",
    "weigh",
]
