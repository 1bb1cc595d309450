"""Every column is told once: its kind is the same in all tables, and what is computed lies in its range."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from scoring import columns
from scoring.changes.impact import impact
from scoring.columns import BASKET, IMPACT, INTERVAL, KINDS, PANEL, RESULT, RISK, SCREEN, Table
from scoring.columns_document import TABLES, render
from scoring.reference.releases.release import Release
from scoring.scorer import Columns, Scorer
from scoring.screening.basket import basket
from scoring.screening.screen import screen_page

DAYS = ("2019-01-01", "2024-09-02", "2026-07-31")
TYPES = {"number": float, "integer": float, "date": dt.date, "text": str, "truth": bool}


def check(found: Columns, table: Table) -> None:
    """Names, kinds, ranges, words and what is never missing."""
    assert tuple(found) == tuple(table)
    for name, values in found.items():
        column = table[name]
        known = [value for value in values.tolist() if value is not None and value == value]  # NaN is not itself
        assert len(known) == len(values) or not column.always, name
        assert all(isinstance(value, TYPES[column.kind]) for value in known), name
        assert not column.words or set(known) <= set(column.words), name
        if column.range is not None and known:
            low, high = column.range
            assert low <= min(known), name
            assert max(known) <= high + 1e-9, name


@pytest.mark.parametrize("as_of", DAYS)
def test_what_is_computed_is_what_is_told(release: Release, as_of: str) -> None:
    scorer = Scorer(release, as_of)
    after = Scorer(release, as_of, scenario="match-act-enacted")
    names = [*scorer.evaluation.facts.company_ids, "no such thing", ""]
    check(scorer.columns(names), RESULT)
    check(scorer.columns(names[:3], uncertainty=True, draws=64), RESULT | INTERVAL)
    check(scorer.risk_columns(names), RISK)
    check(impact(scorer, after, names), IMPACT)
    check(screen_page(scorer).columns, SCREEN)
    check(basket(scorer, 3, neutral="sector"), BASKET)


def test_the_check_can_fail() -> None:
    with pytest.raises(AssertionError, match="market"):
        check({"market": np.array([1.5])}, {"market": RESULT["market"]})


def test_a_name_has_one_kind_in_all_tables() -> None:
    tables = [value for name, value in vars(columns).items() if name.isupper() and isinstance(value, dict)]
    told = [column for table in tables for column in table.values() if isinstance(column, columns.Column)]
    assert {column.name for column in told} == set(KINDS)
    assert [column.name for column in told if column.kind != KINDS[column.name]] == []
    assert [column.name for column in told if not column.text.endswith(".")] == []


def test_a_panel_holds_columns_of_a_result() -> None:
    assert all(PANEL[name] == RESULT[name] and PANEL[name].kind in ("number", "integer") for name in PANEL)


def test_the_document_is_up_to_date() -> None:
    path = Path(__file__).parents[2] / "docs" / "columns.md"
    assert path.read_text("utf-8") == render(), "run: make docs"


def test_the_document_has_every_column() -> None:
    text = render()
    for _, _, table in TABLES:
        for column in table.values():
            assert f"| `{column.name}` | {column.kind} |" in text
