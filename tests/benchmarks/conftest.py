"""Small universes on which the peers are compared with the scores."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.synthetic.release import SyntheticRelease
from scoring.reference.releases.release import open_release


@pytest.fixture(scope="session")
def newest():
    """The release that is measured: with every listed company, and estimates."""
    return open_release()


@pytest.fixture(scope="session")
def synthetic():
    """Synthetic release of a size and a seed, made once."""

    @cache
    def made(companies: int = 600, seed: int = 1) -> SyntheticRelease:
        return SyntheticRelease(companies, seed)

    return made
