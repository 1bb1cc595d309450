"""`exposure score`: tickers, a file of tickers or standard input, to a table or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import (
    AsOf,
    EstimatesOption,
    MethodologyName,
    OverlayFolder,
    ReleaseName,
    ScenarioNames,
    UncertaintyOption,
    make_scorer,
)
from service.cli.output import FormatOption, OutputOption, check_format, emit
from service.cli.queries import (
    EncodingOption,
    HeaderRow,
    MatchesOption,
    SheetOption,
    TickerColumn,
    TickersArgument,
    exit_unresolved,
    read_queries,
    reading_of,
    say,
    write_matches,
)
from service.files import write_output

if TYPE_CHECKING:
    from scoring.reference.identifiers.row import Query
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer
    from service.books.own import Workbook
    from service.books.reading import Reading

_CHUNK: Final = 5_000


def score(
    tickers: TickersArgument,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    uncertainty: UncertaintyOption = False,
    draws: Annotated[int | None, typer.Option("--draws", help="Draws of the interval. Default: 1024.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the interval. Default: 2026.")] = None,
    receipt: Annotated[
        Path | None,
        typer.Option("--receipt", metavar="FILE", help="Also write a receipt, for `exposure verify`."),
    ] = None,
    ticker_column: TickerColumn = None,
    sheet: SheetOption = None,
    header_row: HeaderRow = None,
    encoding: EncodingOption = None,
    matches: MatchesOption = None,
    output: OutputOption = None,
    format_: FormatOption = None,
    add_columns: Annotated[
        bool,
        typer.Option("--add-columns", help="Write the workbook itself to -o, with scores in columns beside its own."),
    ] = False,
) -> None:
    """Score companies, one row per query, in order; no query is dropped unless --estimates only asks for it.

    Exit status: 0 scored, 2 bad input, 3 some queries did not resolve (all rows are still given).
    """
    check_format(output, format_)
    reading = reading_of(ticker_column, sheet, header_row, encoding)
    own: Workbook | None = None
    if add_columns:
        own = _workbook(tickers, output, format_, reading)
        if estimates == "only":
            raise InputError(
                "--estimates", "only leaves rows out, and --add-columns keeps them all", "give one of the two"
            )
    queries: list[Query] = read_queries(tickers, reading) if own is None else [*own.rows]
    scorer = make_scorer(as_of, release, methodology, scenario, overlay, estimates)
    if not uncertainty and (draws is not None or seed is not None):
        raise InputError("--draws, --seed", "are of an interval, and none is asked for", "add --uncertainty")
    columns = _score(scorer, queries, {"uncertainty": uncertainty, "draws": draws, "seed": seed})

    def print_table() -> None:
        from service.cli.render.scores import print_scores

        print_scores(scorer, columns)

    if receipt is not None:
        _write_receipt(scorer, queries, receipt)
    if matches is not None:
        write_matches(scorer.resolver, queries, matches)
    if own is None or output is None:
        emit(columns, output, format_, print_table)
    else:
        say(own.write(columns, output))
    exit_unresolved(columns["status"])


def _score(scorer: Scorer, queries: list[Query], interval: dict[str, Any]) -> Columns:
    """Score in chunks, with a progress bar on a terminal when there is more than one.

    The list is resolved as a whole: what a bare code means depends on what stands beside it.
    """
    matches = scorer.shown(scorer.resolver.resolve_many(queries))
    if len(matches) <= _CHUNK:
        return scorer.columns_of(matches, **interval)
    import numpy as np

    from service.cli.render.console import tracked

    starts = range(0, len(matches), _CHUNK)
    parts = [scorer.columns_of(matches[start : start + _CHUNK], **interval) for start in tracked(starts, "Scoring")]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _workbook(tickers: list[str], output: Path | None, format_: str | None, reading: Reading) -> Workbook:
    """The workbook whose list is scored, where it is to be written again."""
    from service.books.own import read_own

    if len(tickers) != 1 or output is None or format_ is not None:
        raise InputError(
            "--add-columns",
            "takes one workbook and no --format",
            "write: exposure score BOOK.xlsx --add-columns -o FILE.xlsx",
        )
    return read_own(tickers[0], output, reading)


def _write_receipt(scorer: Scorer, queries: list[Query], path: Path) -> None:
    from scoring.receipt.verification import receipt

    document = receipt(scorer, queries).model_dump_json(indent=1) + "\n"
    write_output(path, document.encode(), "--receipt")
