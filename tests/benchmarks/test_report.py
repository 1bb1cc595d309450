"""The table of results: verdicts, and sections that are replaced one by one."""

from __future__ import annotations

import math

import pytest

from benchmarks.measure import Result, interleaved
from benchmarks.report import verdict, write


@pytest.mark.parametrize(
    ("measured", "limit", "expected"),
    [
        (1.4, 1.5, "ok"),
        (1.6, 1.5, "MISS"),
        (5.1, -5.0, "ok"),
        (4.9, -5.0, "MISS"),
        (7.0, math.inf, "--"),
        (math.nan, 3.0, "todo"),
    ],
)
def test_verdict(measured, limit, expected):
    assert verdict(Result("a thing", measured, limit, "x")) == expected


def test_a_section_is_replaced_and_the_others_stay(tmp_path):
    path = tmp_path / "RESULTS.md"
    write("service", [Result("requests", 0.9, -0.7, "x")], path)
    write("core", [Result("import", 2.5, 1.5, "x")], path)
    write("core", [Result("import", 1.25, 1.5, "x"), Result("compile", 1234.0, math.inf, "ms")], path)
    text = path.read_text(encoding="utf-8")
    assert text.count("\n## ") == 2
    assert text.index("## core") < text.index("## service")
    assert "| import | 1.25 x | at most 1.5 x | ok |" in text
    assert "| compile | 1,234 ms | reported | -- |" in text
    assert "| requests | 0.90 x | at least 0.7 x | ok |" in text
    assert "2.50" not in text
    assert "duckdb 2" in text
    again = path.read_text(encoding="utf-8")
    write("service", [Result("requests", 0.9, -0.7, "x")], path)
    assert path.read_text(encoding="utf-8") == again


def test_actions_take_turns():
    order = []
    times = interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2)
    assert order == ["a", "b"] * 3  # one round more than asked for, to warm up
    assert all(0 <= taken.best <= taken.median for taken in times.values())
