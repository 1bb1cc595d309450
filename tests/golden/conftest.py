"""How the hand calculations are compared with the library."""

from __future__ import annotations

from functools import cache

import pytest

from scoring.methodology import load_methodology
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer


@pytest.fixture
def near():
    """Equal to 1e-9, number by number."""

    def check(got, expected):
        assert got == pytest.approx(expected, rel=0, abs=1e-9)

    return check


@pytest.fixture(scope="session")
def scorer_of():
    """Scorer of a release, date and methodology, made once; what is not disclosed stays unknown."""
    opened = cache(open_release)

    @cache
    def of(release, as_of, methodology):
        return Scorer(opened(release), as_of, load_methodology(methodology).without_estimates())

    return of


@pytest.fixture(scope="session")
def scorer_at(release, scorer_of):
    """Scorer of the release at a date under the methodology that the older hand calculations follow."""

    def at(as_of):
        return scorer_of(release.version, as_of, "2026.1")

    return at
