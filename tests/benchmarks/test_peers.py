"""pandas, Polars and DuckDB give the numbers that are measured against them."""

from __future__ import annotations

import dataclasses
import importlib

import numpy as np
import pytest

from benchmarks.synthetic.release import AS_OF
from benchmarks.universe import compiled, difference
from scoring.methodology import load_methodology

pytestmark = pytest.mark.parametrize("peer", ["pandas_", "polars_", "duckdb_"])


def module(peer):
    return importlib.import_module(f"benchmarks.peers.{peer}")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_peer_scores_the_synthetic_universe_alike(peer, seed, synthetic):
    universe = compiled(synthetic(seed=seed), AS_OF)
    assert np.isfinite(universe.base.score).sum() > 400
    assert difference(universe, module(peer)) < 1e-9


# Before anything is known about the revenue of any company, and four later states.
@pytest.mark.parametrize("as_of", ["2010-06-30", "2019-06-10", "2023-01-13", "2024-09-02", "2026-07-31"])
def test_a_peer_scores_the_bundled_release_alike(peer, as_of, newest):
    universe = compiled(newest, as_of)
    estimated = universe.facts.estimated & np.isfinite(universe.base.score)
    assert (estimated.sum() > 10_000) == (as_of != "2010-06-30")
    assert difference(universe, module(peer)) < 1e-9


def test_a_peer_takes_its_numbers_from_the_methodology(peer, synthetic):
    document = load_methodology().model_dump()
    document["china_share"] = "structural"
    document["beta"].update(value=1.5, low=1.0)
    document["alignment_probability"]["default"].update(value=0.6, high=0.9)
    document["latent_threat"]["maximum"].update(value=0.9, high=1.0)
    document["unknown_import_share"].update(value=0.1, low=0.0)
    document["half_points"]["control"].update(value=0.3, high=0.5)
    usual = compiled(synthetic(), AS_OF)
    other = compiled(synthetic(), AS_OF, type(usual.methodology).model_validate(document))
    assert np.nanmax(np.abs(usual.base.score - other.base.score)) > 5
    assert difference(other, module(peer)) < 1e-9


def test_a_peer_has_no_other_rules_than_those_of_the_methodology(peer, synthetic):
    with pytest.raises(ValueError, match=r"2026\.1 has other rules than 2026\.2"):
        compiled(synthetic(), AS_OF, load_methodology("2026.1"))


def test_a_difference_is_seen(peer, synthetic):
    universe = compiled(synthetic(), AS_OF)
    score = universe.base.score.copy()
    score[np.flatnonzero(~np.isnan(score))[0]] += 1e-8
    altered = dataclasses.replace(universe, base=dataclasses.replace(universe.base, score=score))
    assert 0.9e-8 < difference(altered, module(peer)) < 1.1e-8
    unknown = dataclasses.replace(universe.base, score=np.full_like(score, np.nan))
    assert difference(dataclasses.replace(universe, base=unknown), module(peer)) == np.inf
