"""`exposure coverage`, run as users run it, on a public list that nobody here wrote."""

from __future__ import annotations

import csv
import io
import json

import pytest

import scoring
from scoring.portfolio.coverage import coverage_report
from scoring.portfolio.knowledge import CoverageReport
from scoring.reference.releases.release import Release
from service.books.holdings import read_holdings
from tests.e2e.command import BOOK, exposure, rejected

SP500 = BOOK.with_name("sp500.csv")


def test_at_least_97_percent_of_the_s_and_p_500_resolve(universe: Release) -> None:
    done = exposure("coverage", SP500, "--release", universe.location, "--json")
    report = CoverageReport.model_validate_json(done.stdout)
    resolved = [name for name in report.names if name.company_id is not None]
    assert len(report.names) == 503
    assert len(resolved) >= 0.97 * len(report.names)
    assert sum(part.weight for part in report.parts) == pytest.approx(1)
    assert b"no sizes: every name counts the same" in done.stderr


def test_it_is_the_library_s_report() -> None:
    done = exposure("coverage", BOOK, "--json")
    assert done.returncode == 3, "a typo and an unknown are in the book"
    report = CoverageReport.model_validate_json(done.stdout)
    assert report == coverage_report(scoring.Scorer(scoring.open_release()), read_holdings(BOOK))


def test_text_and_table() -> None:
    text = exposure("coverage", BOOK).stdout.decode()
    for part in ("Coverage of 41 names", "By sector", "By country", "Heaviest names that are in no mean", "AMTA"):
        assert part in text, part
    rows = list(csv.DictReader(io.StringIO(exposure("coverage", BOOK, "--format", "csv").stdout.decode())))
    assert len(rows) == 41
    assert {"known", "unresolved"} <= {row["known"] for row in rows}
    assert json.loads(exposure("coverage", BOOK, "--json").stdout)["names"][0]["query"] == rows[0]["query"]


def test_bad_input_is_one_line() -> None:
    rejected("coverage", "missing.csv", names=("missing.csv",))
    rejected("coverage", BOOK, "--json", "--format", "csv", names=("--json",))
    rejected("coverage", SP500, "--by", "value", names=("value",))
