"""Uncertainty over HTTP and in the client: the numbers of the library, asked for or not there at all."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pyarrow.parquet as pq
import pytest

from scoring.columns import INTERVAL, RESULT
from scoring.reference.releases.release import Release
from scoring.scorer import Scorer
from scoring.uncertainty import GROUPS
from service.client import Client
from service.formats.encode import encode
from tests.service.serverprocess import AS_OF, Server

BOOK = ["8035.T", "ASML NA Equity", "no such thing", "8035.T"]


@pytest.fixture(scope="module")
def scorer(release: Release) -> Scorer:
    return Scorer(release, AS_OF)


def test_one_score(server: Server, scorer: Scorer) -> None:
    url = f"{server.url}/v1/scores/8035.T"
    plain = httpx.get(url, params={"as_of": AS_OF}).json()
    assert tuple(plain) == tuple(RESULT)
    asked = httpx.get(url, params={"as_of": AS_OF, "uncertainty": "true"}, timeout=60).json()
    expected = json.loads(encode(scorer.columns(["8035.T"], uncertainty=True), "json"))[0]
    assert asked == expected
    assert asked["score_p05"] < asked["score"] < asked["score_p95"]
    assert {name: asked[name] for name in RESULT} == plain


@pytest.mark.parametrize("form", ["json", "ndjson", "parquet"])
def test_a_list(server: Server, scorer: Scorer, form: str) -> None:
    body = {"tickers": BOOK, "as_of": AS_OF, "uncertainty": True, "format": form}
    content = httpx.post(f"{server.url}/v1/scores", json=body, timeout=60).content
    expected = scorer.columns(BOOK, uncertainty=True)
    if form == "parquet":
        assert pq.read_table(io.BytesIO(content)).column_names[-6:] == list(INTERVAL)
        return
    rows = json.loads(content) if form == "json" else [json.loads(line) for line in content.splitlines()]
    assert rows == json.loads(encode(expected, "json"))
    assert rows[2]["score_p50"] is None


def test_an_explanation(server: Server, scorer: Scorer) -> None:
    url = f"{server.url}/v1/scores/8035.T/explanation"
    assert httpx.get(url, params={"as_of": AS_OF}).json()["interval"] is None
    interval = httpx.get(url, params={"as_of": AS_OF, "uncertainty": "true"}, timeout=60).json()["interval"]
    company = scorer.evaluation.facts.company_ids.index("tokyo-electron")
    assert interval["score"] == pytest.approx(scorer.intervals().score[:, company])
    assert set(interval["importance"]) == set(GROUPS)
    assert set(interval["pillars"]) == {"market", "control", "retaliation"}
    values = list(interval["importance"].values())
    assert values == sorted(values, reverse=True)


def test_many_at_once_get_one_answer(server: Server) -> None:
    """Another date, so that nothing is kept yet."""
    params = {"as_of": "2023-03-01", "uncertainty": "true"}

    def ask(ticker: str) -> httpx.Response:
        return httpx.get(f"{server.url}/v1/scores/{ticker}", params=params, timeout=60)

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(ask, ["8035.T", "asml", "8035.T", "lam-research"]))
    assert [reply.status_code for reply in replies] == [200] * 4
    assert replies[0].content == replies[2].content


@pytest.mark.parametrize("value", ["maybe", "1.5", ""])
def test_a_value_that_is_no_truth(server: Server, value: str) -> None:
    for path in ("/v1/scores/8035.T", "/v1/scores/8035.T/explanation"):
        reply = httpx.get(server.url + path, params={"uncertainty": value})
        assert reply.status_code == 422
        assert reply.json()["field"] == "uncertainty"


def test_the_client(server: Server, scorer: Scorer) -> None:
    with Client(server.url, chunk=2) as client:  # every part has the columns
        frame = client.score(BOOK, as_of=AS_OF, uncertainty=True)
        assert client.explain("8035.T", as_of=AS_OF, uncertainty=True).interval is not None
        assert client.explain("8035.T", as_of=AS_OF).interval is None
    expected = scorer.columns(BOOK, uncertainty=True)
    for name in INTERVAL:
        assert np.array_equal(frame[name].to_numpy(dtype=float), expected[name], equal_nan=True)
