"""A long/short book of three names as of 2024-09-02, worked out by hand.

The points of the companies are worked out in cases/; here is only what the book adds.
"""

import pytest

from scoring.portfolio.holdings import Holdings
from scoring.portfolio.score import score_portfolio
from tests.golden.equations import worked

AS_OF = "2024-09-02"
APPLE, TOKYO_ELECTRON = worked(f"apple-{AS_OF}").points, worked(f"tokyo-electron-{AS_OF}").points
TOYOTA_FLOOR = worked(f"toyota-{AS_OF}").row["score_floor"]
PILLARS = ("score_market", "score_control", "score_retaliation")

# Long 60 Tokyo Electron, short 30 Apple, long 10 Toyota, which has no China share by this date and so no score.
# gross 60 + 30 + 10 = 100, long 70, short -30, net 40
# scored: 0.6 + 0.3 = 0.9 of the gross; 0.6 / 0.7 of the long side; all of the short side
TEL, AAPL = sum(TOKYO_ELECTRON), sum(APPLE)
SCORE = (0.6 * TEL + 0.3 * AAPL) / 0.9
NET = (0.6 * TEL - 0.3 * AAPL) / 0.9
FLOOR = 0.6 * TEL + 0.3 * AAPL + 0.1 * TOYOTA_FLOOR

# Benchmark: a third each Tokyo Electron, Apple, Toyota; scored two thirds, half in each.
BENCHMARK = (TEL + AAPL) / 2


@pytest.fixture(scope="module")
def result(scorer_at):
    book = Holdings.from_weights(["8035.T", "AAPL", "7203.T"], [60, -30, 10])
    benchmark = Holdings.from_values(["8035.T", "AAPL", "7203.T"], [1e6, 1e6, 1e6])
    return score_portfolio(scorer_at(AS_OF), book, benchmark)


def test_sums_and_coverage(result, near):
    near([result.given.gross, result.given.long, result.given.short, result.given.net], [100, 70, -30, 40])
    near([p.weight for p in result.positions], [0.6, -0.3, 0.1])
    assert [(c.status, c.positions) for c in result.coverage] == [("ok", 2), ("partial", 1)]
    near([c.weight for c in result.coverage], [0.9, 0.1])
    near([result.gross.coverage, result.long.coverage, result.short.coverage], [0.9, 6 / 7, 1])


def test_score_of_each_side(result, near):
    near(result.gross.score, SCORE)
    near(
        [getattr(result.gross, p) for p in PILLARS],
        [(6 * t + 3 * a) / 9 for t, a in zip(TOKYO_ELECTRON, APPLE, strict=True)],
    )
    near(result.long.score, TEL)
    near(result.short.score, AAPL)
    near(result.spread.score, TEL - AAPL)
    near(result.net.score, NET)
    near(
        [getattr(result.net, p) for p in PILLARS],
        [(6 * t - 3 * a) / 9 for t, a in zip(TOKYO_ELECTRON, APPLE, strict=True)],
    )
    near(result.score_floor, FLOOR)
    # (0.6 x 50.03 + 0.3 x 44.98) / 0.9 = 48.34
    assert round(TEL, 2) == 50.03
    assert round(SCORE, 2) == 48.34


def test_contributions(result, near):
    tel, aapl, toyota = result.positions
    near([tel.contribution, aapl.contribution], [0.6 * TEL / 0.9, 0.3 * AAPL / 0.9])
    near([tel.contribution_net, aapl.contribution_net], [0.6 * TEL / 0.9, -0.3 * AAPL / 0.9])
    assert toyota.contribution is None
    near(toyota.score_floor, TOYOTA_FLOOR)


def test_drivers_and_concentration(result, near):
    # The China share is the whole market pillar: 0.6 / 0.9 of Tokyo Electron's points.
    first = result.drivers[0]
    assert first.label == "Tokyo Electron Ltd · China share"
    near([first.points, first.points_net], [TOKYO_ELECTRON[0] * 2 / 3] * 2)
    by_country = next(c for c in result.concentration if c.by == "country")
    assert [g.key for g in by_country.groups] == ["JP", "US"]
    jp, us = 0.6 * TEL / 0.9, 0.3 * AAPL / 0.9
    near([g.points for g in by_country.groups], [jp, us])
    near([g.weight for g in by_country.groups], [2 / 3, 1 / 3])
    near([g.weight_net for g in by_country.groups], [2 / 3, -1 / 3])
    near(by_country.hhi_points, (jp / SCORE) ** 2 + (us / SCORE) ** 2)
    near(by_country.hhi_weight, 4 / 9 + 1 / 9)


def test_against_the_benchmark(result, near):
    c = result.comparison
    near(c.benchmark.score, BENCHMARK)
    near(c.active.score, SCORE - BENCHMARK)
    near(c.active_net.score, NET - BENCHMARK)
    names = {n.company_id: n for n in c.names}
    # active weights 0.6 - 1/3, -0.3 - 1/3, 0.1 - 1/3; active points (2/3 - 1/2) and (1/3 - 1/2) of the scores
    near([names[i].active_weight for i in ("tokyo-electron", "apple", "toyota")], [0.8 / 3, -1.9 / 3, -0.7 / 3])
    near([names["tokyo-electron"].active, names["apple"].active], [TEL / 6, -AAPL / 6])
    near([names["tokyo-electron"].active_net, names["apple"].active_net], [TEL / 6, -AAPL * 5 / 6])
    near(names["apple"].active_control, -APPLE[1] / 6)
    assert names["toyota"].active is None
    near(c.active_share, (0.8 + 1.9 + 0.7) / 3 / 2)
