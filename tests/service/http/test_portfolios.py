"""Portfolios over HTTP and through the client: the library's numbers, and every mistake named."""

from __future__ import annotations

import asyncio
import json
from functools import cache

import pandas as pd
import pytest

from scoring.portfolio.coverage import coverage_report
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.knowledge import CoverageReport
from scoring.portfolio.result import PortfolioScore
from scoring.portfolio.score import score_portfolio
from scoring.scorer import Scorer
from service.client import AsyncClient, Client, ProblemError
from tests.service.serverprocess import Server

PINNED = {"as_of": "2024-09-02", "release": "2026.11.1", "methodology": "2026.1"}
ROWS = [
    {"ticker": "8035.T", "weight": 60},
    {"ticker": "AAPL", "weight": -30},
    {"ticker": "7203.T", "weight": 10},
    {"ticker": "AMTA", "weight": 1},
]


@pytest.fixture(scope="module")
def scorer_at(release):
    """Scorer at a date, under the methodology that the numbers here belong to."""

    @cache
    def at(as_of: str) -> Scorer:
        return Scorer(release, as_of, "2026.1")

    return at


def expected(scorer_at, rows=ROWS, **options) -> PortfolioScore:
    book = Holdings.from_weights([r["ticker"] for r in rows], [r["weight"] for r in rows])
    return score_portfolio(scorer_at(PINNED["as_of"]), book, **options)


def test_it_is_the_library_s_result(server: Server, scorer_at) -> None:
    reply = server.http.post("/v1/portfolios/score", json={"holdings": ROWS, **PINNED})
    assert reply.status_code == 200, reply.text
    assert PortfolioScore.model_validate_json(reply.content) == expected(scorer_at)
    assert reply.headers["X-Exposure-As-Of"] == PINNED["as_of"]
    assert [p["status"] for p in reply.json()["positions"]] == ["ok", "ok", "partial", "unresolved"]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_client(server: Server, scorer_at, kind: str) -> None:
    frame = pd.DataFrame(ROWS)
    if kind == "sync":
        with Client(server.url) as client:
            got = client.portfolio(frame, ROWS[:2], drivers=3, **PINNED)
    else:

        async def ask() -> PortfolioScore:
            async with AsyncClient(server.url) as client:
                return await client.portfolio(ROWS, ROWS[:2], drivers=3, **PINNED)

        got = asyncio.run(ask())
    benchmark = Holdings.from_weights(["8035.T", "AAPL"], [60, -30])
    assert got == expected(scorer_at, benchmark=benchmark, drivers=3)
    assert got.comparison.active.score == pytest.approx(got.gross.score - got.comparison.benchmark.score)


@pytest.mark.parametrize("kind", ["http", "sync", "async"])
def test_coverage_is_the_library_s_report(server: Server, scorer_at, kind: str) -> None:
    names = [{"ticker": row["ticker"]} for row in ROWS]
    if kind == "http":
        reply = server.http.post("/v1/coverage", json={"holdings": names, **PINNED})
        got = CoverageReport.model_validate_json(reply.content)
    elif kind == "sync":
        with Client(server.url) as client:
            got = client.coverage(names, **PINNED)
    else:

        async def ask() -> CoverageReport:
            async with AsyncClient(server.url) as client:
                return await client.coverage(names, **PINNED)

        got = asyncio.run(ask())
    book = Holdings.from_weights([row["ticker"] for row in ROWS], [1] * len(ROWS))
    assert got == coverage_report(scorer_at(PINNED["as_of"]), book)
    assert [name.known for name in got.names] == ["known", "known", "partial", "unresolved"]


def test_values_quantities_and_scenarios(server: Server, release) -> None:
    rows = [
        {"ticker": "8035.T", "quantity": 100, "price": 25_000, "currency": "JPY", "fx": 0.0067},
        {"ticker": "ASML NA", "quantity": -10, "price": 800.0, "currency": "EUR", "fx": 1.1},
    ]
    body = {"holdings": rows, "scenario": "match-act-enacted", **PINNED}
    got = PortfolioScore.model_validate_json(server.http.post("/v1/portfolios/score", json=body).content)
    scorer = Scorer(release, PINNED["as_of"], PINNED["methodology"], scenario="match-act-enacted")
    book = Holdings.from_values(["8035.T", "ASML NA"], [100 * 25_000 * 0.0067, -10 * 800 * 1.1])
    want = score_portfolio(scorer, book)
    assert got.gross == want.gross
    assert got.scenario == "match-act-enacted"
    assert got.basis == "quantity"


