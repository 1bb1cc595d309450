"""Screens and baskets as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scoring.columns import PILLAR_POINTS
from scoring.vocabulary import ESTIMATED
from service.cli.render.console import BAND_STYLE, POINTS, console, number, rows_of
from service.cli.render.heading import dated_basis
from service.cli.render.scores import china_share
from service.cli.render.table import figure, print_table, text
from service.cli.words import many

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer
    from scoring.screening.screen import Screened


def print_screen(scorer: Scorer, screened: Screened, sort: str, most: int | None = None) -> None:
    """Print one page of a screen, at most so many rows; the column that it is sorted by is shown if it is no other."""
    out = console()
    out.print(
        f"{many(screened.total, 'company')} of the universe as of {dated_basis(**scorer.versions)}", style="italic"
    )
    is_extra = sort not in ("score", *PILLAR_POINTS, "china_share", "percentile", "zscore")
    columns = [
        text("ticker", most=20),
        text("company"),
        text("country", 3),
        text("sector", 6),
        figure("score"),
        text("band", 4),
        *(figure(heading, 5) for heading in POINTS),
        figure("China share", 1),
        figure("pct", 7),
        figure("z", 8),
        figure("z sect.", 8),
        figure("z ctry", 8),
        figure("neutral", 8),
        figure("conf", 2),
        *([figure(sort)] if is_extra else []),
    ]
    rows = []
    for row in rows_of({name: column[:most] for name, column in screened.columns.items()}):
        band = row["band"] or ""
        cells = [
            row["ticker"] or row["company_id"],
            row["name"],
            row["country"],
            row["sector"],
            number(row["score"], ".1f"),
            Text(band or row["status"], style=BAND_STYLE.get(band, "")),
            *(number(row[name], ".1f") for name in PILLAR_POINTS),
            china_share(row["china_share"], row["china_share_period"]),
            number(row["percentile"], ".0f"),
            *(number(row[name], "+.2f") for name in ("zscore", "sector_zscore", "country_zscore")),
            number(row["neutral_score"], "+.1f"),
            row["confidence_grade"] or "",
            *([number(row[sort], ".4g")] if is_extra else []),
        ]
        rows.append(cells)
    print_table(out, columns, rows)
    shown = len(rows)
    out.print(
        "pct: percentile. z: standard deviations from the mean of all, of the sector, of the country. neutral: points "
        "above the mean of the same sector and country. All are among the known scores."
        + (_shown(screened, shown) if 0 < shown < screened.total else ""),
        style="dim",
    )


def _shown(screened: Screened, count: int) -> str:
    cut = count < len(screened.columns["company_id"])
    how = " --top N shows more, -o FILE has all." if cut else ""
    return f"\nShown: {screened.offset + 1:,} to {screened.offset + count:,}.{how}"


def print_basket(scorer: Scorer, book: Columns) -> None:
    """Print a basket."""
    out, sort = console(), book["sort"][0]
    out.print(f"Basket by {sort} as of {dated_basis(**scorer.versions)}", style="italic")
    columns = [text("side"), figure("weight"), text("ticker"), text("company", 1), text("country", 2)]
    columns += [text("sector", 3), figure(sort), text("known", 1), figure("pair", 1)]
    rows = [
        [
            row["side"],
            f"{row['weight']:+.4f}",
            row["ticker"],
            row["name"],
            row["country"],
            row["sector"],
            number(row["sort_value"], ".4g"),
            "estimated" if row["status"] == ESTIMATED else "",
            number(row["pair"], ".0f"),
        ]
        for row in rows_of(book)
    ]
    print_table(out, columns, rows)
    out.print(
        "Weights are equal; long sums to 1, short to -1. As a book: -o basket.csv, then exposure portfolio basket.csv",
        style="dim",
    )
