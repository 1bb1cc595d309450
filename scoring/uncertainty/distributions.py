"""Inverse distribution functions, and the quasi-random points that go through them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from scoring.errors import InputError

MOST_DRAWS: Final = 2**20
MOST_INPUTS: Final = 21_201
"""Dimensions for which Sobol' direction numbers are known."""

_NORMAL_90: Final = 1.6448536269514722
"""Half-width of the central 90% of a normal distribution, in standard deviations."""


def triangular(u: np.ndarray, low: np.ndarray, mode: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Quantile of the triangular distribution on [low, high] with its peak at `mode`.

    Parameters
    ----------
    u : ndarray of float, shape (..., k)
        0..1.
    low, mode, high : ndarray of float, shape (k,)
        ``low <= mode <= high``; where low equals high the value is certain.
    """
    width = np.asarray(high - low, dtype=float)
    safe = np.where(width > 0, width, 1.0)
    rise = (mode - low) / safe
    up = low + np.sqrt(u * width * (mode - low))
    down = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(width > 0, np.where(u < rise, up, down), mode)


def between(u: np.ndarray, p05: np.ndarray, p50: np.ndarray, p95: np.ndarray) -> np.ndarray:
    """Quantile of a share of which three percentiles are known: straight lines through them, kept within 0..1.

    Parameters
    ----------
    u : ndarray of float, shape (..., k)
        0..1.
    p05, p50, p95 : ndarray of float, shape (k,)
        In order.
    """
    below, above = (p50 - p05) / 0.45, (p95 - p50) / 0.45
    return np.clip(p50 + np.where(u < 0.5, below, above) * (u - 0.5), 0.0, 1.0)


def around_one(u: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Quantile of the triangular distribution on [1 - spread, 1 + spread] with its peak at 1."""
    side = 2.0 * u - 1.0
    return 1.0 + spread * np.copysign(1.0 - np.sqrt(1.0 - np.abs(side)), side)


def uniform(u: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Quantile of the uniform distribution on [low, high]."""
    return low + u * (high - low)


def dirichlet(u: np.ndarray, mean: np.ndarray, concentration: float) -> np.ndarray:
    """Point of the Dirichlet distribution around `mean`, from one quantile per component, shape (..., k)."""
    if np.isinf(concentration):
        return np.broadcast_to(mean, u.shape)
    from scipy.special import gammaincinv

    gamma = gammaincinv(mean * concentration, u)
    return gamma / gamma.sum(axis=-1, keepdims=True)


def concentration(mean: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """Concentration of the Dirichlet whose components lie in their ranges about nine times in ten; inf = no range.

    One number serves all components: it is the mean of those that each of them asks for, and at least 1.
    """
    deviation = (high - low) / 2 / _NORMAL_90
    wide = deviation > 0
    if not wide.any():
        return np.inf
    asked = mean[wide] * (1 - mean[wide]) / deviation[wide] ** 2 - 1
    return max(float(asked.mean()), 1.0)


def rotations(names: Sequence[str], count: int) -> np.ndarray:
    """Numbers in [0, 1) that depend on the name alone, shape (names, count).

    Adding them to a point, modulo 1, gives every name points of its own that fill its range as evenly (R. Cranley and
    T. N. L. Patterson, SIAM Journal on Numerical Analysis 13, 1976), whoever else is there.
    """
    bits = b"".join(hashlib.shake_128(name.encode()).digest(4 * count) for name in names)
    return np.frombuffer(bits, dtype="<u4").reshape(len(names), count) / 2.0**32


def rotate(u: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Sum modulo 1 of numbers in [0, 1)."""
    turned: np.ndarray = u + by
    turned -= turned >= 1.0
    return turned


def check_draws(draws: Any, seed: Any) -> None:
    """Check how many draws are asked for.

    Raises
    ------
    InputError
        Not from 1 to 1,048,576 draws, or a seed below 0, or either is not a whole number.
    """
    for field, number in (("draws", draws), ("seed", seed)):
        if isinstance(number, bool) or not isinstance(number, int | np.integer):
            raise InputError(field, f"{number!r} is not a whole number", f"give {field} such as 1024")
    if not 1 <= draws <= MOST_DRAWS:
        raise InputError("draws", f"{draws} is not from 1 to {MOST_DRAWS}", "use some hundreds, such as 1024")
    if seed < 0:
        raise InputError("seed", f"{seed} is below 0", "use a whole number from 0")


class Points:
    """Scrambled Sobol' points, always generated from the first on: any part of them is the same, however cut.

    Parameters
    ----------
    dimensions : int
    seed : int

    Raises
    ------
    InputError
        More dimensions than there are direction numbers for.
    """

    def __init__(self, dimensions: int, seed: int) -> None:
        from scipy.stats.qmc import Sobol

        if dimensions > MOST_INPUTS:
            raise InputError("facts", f"{dimensions} uncertain inputs, more than {MOST_INPUTS}", "use fewer facts")
        self._engine = Sobol(dimensions, scramble=True, rng=np.random.Generator(np.random.PCG64(seed)))

    def skip(self, count: int) -> Points:
        """These points after the next `count`, which are passed over."""
        if count:
            self._engine.fast_forward(count)
        return self

    def take(self, count: int) -> np.ndarray:
        """The next `count` points, shape (count, dimensions), inside (0, 1)."""
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # balance is the user's choice: see check_draws
            drawn: np.ndarray = self._engine.random(count)
        return np.clip(drawn, 1e-12, 1.0 - 1e-12)
