"""Commands about companies that are only listed, of which every figure is estimated: none is mistaken for a fact."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.e2e.command import exposure, rejected


def said(*arguments: object) -> str:
    done = exposure(*arguments)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_a_history_marks_estimates_and_says_where_there_is_none() -> None:
    text = said("history", "FLWS", "--start", "2025-06-01", "--freq", "Q")
    assert text.count("0.0% est.  0.0% to 1.") == 5
    assert "ended: China toward US: prohibition on antimony" in text
    text = said("history", "komico", "--start", "2026-01-01", "--freq", "Q", "--estimates", "exclude")
    assert "No score on any of these days" in text
    assert "No fact moved it" in text


def test_a_history_is_written_as_a_table(tmp_path: Path) -> None:
    out = tmp_path / "flws.csv"
    said("history", "FLWS", "--start", "2025-06-01", "--freq", "Q", "-o", out)
    rows = list(csv.DictReader(out.open()))
    assert [row["date"] for row in rows][:2] == ["2025-06-30", "2025-09-30"]
    for row in rows:
        assert row["company_id"] == "1-800-flowerscom"
        assert float(row["score"]) == float(row["score_retaliation"]) > 0
        assert float(row["china_share_p05"]) <= float(row["china_share"]) < float(row["china_share_p95"])
    rejected("history", "FLWS", "--start", "2025-06-01", "--json", "-o", out, names=("--json", "-o"))
