# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The difference of two snapshots: an export is the whole portfolio at a date.

What has disappeared is not cancelled: somebody may have exported a filtered view.
"""

from dataclasses import dataclass

NEW, CHANGED, SAME, GONE = "new", "changed", "unchanged", "disappeared"


@dataclass(frozen=True, slots=True)
class Difference:
    """Key of a row -> new, changed, unchanged or disappeared."""

    states: dict

    def count(self, state):
        """Return how many rows are in a state."""
        return sum(found == state for found in self.states.values())


def compare(before, after):
    """Compare two snapshots.

    :param dict before: key -> fingerprint of the last snapshot that was applied
    :param dict after: the same of the new one
    :return: Difference
    """
    states = {}
    for key, fingerprint in after.items():
        if key not in before:
            states[key] = NEW
        else:
            states[key] = SAME if before[key] == fingerprint else CHANGED
    states.update(dict.fromkeys(before.keys() - after.keys(), GONE))
    return Difference(states)


def gone_percent(before, difference):
    """Which part of the last snapshot has disappeared.

    :return: int, whole per cent, rounded up so that nothing slips through
    """
    return -(-difference.count(GONE) * 100 // len(before)) if before else 0
