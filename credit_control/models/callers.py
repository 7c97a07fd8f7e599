# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What callers from outside hand in: they choose the value and type of everything."""

from .credit_line import AMOUNT_CEILING

LARGEST_ID = 2**31 - 1
LONGEST_NOTE = 2000


def is_id(value):
    """Whether this can be the id of a record."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_amount(value):
    """Whether this is an amount of money that makes sense; NaN does not."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < AMOUNT_CEILING


def to_note(value):
    """What is kept of a text that a caller wrote."""
    return str(value or "")[:LONGEST_NOTE]


def without(vals, names):
    """The values less those of some fields; the same object when there are none."""
    if names.isdisjoint(vals):
        return vals
    return {name: value for name, value in vals.items() if name not in names}
