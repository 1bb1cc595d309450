"""Inverse distribution functions, and the quasi-random points that go through them."""

from __future__ import annotations

from typing import Final

import numpy as np

from scoring.errors import InputError

MOST_DRAWS: Final = 2**20
MOST_INPUTS: Final = 21_201
"""Dimensions for which Sobol' direction numbers are known."""


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
    drawn: np.ndarray = np.where(width > 0, np.where(u < rise, up, down), mode)
    return drawn


def uniform(u: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Quantile of the uniform distribution on [low, high]."""
    drawn: np.ndarray = low + u * (high - low)
    return drawn


def dirichlet(u: np.ndarray, mean: np.ndarray, concentration: float) -> np.ndarray:
    """Point of the Dirichlet distribution around `mean`, from one quantile per component, shape (..., k)."""
    from scipy.special import gammaincinv

    gamma = gammaincinv(mean * concentration, u)
    drawn: np.ndarray = gamma / gamma.sum(axis=-1, keepdims=True)
    return drawn


def check_draws(draws: int, seed: int) -> None:
    """Check how many draws are asked for.

    Raises
    ------
    InputError
        Not from 1 to 1,048,576 draws, or a seed below 0.
    """
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
    """

    def __init__(self, dimensions: int, seed: int) -> None:
        from scipy.stats.qmc import Sobol

        self._engine = Sobol(dimensions, scramble=True, rng=np.random.Generator(np.random.PCG64(seed)))

    def take(self, count: int) -> np.ndarray:
        """The next `count` points, shape (count, dimensions), inside (0, 1)."""
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # balance is the user's choice: see check_draws
            drawn: np.ndarray = self._engine.random(count)
        inside: np.ndarray = np.clip(drawn, 1e-12, 1.0 - 1e-12)
        return inside
