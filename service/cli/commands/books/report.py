"""`exposure report`: a company or a book on paper, to print or to send on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoring.errors import InputError, OutputError
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
from service.cli.queries import ByOption, SheetOption, TickerColumn, ValueColumn, WeightColumn, is_book, reading_of, say
from service.files import write_output

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from service.books.reading import Reading
    from service.cli.queries import By

_HTML = (".html", ".htm")


def report(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="TICKER|BOOK",
            help="One company by ticker, ISIN, FIGI, company id or name; or a file of positions, as `exposure "
            "portfolio` reads it, - for standard input.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Write here, as .html or .pdf, wholly or not at all.")
    ],
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also as PDF, beside the HTML. Needs exposure-risk[report].")
    ] = False,
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", metavar="FILE", help="Book to compare a book with.")
    ] = None,
    by: ByOption = None,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    uncertainty: UncertaintyOption = False,
    ticker_column: TickerColumn = None,
    weight_column: WeightColumn = None,
    value_column: ValueColumn = None,
    sheet: SheetOption = None,
) -> None:
    """Write a report of one company or of a book: one file that needs no network, and prints well.

    A company's has the score and its three exposures, what moved it, why down to the documents, what each act added and
    each scenario would, its figures and its peers. A book's has the score by side, coverage, drivers and positions.
    """
    kinds = (*_HTML, ".pdf")
    if output.suffix.lower() not in kinds:
        raise OutputError("--output", f"{output.name!r} names no kind of report", f"end it with {' or '.join(kinds)}")
    if not output.absolute().parent.is_dir():
        raise OutputError("--output", f"there is no folder {output.parent}", "make it, or choose another file")
    reading = reading_of(ticker_column, sheet, weight_column=weight_column, value_column=value_column)
    if not is_book(subject):
        _refuse_options_of_a_book(subject, reading, benchmark, by)
    elif uncertainty:
        raise InputError("--uncertainty", "is of one company", "leave it out; `exposure intervals` has many")
    scorer = make_scorer(as_of, release, methodology, scenario, overlay, estimates)
    html = (
        _of_book(scorer, subject, benchmark, reading, by)
        if is_book(subject)
        else _of_company(scorer, subject, uncertainty=uncertainty)
    )
    wanted = [output] if output.suffix.lower() == ".pdf" or not pdf else [output, output.with_suffix(".pdf")]
    files = {path: _printed(html) if path.suffix.lower() == ".pdf" else html for path in wanted}
    for path, data in files.items():  # nothing is written before all of it is made
        write_output(path, data, "--output")
        typer.echo(f"written to {path}", err=True)


def _refuse_options_of_a_book(subject: str, reading: Reading, benchmark: str | None, by: By | None) -> None:
    own = {"--benchmark": benchmark, "--by": by}
    said = [*reading.said, *(name for name, value in own.items() if value is not None)]
    if said:
        raise InputError(
            said[0], f"is of a book, and {subject!r} is no file", "name the file of the book, or leave the option out"
        )


def _of_company(scorer: Scorer, ticker: str, *, uncertainty: bool) -> bytes:
    from service.web.report import company_report

    company_id = scorer.resolver.company_ids[scorer.resolver.one(ticker).company]
    return company_report(scorer, company_id, uncertainty=uncertainty)


def _of_book(scorer: Scorer, file: str, benchmark: str | None, reading: Reading, by: By | None) -> bytes:
    from scoring.portfolio.score import score_portfolio
    from service.books.holdings import read_holdings
    from service.web.report import book_report

    holdings = read_holdings(file, reading, by)
    compared = None if benchmark is None else read_holdings(benchmark, reading, by)
    say(holdings.notes + (() if compared is None else compared.notes))
    result = score_portfolio(scorer, holdings, compared)
    name = "Book" if file == "-" else Path(file).name
    return book_report(scorer, result, name, None if benchmark is None else Path(benchmark).name)


def _printed(html: bytes) -> bytes:
    from service.web.report import to_pdf

    return to_pdf(html)
