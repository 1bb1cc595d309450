"""The order, the level and the interval of estimates, on small data whose right answers are known."""

import numpy as np
import pytest

from scoring.errors import InputError
from scoring.estimate.disclosed import Disclosed
from scoring.estimate.level import Priors, conformal, shares
from scoring.estimate.order import LEAST, learn, logit, share_of


def disclosed(share, n):
    none = np.full(n, np.nan)
    known = none.copy()
    known[: len(share)] = share
    return Disclosed(known, ~np.isnan(known), none.copy(), none.copy())


def world(n=200, known=80, seed=1):
    """Companies in two industries: the second earns far more in China."""
    rng = np.random.default_rng(seed)
    industry = np.arange(n) % 2
    share = share_of(-3.0 + 2.0 * industry + rng.normal(0, 0.5, n))
    return np.eye(2)[industry], industry, disclosed(share[:known], n)


def cells(industry, mean=(0.02, 0.06), p_zero=(0.0, 0.0), p10=(0.0, 0.02), p90=(0.05, 0.12)):
    n = industry.size
    arrays = (np.array(x, dtype=float) for x in (mean, p10, p90, p_zero))
    return Priors(["a", "b"], *arrays, industry, np.zeros(n, dtype=bool), np.array(["US"] * n, dtype=object))


def test_the_order_is_that_of_the_disclosing():
    features, industry, known = world()
    order = learn(features, known)
    silent = ~order.own
    assert order.value[silent & (industry == 1)].min() > order.value[silent & (industry == 0)].max()


def test_the_level_is_that_of_the_cell_and_not_of_the_disclosing():
    features, industry, known = world()
    found = shares(learn(features, known), known, cells(industry))
    silent = np.isnan(known.share)
    # Those who disclose earn 5% and 27% at the median; the silent are said to earn 2% and 6% on average.
    for which, mean in ((0, 0.02), (1, 0.06)):
        middle = found.p50[silent & (industry == which)].mean()
        assert 0.5 * mean < middle < mean


def test_percentiles_are_in_order_and_hold_the_range_of_the_cell():
    features, industry, known = world()
    prior = cells(industry)
    found = shares(learn(features, known), known, prior)
    assert (found.p05 <= found.p50).all()
    assert (found.p50 <= found.p95).all()
    assert (found.p05 <= prior.p10[industry]).all()
    assert (found.p95 >= prior.p90[industry]).all()


def test_a_company_that_probably_sells_nothing_is_estimated_at_nothing():
    features, industry, known = world()
    found = shares(learn(features, known), known, cells(industry, p_zero=(0.8, 0.0)))
    silent = np.isnan(known.share)
    assert (found.p50[silent & (industry == 0)] == 0).all()
    assert (found.p95[silent & (industry == 0)] > 0).all()
    assert (found.p50[silent & (industry == 1)] > 0).all()


def test_an_upper_bound_caps_all_three():
    features, industry, known = world()
    bound = known.bound.copy()
    bound[-1] = 0.001
    found = shares(learn(features, known), known._replace(bound=bound), cells(industry))
    assert (found.p05[-1], found.p50[-1], found.p95[-1]) <= (0.001, 0.001, 0.001)
    assert found.p95[-1] == 0.001


def test_a_figure_of_ones_own_outweighs_the_peers():
    features, _industry, known = world(known=80)
    before = known.before.copy()
    before[:40] = known.share[:40]  # old and new figures agree
    order = learn(features, known._replace(before=before))
    assert order.own_weight == pytest.approx(1.0)
    assert order.value[:80] == pytest.approx(logit(known.share[:80]))


def test_too_few_disclosures_are_refused_with_the_number_needed():
    features, _industry, known = world(known=LEAST - 1)
    with pytest.raises(InputError, match=f"{LEAST - 1} companies.*at least {LEAST}"):
        learn(features, known)


def test_intervals_hold_new_residuals_as_often_as_they_say():
    rng = np.random.default_rng(3)
    held = []
    for _ in range(60):
        low, high = conformal(rng.normal(size=60), np.array([0.05, 0.95]))
        new = rng.normal(size=2000)
        held.append(((low <= new) & (new <= high)).mean())
    assert 0.89 <= np.mean(held) <= 0.95


def test_the_same_inputs_give_the_same_numbers():
    features, industry, known = world()
    one, two = (shares(learn(features, known), known, cells(industry)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
