"""Composite: bounds, order, and a decomposition that is exact by Euler's theorem."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scoring.methodology import load_methodology
from scoring.score.composite import composite, pooled_shares, saturate

METHODOLOGY = load_methodology("2026.1")
shares = st.floats(0, 1)
half_points = st.floats(0.02, 2)


def total(u, weights, beta):
    return 100 * (np.asarray(weights) @ np.asarray(u) ** beta) ** (1 / beta)


@given(half_points)
def test_saturation_ends(half_point):
    assert saturate(np.array([0.0, 1.0]), half_point).tolist() == [0.0, 1.0]


@given(st.floats(0, 1), st.floats(0, 1), half_points)
def test_saturation_is_strictly_increasing(a, b, half_point):
    low, high = sorted((a, b))
    assume(high - low > 1e-6)
    # Beyond thirty half-points the curve is 1 to the last bit.
    assume(low < 30 * half_point)
    first, second = saturate(np.array([low, high]), half_point)
    assert 0 <= first < second <= 1


@given(st.floats(0.001, 0.999), half_points, half_points)
def test_a_smaller_half_point_saturates_sooner(exposure, a, b):
    small, large = sorted((a, b))
    assert saturate(np.array([exposure]), small)[0] >= saturate(np.array([exposure]), large)[0] - 1e-15


@given(st.floats(0.001, 0.05))
def test_the_half_point_is_where_half_is_reached(half_point):
    """Exactly so only where 2^(-1/h) vanishes: for h of a twentieth it is one in a million."""
    assert abs(saturate(np.array([half_point]), half_point)[0] - 0.5) < 1e-6


@given(st.lists(st.tuples(shares, shares, shares), min_size=1, max_size=5), st.sampled_from([1.0, 1.5, 2.0, 4.0]))
def test_points_are_an_exact_decomposition(vary, rows, beta):
    methodology = vary(METHODOLOGY, "beta", beta)
    exposures = np.array(rows)
    points = composite(exposures, methodology.parameters)
    u = saturate(exposures, np.array([0.25, 0.10, 0.20]))
    expected = [total(row, (0.40, 0.35, 0.25), beta) for row in u]
    assert (points >= 0).all()
    assert np.allclose(points.sum(axis=1), expected, rtol=0, atol=1e-9)
    assert (points.sum(axis=1) <= 100 + 1e-9).all()


@given(st.tuples(*[st.floats(0.01, 1)] * 3), st.sampled_from([1.0, 2.0, 4.0]))
def test_points_are_the_derivatives_of_a_homogeneous_score(vary, exposures, beta):
    """Euler: S(u) is homogeneous of degree 1, and each pillar's points are u times dS/du."""
    points = composite(np.array([exposures]), vary(METHODOLOGY, "beta", beta).parameters)[0]
    u = saturate(np.array(exposures), np.array([0.25, 0.10, 0.20]))
    weights = (0.40, 0.35, 0.25)
    assert abs(total(0.5 * u, weights, beta) - 0.5 * total(u, weights, beta)) < 1e-9
    step = 1e-6
    for pillar in range(3):
        up, down = u.copy(), u.copy()
        up[pillar] += step
        down[pillar] -= step
        slope = (total(up, weights, beta) - total(down, weights, beta)) / (2 * step)
        assert abs(points[pillar] - u[pillar] * slope) < 1e-5


@given(st.tuples(shares, shares, shares), st.integers(0, 2), shares)
def test_score_never_falls_as_an_exposure_rises(exposures, pillar, part):
    higher = np.array(exposures)
    higher[pillar] += part * (1 - higher[pillar])
    before, after = composite(np.array([exposures, higher]), METHODOLOGY.parameters).sum(axis=1)
    assert after >= before - 1e-12


@given(st.tuples(shares, shares, shares), st.integers(0, 2), st.sampled_from([1.0, 2.0, 4.0]))
@example((0.5, 0.5, 0.5), 1, 1.0)
def test_one_unknown_exposure_makes_every_point_unknown(vary, exposures, pillar, beta):
    unknown = np.array([exposures])
    unknown[0, pillar] = np.nan
    assert np.isnan(composite(unknown, vary(METHODOLOGY, "beta", beta).parameters)).all()


def test_ends_of_the_scale():
    points = composite(np.array([[0.0, 0, 0], [1, 1, 1], [0, 0, 1]]), METHODOLOGY.parameters)
    assert points[0].tolist() == [0, 0, 0]
    assert abs(points[1].sum() - 100) < 1e-12
    assert points[2].tolist()[:2] == [0, 0]
    assert np.isclose(points[2, 2], 50, rtol=0, atol=1e-12)  # 100 times the root of 0.25


@given(st.lists(st.one_of(shares, st.just(1.0), st.just(0.0)), min_size=1, max_size=6))
def test_pooled_shares_sum_to_one(parts):
    pooled = pooled_shares(np.array(parts))
    assert (pooled >= 0).all()
    # Parts too small to change a logarithm have no share.
    assert abs(pooled.sum() - (1 if any(np.log1p(-p) < 0 if p < 1 else True for p in parts) else 0)) < 1e-9


@given(st.lists(st.floats(0.001, 0.9), min_size=2, max_size=5))
def test_pooled_shares_follow_the_logarithms(parts):
    pooled = pooled_shares(np.array(parts))
    logs = [np.log(1 - part) for part in parts]
    assert np.allclose(pooled, np.array(logs) / sum(logs), rtol=0, atol=1e-9)


def test_a_part_of_one_takes_everything():
    assert pooled_shares(np.array([0.5, 1.0, 0.2])).tolist() == [0, 1, 0]
    assert pooled_shares(np.array([1.0, 0.3, 1.0])).tolist() == [0.5, 0, 0.5]
    assert pooled_shares(np.array([0.0, 0.0])).tolist() == [0, 0]
