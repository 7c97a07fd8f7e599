# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which line may pay for what: the scope of a line against the facts of an item."""

from dataclasses import dataclass, field

NOTHING = frozenset()


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of the product behind an amount; every field holds record ids."""

    product: int
    categories: frozenset[int] = NOTHING  # its category and all ancestors
    tags: frozenset[int] = NOTHING
    vendors: frozenset[int] = NOTHING


@dataclass(frozen=True, slots=True)
class Scope:
    """Every criterion that is filled must be met; everything meets an empty scope."""

    products: frozenset[int] = NOTHING
    categories: frozenset[int] = NOTHING
    tags: frozenset[int] = NOTHING
    vendors: frozenset[int] = NOTHING
    terms: frozenset[int] = NOTHING
    methods: frozenset[int] = NOTHING
    has_goods: bool = field(init=False, default=False)

    def __post_init__(self):
        goods = self.products or self.categories or self.tags or self.vendors
        object.__setattr__(self, "has_goods", bool(goods))

    @property
    def is_open(self):
        """Whether everything may use the line."""
        return not (self.has_goods or self.terms or self.methods)

    def meets(self, term, method, goods):
        """Whether an amount with these facts may use the line.

        :param int term: id of the payment term, or None
        :param int method: id of the payment method, or None
        :param Goods goods: facts of the product, or None when there is none
        """
        return (
            (not self.terms or term in self.terms)
            and (not self.methods or method in self.methods)
            and (not self.has_goods or (goods is not None and self._meets_goods(goods)))
        )

    def _meets_goods(self, goods):
        return (
            (not self.products or goods.product in self.products)
            and (not self.categories or bool(self.categories & goods.categories))
            and (not self.tags or bool(self.tags & goods.tags))
            and (not self.vendors or bool(self.vendors & goods.vendors))
        )


def split_exactly(amount, weights):
    """Split an integer amount by weights without losing a unit (largest remainder).

    :param int amount: in the currency's smallest unit, may be negative
    :param dict weights: key -> int, some may be negative (a discount among goods)
    :return: dict, key -> int, summing exactly to ``amount``; all on the first key when
        the weights cancel out
    """
    total = sum(weights.values())
    if not total:
        return {key: amount * (rank == 0) for rank, key in enumerate(weights)}
    if total < 0:
        return split_exactly(amount, {key: -weight for key, weight in weights.items()})
    parts, rests = {}, {}
    for key, weight in weights.items():
        parts[key], rests[key] = divmod(amount * weight, total)
    missing = amount - sum(parts.values())
    for key in sorted(weights, key=lambda key: (-rests[key], str(key)))[:missing]:
        parts[key] += 1
    return parts
