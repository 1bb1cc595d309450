"""Commands that write a dataset and can be run again: `exposure panel`, `sweep` and `intervals`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import (
    AsOf,
    EngineOption,
    EstimatesOption,
    MethodologyName,
    OverlayFolder,
    ReleaseName,
    ScenarioNames,
    SchedulerOption,
    open_with_overlay,
)
from service.cli.queries import (
    EXIT_UNRESOLVED,
    EncodingOption,
    HeaderRow,
    SheetOption,
    TickerColumn,
    TickersArgument,
    read_queries,
    reading_of,
)
from service.cli.words import many

if TYPE_CHECKING:
    import datetime as dt

    from scoring.reference.identifiers.row import Query
    from scoring.reference.releases.release import Release
    from scoring.scenario import Scenario
    from service.books.reading import Reading
    from service.jobs.job import Job

OutputFolder = Annotated[
    str,
    typer.Option("--output", "-o", metavar="FOLDER", help="Folder or URL of the dataset, such as s3://bucket/name."),
]
StartOption = Annotated[str, typer.Option("--start", metavar="DATE", help="First day, YYYY-MM-DD.")]
EndOption = Annotated[
    str | None, typer.Option("--end", metavar="DATE", help="Last day. Default: the last the release supports.")
]
FreqOption = Annotated[
    str,
    typer.Option("--freq", help="B business days, D all days, W Fridays, M or Q the last business day of a period."),
]
CalendarOption = Annotated[
    str | None, typer.Option("--calendar", metavar="MIC", help="Trading days of a market, such as XTKS.")
]


def panel(
    tickers: TickersArgument,
    output: OutputFolder,
    start: Annotated[
        str | None, typer.Option("--start", metavar="DATE", help="First day, YYYY-MM-DD; needed but with --events.")
    ] = None,
    end: EndOption = None,
    events: Annotated[
        bool,
        typer.Option("--events", help="A row per act and company instead: what the act adds, as known the day before."),
    ] = False,
    freq: FreqOption = "B",
    calendar: CalendarOption = None,
    release: ReleaseName = None,
    overlay: OverlayFolder = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    estimates: EstimatesOption = "include",
    columns: Annotated[str, typer.Option("--columns", help="Comma-separated.")] = "score,market,control,retaliation",
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    engine: EngineOption = "local",
    scheduler: SchedulerOption = None,
) -> None:
    """Score companies on every day of a range, point in time, into a Parquet dataset partitioned by year.

    With --events: what every rule and measure announced in the range adds to them, a row per act and company.

    A command that was interrupted goes on where it stopped when it is run again. Exit status: 0 done, 2 bad input,
    3 some queries did not resolve (they are left out, and named).
    """
    from scoring.timeseries.calendar import business_days
    from scoring.timeseries.panel import PanelJob
    from service.jobs.panel import PanelDataset

    _check(output, engine, scheduler)
    queries = _queries(tickers, reading_of(ticker_column, sheet, header_row, encoding))
    opened = open_with_overlay(release, overlay)
    if events:
        if scenario is not None or freq != "B" or calendar is not None:
            raise InputError(
                "--events", "has no --scenario, --freq or --calendar: acts have days of their own", "leave these out"
            )
        _events(opened, queries, start, end, methodology, output, (engine, scheduler))
        return
    if start is None:
        raise InputError("--start", "is missing", "give the first day, as YYYY-MM-DD")
    days = business_days(opened, start, end, freq, calendar)
    named = [name.strip() for name in columns.split(",")]
    job = PanelJob(opened, queries, days, methodology, scenario, named, estimates)
    what = f"{many(len(days), 'day')} of {many(len(job.assets), 'asset')}"
    _write(PanelDataset(job), output, engine, scheduler, what, job.unresolved)


def sweep(
    tickers: TickersArgument,
    output: OutputFolder,
    scenarios: Annotated[
        list[str] | None,
        typer.Option(
            "--scenarios",
            metavar="NAME",
            help="A scenario of the library, a YAML or JSON document, or a folder of them; each is applied on its own. "
            "Default: the library.",
        ),
    ] = None,
    as_of: AsOf = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="DATE", help="First of several days, in place of --as-of.")
    ] = None,
    end: EndOption = None,
    freq: FreqOption = "B",
    calendar: CalendarOption = None,
    release: ReleaseName = None,
    overlay: OverlayFolder = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    estimates: EstimatesOption = "include",
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    engine: EngineOption = "local",
    scheduler: SchedulerOption = None,
) -> None:
    """Score companies under each of many scenarios, on a day or on every day of a range, into a Parquet dataset.

    A row has the score under the scenario and its change from the score without. A command that was interrupted goes
    on where it stopped when it is run again. Exit status: 0 done, 2 bad input, 3 some queries did not resolve.
    """
    from scoring.timeseries.calendar import business_days
    from service.jobs.sweep import SweepDataset

    _check(output, engine, scheduler)
    if start is None and (end is not None or freq != "B" or calendar is not None):
        raise InputError(
            "--start", "is missing: --end, --freq and --calendar are of a range of days", "give the first day"
        )
    if start is not None and as_of is not None:
        raise InputError("--as-of", "is one day, and --start begins a range of them", "give one of the two")
    queries = _queries(tickers, reading_of(ticker_column, sheet, header_row, encoding))
    opened, wanted = open_with_overlay(release, overlay), _scenarios(scenarios)
    days = [_day(opened, as_of)] if start is None else business_days(opened, start, end, freq, calendar)
    job = SweepDataset(opened, queries, days, wanted, methodology, estimates)
    what = f"{many(len(wanted), 'scenario')} on {many(len(days), 'day')} of {many(len(job.panel.assets), 'asset')}"
    _write(job, output, engine, scheduler, what, job.panel.unresolved)


def intervals(
    tickers: TickersArgument,
    output: OutputFolder,
    draws: Annotated[int, typer.Option("--draws", help="Draws; a power of two is balanced.")] = 1024,
    seed: Annotated[int, typer.Option("--seed", help="Of the scrambling.")] = 2026,
    as_of: AsOf = None,
    release: ReleaseName = None,
    overlay: OverlayFolder = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    estimates: EstimatesOption = "include",
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    engine: EngineOption = "local",
    scheduler: SchedulerOption = None,
) -> None:
    """Draw every assumption over its range and write all draws, and the intervals of score and rank, as Parquet.

    The numbers are those of `exposure score --uncertainty`. A command that was interrupted goes on where it stopped
    when it is run again. Exit status: 0 done, 2 bad input, 3 some queries did not resolve.
    """
    from service.jobs.intervals import IntervalsDataset

    _check(output, engine, scheduler)
    queries = _queries(tickers, reading_of(ticker_column, sheet, header_row, encoding))
    opened = open_with_overlay(release, overlay)
    job = IntervalsDataset(opened, queries, _day(opened, as_of), draws, seed, methodology, scenario, estimates)
    what = f"{many(draws, 'draw')} of {many(len(job.panel.assets), 'asset')}"
    _write(job, output, engine, scheduler, what, job.panel.unresolved)


def _check(output: str, engine: str, scheduler: str | None) -> None:
    if output == "-":
        raise InputError(
            "--output", "standard output cannot take a dataset, which is a folder of files", "name a folder"
        )
    if scheduler is not None and engine != "dask":
        raise InputError("--scheduler", "is of a cluster", "add --engine dask")


def _events(
    release: Release,
    queries: list[Query],
    start: str | None,
    end: str | None,
    methodology: str,
    output: str,
    computed_by: tuple[Literal["local", "dask"], str | None],
) -> None:
    """Write a panel of events."""
    from scoring.acts.panel import EventPanelJob
    from scoring.facts.facts import parse_as_of
    from service.jobs.events import EventsDataset

    first, last = (None if day is None else parse_as_of(day, release) for day in (start, end))
    job = EventPanelJob(release, queries, first, last, methodology)
    what = f"{many(len(job.acts), 'act')} on {many(len(job.assets), 'asset')}"
    _write(EventsDataset(job), output, *computed_by, what, job.unresolved)


def _queries(tickers: list[str], reading: Reading) -> list[Query]:
    """Queries, each once; rows of a file that differ in the name alone are the same asset."""
    return list({_asset(query): query for query in reversed(read_queries(tickers, reading))}.values())[::-1]


def _asset(query: Query) -> Query:
    return query if isinstance(query, str) else replace(query, name="")


def _day(release: Release, as_of: str | None) -> dt.date:
    from scoring.facts.facts import parse_as_of
    from service.clock import default_as_of

    return parse_as_of(default_as_of(release) if as_of is None else as_of, release)


def _scenarios(names: list[str] | None) -> list[Scenario]:
    """Scenarios of names, documents and folders."""
    from scoring.scenario import list_scenarios, load_scenario

    chosen: list[str] = []
    for name in list_scenarios() if names is None else names:
        if not Path(name).is_dir():
            chosen.append(name)
            continue
        documents = sorted(path for path in Path(name).iterdir() if path.suffix in {".yaml", ".yml", ".json"})
        if not documents:
            raise InputError("scenarios", f"{name} holds no YAML or JSON document", "name a folder of scenarios")
        chosen += [str(path) for path in documents]
    return [load_scenario(name) for name in chosen]


def _write(
    job: Job, output: str, engine: Literal["local", "dask"], scheduler: str | None, what: str, unresolved: list[str]
) -> None:
    """Write what is missing of a dataset, with progress on a terminal."""
    from service.cli.render.console import tracked
    from service.jobs.dataset import open_dataset
    from service.jobs.engine import run

    missing = open_dataset(job, output)
    count, total = sum(map(len, missing)), sum(map(len, job.stages()))
    for _ in tracked(run(job, output, missing, engine, scheduler), "Partitions", total=count):
        pass
    typer.echo(f"{what} in {output}: {many(count, 'partition')} written, {total - count} kept", err=True)
    if unresolved:
        typer.echo(f"not resolved, left out: {', '.join(unresolved)}", err=True)
        raise typer.Exit(EXIT_UNRESOLVED)
