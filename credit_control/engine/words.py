# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Texts with gaps in braces: ``Dear {customer}``; nothing is ever evaluated."""

import re

GAP = re.compile(r"\{(\w+)\}")


def gaps(text):
    """Name the gaps of a text.

    :param str text: what a person wrote
    :return: set of str
    """
    return set(GAP.findall(text or ""))


def fill(text, values):
    """Fill the gaps of a text; an unknown gap stays as it was written.

    Values are not looked at again: a customer called ``{total}`` stays one.

    :param str text: what a person wrote
    :param dict values: name of the gap -> str
    :return: str
    """
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), text or "")
