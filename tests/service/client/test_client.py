"""The client: the same rows as in-process, whole lists, retries with limits, errors that say what to do."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pandas as pd
import pytest

from scoring.errors import InputError
from scoring.explanation.document import Explanation
from scoring.lookup.company import company
from scoring.lookup.leverage import leverage_table
from scoring.lookup.threat import threat
from scoring.receipt.verification import verify
from scoring.reference.releases.release import Release
from scoring.scorer import Scorer
from scoring.timeseries.history import history
from service.client import AsyncClient, Client, ProblemError
from service.formats.encode import encode
from tests.service.serverprocess import AS_OF, Server

NEWEST = "2026.12.0"
BOOK = ["8035.T", "ASML NA Equity", "8035.T", "no such thing", "XLON:NONE"]


def call(kind: str, url: str, function: Callable[..., Any], **options: Any) -> Any:
    """Run `function(client)`, which makes one call, with either client."""
    if kind == "sync":
        with Client(url, **options) as client:
            return function(client)

    async def run() -> Any:
        async with AsyncClient(url, **options) as client:
            return await function(client)

    return asyncio.run(run())


KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


@KINDS
@pytest.mark.parametrize("chunk", [2, 10_000])
def test_score_gives_the_rows_of_the_scorer(server: Server, release: Release, kind: str, chunk: int) -> None:
    frame = call(kind, server.url, lambda c: c.score(BOOK, as_of=AS_OF), chunk=chunk)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["query"]) == BOOK
    expected = json.loads(encode(Scorer(release, AS_OF).columns(BOOK), "json"))
    assert json.loads(encode({name: frame[name].to_numpy() for name in frame}, "json")) == expected


@KINDS
@pytest.mark.parametrize("chunk", [2, 10_000])
def test_rows_are_those_of_the_scorer_too(server: Server, release: Release, kind: str, chunk: int) -> None:
    rows = call(kind, server.url, lambda c: c.score(BOOK, as_of=AS_OF), chunk=chunk, tables="rows")
    assert rows == json.loads(encode(Scorer(release, AS_OF).columns(BOOK), "json"))

    def japanese(**options: str) -> Any:
        filters = {"country": "JP", "sector": "Information Technology", "limit": 3, "as_of": AS_OF}
        return call(kind, server.url, lambda c: c.screen(**filters), **options)

    japan, frame = japanese(tables="rows"), japanese()
    assert [row["company_id"] for row in japan] == frame["company_id"].tolist()
    assert len(japan) > 3, "of several pages"


def test_a_kind_of_tables_that_is_not_there_is_refused_at_once() -> None:
    with pytest.raises(InputError, match=r"tables: 'polars' is not known. Fix: use one of pandas, rows"):
        Client("http://127.0.0.1:1", tables="polars")


@KINDS
def test_explain_and_companies(server: Server, release: Release, kind: str) -> None:
    explanation = call(kind, server.url, lambda c: c.explain("8035.T", as_of=AS_OF))
    assert isinstance(explanation, Explanation)
    assert explanation == Scorer(release, AS_OF).explain("8035.T")
    found = call(kind, server.url, lambda c: c.companies("tokyo", country="JP", as_of=AS_OF))
    assert "tokyo-electron" in set(found["company_id"])


@KINDS
def test_every_other_call_gives_what_the_library_gives(server: Server, release: Release, kind: str) -> None:
    scorer = Scorer(release, AS_OF)

    def ask(function: Callable[..., Any]) -> Any:
        return call(kind, server.url, function)

    past = ask(lambda c: c.history("8035.T", "2024-01-02", as_of=AS_OF))
    assert past == history(release, "8035.T", "2024-01-02", AS_OF, "M")
    assert verify(ask(lambda c: c.receipt(BOOK, as_of=AS_OF))).is_verified
    risk = ask(lambda c: c.revenue_at_risk(BOOK, as_of=AS_OF))
    assert list(risk["query"]) == BOOK
    assert ask(lambda c: c.revenue_at_risk_detail("8035.T", as_of=AS_OF)) == scorer.revenue_at_risk_detail("8035.T")
    what_if = ask(lambda c: c.evaluate_scenario("match-act-enacted", ["8035.T"], as_of=AS_OF))
    assert what_if["scenario"].tolist() == ["match-act-enacted"]
    act = ask(lambda c: c.event_impact("us-2022-10-07-sme-home", ["AMAT", "8035.T"]))
    assert act["company_id"].tolist() == ["applied-materials", "tokyo-electron"]
    known = ask(lambda c: c.event_impact("us-2022-10-07-sme-home", ["KLAC", "LRCX"], "exclude", release=NEWEST))
    assert known["status"].tolist() == ["partial", "ok"]
    alone = ask(lambda c: c.event_impact("us-2022-10-07-sme-home", ["KLAC", "LRCX"], "only", release=NEWEST))
    assert alone["query"].tolist() == ["KLAC"]
    found = ask(lambda c: c.company("tokyo-electron", as_of=AS_OF))
    assert found.model_dump(mode="json") == company(scorer, "tokyo-electron").model_dump(mode="json")
    rules = ask(lambda c: c.reference("rules", as_of=AS_OF))
    assert "jp-2023-07-23" in set(rules["rule_id"])
    touched = ask(lambda c: c.touched("rules", "jp-2023-07-23", as_of=AS_OF))
    assert "tokyo-electron" in set(touched["company_id"])
    held = ask(lambda c: c.leverage(as_of=AS_OF))
    assert held["leverage"].tolist() == pytest.approx(leverage_table(scorer)["leverage"].tolist(), nan_ok=True)
    assert ask(lambda c: c.threat("JP", as_of=AS_OF)) == threat(scorer, "JP")
    assert "match-act-enacted" in {one["scenario_id"] for one in ask(lambda c: c.scenarios())}
    assert ask(lambda c: c.scenario("match-act-enacted"))["document"]["scenario_id"] == "match-act-enacted"
    assert ask(lambda c: c.methodology("2026.2"))["document"]["version"] == "2026.2"
    assert release.version in {one["version"] for one in ask(lambda c: c.releases())}
    assert ask(lambda c: c.release(release.version))["sha256"] == release.sha256
    diff = ask(lambda c: c.release_diff("2026.11.0", "2026.11.1", limit=3))
    assert len(diff["facts"]) == 3 < sum(rows for table in diff["counts"].values() for rows in table.values())


def test_both_clients_have_the_same_calls() -> None:
    def calls(kind: type) -> dict[str, str]:
        public = {name: one for name, one in vars(kind).items() if not name.startswith("_") and name != "close"}
        return {name: str(inspect.signature(one)).partition(" ->")[0] for name, one in public.items()}

    assert calls(Client) == calls(AsyncClient)
    assert all(getattr(Client, name).__doc__ for name in calls(Client))


@KINDS
def test_an_error_carries_its_problem(server: Server, kind: str) -> None:
    with pytest.raises(ProblemError) as caught:
        call(kind, server.url, lambda c: c.score(BOOK, as_of="2999-01-01"))
    error = caught.value
    assert (error.type, error.status, error.field) == ("/problems/as-of-invalid", 422, "as_of")
    assert error.title
    assert "2999-01-01" in error.detail
    assert error.fix in str(error)
    with pytest.raises(ProblemError) as caught:
        call(kind, server.url, lambda c: c.explain("a/b c%2F"))
    assert "'a/b c%2F'" in caught.value.detail
    assert "candidates" in caught.value.document


def test_a_key_is_sent(guarded: tuple[Server, str]) -> None:
    server, key = guarded
    with Client(server.url, key) as client:
        assert len(client.score(["8035.T"])) == 1
    with Client(server.url) as client, pytest.raises(ProblemError, match="API key is needed"):
        client.score(["8035.T"])


class Flaky:
    """A server that gives some replies first and the real one's after."""

    def __init__(self, first: list[tuple[int, dict[str, str]]], target: str) -> None:
        first = list(first)
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked += 1
                if first:
                    status, headers = first.pop(0)
                    if status == 0:
                        self.connection.close()
                        return
                    self.answer(status, headers, b"busy")
                    return
                headers = {"Content-Type": "application/json", "Accept": self.headers["Accept"]}
                reply = httpx.post(target + self.path, content=body, headers=headers)
                shown = {k: v for k, v in reply.headers.items() if k.startswith("x-exposure")}
                self.answer(reply.status_code, shown, reply.content)

            def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def flaky(server: Server) -> Iterator[Callable[..., Flaky]]:
    started: list[Flaky] = []

    def start(*first: tuple[int, dict[str, str]]) -> Flaky:
        started.append(Flaky(list(first), server.url))
        return started[-1]

    yield start
    for made in started:
        made.server.shutdown()
        made.server.server_close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that the clients wait, without waiting."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("service.client.clients.time.sleep", waited.append)
    monkeypatch.setattr("service.client.clients.asyncio.sleep", sleep)
    return waited


@KINDS
def test_it_tries_again(flaky: Callable[..., Flaky], waits: list[float], kind: str) -> None:
    busy = flaky((429, {"Retry-After": "7"}), (503, {}), (0, {}))
    frame = call(kind, busy.url, lambda c: c.score(["8035.T"]), backoff=0.5)
    assert list(frame["company_id"]) == ["tokyo-electron"]
    assert busy.asked == 4
    assert waits == [7.0, 1.0, 2.0]


@KINDS
def test_it_gives_up(flaky: Callable[..., Flaky], waits: list[float], kind: str) -> None:
    busy = flaky(*[(503, {"Retry-After": "1000"})] * 9)
    with pytest.raises(ProblemError) as caught:
        call(kind, busy.url, lambda c: c.score(["8035.T"]), retries=2, longest_wait=5.0)
    assert caught.value.status == 503
    assert caught.value.detail == "busy"
    assert busy.asked == 3
    assert waits == [5.0, 5.0]


@KINDS
def test_nobody_answers(waits: list[float], kind: str) -> None:
    with pytest.raises(httpx.ConnectError):
        call(kind, "http://127.0.0.1:9", lambda c: c.score(["8035.T"]), retries=3)
    assert len(waits) == 3
