"""The report of a book: what it holds, that its formulas follow the choice, and that Power Query's requests work."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pytest

from scoring.errors import OutputError
from scoring.portfolio.holdings import make_holdings
from scoring.portfolio.score import score_portfolio
from scoring.portfolio.what_if import acts_of_book, under_scenarios
from scoring.reference.releases.release import open_release
from scoring.scenario import list_scenarios
from scoring.scorer import Scorer
from service.formats.sheets import Sheets
from tests.conftest import RELEASE
from tests.service.serverprocess import Server, exposure

NAMES, WEIGHTS = ["8035.T", "ASML NA", "AMTA", "=Toyota Motor"], [0.5, 0.3, 0.1, 0.1]
AS_OF = "2024-09-02"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    book = folder / "book.csv"
    lines = [f"{name},{weight}" for name, weight in zip(NAMES, WEIGHTS, strict=True)]
    book.write_text("\n".join(["ticker,weight", *lines]) + "\n")
    done = exposure("workbook", str(book), "-o", str(folder / "report.xlsx"), "--as-of", AS_OF, "--release", RELEASE)
    assert done.returncode == 3, done.stderr
    return folder / "report.xlsx"


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(open_release(RELEASE), AS_OF)


def holdings() -> Any:
    return make_holdings(NAMES, {"weight": WEIGHTS})


def rows_of(book: Any, title: str) -> list[dict[str, Any]]:
    head, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_it_holds_the_numbers_of_the_library(report: Path, scorer: Scorer) -> None:
    book = openpyxl.load_workbook(report, data_only=True)
    assert book.sheetnames[:4] == ["Summary", "Charts", "Coverage", "Positions"]
    result = score_portfolio(scorer, holdings())
    assert rows_of(book, "Summary")[0]["score"] == pytest.approx(result.gross.score, abs=1e-12)
    found = {row["scenario_id"]: row for row in rows_of(book, "Scenarios")}
    assert list(found) == list(list_scenarios())
    for one in under_scenarios(scorer, holdings(), list_scenarios()):
        whole = score_portfolio(Scorer(scorer.release, AS_OF, scorer.methodology, one.scenario_id), holdings())
        assert found[one.scenario_id]["score"] == pytest.approx(whole.gross.score, abs=1e-12)
        assert found[one.scenario_id]["delta"] == pytest.approx(whole.gross.score - result.gross.score, abs=1e-12)
    for row, position in zip(rows_of(book, "Positions"), result.positions, strict=True):
        assert row["score"] == (None if position.score is None else pytest.approx(position.score, abs=1e-12))
    assert {row["evidence"] for row in rows_of(book, "Sources")} >= {"expert-judgement"}
    assert len(book["Charts"]._charts) == 3


def test_acts_are_those_known_by_the_day_and_sum_over_the_book(report: Path, scorer: Scorer) -> None:
    rows = rows_of(openpyxl.load_workbook(report, data_only=True), "Acts")
    days = [row["announced"].date() for row in rows]
    assert days == sorted(days, reverse=True)
    assert days[0] <= dt.date.fromisoformat(AS_OF)
    act = next(
        one for one in acts_of_book(scorer, holdings(), dt.date(2021, 9, 2)) if one.act_id.startswith("jp-2023-07-23")
    )
    from scoring.acts.event import event

    alone = event(scorer.release, act.act_id, NAMES[:2], methodology=scorer.methodology)
    book = score_portfolio(scorer, holdings())
    weights = {one.company_id: one.contribution / one.score for one in book.positions if one.score}
    assert act.points == pytest.approx(sum(weights[row.company_id] * row.delta for row in alone.itertuples()), abs=1e-9)
    assert act.companies == 2


def test_formulas_follow_the_choice(report: Path, tmp_path: Path) -> None:
    """The choice is changed, and LibreOffice computes the workbook anew."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not here")
    book = openpyxl.load_workbook(report)
    choice = book["Summary"]["B9"]
    validation = book["Summary"].data_validations.dataValidation[0]
    assert "B9" in str(validation.sqref)
    assert validation.formula1.startswith("Scenarios!$A$2")
    assert book["Positions"]["W2"].value.startswith("=IF(INDEX(")
    choice.value = "full-suspension-of-controls"
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    out = tmp_path / "computed"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out), str(changed)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    computed = openpyxl.load_workbook(out / "changed.xlsx", data_only=True)
    scenario = next(row for row in rows_of(computed, "Scenarios") if row["scenario_id"] == choice.value)
    assert computed["Summary"]["B11"].value == pytest.approx(scenario["score"], abs=1e-9)
    by_name = rows_of(computed, "Scores by scenario")
    for row, scores in zip(rows_of(computed, "Positions"), by_name, strict=True):
        expected = scores[choice.value]
        assert (
            row["score_scenario"] in ("", None)
            if expected is None
            else row["score_scenario"] == pytest.approx(expected)
        )


def test_texts_stay_texts(report: Path) -> None:
    cell = openpyxl.load_workbook(report)["Positions"]["A5"]
    assert (cell.value, cell.data_type) == ("=Toyota Motor", "s")


def test_a_sheet_has_an_end() -> None:
    rows = [{"query": "8035.T"}] * 1_048_576  # one more than there is room for below the header
    with Sheets() as sheets, pytest.raises(OutputError, match="1,048,576 rows do not fit a worksheet"):
        sheets.add("Positions", rows, ("query",))


def test_a_book_that_cannot_be_read_writes_nothing(tmp_path: Path) -> None:
    done = exposure("workbook", str(tmp_path / "no.csv"), "-o", str(tmp_path / "report.xlsx"))
    assert done.returncode == 2
    assert "does not exist" in done.stderr
    assert not list(tmp_path.iterdir())
    assert exposure("workbook", "x.csv", "-o", str(tmp_path / "report.pdf")).returncode == 2


def test_power_query_gets_what_the_page_says(server: Server) -> None:
    text = (Path(__file__).parents[3] / "docs" / "excel.md").read_text()
    batch, screen = re.findall(r"```powerquery\n(.*?)```", text, re.S)
    names = re.search(r"Names = \{(.*?)\}", batch)[1].replace('"', "").split(", ")
    given = dict(re.findall(r'(\w+) = "([^"]*)"', re.search(r"Json.FromValue\(\[(.*?)\]\)", batch)[1]))
    path = "/" + re.search(r'RelativePath = "(.*?)"', batch)[1]
    headers = dict(re.findall(r'#"([\w-]+)" = "([^"]*)"', batch))
    # What Web.Contents sends: these headers, this body, and nothing of its own that the service reads.
    reply = server.http.post(path, content=orjson.dumps({"tickers": names, **given}), headers=headers)
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"].startswith("text/csv")
    head, *rows = reply.text.splitlines()
    assert len(rows) == len(names)
    columns = re.findall(r'\{"(\w+)", ', re.search(r"TransformColumnTypes\((.*)\)", batch)[1])
    assert set(columns) <= set(head.split(","))
    query = dict(re.findall(r'(\w+) = "([^"]*)"', re.search(r"Query = \[(.*?)\]", screen)[1]))
    reply = server.http.get("/" + re.search(r'RelativePath = "(.*?)"', screen)[1], params=query)
    assert reply.status_code == 200, reply.text
    assert len(reply.text.splitlines()) == 1 + int(query["limit"])
