"""Scores over HTTP: the same rows as `Scorer`, in every format, for any ticker."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.reference.releases.release import Release
from scoring.scorer import Scorer
from service.formats.encode import FORMATS, encode
from tests.service.serverprocess import AS_OF, Server

BOOK = [
    "8035.T",
    "ASML NA Equity",
    "8035.T",
    "no such thing",
    "US0378331005",
    "",
    "Lam Research",
    "=1+1",
    "Ünïcode 株式",
]


@pytest.fixture(scope="module")
def scorer(release: Release) -> Scorer:
    return Scorer(release, AS_OF)


def rows_of(content: bytes, name: str) -> list[dict[str, object]]:
    if name == "json":
        return json.loads(content)
    if name == "ndjson":
        return [json.loads(line) for line in content.splitlines()]
    if name == "csv":
        return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    if name == "parquet":
        return pq.read_table(io.BytesIO(content)).to_pylist()
    if name == "arrow":
        return pa.ipc.open_stream(content).read_all().to_pylist()
    frame = pd.read_excel(io.BytesIO(content), dtype=object)
    return frame.where(frame.notna(), None).to_dict("records")


def test_one_score_is_the_row_of_the_scorer(server: Server, scorer: Scorer) -> None:
    reply = server.http.get("/v1/scores/8035.T", params={"as_of": AS_OF})
    assert reply.status_code == 200
    assert [reply.json()] == json.loads(encode(scorer.columns(["8035.T"]), "json"))
    assert reply.headers["X-Exposure-Release"] == scorer.release.version
    assert reply.headers["X-Exposure-As-Of"] == AS_OF
    assert reply.headers["X-Exposure-Methodology"] == "2026.2"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("by", ["parameter", "accept"])
def test_a_batch_is_the_same_in_every_format(server: Server, scorer: Scorer, name: str, by: str) -> None:
    body = {"tickers": BOOK, "as_of": AS_OF} | ({"format": name} if by == "parameter" else {})
    accept = FORMATS[name].media_type if by == "accept" else "*/*"
    reply = server.http.post("/v1/scores", json=body, headers={"Accept": accept})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == FORMATS[name].media_type
    expected = encode(scorer.columns(BOOK), name)
    if name != "xlsx":  # a workbook holds the time it was made
        assert reply.content == expected
    rows = rows_of(reply.content, name)
    assert rows_of(expected, name) == rows
    assert len(rows) == len(BOOK)
    assert [row["status"] for row in rows] == list(scorer.columns(BOOK)["status"])


@pytest.mark.parametrize("name", FORMATS)
def test_one_score_in_every_format(server: Server, scorer: Scorer, name: str) -> None:
    reply = server.http.get("/v1/scores/ASML", params={"as_of": AS_OF, "format": name})
    content = b"[" + reply.content + b"]" if name == "json" else reply.content
    rows = rows_of(content, name)
    assert [row["company_id"] for row in rows] == ["asml"]
    assert float(rows[0]["score"]) == pytest.approx(scorer.columns(["ASML"])["score"][0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "ticker",
    ["8035.T", "8035 JT Equity", "XTKS:8035", "Tokyo Electron", "BRK/B", "NOVO B/DC", "a%2Fb", "株式", "%", "a b"],
)
def test_odd_tickers_reach_the_resolver_as_they_are(server: Server, scorer: Scorer, ticker: str) -> None:
    match = scorer.resolver.resolve(ticker)
    for path in (quote(ticker, safe=""), quote(ticker, safe="/")):
        reply = server.http.get(f"/v1/scores/{path}?as_of={AS_OF}")
        tree = server.http.get(f"/v1/scores/{path}/explanation?as_of={AS_OF}")
        assert reply.status_code == tree.status_code == {"ok": 200, "unresolved": 404, "ambiguous": 409}[match.status]
        if match.status == "ok":
            assert reply.json()["query"] == tree.json()["query"] == ticker
        else:
            assert repr(ticker) in reply.json()["detail"]
            assert [c["company_id"] for c in reply.json()["candidates"]] == [c.company_id for c in match.candidates]


def test_a_name_of_two_companies_is_a_conflict(server: Server) -> None:
    reply = server.http.get("/v1/scores/Volvo")
    assert reply.status_code == 409
    assert reply.json()["type"] == "/problems/query-ambiguous"
    assert len(reply.json()["candidates"]) == 2


def test_explanation_adds_up(server: Server, scorer: Scorer) -> None:
    reply = server.http.get("/v1/scores/8035.T/explanation", params={"as_of": AS_OF})
    assert reply.json() == json.loads(scorer.explain("8035.T").model_dump_json())
    both = server.http.get("/v1/scores/8035.T", params={"as_of": AS_OF, "explain": True}).json()
    assert both["explanation"] == reply.json()
    batch = server.http.post("/v1/scores", json={"tickers": ["8035.T", "zzzz"], "as_of": AS_OF, "explain": True}).json()
    assert [row["explanation"] for row in batch] == [reply.json(), None]


def test_fifty_thousand_tickers(server: Server, scorer: Scorer) -> None:
    known = scorer.release.columns("listings")["ticker"].tolist()
    tickers = (known + [f"unknown {i}" for i in range(300)]) * 100
    tickers = tickers[:50_000]
    reply = server.http.post("/v1/scores", json={"tickers": tickers, "as_of": AS_OF})
    rows = orjson.loads(reply.content)
    assert [row["query"] for row in rows] == tickers
    assert reply.content == encode(scorer.columns(tickers), "json")
    over = server.http.post("/v1/scores", json={"tickers": [*tickers, "one more"]})
    assert over.status_code == 413
    assert over.json()["type"] == "/problems/too-many-tickers"


def test_an_empty_batch_has_no_rows(server: Server) -> None:
    assert server.http.post("/v1/scores", json={"tickers": []}).json() == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ticker=st.text(min_size=1, max_size=60))
def test_any_text_is_a_ticker(server: Server, ticker: str) -> None:
    body = server.http.post("/v1/scores", content=json.dumps({"tickers": [ticker]}), headers=JSON)
    assert body.status_code == 200
    assert len(body.json()) == 1
    path = server.http.get(f"/v1/scores/{quote(ticker, safe='')}")
    assert path.status_code in (200, 404, 409)
    if path.status_code == 200 and path.json() is not None:
        assert path.json()["query"] == ticker


JSON = {"Content-Type": "application/json"}
