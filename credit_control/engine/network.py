# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The maximum flow of what is owed on credits and lines."""

from .verdict import Allocation

CREDIT = 0  # index of the pseudo line made of all credits; anything may use it


def _movable(source, bit):
    return sum(amount for mask, amount in source.items() if mask & bit)


def _move(source, target, bit, amount):
    """Move ``amount`` of what may use ``bit`` from one place to another."""
    for mask in [mask for mask in source if mask & bit]:
        part = min(amount, source[mask])
        target[mask] = target.get(mask, 0) + part
        source[mask] -= part
        if not source[mask]:
            del source[mask]
        amount -= part
        if not amount:
            return


class Network:
    """Demands, grouped by the set of lines they may use, placed on lines.

    A set of lines is a bit mask; ``unmet`` and each place of ``flow`` map a mask
    to an amount. A network is never changed once built: :meth:`plus` returns
    another one.
    """

    # Why it is exact. The usages of the lines that some placement reaches form a
    # polymatroid (the flows into the lines' side of a bipartite network), so
    # taking for each line in turn the most that leaves the earlier lines as full
    # as they are gives the lexicographically best usage, and that usage is a
    # maximum flow. An augmenting path ends in the line being filled and only
    # exchanges demands on the lines it passes: no line's usage ever falls.
    # Adding demands to a solved network and filling again stays exact: what could
    # not reach a line before cannot reach it later either, because a path only
    # opens arcs between nodes that could reach the line already. So what the new
    # demands leave unmet is theirs. More credit, in contrast, may empty a later
    # line, so it starts again.

    __slots__ = ("_bits", "_masks", "demand", "flow", "free", "keys", "size", "unmet")

    def __init__(self, lines):
        self.keys = (None, *(line.key for line in lines))
        if len(set(self.keys)) != len(self.keys):
            raise ValueError("Two lines have the same key")
        self._bits = {key: 1 << index for index, key in enumerate(self.keys)}
        self._masks = {}
        self.size = [0, *(line.amount for line in lines)]
        self._clear()

    def _clear(self):
        self.free = list(self.size)
        self.flow = [{} for _size in self.size]
        self.demand = {}
        self.unmet = {}

    def _copy(self):
        other = object.__new__(Network)
        other.keys, other._bits, other._masks = self.keys, self._bits, self._masks
        other.size, other.free = list(self.size), list(self.free)
        other.flow = [dict(place) for place in self.flow]
        other.demand, other.unmet = dict(self.demand), dict(self.unmet)
        return other

    def mask(self, eligible):
        """Return the bits of the lines an item may use, unknown keys left out."""
        mask = self._masks.get(eligible)
        if mask is None:
            mask = 1 << CREDIT
            for key in eligible:
                mask |= self._bits.get(key, 0)
            self._masks[eligible] = mask
        return mask

    def group(self, items):
        """Return the demand per mask, in a fixed order, and the sum of the credits."""
        amounts, credit = {}, 0
        for item in items:
            if item.amount > 0:
                amounts[item.eligible] = amounts.get(item.eligible, 0) + item.amount
            else:
                credit -= item.amount
        demand = {}
        for eligible, amount in amounts.items():
            mask = self.mask(eligible)
            demand[mask] = demand.get(mask, 0) + amount
        return dict(sorted(demand.items())), credit

    def plus(self, items):
        """Return the network with further items placed."""
        demand, credit = self.group(items)
        network = self._copy()
        if credit:
            network.size[CREDIT] += credit
            network._clear()
            network._add(self.demand)
        network._add(demand)
        return network

    def _add(self, demand):
        for mask, amount in demand.items():
            self.demand[mask] = self.demand.get(mask, 0) + amount
            self.unmet[mask] = self.unmet.get(mask, 0) + amount
        for index in range(len(self.size)):
            while self.free[index] and self.unmet and (path := self._path(index)):
                self._augment(path)

    def _path(self, target):
        """Return the shortest chain of lines over which unmet demand reaches one."""
        wanted = 0
        for mask in self.unmet:
            wanted |= mask
        if wanted >> target & 1:
            return [target]
        held = [0] * len(self.flow)
        for index, place in enumerate(self.flow):
            for mask in place:
                held[index] |= mask
        return self._search(target, wanted, held)

    def _search(self, target, wanted, held):
        onward, queue = {target: None}, [target]
        for index in queue:
            if wanted >> index & 1:
                path = []
                while index is not None:
                    path.append(index)
                    index = onward[index]
                return path
            for source, mask in enumerate(held):
                if source not in onward and mask >> index & 1:
                    onward[source] = index
                    queue.append(source)
        return None

    def _augment(self, path):
        """Shift demands along the chain: unmet to its head, each line to the next."""
        places = [self.unmet, *(self.flow[index] for index in path)]
        steps = [
            (source, target, 1 << index)
            for source, target, index in zip(places[:-1], places[1:], path, strict=True)
        ]
        amount = self.free[path[-1]]
        for source, _target, bit in steps:
            amount = min(amount, _movable(source, bit))
        for source, target, bit in reversed(steps):
            _move(source, target, bit, amount)
        self.free[path[-1]] -= amount

    @property
    def uncovered(self):
        return sum(self.unmet.values())

    @property
    def capacity(self):
        """The amount of all lines, credits not counted."""
        return sum(self.size) - self.size[CREDIT]

    def unmet_since(self, earlier):
        """Return what is unmet of the demands added to an earlier network."""
        return {
            mask: amount - earlier.unmet.get(mask, 0)
            for mask, amount in self.unmet.items()
            if amount > earlier.unmet.get(mask, 0)
        }

    def allocation(self):
        """Return the result in terms of the lines' keys."""
        used = [size - free for size, free in zip(self.size, self.free, strict=True)]
        return Allocation(
            used=dict(zip(self.keys[1:], used[1:], strict=True)),
            covered=sum(used),
            uncovered=self.uncovered,
            demand=sum(self.demand.values()),
            credit=self.size[CREDIT],
        )
