"""Result rows as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from scoring.cards.words import short_period
from service.cli.render.console import BAND_STYLE, POINTS, console, number, rows_of
from service.cli.render.heading import dated_basis
from service.cli.render.table import ASKED, Column, figure, note, print_table, text

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

_LEGEND: Final = {
    POINTS[0]: "Market, control and retaliation pts add up to the score.",
    "China share": "China share: of revenue, in the period beside it; est.: estimated, not disclosed.",
    "surge pp": "Surge: points of percent over the median of up to three years.",
    "rank": "Rank: among the known scores.",
    "conf": "Conf: A best to D.",
}
"""Heading of a column -> what it means."""


def _columns(*, is_drawn: bool) -> tuple[Column, ...]:
    """Columns of the table; an interval that was asked for is the last to give way."""
    return (
        text("query", most=20),
        text("company"),
        figure("score"),
        figure("p05 to p95", ASKED if is_drawn else 1),
        text("band", 3),
        *(figure(heading, 5) for heading in POINTS),
        figure("China share", 1),
        figure("surge pp", 6),
        figure("rank", 4),
        figure("conf", 2),
        note(),
    )


def print_scores(scorer: Scorer, columns: Columns) -> None:
    """Print result rows, with what the scores were computed from."""
    out = console()
    out.print(f"Exposure scores as of {dated_basis(**scorer.versions)}", style="italic")
    shown = print_table(out, _columns(is_drawn="score_p05" in columns), map(_cells, rows_of(columns)))
    legend = [meaning for heading, meaning in _LEGEND.items() if heading in shown]
    out.print(
        " ".join([*legend, "Sources and reasons: exposure explain TICKER"])
        + f"\nThe facts of release {scorer.release.version} end on {scorer.release.last_as_of}.",
        style="dim",
    )


def china_share(share: float | None, period: str | None) -> str:
    """China share with the period that it is of, or that it is estimated."""
    known = number(share, ".1%")
    return known and f"{known} {short_period(period) or 'est.'}"


def _cells(row: dict[str, Any]) -> list[str | Text]:
    band = row["band"] or ""
    surge = row["china_share_surge"]
    return [
        row["query"] or "(empty)",
        row["name"] or "",
        number(row["score"], ".1f"),
        _range(row),
        Text(band, style=BAND_STYLE.get(band, "")),
        *(number(row[f"score_{pillar}"], ".1f") for pillar in ("market", "control", "retaliation")),
        china_share(row["china_share"], row["china_share_period"]),
        number(100 * surge, "+.1f"),
        number(row["rank"], ".0f"),
        row["confidence_grade"] or "",
        _note(row),
    ]


def _range(row: dict[str, Any]) -> str:
    low, high = number(row.get("score_p05"), ".1f"), number(row.get("score_p95"), ".1f")
    return f"{low} to {high}" if low else ""


def _note(row: dict[str, Any]) -> str:
    match row["status"]:
        case "partial":
            return f"partial: score at least {row['score_floor']:.1f}; " + (
                "no China share known" if not number(row["china_share"], "f") else "product mix not known"
            )
        case "no-data":
            return f"no data known by {row['as_of']}"
        case "unresolved" | "ambiguous":
            nearest = f"; nearest: {row['candidates']}" if row["candidates"] else ""
            return f"{row['status']}: {row['reason']}{nearest}"
        case _:
            judged = _mix_note(str(row["product_mix"]))
            evidence = "" if row["china_share_evidence"] == "reported" else row["china_share_evidence"]
            said = "; ".join(filter(None, (evidence, row["china_share_caution"])))
            share = said and f"China share {said}" if evidence else said and f"China share: {said}"
            if number(row["china_share_p05"], "f"):
                low, high = row["china_share_p05"], row["china_share_p95"]
                share = f"China share estimated, not disclosed: {low:.1%} to {high:.1%}"
                share += f" ({row['china_share_note']})" if row["china_share_note"] else ""
            return ", ".join(filter(None, (row["reason"], share, judged)))


def _mix_note(product_mix: str) -> str:
    """What to know of where a product mix comes from."""
    if product_mix.startswith("business-mix"):
        return "mix judged"
    if product_mix.startswith("peers"):
        return "mix of peers"
    return "mix unallocated" if product_mix == "unallocated" else ""
