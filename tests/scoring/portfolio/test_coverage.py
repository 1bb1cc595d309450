"""How well a book is known, and which names would help most."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

import scoring
from scoring.portfolio.coverage import coverage_report, knowledge
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.weighed import weigh
from scoring.reference.releases.release import Release
from scoring.scorer import Scorer

BOOK = Holdings.from_weights(
    ["8035.T", "ASML NA", "AMAT", "7203.T", "AMTA", "Merck", "USD"], [0.3, 0.2, -0.1, 0.2, 0.1, 0.05, 0.05]
)


@pytest.fixture(scope="module")
def scorer(release: Release) -> Scorer:
    return Scorer(release, "2026-07-31")


def test_every_position_is_in_one_part_and_the_weights_sum_to_one(scorer: Scorer) -> None:
    report = coverage_report(scorer, BOOK)
    assert [name.known for name in report.names] == [
        "known",
        "known",
        "known",
        "partial",
        "unresolved",
        "ambiguous",
        "cash",
    ]
    assert sum(part.weight for part in report.parts) == pytest.approx(1)
    assert sum(part.positions for part in report.parts) == 7
    for groups in (report.sectors, report.countries):
        assert sum(group.weight for group in groups) == pytest.approx(1)
        for group in groups:
            assert sum(part.weight for part in group.parts) == pytest.approx(group.weight)
    assert {group.label: round(group.weight, 12) for group in report.countries} == {
        "JP": 0.5,
        "US": 0.1,
        "NL": 0.2,
        None: 0.2,
    }


def test_what_is_in_no_mean_is_listed_heaviest_first(scorer: Scorer) -> None:
    missing = coverage_report(scorer, BOOK).missing
    assert [(one.query, one.known) for one in missing] == [
        ("7203.T", "partial"),
        ("AMTA", "unresolved"),
        ("Merck", "ambiguous"),
    ]
    assert missing[1].reason == "no company or former ticker of this code is in the data"


def test_a_figure_is_old_once_its_period_ended_more_than_two_years_before(scorer: Scorer) -> None:
    book = weigh(scorer, Holdings.from_weights(["8035.T"], [1]))
    end = book.rows["china_share_period_end"][0]
    two_years = end.replace(year=end.year + 2)
    assert [part.known for part in knowledge(book, two_years).parts] == ["known"]
    assert [part.known for part in knowledge(book, two_years + dt.timedelta(1)).parts] == ["old"]


def test_two_years_before_a_leap_day(scorer: Scorer) -> None:
    book = weigh(scorer, Holdings.from_weights(["8035.T"], [1]))
    book.rows["china_share_period_end"][0] = dt.date(2026, 2, 28)
    assert [part.known for part in knowledge(book, dt.date(2028, 2, 29)).parts] == ["known"]


def test_an_estimate_moves_the_book_by_what_the_book_would_be_without_it(scorer: Scorer) -> None:
    book = weigh(scorer, BOOK)
    status = book.rows["status"].copy()
    status[:2] = "estimated"
    marked = dataclasses.replace(book, rows=book.rows | {"status": status})
    moves = {one.query: one.moves for one in knowledge(marked, scorer.as_of).estimates}
    assert set(moves) == {"8035.T", "ASML NA"}
    whole = scoring.score_portfolio(scorer, BOOK).gross.score
    for query in moves:
        kept = [i for i, ticker in enumerate(BOOK.tickers) if ticker != query]
        without = Holdings.from_weights([BOOK.tickers[i] for i in kept], BOOK.amounts[kept])
        rest = scoring.score_portfolio(scorer, without).gross.score
        assert moves[query] == pytest.approx(whole - rest)
    assert list(moves) == sorted(moves, key=lambda query: -abs(moves[query]))


def test_a_portfolio_says_it_too(scorer: Scorer) -> None:
    of_book = scoring.score_portfolio(scorer, BOOK).knowledge
    report = coverage_report(scorer, BOOK)
    assert of_book.model_dump() == report.model_dump(include=set(type(of_book).model_fields))