def weights(*values: object) -> list[dict]:
    return [{"ticker": "8035.T", "weight": value} for value in values]


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 422, "request-invalid", "holdings"),
        ({"holdings": []}, 422, "holdings-invalid", "holdings"),
        ({"holdings": weights("0.1")}, 422, "request-invalid", "holdings.0.weight"),
        ({"holdings": weights(1, True)}, 422, "request-invalid", "holdings.1.weight"),
        ({"holdings": weights(1, None)}, 422, "holdings-invalid", "holdings.1.weight"),
        ({"holdings": weights(0, 0)}, 422, "holdings-invalid", "holdings.weight"),
        ({"holdings": [{"weight": 1}]}, 422, "request-invalid", "holdings.0.ticker"),
        ({"holdings": [{"ticker": "A"}]}, 422, "holdings-invalid", "holdings"),
        ({"holdings": [{"ticker": "A", "weight": 1, "colour": 2}]}, 422, "request-invalid", "holdings.0.colour"),
        ({"holdings": [*weights(1), {"ticker": "A", "value": 1}]}, 422, "holdings-invalid", "holdings"),
        ({"holdings": [{"ticker": "zzz", "weight": 1}]}, 422, "holdings-invalid", "holdings"),
        ({"holdings": weights(1), "benchmark": [{"ticker": "zz", "weight": 1}]}, 422, "holdings-invalid", "benchmark"),
        ({"holdings": weights(1), "benchmark": weights(0)}, 422, "holdings-invalid", "benchmark.weight"),
        ({"holdings": weights(1, -1), "long_only": True}, 422, "holdings-invalid", "holdings.1.weight"),
        ({"holdings": weights(1e308, 1e308)}, 422, "holdings-invalid", "holdings.weight"),
        ({"holdings": weights(1), "scenario": "x"}, 404, "scenario-not-found", "scenario"),
        ({"holdings": weights(1), "drivers": -1}, 422, "request-invalid", "drivers"),
        ({"holdings": weights(1), "format": "csv"}, 422, "request-invalid", "format"),
        ({"holdings": [{"ticker": "x" * 1001, "weight": 1}]}, 422, "request-invalid", "holdings.0"),
        ({"holdings": weights(*[1] * 50_001)}, 413, "too-many-tickers", "holdings"),
        (
            {"holdings": [{"ticker": "A", "value": 1, "currency": "YEN"}]},
            422,
            "holdings-invalid",
            "holdings.0.currency",
        ),
    ],
)
def test_bad_bodies(server: Server, body: dict, status: int, code: str, field: str) -> None:
    reply = server.http.post("/v1/portfolios/score", json=body)
    problem = reply.json()
    assert (reply.status_code, problem["type"], problem["field"]) == (status, f"/problems/{code}", field), reply.text
    assert problem["fix"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none(server: Server, number: str) -> None:
    content = f'{{"holdings": [{{"ticker": "8035.T", "weight": {number}}}]}}'
    reply = server.http.post("/v1/portfolios/score", content=content, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422), reply.text
    assert reply.headers["content-type"] == "application/problem+json"


def test_odd_texts_come_back(server: Server) -> None:
    rows = [{"ticker": "8035.T", "weight": 1}, {"ticker": "\x00=1+1 株", "weight": 1}]
    reply = server.http.post("/v1/portfolios/score", json={"holdings": rows})
    assert reply.status_code == 200
    assert reply.json()["positions"][1]["query"] == "\x00=1+1 株"
    lone = json.dumps({"holdings": [rows[0], {"ticker": "\ud83d", "weight": 1}]})
    reply = server.http.post("/v1/portfolios/score", content=lone, headers={"Content-Type": "application/json"})
    assert reply.status_code in (200, 400), reply.text


def test_a_problem_reaches_the_client(server: Server) -> None:
    with Client(server.url) as client, pytest.raises(ProblemError, match="sum to 0"):
        client.portfolio(weights(0))
