"""Result rows as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from rich.text import Text

from service.cli.render.console import BAND_STYLE, console, number, plain_table, rows_of
from service.cli.render.heading import dated_basis

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer

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


def print_scores(scorer: Scorer, columns: Columns) -> None:
    """Print result rows, with what the scores were computed from."""
    out = console()
    table = plain_table(
        title=f"Exposure scores as of {dated_basis(**scorer.versions)}",
        caption="market + control + retaliation = score (points). Conf: A best to D. "
        "Sources and reasons: exposure explain TICKER\n"
        f"The facts of release {scorer.release.version} end on {scorer.release.last_as_of}.",
    )
    wide = out.width >= _WIDE
    hidden = set() if "score_p05" in columns else {"p05-p95"}
    shown = [column for column in _COLUMNS if (wide or column.always) and column.name not in hidden]
    for column in shown:
        table.add_column(column.name, justify=column.justify, max_width=column.width, no_wrap=column.width is None)
    for row in rows_of(columns):
        cells = _cells(row)
        table.add_row(*(cells[column.name] for column in shown))
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
                "no China share known" if not number(row["china_share"], "f") else "product mix not known"
            )
        case "no-data":
            return f"no data known by {row['as_of']}"
        case "unresolved" | "ambiguous":
            nearest = f"; nearest: {row['candidates']}" if row["candidates"] else ""
            return f"{row['status']}: {row['reason']}{nearest}"
        case _:
            judged = _mix_note(str(row["product_mix"]))
            share = "" if row["china_share_evidence"] == "reported" else f"share {row['china_share_evidence']}"
            if number(row["china_share_p05"], "f"):
                low, high = row["china_share_p05"], row["china_share_p95"]
                share = f"China share estimated, not disclosed: {low:.1%} to {high:.1%}"
                share += f" ({row['china_share_note']})" if row["china_share_note"] else ""
            mixed = "China series mixed" if ";" in f"{row['china_share_scope']}{row['china_share_basis']}" else ""
            return ", ".join(filter(None, (row["reason"], share, mixed, judged)))


def _mix_note(product_mix: str) -> str:
    """What to know of where a product mix comes from."""
    if product_mix.startswith("business-mix"):
        return "mix judged"
    if product_mix.startswith("peers"):
        return "mix of peers"
    return "mix unallocated" if product_mix == "unallocated" else ""
