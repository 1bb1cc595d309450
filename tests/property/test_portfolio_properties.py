"""What must hold of any book: parts sum to the score; order, lots and the unit of weights do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.errors import HoldingsError
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.score import score_portfolio
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer

COMPANIES = open_release("2026.11.0").columns("companies")["company_id"].tolist()
names = st.one_of(st.sampled_from(COMPANIES), st.sampled_from(["no such thing", "", "8035.T", "ASML NA"]))
weights = st.floats(-10, 10).filter(lambda w: w == 0 or abs(w) > 1e-6)
books = st.lists(st.tuples(names, weights), min_size=1, max_size=25).filter(
    lambda rows: any(weight for _, weight in rows) and any(name not in ("no such thing", "") for name, _ in rows)
)


@pytest.fixture(scope="module")
def scored(scorer_at):
    """Results of books, of a release in which what is not disclosed is unknown, or of one in which it is estimated."""
    scorers = {False: scorer_at("2025-06-30"), True: Scorer(open_release(), "2025-06-30")}

    def score(rows, benchmark=None, estimated=False):
        made = [Holdings.from_weights(*zip(*b, strict=True)) if b is not None else None for b in (rows, benchmark)]
        return score_portfolio(scorers[estimated], *made)

    return score


def numbers(result):
    """All numbers of a result that do not belong to single rows."""
    found = result.model_dump(exclude={"positions", "given", "drivers", "comparison", "revenue_at_risk"})
    for part in found["concentration"]:
        part["groups"] = sorted(part["groups"], key=lambda group: group["key"])
    knowledge = found["knowledge"]
    for by in ("sectors", "countries"):
        knowledge[by] = sorted(knowledge[by], key=lambda group: str(group["label"]))
    # Of the queries that name one company, the first is shown.
    for one in (*knowledge["estimates"], *(one for one in knowledge["missing"] if one["name"])):
        del one["query"]
    counted = [*knowledge["parts"], *(p for by in ("sectors", "countries") for g in knowledge[by] for p in g["parts"])]
    for part in (*found["coverage"], *counted):
        del part["positions"]
    return found


def close(one, other, tolerance=1e-9):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[k], other[k], tolerance) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(close(a, b, tolerance) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= tolerance
    return one == other


def test_the_comparison_of_results_can_fail(scored):
    one, other = (numbers(scored([("8035.T", 1.0), ("apple", w)])) for w in (1.0, 1.001))
    assert close(one, one)
    assert not close(one, other)


def test_the_names_of_a_book_are_compared_too(scored):
    book = [("8035.T", 1.0), ("toyota", 2.0), ("sony", 0.5)]
    one, other = (numbers(scored(rows, estimated=True)) for rows in (book, book[:2]))
    assert one["knowledge"]["estimates"]
    assert len(one["knowledge"]["estimates"]) > len(other["knowledge"]["estimates"])
    assert numbers(scored([*book, ("nobody", 1.0)]))["knowledge"]["missing"]


@given(rows=books, estimated=st.booleans(), data=st.data())
@settings(max_examples=40)
def test_order_does_not_matter(scored, rows, estimated, data):
    shuffled = data.draw(st.permutations(rows))
    assert close(*(numbers(scored(book, estimated=estimated)) for book in (rows, shuffled)))


@given(rows=books, estimated=st.booleans(), data=st.data())
@settings(max_examples=40)
def test_splitting_a_position_does_not_matter(scored, rows, estimated, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    part = data.draw(st.floats(0.05, 0.95))
    name, weight = rows[place]
    split = [*rows[:place], (name, weight * part), *rows[place + 1 :], (name, weight * (1 - part))]
    assert close(*(numbers(scored(book, estimated=estimated)) for book in (rows, split)))


@given(rows=books, factor=st.floats(1e-3, 1e6))
@settings(max_examples=30)
def test_the_unit_of_weights_does_not_matter(scored, rows, factor):
    assert close(numbers(scored(rows)), numbers(scored([(name, weight * factor) for name, weight in rows])))


@given(rows=books)
@settings(max_examples=60)
def test_parts_sum_to_the_score(scored, rows):
    result = scored(rows)
    near = pytest.approx
    assert sum(c.weight for c in result.coverage) == near(1, abs=1e-9)
    assert sum(abs(p.weight) for p in result.positions) == near(1, abs=1e-9)
    assert [p.query for p in result.positions] == [name for name, _ in rows]
    score = result.gross.score
    if score is None:
        assert all(p.contribution is None for p in result.positions)
        return
    assert 0 <= score <= 100
    assert result.gross.score_market + result.gross.score_control + result.gross.score_retaliation == near(score)
    assert sum(p.contribution or 0 for p in result.positions) == near(score, abs=1e-9)
    assert sum(p.contribution_net or 0 for p in result.positions) == near(result.net.score, abs=1e-9)
    for part in result.concentration[:3]:
        assert part.points == near(score, abs=1e-9)
        assert sum(g.points_net for g in part.groups) == near(result.net.score, abs=1e-9)
        assert sum(g.weight for g in part.groups) == near(1, abs=1e-9)
    for part in result.concentration:
        assert sum(g.points for g in part.groups) == near(part.points, abs=1e-9)
        assert part.hhi_points is None or 0 < part.hhi_points <= 1 + 1e-12
    sides = [(leg, leg.weight * leg.coverage) for leg in (result.long, result.short) if leg.coverage]
    covered = sum(weight for _, weight in sides)
    assert sum(leg.score * weight for leg, weight in sides) / covered == near(score, abs=1e-9)


@given(rows=books)
@settings(max_examples=20)
def test_all_drivers_sum_to_the_score(scorer_at, rows):
    result = score_portfolio(scorer_at("2025-06-30"), Holdings.from_weights(*zip(*rows, strict=True)), drivers=10**6)
    assume(result.gross.score is not None)
    assert sum(d.points for d in result.drivers) == pytest.approx(result.gross.score, abs=1e-9)
    assert sum(d.points_net for d in result.drivers) == pytest.approx(result.net.score, abs=1e-9)
    sizes = [d.points for d in result.drivers]
    assert sizes == sorted(sizes, reverse=True)


@given(rows=books, benchmark=books)
@settings(max_examples=40)
def test_names_sum_to_the_active_score(scored, rows, benchmark):
    compared = scored(rows, benchmark).comparison
    assert sum(n.weight for n in compared.names) == pytest.approx(sum(p.weight for p in scored(rows).positions))
    if compared.active.score is None:
        assert all(n.active is None for n in compared.names)
        return
    for total, name in (
        (compared.active.score, "active"),
        (compared.active.score_market, "active_market"),
        (compared.active.score_control, "active_control"),
        (compared.active.score_retaliation, "active_retaliation"),
        (compared.active_net.score, "active_net"),
    ):
        assert sum(getattr(n, name) or 0 for n in compared.names) == pytest.approx(total, abs=1e-9)


@given(rows=books)
@settings(max_examples=20)
def test_a_book_against_itself_is_not_active(scored, rows):
    compared = scored(rows, rows).comparison
    assert compared.active_share == pytest.approx(0, abs=1e-12)
    assert compared.active.score in (None, 0)


@given(rows=books)
@settings(max_examples=20)
def test_long_only_net_is_the_score(scored, rows):
    long = [(name, abs(weight)) for name, weight in rows]
    result = scored(long)
    assert result.net.score == (None if result.gross.score is None else pytest.approx(result.gross.score, abs=1e-9))
    assert result.short.score is None
    assert result.spread.score is None


@given(values=st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=6))
def test_any_floats_make_holdings_or_an_error(values):
    try:
        made = Holdings.from_weights(["8035.T"] * len(values), values)
    except HoldingsError:
        absolute = np.abs(np.array(values))
        with np.errstate(over="ignore"):
            assert not np.isfinite(absolute).all() or absolute.sum() in (0, np.inf)
    else:
        assert np.isfinite(made.amounts).all()
