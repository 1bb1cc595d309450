"""`exposure panel`: scores over time, as a Parquet dataset by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import MethodologyName, ReleaseName, ScenarioNames
from service.cli.queries import EXIT_UNRESOLVED, ColumnOption, TickersArgument, read_queries

if TYPE_CHECKING:
    from scoring.panel import PanelJob

StartOption = Annotated[str, typer.Option("--start", metavar="DATE", help="First day, YYYY-MM-DD.")]
EndOption = Annotated[
    str | None, typer.Option("--end", metavar="DATE", help="Last day. Default: the last the release supports.")
]
FreqOption = Annotated[
    str,
    typer.Option("--freq", help="B business days, D all days, W Fridays, M or Q the last business day of a period."),
]


def panel(
    tickers: TickersArgument,
    start: StartOption,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="Folder or URL of the dataset.")],
    end: EndOption = None,
    freq: FreqOption = "B",
    calendar: Annotated[
        str | None, typer.Option("--calendar", metavar="MIC", help="Trading days of a market, such as XTKS.")
    ] = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    columns: Annotated[str, typer.Option("--columns", help="Comma-separated.")] = "score,market,control,retaliation",
    column: ColumnOption = None,
    engine: Annotated[Literal["local", "dask"], typer.Option("--engine", help="Who computes.")] = "local",
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler, or local. Default: local.")
    ] = None,
) -> None:
    """Score companies on every day of a range, point in time, into a Parquet dataset partitioned by year.

    A command that was interrupted goes on where it stopped when it is run again. Exit status: 0 done, 2 bad input,
    3 some queries did not resolve (they are left out, and named).
    """
    from rich.console import Console
    from rich.progress import track

    from service.cluster import run
    from service.dataset import open_dataset

    if scheduler is not None and engine != "dask":
        raise typer.BadParameter("needs --engine dask", param_hint="--scheduler")
    job = _job(read_queries(tickers, column), start, end, freq, calendar, release, methodology, scenario, columns)
    missing = open_dataset(job, output)
    console = Console(stderr=True)
    done = run(job, output, missing, engine, scheduler)
    for _ in track(done, "Years", total=len(missing), console=console, transient=True, disable=not console.is_terminal):
        pass
    kept = len({day.year for day in job.days}) - len(missing)
    typer.echo(
        f"{len(job.days)} days of {len(job.assets)} assets in {output}: {len(missing)} years written, {kept} kept",
        err=True,
    )
    if job.unresolved:
        typer.echo(f"not resolved, left out: {', '.join(job.unresolved)}", err=True)
        raise typer.Exit(EXIT_UNRESOLVED)


def _job(
    queries: list[str],
    start: str,
    end: str | None,
    freq: str,
    calendar: str | None,
    release: str | None,
    methodology: str,
    scenario: list[str] | None,
    columns: str,
) -> PanelJob:
    from scoring.panel import PanelJob, business_days
    from scoring.reference.release import open_release

    opened = open_release(release)
    days = business_days(opened, start, end, freq, calendar)
    wanted = [name.strip() for name in columns.split(",")]
    return PanelJob(opened, list(dict.fromkeys(queries)), days, methodology, scenario, wanted)
