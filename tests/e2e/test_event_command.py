"""`exposure event`: its table is short for people, and a file holds every company."""

from __future__ import annotations

from tests.e2e.command import exposure, rows_of

RULE = "us-2022-10-07-sme-home"


def test_the_table_is_short_and_a_file_has_all(tmp_path):
    file = tmp_path / "event.csv"
    written = exposure("event", RULE, "-o", file)
    assert written.returncode == 0
    rows = rows_of(file.read_bytes())
    few = exposure("event", RULE, "--top", "3").stdout.decode()
    assert [row["query"] for row in rows[:3]] == ["lam-research", "applied-materials", "kla"]
    assert all(row["ticker"] in few for row in rows[:3])
    assert rows[3]["ticker"] not in few
    assert "October 2022 rule" in few
    assert f"{len(rows) - 3:,} more companies" in few


def test_a_list_is_shown_whole():
    shown = exposure("event", RULE, "LRCX", "AMAT", "KLAC", "--top", "1").stdout.decode()
    assert all(ticker in shown for ticker in ("LRCX", "AMAT", "KLAC"))
    assert "more companies" not in shown
