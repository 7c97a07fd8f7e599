# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Amounts are whole numbers, everywhere."""


def require_amount(name, value, minimum=None):
    """Refuse what is not exact: floats and booleans would spoil every sum."""
    if type(value) is not int:
        raise TypeError(f"{name} must be an integer number of cents, not {value!r}")
    if minimum is not None and value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, not {value}")
