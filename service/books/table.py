"""A file as a table: its header, and which column holds what."""

from __future__ import annotations

from dataclasses import dataclass, field

from scoring.errors import InputError
from service.books.contents import read_contents
from service.books.header import find_header
from service.books.reading import File, Reading, Sheet
from service.books.words import IDENTIFIERS, plain, read_title

_MISSING = frozenset({"-", "--", "---", "—", "–", "n/a", "na.", "#n/a", "null", "none", "nan"})


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file and what their columns hold.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    titles : list of str
        Header; empty for a plain list.
    rows : list of list of str
        Rows below the header that hold anything. They may be shorter or longer than the header.
    numbers : list of int
        Line or row of each in the file, from 1.
    columns : dict of str to list of int
        Places of the columns that hold something known, by role, in the order of the file.
    lead : int
        Place of the column that names the companies.
    delimiter : str or None
        What parts the columns of a text file.
    notes : list of str
        What was found out on the way, for the user.
    sheet : str
        Title of the sheet in a workbook, else empty.
    header : int
        Line or row of the header in the file, from 1; 0 for a plain list.
    """

    name: str
    titles: list[str]
    rows: list[list[str]]
    numbers: list[int]
    columns: dict[str, list[int]]
    lead: int
    delimiter: str | None = None
    notes: list[str] = field(default_factory=list)
    sheet: str = ""
    header: int = 0

    def column(self, place: int) -> list[str]:
        """Cells of a column; empty where a row is too short."""
        return [row[place] if place < len(row) else "" for row in self.rows]


def filled(row: list[str], place: int) -> str:
    """Cell of a row, or empty where it is too short or says that nothing is there."""
    cell = row[place] if place < len(row) else ""
    return "" if cell.casefold() in _MISSING else cell


def read_table(path: File, reading: Reading) -> Table:
    """Read a file as a table.

    Raises
    ------
    InputError
        The file cannot be read, is empty, or has no (or no single) column that names companies, or a header and no
        rows.
    """
    sheet = read_contents(path, reading)
    kept = [index for index, row in enumerate(sheet.rows) if any(row)]
    if not kept:
        raise InputError(sheet.name, "is empty", "give a file with one ticker per line or a ticker column")
    header = _header(sheet, kept, reading)
    if header is None:
        return _plain_list(sheet, kept)
    titles = sheet.rows[header]
    columns = _columns(sheet.name, titles, reading)
    lead = next((columns[role][0] for role in IDENTIFIERS if role in columns), None)
    if lead is None:
        raise _no_known_column(sheet.name, titles)
    notes = list(sheet.notes)
    if header != kept[0] and reading.header_row is None:
        notes.append(f"header found on line {sheet.numbers[header]}")
    below = [index for index in kept if index > header]
    again = [plain(title) for title in titles if title]
    same = [index for index in below if _says(sheet.rows[index], again)]
    if same:
        notes.append(f"left out the header where it is repeated: row {_listed(sheet.numbers[i] for i in same)}")
        below = [index for index in below if index not in set(same)]
    if not below:
        raise InputError(sheet.name, "has a header and no rows", "add one row per ticker")
    rows = [sheet.rows[index] for index in below]
    numbers = [sheet.numbers[index] for index in below]
    number = sheet.numbers[header]
    return Table(sheet.name, titles, rows, numbers, columns, lead, sheet.delimiter, notes, sheet.title, number)


def _header(sheet: Sheet, kept: list[int], reading: Reading) -> int | None:
    if reading.header_row is not None:
        index = next((i for i in kept if sheet.numbers[i] == reading.header_row), None)
        if index is None:
            raise InputError("--header-row", f"row {reading.header_row} of {sheet.name} is empty", "name another row")
        return index
    if sheet.is_records:
        return kept[0]
    found = find_header([sheet.rows[index] for index in kept], reading.ticker_column)
    if found is not None:
        return kept[found]
    return kept[0] if reading.ticker_column is not None else None


def _plain_list(sheet: Sheet, kept: list[int]) -> Table:
    places = {place for index in kept for place, cell in enumerate(sheet.rows[index]) if cell}
    if len(places) > 1:
        raise _no_known_column(sheet.name, sheet.rows[kept[0]])
    rows, numbers = [sheet.rows[index] for index in kept], [sheet.numbers[index] for index in kept]
    lead = places.pop()
    columns = {"query": [lead]}
    return Table(sheet.name, [], rows, numbers, columns, lead, sheet.delimiter, list(sheet.notes), sheet.title)


def _columns(name: str, titles: list[str], reading: Reading) -> dict[str, list[int]]:
    """Places of the columns by role; of the identifiers only the one that the user names, if any."""
    columns: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        role = read_title(title).role if title else None
        if role is not None:
            columns.setdefault(role, []).append(place)
    if reading.ticker_column is not None:
        place = place_of(name, titles, reading.ticker_column, "--ticker-column")
        role = read_title(titles[place]).role
        role = role if role in IDENTIFIERS else "identifier"
        names = [other for other in columns.get("name", []) if other != place]
        columns = {role: places for role, places in columns.items() if role not in IDENTIFIERS}
        columns = {r: [p for p in places if p != place] for r, places in columns.items()}
        columns = {r: places for r, places in columns.items() if places} | {role: [place]}
        if names and role != "name":
            columns["name"] = names
        return columns
    for role in IDENTIFIERS:
        known = [plain(titles[place]) for place in columns.get(role, [])]
        twice = next((title for title in known if known.count(title) > 1), None)
        if twice is not None:
            shown = titles[columns[role][known.index(twice)]]
            raise InputError(
                name,
                f"has {known.count(twice)} columns named {shown!r}",
                "rename all but one of them, or name another one with --ticker-column",
            )
    return columns


def place_of(name: str, titles: list[str], wanted: str, option: str) -> int:
    """Place of a column that the user names.

    Raises
    ------
    InputError
        There is none of that name, or more than one.
    """
    exact = [place for place, title in enumerate(titles) if title == wanted]
    same = exact or [place for place, title in enumerate(titles) if title and plain(title) == plain(wanted)]
    if len(same) == 1:
        return same[0]
    problem = f"has no column {wanted!r}" if not same else f"has {len(same)} columns named {wanted!r}"
    fix = f"choose one of its columns: {listed(titles)}" if not same else "rename all but one of them"
    raise InputError(name, f"{problem} ({option})", fix)


def _says(row: list[str], plain_titles: list[str]) -> bool:
    """Whether a row says what the header says."""
    cells = [cell for cell in row if cell]
    return len(cells) == len(plain_titles) and all(plain(a) == b for a, b in zip(cells, plain_titles, strict=True))


def _no_known_column(name: str, first: list[str]) -> InputError:
    return InputError(
        name,
        f"has no column with a known name in its first lines; the first is {listed(first)}",
        "name the ticker column with --ticker-column and the line of the header with --header-row, or head it `ticker`",
    )


def listed(header: list[str]) -> str:
    """Names of columns for a message."""
    shown = ", ".join(repr(cell[:40]) for cell in header[:20])
    return shown + (", …" if len(header) > 20 else "")


def _listed(numbers: object) -> str:
    shown = list(map(str, numbers))  # type: ignore[call-overload]
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")
