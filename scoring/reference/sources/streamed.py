"""Read tables that are too large to be held: CSV, in a zip or by itself, block by block."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final

import pyarrow as pa
import pyarrow.csv as pacsv

from scoring.errors import InputError
from scoring.reference.sources import raw

Opener = Callable[[], IO[bytes]]
"""Opens a table from its beginning; it is called more than once."""

MOST_UNPACKED: Final = 500
"""Most times that a table is larger than it is packed: text is below 50, a file made to fill a disk near 1,000."""

_SMALL: Final = 2**12
_BLOCK: Final = 8 * 2**20
_LONGEST_HEADER: Final = 2**20


def inside(name: str, packed: zipfile.ZipFile, member: str) -> Opener:
    """How to open one table of an archive.

    Raises
    ------
    InputError
        It would unpack to far more than text does.
    """
    size = packed.getinfo(member)
    if size.file_size > MOST_UNPACKED * max(size.compress_size, _SMALL):
        problem = f"{member} unpacks to more than {MOST_UNPACKED} times its size"
        raise InputError(name, problem, "name the file that the source publishes")
    return lambda: packed.open(member)


def header(name: str, opened: Opener, encoding: str = "utf-8-sig") -> list[str]:
    """Columns of a table.

    Raises
    ------
    InputError
        A web page, text in another encoding, or no line that ends.
    """
    try:
        with opened() as file:
            line = file.readline(_LONGEST_HEADER)
    except _DAMAGED as error:
        raise _damaged(name, error) from None
    raw.refuse_page(name, line)
    if len(line) == _LONGEST_HEADER:
        raise InputError(name, "has no header in its first megabyte", "name the file that the source publishes")
    try:
        return [cell.strip() for cell in next(csv.reader([line.decode(encoding)]), [])]
    except (UnicodeDecodeError, csv.Error):
        raise InputError(
            name, f"does not begin as text in {encoding.removesuffix('-sig')}", "fetch the file unchanged"
        ) from None


def batches(
    name: str, opened: Opener, columns: Sequence[str], version: str, *, with_breaks: bool = False
) -> Iterator[pa.RecordBatch]:
    """Some columns of a table as text, block by block; an empty cell is empty text.

    Parameters
    ----------
    name : str
        File, as messages name it.
    opened : callable
    columns : sequence of str
        Columns that are read; others may be there.
    version : str
        Layout that has them.
    with_breaks : bool
        Whether a quoted cell may span lines.

    Raises
    ------
    InputError
        As `header`; or a column is missing, or the file is cut off or damaged.
    """
    raw.require(name, header(name, opened), columns, version)
    text = {column: pa.string() for column in columns}
    try:
        with opened() as stream:
            yield from pacsv.open_csv(
                pa.PythonFile(stream, mode="r"),
                read_options=pacsv.ReadOptions(block_size=_BLOCK, use_threads=False),
                parse_options=pacsv.ParseOptions(newlines_in_values=with_breaks),
                convert_options=pacsv.ConvertOptions(column_types=text, include_columns=list(columns)),
            )
    except _DAMAGED as error:
        raise _damaged(name, error) from None


_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, pa.ArrowInvalid, OSError)


def _damaged(name: str, error: Exception) -> InputError:
    reason = " ".join(str(error).split())[:200]
    if "invalid UTF8" in reason:
        return InputError(name, "is not utf-8", "fetch the file unchanged")
    return InputError(name, f"is cut off or damaged ({reason})", "fetch the file again")
