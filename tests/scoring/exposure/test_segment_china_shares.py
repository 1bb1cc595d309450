"""How a company's China share spreads over segments of which some, all or none disclose theirs."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scoring.exposure.market import segment_china_shares
from scoring.facts.blocks import Segments, disclosing

NAN = np.nan


def spread(market, weights, disclosed):
    k = len(weights)
    nothing = np.zeros(k, dtype=int)
    segments = Segments(
        company=nothing,
        family=nothing,
        service=nothing,
        share=np.array(weights, dtype=float),
        china=np.array(disclosed, dtype=float),
        disclosed=np.ones(k, dtype=bool),
        inferred=np.zeros(k, dtype=bool),
        row=np.arange(k),
        evidence=nothing,
        age=np.zeros(k),
        starts=np.array([0]),
        owners=np.array([0]),
    )
    known = disclosing(segments.company, segments.china)
    return segment_china_shares(SimpleNamespace(segments=segments, disclosing=known), np.array([market]))


@pytest.mark.parametrize(
    ("market", "weights", "disclosed", "expected"),
    [
        # None discloses: all have the company's share, exactly.
        (0.1893, [0.6, 0.2, 0.2], [NAN, NAN, NAN], [0.1893] * 3),
        # One does: 0.3 = 0.5 x 0.4 + 0.5 x 0.2.
        (0.3, [0.5, 0.5], [0.4, NAN], [0.4, 0.2]),
        # The others are equal: 0.4 - 0.25 x 0.4 = 0.3 over 0.75.
        (0.4, [0.25, 0.25, 0.5], [0.4, NAN, NAN], [0.4, 0.4, 0.4]),
        # Nothing is left, exactly.
        (0.2, [0.5, 0.5], [0.4, NAN], [0.4, 0.0]),
        # Everything that is left, exactly.
        (0.7, [0.5, 0.5], [0.4, NAN], [0.4, 1.0]),
        # All disclose: scaled by 0.3 / 0.25.
        (0.3, [0.5, 0.5], [0.4, 0.1], [0.48, 0.12]),
        # Too much disclosed for 0.1: the rest is cut to 0, then 0.4 scaled by 0.1 / 0.2.
        (0.1, [0.5, 0.5], [0.4, NAN], [0.2, 0.0]),
        # Too little for 0.8: the rest is cut to 1, then both scaled by 0.8 / 0.7 and capped at 1.
        (0.8, [0.5, 0.5], [0.4, NAN], [0.4 * 0.8 / 0.7, 1.0]),
        # A disclosed zero stays zero.
        (0.3, [0.4, 0.6], [0.0, NAN], [0.0, 0.5]),
        # All disclose zero, which no scale turns into 0.3.
        (0.3, [0.4, 0.6], [0.0, 0.0], [0.3, 0.3]),
        (0.0, [0.5, 0.5], [NAN, NAN], [0.0, 0.0]),
        (0.0, [0.5, 0.5], [0.4, NAN], [0.0, 0.0]),
        (1.0, [0.5, 0.5], [NAN, NAN], [1.0, 1.0]),
        (1.0, [0.5, 0.5], [0.5, NAN], [2 / 3, 1.0]),
        # The company's share is unknown: so are the segments', also the disclosed ones.
        (NAN, [0.5, 0.5], [0.4, NAN], [NAN, NAN]),
        (NAN, [0.5, 0.5], [NAN, NAN], [NAN, NAN]),
    ],
)
def test_spread(market, weights, disclosed, expected):
    assert np.allclose(spread(market, weights, disclosed), expected, rtol=0, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("seed", range(20))
def test_the_weighted_sum_is_the_company_share_unless_capped(seed):
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.ones(4))
    disclosed = np.where(random.random(4) < 0.5, random.random(4), NAN)
    market = random.random()
    got = spread(market, weights, disclosed)
    assert ((got >= 0) & (got <= 1)).all()
    if (got < 1).all():
        assert weights @ got == pytest.approx(market, abs=1e-12)
    else:
        assert weights @ got <= market + 1e-12


@pytest.mark.parametrize("seed", range(20))
def test_a_larger_company_share_lowers_no_segment(seed):
    random = np.random.default_rng(100 + seed)
    weights = random.dirichlet(np.ones(4))
    disclosed = np.where(random.random(4) < 0.5, random.random(4), NAN)
    steps = np.array([spread(market, weights, disclosed) for market in np.linspace(0, 1, 41)])
    assert (np.diff(steps, axis=0) >= -1e-12).all()


def test_nike_discloses_more_than_its_company_share(scorer_at):
    """0.6687 x 0.1552 + 0.2817 x 0.1239 + 0.048 x 0.0742 is above 0.1422: nothing is left, and the three are scaled."""
    evaluation = scorer_at("2025-10-31").evaluation
    mine = evaluation.facts.segments.company == evaluation.facts.company_ids.index("nike")
    disclosed = 0.6687 * 0.1552 + 0.2817 * 0.1239 + 0.048 * 0.0742
    assert disclosed > 0.1422
    expected = [0.1552 * 0.1422 / disclosed, 0.1239 * 0.1422 / disclosed, 0.0742 * 0.1422 / disclosed, 0]
    assert sorted(evaluation.segment_china[mine]) == pytest.approx(sorted(expected), abs=1e-12)
    assert evaluation.china_revenue[mine].sum() == pytest.approx(0.1422, abs=1e-12)
