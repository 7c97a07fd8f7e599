# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who bears a loss, and how much a programme may lose: plain Python, integers."""

import random
from statistics import NormalDist

WHOLE = 10000  # basis points
DRAWS = 1_500_000  # names times rounds: a few seconds


def split_loss(loss, before, granted, first_bp, beyond_bp):
    """The sponsor's part of a loss, as two parts.

    He bears the first losses of the programme up to a share of what was granted, then
    a share of the rest.

    :param int loss: in cents
    :param int before: what the programme had lost before, in cents
    :param int granted: all that it granted, in cents
    :param int first_bp: first losses borne by the sponsor, basis points of ``granted``
    :param int beyond_bp: his share of what goes beyond, basis points
    :return: tuple, cents of first losses and of what goes beyond, both rounded down
    """
    first = min(loss, max(granted * first_bp // WHOLE - before, 0))
    return first, (loss - first) * beyond_bp // WHOLE


def simulate(names, correlation, recovered, seed=1, rounds=None):
    """Losses of a year by a one-factor Gaussian copula, sorted.

    All debtors share one factor, the state of the trade: debtor i defaults in a round
    when sqrt(c) * F + sqrt(1 - c) * e_i falls below the quantile of his probability.
    Given F the debtors are independent, so that one draw each is enough. The seed is
    fixed: the same programme gives the same figures.

    :param list names: (exposure in cents, probability of default within a year)
    :param float correlation: 0 (independent) to below 1 (all at once)
    :param float recovered: the part of an exposure that is got back, 0 to 1
    :return: list, loss of each round in cents, ascending
    """
    chance, normal = random.Random(seed), NormalDist()
    rounds = rounds or max(300, min(20_000, DRAWS // max(len(names), 1)))
    limits = [
        (exposure, normal.inv_cdf(min(max(pd, 1e-9), 1 - 1e-9)))
        for exposure, pd in names
    ]
    shared, own = correlation**0.5, (1 - correlation) ** 0.5
    losses = []
    for _round in range(rounds):
        factor = chance.gauss(0, 1)
        by_limit = {}
        lost = 0
        for exposure, limit in limits:
            if limit not in by_limit:
                by_limit[limit] = normal.cdf((limit - shared * factor) / own)
            if chance.random() < by_limit[limit]:
                lost += exposure
        losses.append(round(lost * (1 - recovered)))
    return sorted(losses)


def quantile(losses, level):
    """The loss that is not exceeded in ``level`` of the rounds."""
    return losses[min(int(len(losses) * level), len(losses) - 1)] if losses else 0


def concentration(exposures):
    """The share of the ten largest, and the number of equal debtors it amounts to."""
    total = sum(exposures)
    if not total:
        return 0.0, 0.0
    top = sum(sorted(exposures, reverse=True)[:10]) / total
    return top, total * total / sum(exposure * exposure for exposure in exposures)
