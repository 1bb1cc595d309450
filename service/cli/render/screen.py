"""Screens and baskets as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from service.cli.render.console import BAND_STYLE, console, number, plain_table, rows_of
from service.cli.render.heading import dated_basis

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer
    from scoring.screening.screen import Screened


def print_screen(scorer: Scorer, screened: Screened, sort: str) -> None:
    """Print one page of a screen; the column that it is sorted by is shown if it is no other already."""
    shown = len(screened.columns["query"])
    table = plain_table(
        title=f"{screened.total} companies of the universe as of {dated_basis(**scorer.versions)}",
        caption="pct: percentile. z: standard deviations from the mean of all, of the sector, of the country.\n"
        "neutral: points above the mean of the same sector and country. Ranks are among all scored companies."
        + (f"\nShown: {screened.offset + 1} to {screened.offset + shown}." if 0 < shown < screened.total else ""),
    )
    extra = sort not in ("score", "score_market", "score_control", "score_retaliation", "percentile", "zscore")
    heads = ["ticker", "company", "country", "sector", "score", "band", "market", "control", "retal.", "pct", "z"]
    for head in [*heads, "z sect.", "z ctry", "neutral", "conf", *([sort] if extra else [])]:
        left = head in ("ticker", "company", "country", "sector", "band", "conf")
        table.add_column(head, justify="left" if left else "right", max_width=28 if left else None)
    for row in rows_of(screened.columns):
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
    table = plain_table(
        title=f"Basket by {sort} as of {dated_basis(**scorer.versions)}",
        caption="Weights are equal; long sums to 1, short to -1. "
        "As a book: -o basket.csv, then exposure portfolio basket.csv",
    )
    for head in ("side", "weight", "ticker", "company", "country", "sector", sort, "pair"):
        table.add_column(head, justify="right" if head in ("weight", sort, "pair") else "left")
    for row in rows_of(book):
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
