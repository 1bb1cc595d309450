"""Result rows as a table for people."""

from __future__ import annotations

import os
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scoring.score.snapshot import Columns
from scoring.scorer import Scorer

BAND_STYLE: Final = {
    "minimal": "green",
    "low": "cyan",
    "moderate": "yellow",
    "high": "dark_orange",
    "severe": "bold red",
}
_PIPE_WIDTH: Final = 150
_WIDE: Final = 110


class _Column(NamedTuple):
    name: str
    justify: Literal["left", "right"] = "left"
    width: int | None = None
    """Longest line; None = never broken."""
    always: bool = True
    """Shown on a narrow terminal too."""


_COLUMNS: Final = (
    _Column("query", width=20),
    _Column("company", width=30),
    _Column("score", "right"),
    _Column("p05-p95", "right"),
    _Column("band"),
    _Column("market", "right", always=False),
    _Column("control", "right", always=False),
    _Column("retal.", "right", always=False),
    _Column("China", "right"),
    _Column("surge", "right", always=False),
    _Column("rank", "right", always=False),
    _Column("conf"),
    _Column("note", width=60),
)


def console(*, stderr: bool = False) -> Console:
    """Console as wide as the terminal; into a pipe or file wide enough not to cut names."""
    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = _PIPE_WIDTH
    return made


def number(value: Any, form: str) -> str:
    """Formatted number, empty when missing."""
    return "" if value is None or np.isnan(value) else format(value, form)


def print_scores(scorer: Scorer, columns: Columns) -> None:
    """Print result rows, with what the scores were computed from."""
    out = console()
    table = Table(
        title=f"Exposure scores as of {scorer.as_of} · release {scorer.release.version} · "
        f"methodology {scorer.methodology.version}"
        + (f" · scenario {scorer.scenario.scenario_id}" if scorer.scenario else ""),
        caption="market + control + retaliation = score (points). Conf: A best to D. "
        "Sources and reasons: exposure explain TICKER\n"
        f"The facts of release {scorer.release.version} end on {scorer.release.last_as_of}.",
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    wide = out.width >= _WIDE
    cells = [_cells(dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True)]
    hidden = set() if "score_p05" in columns else {"p05-p95"}
    shown = [column for column in _COLUMNS if (wide or column.always) and column.name not in hidden]
    for column in shown:
        table.add_column(column.name, justify=column.justify, max_width=column.width, no_wrap=column.width is None)
    for row in cells:
        table.add_row(*(row[column.name] for column in shown))
    out.print(table)


def _cells(row: dict[str, Any]) -> dict[str, str | Text]:
    band = row["band"] or ""
    return {
        "query": Text(row["query"] or "(empty)", overflow="fold"),
        "company": Text(row["name"] or "", overflow="fold"),
        "score": number(row["score"], ".1f"),
        "p05-p95": _range(row),
        "band": Text(band, style=BAND_STYLE.get(band, "")),
        "market": number(row["score_market"], ".1f"),
        "control": number(row["score_control"], ".1f"),
        "retal.": number(row["score_retaliation"], ".1f"),
        "China": number(row["china_share"], ".1%"),
        "surge": number(row["china_share_surge"], "+.1%"),
        "rank": number(row["rank"], ".0f"),
        "conf": row["confidence_grade"] or "",
        "note": Text(_note(row), overflow="fold"),
    }


def _range(row: dict[str, Any]) -> str:
    low, high = number(row.get("score_p05"), ".1f"), number(row.get("score_p95"), ".1f")
    return f"{low} to {high}" if low else ""


def _note(row: dict[str, Any]) -> str:
    match row["status"]:
        case "partial":
            return f"partial: score at least {row['score_floor']:.1f}; " + (
                "no China share known" if np.isnan(row["china_share"]) else "product mix not known"
            )
        case "no-data":
            return f"no data known by {row['as_of']}"
        case "unresolved" | "ambiguous":
            nearest = f"; nearest: {row['candidates']}" if row["candidates"] else ""
            return f"{row['status']}: {row['reason']}{nearest}"
        case _:
            judged = "mix judged" if str(row["product_mix"]).startswith("business-mix") else ""
            share = "" if row["china_share_evidence"] == "reported" else f"share {row['china_share_evidence']}"
            mixed = "China series mixed" if ";" in f"{row['china_share_scope']}{row['china_share_basis']}" else ""
            return ", ".join(filter(None, (row["reason"], share, mixed, judged)))
