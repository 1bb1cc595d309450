"""Read a quarter of all filings: the SEC's Financial Statement Data Sets, one zip with `sub.txt` and `num.txt`.

Source: https://www.sec.gov/dera/data/financial-statement-data-sets. A set is streamed: it unpacks to about a
gigabyte, of which only rows of revenue are kept: without a split, split by a name of China or Hong Kong, and of years
split by product or segment alone.
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from scoring.errors import InputError
from scoring.reference.sources.raw import require
from scoring.reference.sources.sec.china import REVENUE_TAGS
from scoring.reference.sources.sec.filing import FORMS, Fact, Filing, Segments

VERSION: Final = "the layout since December 2024, which has the column segments"
SUB_COLUMNS: Final = ("adsh", "cik", "name", "form", "period", "fy", "fp", "filed")
NUM_COLUMNS: Final = ("adsh", "tag", "version", "ddate", "qtrs", "uom", "segments", "coreg", "value")
LARGEST: Final = 8 * 2**30
"""Most bytes that one file of a set may unpack to."""

_BLOCK: Final = 8 * 2**20
_CHINA: Final = "china|chn|=cn;|=hk;|=hkg;|hongkong|prc;"
_PRODUCT: Final = (
    "^(BusinessSegments=[^;]*;(ConsolidationItems=OperatingSegments;)?"
    "|(ConsolidationItems=OperatingSegments;)?ProductOrService=[^;]*;)$"
)


def read(name: str, file: IO[bytes]) -> Iterator[Filing]:
    """Annual and quarterly reports that split revenue by a name of China or by product, in the order of the set.

    Parameters
    ----------
    name : str
        Name of the zip, as messages give it.
    file : binary file
        The zip; it is read once.

    Raises
    ------
    InputError
        No whole zip, a file or column is missing, or a cell that is read is not what it should be.
    """
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise InputError(name, f"is no whole zip archive ({error})", "fetch the file again") from None
    with archive:
        filings = _filings(name, archive)
        facts = _facts(name, archive, filings)
    for number in facts:
        if any(fact.segments for fact in facts[number]):
            yield _filing(name, filings[number], tuple(facts[number]))


def _filings(name: str, archive: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """Rows of `sub.txt` of the forms that are read, by accession number."""
    rows = (row for batch in _batches(name, archive, "sub.txt", SUB_COLUMNS) for row in batch.to_pylist())
    return {row["adsh"]: row for row in rows if row["form"] in FORMS}


def _facts(name: str, archive: zipfile.ZipFile, filings: dict[str, dict[str, str]]) -> dict[str, list[Fact]]:
    """Amounts of `num.txt` that are read, by accession number; a repeated row counts once."""
    facts: dict[str, dict[Fact, None]] = defaultdict(dict)
    tags = pa.array(REVENUE_TAGS)
    for batch in _batches(name, archive, "num.txt", NUM_COLUMNS):
        segments = pc.fill_null(batch["segments"], "")
        whole = pc.equal(segments, "")
        china = pc.match_substring_regex(segments, _CHINA, ignore_case=True)
        of_company = pc.equal(pc.fill_null(batch["coreg"], ""), "")
        product = pc.and_(pc.equal(batch["qtrs"], "4"), pc.match_substring_regex(segments, _PRODUCT))
        split = pc.or_(china, product)
        kept = pc.and_(pc.and_(pc.is_in(batch["tag"], tags), of_company), pc.or_(whole, split))
        for row in batch.filter(kept).to_pylist():
            if row["adsh"] in filings and row["value"]:
                facts[row["adsh"]][_fact(name, row)] = None
    return {number: list(rows) for number, rows in facts.items()}


def _batches(name: str, archive: zipfile.ZipFile, inside: str, columns: tuple[str, ...]) -> Iterator[Any]:
    """Batches of rows of one tab-delimited file, as text."""
    options = {
        "read_options": pacsv.ReadOptions(block_size=_BLOCK, use_threads=False),
        "parse_options": pacsv.ParseOptions(delimiter="\t", quote_char=False),
        "convert_options": pacsv.ConvertOptions(
            # Footnotes are not read, so their encoding is nothing to fail on.
            check_utf8=False,
            column_types={column: pa.string() for column in columns},
            strings_can_be_null=False,
        ),
    }
    try:
        if archive.getinfo(inside).file_size > LARGEST:
            raise InputError(name, f"{inside} unpacks to more than {LARGEST // 2**30} GB", "name the source's own file")
        with archive.open(inside) as first:
            header = first.readline().decode("utf-8", "replace").rstrip("\r\n").split("\t")
        require(f"{name}/{inside}", header, columns, VERSION)
        options["convert_options"].include_columns = list(columns)
        with archive.open(inside) as stream:
            reader = pacsv.open_csv(pa.PythonFile(stream, mode="r"), **options)
            yield from reader
    except KeyError:
        raise InputError(name, f"has no {inside} in it", "name a zip of the Financial Statement Data Sets") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, pa.ArrowInvalid, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(name, f"{inside} is cut off or damaged ({reason})", "fetch the file again") from None


def _fact(name: str, row: dict[str, str]) -> Fact:
    try:
        value = Decimal(row["value"])
        end = dt.date.fromisoformat(row["ddate"])
        return Fact(row["tag"], segments_of(row["segments"]), end, int(row["qtrs"]), row["uom"], value)
    except (InvalidOperation, ValueError):
        cells = ", ".join(f"{column} {row[column]!r}" for column in ("adsh", "tag", "ddate", "qtrs", "value"))
        raise InputError(name, f"num.txt has a row that is no amount: {cells}", f"expected is {VERSION}") from None


def segments_of(cell: str) -> Segments:
    """Pairs of axis and member of a cell, sorted."""
    pairs = (part.partition("=") for part in cell.split(";") if part)
    return tuple(sorted((axis, member) for axis, _, member in pairs))


def _filing(name: str, row: dict[str, str], facts: tuple[Fact, ...]) -> Filing:
    try:
        period, filed = (dt.date.fromisoformat(row[column]) for column in ("period", "filed"))
        year = int(row["fy"]) if row["fy"] else period.year
    except ValueError:
        raise InputError(
            name, f"sub.txt: {row['adsh']} has no period or day of filing", f"expected is {VERSION}"
        ) from None
    about = (row["adsh"], row["cik"].zfill(10), row["name"], row["form"], period, year, row["fp"] or "FY", filed)
    return Filing(*about, (), facts, rounded=True)
