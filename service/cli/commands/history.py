"""`exposure history`: one score over time, and the facts that moved it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.commands.dataset import EndOption, FreqOption, StartOption
from service.cli.options import AsJson, MethodologyName, ReleaseName, ScenarioNames
from service.files import write_output

if TYPE_CHECKING:
    from scoring.timeseries.history import History


def history(
    ticker: Annotated[str, typer.Argument(help="Ticker, ISIN, FIGI, company id or name.")],
    start: StartOption,
    end: EndOption = None,
    freq: FreqOption = "M",
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    as_json: AsJson = False,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw it into this file.")] = None,
) -> None:
    """Show a score over time, as it was known on each day, and what moved it; --json has the sources."""
    from scoring.reference.releases.release import open_release
    from scoring.timeseries.history import history as compute

    found = compute(open_release(release), ticker, start, end, freq, methodology, scenario)
    if png is not None:
        from scoring.charts import history_chart, to_png

        write_output(png, to_png(history_chart(found)), "--png")
        typer.echo(f"drawn into {png}", err=True)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    elif png is None:
        _print(found)


def _print(found: History) -> None:
    from rich.table import Table

    from service.cli.render.scores import console

    out = console()
    what_if = f" · scenario {found.scenario}" if found.scenario else ""
    out.print(f"{found.name} · release {found.release} · methodology {found.methodology}{what_if}", style="bold")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("date")
    for heading in ("score", "market", "control", "retal.", "China share"):
        table.add_column(heading, justify="right")
    for point in found.points:
        score = _form(point.score) or (f">={point.score_floor:.1f}" if point.score_floor is not None else "")
        parts = (_form(part) for part in (point.score_market, point.score_control, point.score_retaliation))
        share = "" if point.market is None else f"{point.market:.1%}"
        table.add_row(point.date.isoformat(), score, *parts, share)
    out.print(table)
    out.print("What moved it", style="bold")
    for move in found.moves:
        delta = "" if move.delta is None else f"{move.delta:+.1f}"
        floor = ", floor" if move.is_floor else ""
        out.print(f"{move.date}  {_form(move.before) or 'none'} to {_form(move.after) or 'none'}  {delta}{floor}")
        if move.note:
            out.print(f"    {move.note}", style="dim")
        for fact in move.facts:
            out.print(f"    {fact.statement}", style="dim", markup=False)


def _form(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
