"""`exposure screen`: the universe filtered and sorted, and long/short baskets from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates
from service.cli.options import AsOf, MethodologyName, OverlayFolder, ReleaseName, ScenarioNames, make_scorer
from service.cli.output import FormatOption, OutputOption, check_format, emit

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer
    from scoring.screening.filters import Filters

Neutral = Literal["sector", "country", "both"]
Several = list[str] | None

_FOR_PEOPLE: Final = 50
"""Rows of the table for people, where --top does not say."""


def _filter(name: str, help_: str) -> Any:
    return typer.Option(f"--{name}", metavar="VALUE", help=f"{help_} Several: repeat, or part with commas.")


def screen(
    country: Annotated[Several, _filter("country", "Home country, ISO 3166 code or name.")] = None,
    sector: Annotated[Several, _filter("sector", "Sector, as in the results.")] = None,
    industry: Annotated[Several, _filter("industry", "Industry, as in the results.")] = None,
    family: Annotated[Several, _filter("family", "Product family that it has a segment in.")] = None,
    rule: Annotated[Several, _filter("rule", "Rule that restricts its sales to China now.")] = None,
    mineral: Annotated[Several, _filter("mineral", "Mineral that its products depend on.")] = None,
    band: Annotated[Several, _filter("band", "Band of the score.")] = None,
    grade: Annotated[Several, _filter("grade", "Grade of the confidence, A to D.")] = None,
    evidence: Annotated[Several, _filter("evidence", "How the China share became known.")] = None,
    status: Annotated[Several, _filter("status", "ok, estimated, partial or no-data.")] = None,
    least: Annotated[
        Several, typer.Option("--min", metavar="COLUMN:VALUE", help="Least value of a numeric column. May repeat.")
    ] = None,
    most: Annotated[
        Several, typer.Option("--max", metavar="COLUMN:VALUE", help="Greatest value of a numeric column. May repeat.")
    ] = None,
    sort: Annotated[str, typer.Option("--sort", metavar="COLUMN", help="Any numeric column.")] = "score",
    descending: Annotated[bool, typer.Option("--desc/--asc", help="Highest or lowest first.")] = True,
    top: Annotated[
        int | None,
        typer.Option("--top", min=1, help=f"Most rows. Default: all, {_FOR_PEOPLE} in the table for people."),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Rows left out at the beginning.")] = 0,
    count: Annotated[
        int | None,
        typer.Option("--basket", min=1, metavar="N", help="A book: short the N highest, long the N lowest by --sort."),
    ] = None,
    neutral: Annotated[
        Neutral | None, typer.Option("--neutral", help="Make the basket of pairs within a sector, a country or both.")
    ] = None,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    estimates: Annotated[
        Estimates | None,
        typer.Option(
            "--estimates",
            help="Companies whose figures are estimated: include, exclude, or only. Default: include them in a list, "
            "exclude them from a basket.",
        ),
    ] = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Screen the universe: filter, sort, rank, or make a long/short basket.

    Values of one filter are alternatives; several filters narrow down. Ranks are among all companies with a known
    score, whatever the filters leave.
    """
    from scoring.screening.filters import Filters
    from service.bounds import read_bounds

    check_format(output, format_)
    if neutral is not None and count is None:
        raise InputError("--neutral", "makes pairs for a basket, and none is asked for", "add --basket N")
    filters = Filters(
        country=country or (),
        sector=sector or (),
        industry=industry or (),
        family=family or (),
        rule=rule or (),
        mineral=mineral or (),
        band=band or (),
        grade=grade or (),
        evidence=evidence or (),
        status=status or (),
        at_least=read_bounds(least or (), "--min"),
        at_most=read_bounds(most or (), "--max"),
    )
    scorer = make_scorer(as_of, release, methodology, scenario, overlay, estimates or "include")
    if count is not None:
        if top is not None or offset or not descending:
            raise InputError("--basket", "has both ends of the list", "leave out --top, --offset and --asc")
        _basket(
            scorer,
            count,
            filters,
            {"sort": sort, "neutral": neutral, "estimates": estimates or "exclude"},
            output,
            format_,
        )
        return
    from scoring.screening.screen import screen_page

    screened = screen_page(scorer, filters, sort=sort, descending=descending, limit=top, offset=offset)

    def print_table() -> None:
        from service.cli.render.screen import print_screen

        print_screen(scorer, screened, sort, most=None if top is not None else _FOR_PEOPLE)

    emit(screened.columns, output, format_, print_table)


def _basket(
    scorer: Scorer,
    count: int,
    filters: Filters,
    how: dict[str, Any],
    output: Path | None,
    format_: str | None,
) -> None:
    from scoring.screening.basket import basket

    book: Columns = basket(scorer, count, filters, **how)

    def print_table() -> None:
        from service.cli.render.screen import print_basket

        print_basket(scorer, book)

    emit(book, output, format_, print_table)
