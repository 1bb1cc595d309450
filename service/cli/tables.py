"""Result rows as a table for people."""

from __future__ import annotations

import os
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.table import Table

from scoring.scorer import Columns, Scorer

BAND_STYLE: Final = {
    "minimal": "green",
    "low": "cyan",
    "moderate": "yellow",
    "high": "dark_orange",
    "severe": "bold red",
}
_PIPE_WIDTH: Final = 150


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
        f"methodology {scorer.methodology.version}",
        caption="market + control + retaliation = score (points). Conf: A best to D. "
        "Sources and reasons: exposure explain TICKER",
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
    )
    table.add_column("query", overflow="fold", max_width=22)
    table.add_column("company", overflow="fold", max_width=30)
    for heading in ("score", "band"):
        table.add_column(heading, no_wrap=True, justify="right" if heading == "score" else "left")
    for heading in ("market", "control", "retal.", "China", "surge", "rank"):
        table.add_column(heading, no_wrap=True, justify="right")
    table.add_column("conf", no_wrap=True)
    table.add_column("note", overflow="fold")
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        table.add_row(
            row["query"] or "(empty)",
            row["name"] or "",
            number(row["score"], ".1f"),
            f"[{BAND_STYLE.get(row['band'], '')}]{row['band']}[/]" if row["band"] in BAND_STYLE else row["band"] or "",
            number(row["score_market"], ".1f"),
            number(row["score_control"], ".1f"),
            number(row["score_retaliation"], ".1f"),
            number(row["china_share"], ".1%"),
            number(row["china_share_surge"], "+.1%"),
            number(row["rank"], ".0f"),
            row["confidence_grade"] or "",
            _note(row),
        )
    out.print(table)


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
            fuzzy = "matched by similar name" if row["matched_by"] == "name-fuzzy" else ""
            share = "" if row["china_share_evidence"] == "reported" else f"share {row['china_share_evidence']}"
            return ", ".join(filter(None, (fuzzy, share, judged)))
