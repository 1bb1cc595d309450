"""Screens and baskets as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from service.cli.render.scores import BAND_STYLE, console, number

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer
    from scoring.screening.screen import Screened


def print_screen(scorer: Scorer, found: Screened, sort: str) -> None:
    """Print one page of a screen; the column that it is sorted by is shown if it is no other already."""
    shown = len(found.columns["query"])
    table = _table(
        f"{found.total} companies of the universe{_basis(scorer)}",
        "pct: percentile. z: standard deviations from the mean of all, of the sector, of the country.\n"
        "neutral: points above the mean of the same sector and country. Ranks are among all scored companies."
        + (f"\nShown: {found.offset + 1} to {found.offset + shown}." if 0 < shown < found.total else ""),
    )
    extra = sort not in ("score", "score_market", "score_control", "score_retaliation", "percentile", "zscore")
    heads = ["ticker", "company", "country", "sector", "score", "band", "market", "control", "retal.", "pct", "z"]
    for head in [*heads, "z sect.", "z ctry", "neutral", "conf", *([sort] if extra else [])]:
        left = head in ("ticker", "company", "country", "sector", "band", "conf")
        table.add_column(head, justify="left" if left else "right", max_width=28 if left else None)
    for row in _rows(found.columns):
        band = row["band"] or ""
        cells = [
            Text(row["ticker"] or row["company_id"]),
            Text(row["name"], overflow="fold"),
            row["country"],
            row["sector"],
            number(row["score"], ".1f"),
            Text(band or row["status"], style=BAND_STYLE.get(band, "")),
            *(number(row[name], ".1f") for name in ("score_market", "score_control", "score_retaliation")),
            number(row["percentile"], ".0f"),
            *(number(row[name], "+.2f") for name in ("zscore", "sector_zscore", "country_zscore")),
            number(row["neutral_score"], "+.1f"),
            row["confidence_grade"] or "",
            *([number(row[sort], ".4g")] if extra else []),
        ]
        table.add_row(*cells)
    console().print(table)


def print_basket(scorer: Scorer, book: Columns) -> None:
    """Print a basket."""
    sort = book["sort"][0]
    table = _table(
        f"Basket by {sort}{_basis(scorer)}",
        "Weights are equal; long sums to 1, short to -1. As a book: -o basket.csv, then exposure portfolio basket.csv",
    )
    for head in ("side", "weight", "ticker", "company", "country", "sector", sort, "pair"):
        table.add_column(head, justify="right" if head in ("weight", sort, "pair") else "left")
    for row in _rows(book):
        table.add_row(
            row["side"],
            f"{row['weight']:+.4f}",
            Text(row["ticker"]),
            Text(row["name"], overflow="fold"),
            row["country"],
            row["sector"],
            number(row["sort_value"], ".4g"),
            number(row["pair"], ".0f"),
        )
    console().print(table)


def _table(title: str, caption: str) -> Table:
    return Table(
        title=title,
        caption=caption,
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )


def _basis(scorer: Scorer) -> str:
    scenario = scorer.versions["scenario"]
    return f" as of {scorer.as_of} · release {scorer.release.version} · methodology {scorer.methodology.version}" + (
        f" · scenario {scenario}" if scenario else ""
    )


def _rows(columns: Columns) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*(c.tolist() for c in columns.values()), strict=True)]
