"""`exposure data`: public sources as proposals, and what a person accepts as rows of the working tables."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from scoring.errors import InputError
from service.cli.options import AsJson, EngineOption, ReleaseName, SchedulerOption
from service.cli.render.console import tracked
from service.clock import today

app = typer.Typer(help="Working tables: take in public sources, review what they propose.", no_args_is_help=True)

Reference = Annotated[Path, typer.Option("--reference", metavar="DIR", help="Folder of the working tables.")]
Proposals = Annotated[Path, typer.Option("--proposals", metavar="DIR", help="Folder of the proposals.")]

_REFERENCE, _PROPOSALS = Path("data/reference"), Path("data/proposals")


@app.command()
def take(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="What to take in; `exposure data sources` lists.")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILES", help="Files as the source publishes.")] = None,
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="Day of publication, YYYY-MM-DD, where files do not say it."),
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch the files from the source.")] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="First day of what is fetched. Default: half a year ago."),
    ] = None,
    work: Annotated[
        Path | None, typer.Option("--work", metavar="DIR", help="Keep here what was read of many sets, to go on later.")
    ] = None,
    engine: EngineOption = "local",
    scheduler: SchedulerOption = None,
    reference: Reference = _REFERENCE,
    proposals: Proposals = _PROPOSALS,
    as_json: AsJson = False,
) -> None:
    """Read files of a source and write what they would change as a proposal; the working tables stay as they are."""
    from service.ingest.take import Request, take
    from service.ingest.working import WorkingTables

    if download:
        if files:
            raise InputError("--download", "stands beside files", "give one of the two")
        files = _fetched(source, _day("--since", since))
    elif since is not None:
        raise InputError("--since", "is given without --download", "add --download")
    day, tables = _day("--published", published), WorkingTables(reference)
    proposal = take(source, Request(files or [], tables, day, work, engine, scheduler), proposals)
    if as_json:
        typer.echo(json.dumps({"proposal": proposal.name, **proposal.about}, indent=2, ensure_ascii=False))
        return
    counts = ", ".join(f"{count} {kind}" for kind, count in proposal.about["rows"].items())
    typer.echo(f"{proposal.folder}: {counts}")


@app.command()
def sources(as_json: AsJson = False) -> None:
    """List the sources that can be taken in."""
    from service.ingest.take import SOURCES

    if as_json:
        listed = [{"source": name, "title": one.title, "reader": one.reader} for name, one in SOURCES.items()]
        typer.echo(json.dumps(listed, indent=2))
        return
    from service.cli.render.console import console
    from service.cli.render.table import code, note, print_table

    print_table(
        console(), [code("source"), note("what it is", most=100)], [[name, one.title] for name, one in SOURCES.items()]
    )


@app.command()
def review(
    proposal: Annotated[str | None, typer.Argument(metavar="PROPOSAL", help="Proposal; without one, all.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Put the chosen rows into the working tables.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Leave the chosen rows out for good.")] = False,
    row: Annotated[list[int] | None, typer.Option("--row", help="Choose rows by number.")] = None,
    company: Annotated[list[str] | None, typer.Option("--company", help="Choose rows of companies.")] = None,
    table: Annotated[list[str] | None, typer.Option("--table", help="Choose rows of tables.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Choose rows of kinds, such as added.")] = None,
    because: Annotated[str | None, typer.Option("--because", help="Reason; a question needs one.")] = None,
    fill: Annotated[
        list[str] | None,
        typer.Option(
            "--fill",
            metavar="ROW:COLUMN=VALUE",
            help="Fill in what is empty or only suggested, as 7:product_family=mcu.",
        ),
    ] = None,
    reference: Reference = _REFERENCE,
    proposals: Proposals = _PROPOSALS,
    as_json: AsJson = False,
) -> None:
    """Show proposals, and accept or reject their rows.

    New rows, and rows that fill in what is empty, are accepted together. A row that conflicts with what is known, a
    question and a judgement are accepted by --row and with --because.
    """
    from service.ingest.proposal import Decision, list_proposals, open_proposal
    from service.ingest.review import Choice, Fill, decide

    if accept and reject:
        raise InputError("--accept", "stands beside --reject", "give one of the two")
    if fill and not accept:
        raise InputError("--fill", "is given without --accept", "add --accept")
    if proposal is None:
        if accept or reject:
            raise InputError("PROPOSAL", "is missing", "name the proposal whose rows are decided")
        _show_all([open_proposal(proposals, name) for name in list_proposals(proposals)], as_json)
        return
    choice = Choice(tuple(row or ()), tuple(company or ()), tuple(table or ()), tuple(kind or ()))
    if accept or reject:
        decision: Decision = "accepted" if accept else "rejected"
        before = len(open_proposal(proposals, proposal).open_rows())
        decided, counts = decide(
            proposals, proposal, reference, choice, decision, because, [Fill.of(one) for one in fill or ()]
        )
        written = ", ".join(f"{name}: {count} rows" for name, count in counts.items())
        left = len(decided.open_rows())
        typer.echo(f"{before - left} rows {decision}, {left} open" + (f"; {written}" if written else ""))
        return
    opened = open_proposal(proposals, proposal)
    rows = choice.of(opened) if opened.open_rows() else list(opened.rows)
    if as_json:
        decisions = {str(number): decision for number, decision in opened.decisions.items()}
        document = {**opened.about, "rows": [asdict(one) for one in rows], "decisions": decisions}
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    from service.cli.render.proposal import print_proposal

    print_proposal(opened, rows)


@app.command()
def status(
    release: ReleaseName = None,
    company: Annotated[str | None, typer.Option("--company", help="Only of this company, table by table.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how old the newest facts are, by table and kind of document, and which old figures carry most of a score."""
    from scoring.reference.releases.release import open_release
    from service.cli.render.freshness import print_company, print_freshness
    from service.ingest.freshness import as_document, company_document, scorer_on

    day = today()
    scorer = scorer_on(open_release(release), day)
    document = as_document(scorer, day) if company is None else company_document(scorer, company, day)
    if as_json:
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    elif company is None:
        print_freshness(document)
    else:
        print_company(document)


@app.command()
def nightly(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCES", help="Sources that are fetched and proposed.")],
    reference: Reference = _REFERENCE,
    proposals: Proposals = _PROPOSALS,
) -> None:
    """Fetch sources, propose what is new, and tell whom the settings name; nothing is accepted or published."""
    from service.ingest.nightly import run
    from service.ingest.settings import DownloadSettings

    report = run(sources, reference, proposals, DownloadSettings(), today())
    typer.echo(report.text)
    if report.failed:
        raise typer.Exit(2)


def _fetched(source: str, since: dt.date | None) -> list[Path]:
    from service.ingest.download import HALF_A_YEAR, Downloads, addresses
    from service.ingest.settings import DownloadSettings

    settings, day = DownloadSettings(), today()
    urls = addresses(source, settings, since or day - HALF_A_YEAR, day)
    downloads = Downloads(source, settings, day)
    return [downloads.fetch(url) for url in tracked(urls, "fetching")]


def _show_all(proposals: list[Any], as_json: bool) -> None:
    if as_json:
        listed = [{"proposal": one.name, "open": len(one.open_rows()), **one.about} for one in proposals]
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    from service.cli.render.proposal import print_proposals

    print_proposals(proposals)


def _day(option: str, text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(option, f"{text[:30]!r} is no date" if text else "is empty", "write YYYY-MM-DD") from None
