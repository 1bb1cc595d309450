"""How much the silent companies earn in China: the level of their prior cell, and an interval around each estimate."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from scoring.estimate.disclosed import Disclosed
from scoring.estimate.order import LEAST_PAIRS, Order, share_of
from scoring.facts.axes import index, positions
from scoring.reference.releases.release import Release

CELL: Final = ("region", "sector", "group")

SMALL: Final = ("small", "micro", "nano")
SMALL_REGION: Final = "US"
SMALL_FACTOR: Final = 0.7
"""Level of small US companies beside that of their cell: the aggregates behind the cells are of large ones, and small
companies sell less abroad."""

LEAST_RESIDUALS: Final = 30
"""Disclosing companies of a region from which its own intervals are made; with fewer, those of all regions are."""

_STEPS: Final = 41
"""Quantiles that stand for the residuals where a mean over them is taken."""

_HALVINGS: Final = 50


class Priors(NamedTuple):
    """Prior cells, and which cell each company is in.

    Attributes
    ----------
    name : list of str
    mean, p10, p90, p_zero : ndarray of float, shape (c,)
    cell : ndarray of int, shape (n,)
    small : ndarray of bool, shape (n,)
        Companies whose level is `SMALL_FACTOR` times that of their cell.
    region : ndarray of str, shape (n,)
    """

    name: list[str]
    mean: np.ndarray
    p10: np.ndarray
    p90: np.ndarray
    p_zero: np.ndarray
    cell: np.ndarray
    small: np.ndarray
    region: np.ndarray


class Shares(NamedTuple):
    """Estimated China shares, 0..1, shape (n,) each: percentiles of what they may be."""

    p05: np.ndarray
    p50: np.ndarray
    p95: np.ndarray


def priors(release: Release) -> Priors:
    """Prior cells of a release."""
    table, companies = release.columns("industry_priors"), release.columns("companies")
    name = [" / ".join(cell) for cell in zip(*(table[part] for part in CELL), strict=True)]
    of = [" / ".join(cell) for cell in zip(*(companies[f"prior_{part}"] for part in CELL), strict=True)]
    region = companies["prior_region"]
    return Priors(
        name=name,
        **{part: table[part] for part in ("mean", "p10", "p90", "p_zero")},
        cell=positions(np.array(of, dtype=object), index(name)),
        small=(region == SMALL_REGION) & np.isin(companies["size_class"].astype(str), SMALL),
        region=region,
    )


def shares(order: Order, known: Disclosed, prior: Priors) -> Shares:
    """Estimate of every company, whether or not it discloses.

    A company that never disclosed is, with the chance of its cell, next to nothing; else it lies around its
    prediction, moved on the logit scale so that the mean of its cell is that of the prior. One that once disclosed
    lies around its own figure. Both intervals are widened to the range of the cell, and an upper bound caps them.
    """
    location, zero = order.value.copy(), np.where(order.own, 0.0, prior.p_zero[prior.cell])
    spreads = _spreads(order, prior.region)
    group = prior.cell * 2 + prior.small
    for number in np.unique(group[~order.own]).tolist():
        member = np.flatnonzero((group == number) & ~order.own)
        level = prior.mean[number // 2] * (SMALL_FACTOR if number % 2 else 1.0)
        residual = spreads[prior.region[member[0]]]
        location[member] += _shift(location[member], _steps(residual), level / (1 - zero[member[0]]))
    low, middle, high = np.zeros((3, location.size))
    own = _own_spread(order)
    for residual, member in [
        *((spreads[region], np.flatnonzero((prior.region == region) & ~order.own)) for region in spreads),
        (own, np.flatnonzero(order.own)),
    ]:
        for out, level in ((low, 0.05), (middle, 0.5), (high, 0.95)):
            out[member] = _quantile(location[member], residual, zero[member], level)
    low, high = np.minimum(low, prior.p10[prior.cell]), np.maximum(high, prior.p90[prior.cell])
    return Shares(*(np.fmin(share, known.bound) for share in (low, middle, high)))


def conformal(residual: np.ndarray, level: np.ndarray | float) -> np.ndarray:
    """Residual that a new one stays below with a chance of at least `level` above, or at most below, the median."""
    ordered = np.sort(residual)
    rank = np.asarray(level) * (ordered.size + 1)
    outward = np.where(np.asarray(level) > 0.5, np.ceil(rank - 1e-9), np.floor(rank + 1e-9))
    exact = ordered[np.clip(outward.astype(int) - 1, 0, ordered.size - 1)]
    return np.where(np.asarray(level) == 0.5, np.median(ordered), exact)


def _spreads(order: Order, region: np.ndarray) -> dict[str, np.ndarray]:
    """Residuals of each region, of all regions where one has too few."""
    where = region[order.disclosers]
    own = {name: order.residual[where == name] for name in sorted(set(region))}
    return {name: found if found.size >= LEAST_RESIDUALS else order.residual for name, found in own.items()}


def _own_spread(order: Order) -> np.ndarray:
    return order.own_residual if order.own_residual.size >= LEAST_PAIRS else order.residual


def _steps(residual: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.quantile(residual, (np.arange(_STEPS) + 0.5) / _STEPS)
    return found


def _shift(location: np.ndarray, residual: np.ndarray, mean: float) -> float:
    """What to add to logits so that, spread by residuals, their shares have a mean; by halving."""
    spread = location[:, None] + residual[None, :]
    low, high = -30.0, 30.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if share_of(spread + middle).mean() < mean:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _quantile(location: np.ndarray, residual: np.ndarray, zero: np.ndarray, level: float) -> np.ndarray:
    """Quantile of a share that is nothing with some chance and else lies around a logit."""
    rest = (level - zero) / (1 - zero)
    there: np.ndarray = share_of(location + conformal(residual, np.clip(rest, 0.0, 1.0)))
    return np.where(rest > 0, there, 0.0)
