# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which line carries what, and how much more fits."""

from .network import Network
from .situation import Item


def allocate(items, lines):
    """Place items on the lines: the most that fits, earlier lines first.

    :param items: iterable of :class:`Item`
    :param lines: sequence of :class:`Line`, in the order in which they are filled
    :return: an :class:`Allocation`
    """
    return Network(lines).plus(items).allocation()


def room(items, lines, eligible):
    """Return how much more of a new item fits without adding anything uncovered.

    :param eligible: frozenset of the keys of the lines the new item may use
    :return: an amount, 0 when nothing fits
    """
    return _room(Network(lines).plus(items), eligible)


def available(items, lines, eligible):
    """Return the room, or below 0 what the debtor is over when there is none.

    With lines that anything may use this is their sum less the net exposure.
    """
    network = Network(lines).plus(items)
    return _room(network, eligible) or -network.uncovered


def _room(network, eligible):
    most = sum(network.free)
    more = network.plus([Item(most, frozenset(eligible))])
    return most - (more.uncovered - network.uncovered)
