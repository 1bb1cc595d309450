"""One number is the same on every surface: what the library says, exactly or to the rounding of the surface."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import anyio
import httpx2
import openpyxl
import pyarrow.parquet as pq
import pytest
from mcp import Client as Assistant
from mcp.client.streamable_http import streamable_http_client

import scoring
from scoring.cards.words import percent, points
from scoring.portfolio.holdings import make_holdings
from scoring.timeseries.history import history
from service.client import Client
from service.formats.encode import encode
from tests.service.serverprocess import Server, exposure, running
from tests.service.web.reader import Reader

DAYS = ("2016-03-01", "2024-09-02", "2026-07-31")
"""Before most figures are known, in between, and the last."""

NAMES = ["8035.T", "ASML NA", "skechers", "FLWS", "III.L", "tul", "toshiba", "7203.T", "AMTA", "USD Cash"]
"""Known (three), estimated with the mix of its peers or with none, delisted by the last of the days, unresolved, cash;
at the first of the days some are partial or without data."""

WEIGHTS = [0.2, 0.1, -0.1, 0.1, 0.1, 0.1, 0.1, -0.1, 0.05, 0.05]

_DIGITS = 1e-5
"""Of a number that an assistant is given: six of them."""

Row = Mapping[str, Any]
At = tuple[str, scoring.Scorer]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("same") / "log", "--mcp") as started:
        yield started


@pytest.fixture(scope="module", params=DAYS)
def at(request: pytest.FixtureRequest) -> At:
    """A day, and the scorer of the day."""
    return request.param, scoring.Scorer(scoring.open_release(), request.param)


@pytest.fixture
def expected(at: At) -> list[Row]:
    """What every surface says of the names, as the library does."""
    return json.loads(encode(at[1].columns(NAMES), "json"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    path.write_text(
        "ticker,weight\n" + "".join(f"{name},{weight}\n" for name, weight in zip(NAMES, WEIGHTS, strict=True))
    )
    return path


def plain(value: Any) -> Any:
    """A cell as JSON has it."""
    if value is None or value != value or value == "":
        return None
    return value.isoformat()[:10] if hasattr(value, "isoformat") else getattr(value, "item", lambda: value)()


def agree(
    shown: Iterable[Row], expected: Iterable[Row], least: int, rel: float = 0.0, but: tuple[str, ...] = ()
) -> None:
    """Every column that both have is equal, and at least so many are shared."""
    for row, truth in zip(shown, expected, strict=True):
        shared = (row.keys() & truth.keys()) - set(but)
        assert len(shared) >= least, sorted(shared)
        for name in shared:
            one, other = plain(row[name]), plain(truth[name])
            if isinstance(other, float | int) and one is not None and not isinstance(other, bool):
                assert math.isclose(float(one), other, rel_tol=rel), (truth["query"], name, one, other)
            else:
                assert one == other, (truth["query"], name, one, other)


def test_the_names_are_of_every_kind(at: At, expected: list[Row]) -> None:
    found = {row["status"] for row in expected}
    assert found >= ({"partial", "no-data", "unresolved"} if at[0] == DAYS[0] else {"ok", "estimated", "unresolved"})


def test_files_and_frames(at: At, expected: list[Row], tmp_path: Path) -> None:
    day, scorer = at
    agree(scorer.score(NAMES).to_dict("records"), expected, 51)
    for ending in ("csv", "json", "ndjson", "parquet", "xlsx"):
        out = tmp_path / f"scores.{ending}"
        assert exposure("score", *NAMES, "--as-of", day, "-o", str(out)).returncode == 3
        # Cells of a sheet have 15 digits or more, as the file of a spreadsheet has.
        agree(READ[ending](out), expected, 51, 1e-15)


def _sheet(path: Path) -> list[Row]:
    head, *rows = openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


READ: dict[str, Callable[[Path], list[Row]]] = {
    "csv": lambda path: list(csv.DictReader(io.StringIO(path.read_text()))),
    "json": lambda path: json.loads(path.read_text()),
    "ndjson": lambda path: [json.loads(line) for line in path.read_text().splitlines()],
    "parquet": lambda path: pq.read_table(path).to_pylist(),
    "xlsx": _sheet,
}


def test_http_and_its_client(at: At, expected: list[Row], server: Server) -> None:
    asked = {"tickers": NAMES, "as_of": at[0]}
    agree(server.http.post("/v1/scores", json=asked).json(), expected, 51)
    text = server.http.post("/v1/scores", json=asked, headers={"Accept": "text/csv"}).text
    agree(csv.DictReader(io.StringIO(text)), expected, 51)
    with Client(server.url) as client:
        agree(client.score(NAMES, as_of=at[0]).to_dict("records"), expected, 51)
        kept = client.receipt(NAMES, as_of=at[0])
    agree([{"query": one.query, **one.values} for one in kept.rows], expected, 5)
    for row in expected:
        if row["company_id"]:
            agree([server.http.get(f"/v1/scores/{row['query']}", params={"as_of": at[0]}).json()], [row], 51)


def test_an_assistant(at: At, expected: list[Row], server: Server) -> None:
    async def ask(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        async with (
            httpx2.AsyncClient(timeout=60) as http,
            Assistant(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client,
        ):
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result.content[0].text
            return dict(result.structured_content)

    found = anyio.run(ask, "score", {"tickers": NAMES, "as_of": at[0], "columns": ["all"]})
    agree(found["rows"], expected, 51, _DIGITS)
    short = anyio.run(ask, "score", {"tickers": NAMES, "as_of": at[0]})
    for row in short["rows"]:
        assert row["status"] != "estimated" or row["china_share_p95"] is not None, "no estimate without its interval"
    held = [{"ticker": name, "weight": weight} for name, weight in zip(NAMES, WEIGHTS, strict=True)]
    book = anyio.run(ask, "portfolio", {"holdings": held, "as_of": at[0], "list": "positions"})
    truth = scoring.score_portfolio(at[1], make_holdings(NAMES, {"weight": WEIGHTS}))
    agree(book["positions"], json.loads(truth.model_dump_json())["positions"], 15, _DIGITS)


def test_explanations_histories_and_panels(at: At, expected: list[Row], server: Server) -> None:
    day, scorer = at
    for row in expected:
        if not row["company_id"]:
            continue
        explanation = json.loads(scorer.explain(row["query"]).model_dump_json())
        agree([explanation], [row], 10)
        reply = server.http.get(f"/v1/scores/{row['query']}/explanation", params={"as_of": day}).json()
        assert {name: reply[name] for name in ("score", "tree")} == {
            name: explanation[name] for name in ("score", "tree")
        }
        last = history(scorer.release, row["query"], day, day, "D").points[-1]
        agree([json.loads(last.model_dump_json())], [row], 15, 1e-12)
        panel = scoring.panel(
            scorer.release, [row["query"]], day, day, "D", columns=["score", "control", "china_share", "rank"]
        )
        agree(panel.to_dict("records"), [row], 4, 1e-12)


def test_books(at: At, expected: list[Row], server: Server, book: Path, tmp_path: Path) -> None:
    """Positions have the numbers of the companies, and a book the same numbers from everywhere."""
    day, _ = at
    done = exposure("portfolio", str(book), "--as-of", day, "--json")
    assert done.returncode == 3, done.stderr
    whole = json.loads(done.stdout)
    by_name = {row["query"]: row for row in expected}
    companies = [one for one in whole["positions"] if one["status"] != "cash"]
    assert [one["query"] for one in companies] == NAMES[:-1]
    agree(companies, [by_name[one["query"]] for one in companies], 16, but=("reason", "candidates"))
    assert whole["positions"][-1]["score"] == 0, "cash is exposed to nothing"

    with book.open() as file:
        held = [{"ticker": row["ticker"], "weight": float(row["weight"])} for row in csv.DictReader(file)]
    held[-1]["kind"] = "cash"  # what a file says in words
    sent = server.http.post("/v1/portfolios/score", json={"holdings": held, "as_of": day})
    assert sent.status_code == 200, sent.text
    for name in ("gross", "long", "short", "net", "spread", "coverage", "drivers", "concentration", "revenue_at_risk"):
        assert sent.json()[name] == whole[name], name
    with Client(server.url) as client:
        agree([one.model_dump() for one in client.coverage(held, as_of=day).names][:-1], [*by_name.values()][:-1], 14)
    out = tmp_path / "book.xlsx"
    assert exposure("workbook", str(book), "--as-of", day, "-o", str(out)).returncode == 3
    head, *rows = openpyxl.load_workbook(out, data_only=True)["Positions"].iter_rows(values_only=True)
    agree([dict(zip(head, row, strict=True)) for row in rows], whole["positions"], 22, 1e-15)
    out = tmp_path / "positions.csv"
    assert exposure("portfolio", str(book), "--as-of", day, "-o", str(out)).returncode == 3
    agree(READ["csv"](out), whole["positions"], 24)


def test_screens(at: At, expected: list[Row], server: Server) -> None:
    day, scorer = at
    for row in expected:
        if row["status"] not in ("ok", "estimated"):
            continue
        filters = {"country": row["country"], "sector": row["sector"]}
        frame = scoring.screen(scorer, scoring.Filters(**filters))
        mine = frame[frame["company_id"] == row["company_id"]].to_dict("records")
        agree(mine, [row], 45, but=("query", "matched_by", "reason"))
        with Client(server.url) as client:
            shown = client.screen(**filters, as_of=day)
        mine = shown[shown["company_id"] == row["company_id"]].to_dict("records")
        agree(mine, [row], 45, but=("query", "matched_by", "reason"))


def test_pages_and_pictures(at: At, expected: list[Row], server: Server) -> None:
    day, _ = at
    for row in expected:
        if not row["company_id"]:
            continue
        reply = server.http.get(f"/companies/{row['company_id']}", params={"as_of": day})
        page = Reader(reply.text)
        if row["score"] is None:
            assert page.says("no score")
            continue
        words = [f"{pillar} {points(row[f'score_{pillar}'])}" for pillar in ("market", "control", "retaliation")]
        words += [f"{percent(row['market'])} of revenue comes from China", f"rank {row['rank']}"]
        words += [f"China share of revenue: {percent(row['china_share'])}"]
        if row["status"] == "estimated":
            words += [
                "estimated, not disclosed",
                f"{percent(row['china_share_p05'])} to {percent(row['china_share_p95'])}",
            ]
        for said in [points(row["score"]), row["band"], *words]:
            assert page.says(said), (row["query"], said)
        widget = server.http.get("/openbb/company", params={"ticker": row["company_id"], "as_of": day}).json()
        told = {one["label"]: one["value"] for one in widget}
        assert told[f"{row['name']} · {row['status']}"] == points(row["score"])
        assert percent(row["china_share"]) in " ".join(told.values())
