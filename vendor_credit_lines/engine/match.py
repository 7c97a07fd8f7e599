# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Comparable customers: plain Python."""

from bisect import bisect_left

FACTOR = 2  # a comparable customer bought at most so many times as much, or as little


def match(wanted, candidates, factor=FACTOR):
    """Find for each customer another one who bought about as much before.

    Each candidate is taken once; the largest customers choose first.

    :param dict wanted: key -> turnover before
    :param dict candidates: key -> turnover before, others than those wanted
    :return: dict, key wanted -> key of the candidate; without one, it is missing
    """
    free = sorted((amount, key) for key, amount in candidates.items() if amount > 0)
    pairs = {}
    for key, amount in sorted(wanted.items(), key=lambda item: (-item[1], item[0])):
        if amount <= 0 or not free:
            continue
        place = bisect_left(free, (amount,))
        near = [index for index in (place - 1, place) if 0 <= index < len(free)]
        best = min(near, key=lambda index: abs(free[index][0] - amount))
        found = free[best][0]
        if amount / factor <= found <= amount * factor:
            pairs[key] = free.pop(best)[1]
    return pairs
