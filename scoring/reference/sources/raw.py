"""Open what a source publishes: bytes to text or rows, refused by file, column and version where it is not that."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Any, Final

from scoring.errors import InputError

LARGEST: Final = 256 * 2**20
"""Most bytes that a file read at once may unpack to; files that are larger are streamed."""

_PAGE: Final = (b"<!doctype html", b"<html")
_FETCH: Final = "fetch the file again"


def unpacked(name: str, data: bytes, largest: int = LARGEST) -> bytes:
    """Contents of a file that may be gzipped.

    Raises
    ------
    InputError
        The file is empty, cut off, or unpacks to more than `largest` bytes.
    """
    if not data:
        raise InputError(name, "is empty", _FETCH)
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(largest + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(name, f"is cut off or damaged ({error})", _FETCH) from None
    if len(content) > largest:
        raise InputError(name, f"unpacks to more than {largest // 2**20} MB", "name the file that the source publishes")
    return content


def text(name: str, data: bytes, encoding: str = "utf-8-sig") -> str:
    """Text of a file, and not of the page that a server sends instead of one.

    Raises
    ------
    InputError
        As `unpacked`; or a web page, or text in another encoding.
    """
    content = unpacked(name, data)
    refuse_page(name, content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            name, f"is not {encoding.removesuffix('-sig')} (byte {error.start})", "fetch the file unchanged"
        ) from None


def refuse_page(name: str, content: bytes) -> None:
    """Refuse the page that a server sends instead of a file.

    Raises
    ------
    InputError
        The content begins as a web page does.
    """
    if content[:1024].lstrip()[:64].lower().startswith(_PAGE):
        raise InputError(name, "is a web page, not data", "look at it: the server says there what it refused")


def rows(
    name: str, content: str, expected: Sequence[str], version: str, delimiter: str = ","
) -> Iterator[dict[str, str]]:
    """Rows of delimited text by column.

    Parameters
    ----------
    name : str
        File, as messages name it.
    content : str
    expected : sequence of str
        Columns that are read; others may be there.
    version : str
        Layout that has them, such as ``MCS 2025``.
    delimiter : str

    Raises
    ------
    InputError
        A column is missing, or a row has other than as many cells as the header.
    """
    table = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    lines = _lines(name, table)
    header = [cell.strip() for cell in next(lines, [])]
    require(name, header, expected, version)
    for cells in lines:
        if not cells:
            continue
        if len(cells) != len(header):
            raise InputError(
                name, f"line {table.line_num} has {len(cells)} cells, not {len(header)}", f"{_FETCH}, it may be cut off"
            )
        yield dict(zip(header, cells, strict=True))


def _lines(name: str, table: Any) -> Iterator[list[str]]:
    try:
        yield from table
    except csv.Error as error:
        raise InputError(name, f"line {table.line_num} is no row ({error})", f"{_FETCH}, it may be damaged") from None


def require(name: str, there: Sequence[str], expected: Sequence[str], version: str) -> None:
    """Refuse a file that lacks a column that is read.

    Raises
    ------
    InputError
        Naming the file, the columns that are missing and the layout expected.
    """
    missing = [column for column in expected if column not in there]
    if missing:
        found = ", ".join(column for column in there if column)[:200] or "none"
        raise InputError(
            name,
            f"lacks the {'column' if len(missing) == 1 else 'columns'} {', '.join(missing)} (it has {found})",
            f"this reader expects {version}; a renamed column needs a new reader",
        )


def members(name: str, data: bytes) -> zipfile.ZipFile:
    """As `archive`, of what is in memory."""
    return archive(name, io.BytesIO(data))


def archive(name: str, file: IO[bytes]) -> zipfile.ZipFile:
    """Archive whose directory can be read.

    Raises
    ------
    InputError
        No zip, or cut off.
    """
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        file.seek(0)
        refuse_page(name, file.read(1024))
        raise InputError(name, f"is no whole zip archive ({error})", _FETCH) from None


def member(name: str, archive: zipfile.ZipFile, inside: str, largest: int = LARGEST) -> bytes:
    """One file of an archive, checked against its checksum.

    Raises
    ------
    InputError
        Not there, damaged, or unpacks to more than `largest` bytes.
    """
    try:
        if archive.getinfo(inside).file_size > largest:
            raise InputError(name, f"{inside} unpacks to more than {largest // 2**20} MB", "name the source's own file")
        with archive.open(inside) as file:
            content = file.read(largest + 1)
    except KeyError:
        raise InputError(name, f"has no {inside} in it", "name the archive that the source publishes") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(name, f"{inside} is damaged ({error})", _FETCH) from None
    if len(content) > largest:
        raise InputError(name, f"{inside} unpacks to more than {largest // 2**20} MB", "name the source's own file")
    return content


def document(name: str, data: bytes) -> Any:
    """A JSON document.

    Raises
    ------
    InputError
        No JSON.
    """
    try:
        return json.loads(text(name, data))
    except ValueError as error:
        raise InputError(name, f"is no JSON ({error})", _FETCH) from None


def number(name: str, where: str, cell: str) -> float | None:
    """Number in a cell, None where it is empty; thousands may be parted by commas.

    Raises
    ------
    InputError
        Text that is no finite number.
    """
    plain = cell.strip().replace(",", "")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = float("nan")
    if value != value or value in (float("inf"), float("-inf")):
        raise InputError(name, f"{where}: {cell[:50]!r} is no number", _FETCH)
    return value
