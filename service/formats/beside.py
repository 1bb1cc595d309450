"""Columns beside those of a user's workbook: only the cells that are added change, everything else stays byte for byte.

The sheet's own XML gets the new cells. A library that reads a workbook and writes it again would lose what it does not
know, such as charts, pictures, pivots, slicers and macros.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scoring.columns import Kind
from scoring.errors import InputError, OutputError
from service.formats.spreadsheet import MAX_TEXT, letters, number_format
from service.formats.styles import Styles

SUFFIXES: Final = (".xlsx", ".xlsm")
"""Endings of the workbooks that columns can be added to."""

_LAST_COLUMN: Final = 16_384
_EPOCH: Final = dt.date(1899, 12, 30)
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML can hold."""

_WIDTH: Final = 22
_PREFIX: Final = "exposure "


@dataclass(frozen=True)
class Place:
    """Where in a workbook the user's list is.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    sheet : str
        Title of the sheet.
    header : int
        Row of the header, from 1.
    titles : sequence of str
        The header.
    lead : int
        Column that names the companies, from 0.
    rows : sequence of int
        Row of each line of the list.
    """

    name: str
    sheet: str
    header: int
    titles: Sequence[str]
    lead: int
    rows: Sequence[int]


def add_beside(data: bytes, place: Place, columns: Mapping[str, tuple[Kind, list[Any]]]) -> tuple[bytes, list[str]]:
    """Workbook with columns beside a list; where it has them from the last time, they are written anew.

    Parameters
    ----------
    data : bytes
        The workbook.
    place : Place
    columns : mapping of str to (kind, values)
        Plain columns, from `service.formats.cells.plain`, one value a row of the list.

    Returns
    -------
    (bytes, list of str)
        The workbook, and what its user should know.

    Raises
    ------
    InputError
        A formula that should name a company has no stored value.
    OutputError
        There is no room beside the list, or the package that reads XML is not installed.
    """
    try:
        from lxml import etree
    except ImportError:
        raise OutputError(
            "--add-columns", "needs a package that is not installed", 'pip install "exposure-risk[excel]"'
        ) from None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = _Parts(archive, parser, etree)
        path = parts.of_sheet(place.sheet)
        sheet = _Sheet(parts.read(path), etree)
        styles = Styles(parts.read(parts.styles), etree) if parts.styles else None
        notes = sheet.check(place)
        first = _first_column(sheet, place, list(columns))
        forms = [styles.of(number_format(name, kind)) if styles else None for name, (kind, _) in columns.items()]
        head = sheet.style_at(place.header, place.lead)
        sheet.put(place.header, first, [(_PREFIX + name, head) for name in columns])
        lists = [values for _, values in columns.values()]
        for row, *values in zip(place.rows, *lists, strict=True):
            sheet.put(row, first, list(zip(values, forms, strict=True)))
        sheet.widen(first, first + len(columns) - 1)
        changed = {path: sheet.root} | ({parts.styles: styles.root} if parts.styles and styles else {})
        return parts.written(changed), notes


def _first_column(sheet: _Sheet, place: Place, names: list[str]) -> int:
    """First column of the added ones, from 0."""
    wanted = [_PREFIX + name for name in names]
    if wanted[0] in place.titles:
        return list(place.titles).index(wanted[0])
    first = sheet.width
    if first + len(names) > _LAST_COLUMN:
        raise OutputError(
            "--add-columns", f"{place.sheet!r} has no {len(names)} free columns", "use a sheet with fewer"
        )
    return first


class _Parts:
    """Parts of a workbook."""

    def __init__(self, archive: zipfile.ZipFile, parser: Any, etree: Any) -> None:
        self._archive, self._parser, self._etree = archive, parser, etree
        self._book = self._target(self._relations(""), "officeDocument") or "xl/workbook.xml"
        self._links = self._relations(self._book)
        self.styles = self._target(self._links, "styles")

    def read(self, path: str) -> Any:
        """Root of a part."""
        return self._etree.fromstring(self._archive.read(path), self._parser)

    def of_sheet(self, title: str) -> str:
        """Path of the sheet of a title."""
        for sheet in self.read(self._book).iter("{*}sheet"):
            if sheet.get("name") == title:
                link = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
                return self._links[link][1]
        raise InputError("--sheet", f"there is no sheet {title[:40]!r}", "name one of the workbook")

    def written(self, changed: Mapping[str, Any]) -> bytes:
        """The workbook with some parts changed."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
            for entry in self._archive.infolist():
                kept = self._archive.read(entry.filename)
                if entry.filename in changed:
                    kept = self._etree.tostring(
                        changed[entry.filename], xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                out.writestr(entry, kept, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(path)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where not in self._archive.namelist():
            return {}
        found = {}
        for link in self.read(where):
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
            found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], target)
        return found

    @staticmethod
    def _target(links: Mapping[str, tuple[str, str]], kind: str) -> str | None:
        return next((target for known, target in links.values() if known == kind), None)


class _Sheet:
    """A worksheet's XML."""

    def __init__(self, root: Any, etree: Any) -> None:
        self.root, self._etree = root, etree
        self._space = etree.QName(root).namespace
        self._cells = root.find(self._tag("sheetData"))
        self._rows: dict[int, Any] = {}
        number = 0
        for row in self._cells.iterfind(self._tag("row")):
            number = int(row.get("r", number + 1))
            self._rows[number] = row

    @property
    def width(self) -> int:
        """Columns that hold anything, or that merged cells reach to."""
        ends = [place for row in self._rows.values() for place, _ in self._placed(row)]
        ends += [
            _place(part)
            for merged in self.root.iter(self._tag("mergeCell"))
            for part in merged.get("ref", "A1").split(":")
        ]
        return max(ends, default=-1) + 1

    def check(self, place: Place) -> list[str]:
        """What the user should know of the list, before anything is added beside it."""
        notes = []
        formulas = 0
        for number in place.rows:
            cell = self._at(number, place.lead)
            if cell is None or cell.find(self._tag("f")) is None:
                continue
            formulas += 1
            if not cell.findtext(self._tag("v")):
                raise InputError(
                    place.name,
                    f"row {number}: the formula in column {place.titles[place.lead]!r} has no stored value",
                    "open it in a spreadsheet program, save it and try again",
                )
        if formulas:
            notes.append(f"{formulas} names come from formulas: their stored values were read")
        if self.root.find(self._tag("sheetProtection")) is not None:
            notes.append(f"sheet {place.sheet!r} is protected and stays so, the new columns included")
        return notes

    def style_at(self, number: int, place: int) -> str | None:
        """Style of a cell."""
        cell = self._at(number, place)
        return None if cell is None else cell.get("s")

    def put(self, number: int, first: int, values: Sequence[tuple[Any, str | None]]) -> None:
        """Put values with their styles into the cells of a row from a column on; None empties a cell."""
        row = self._row(number)
        row.attrib.pop("spans", None)  # a hint that would be wrong now
        place = 0
        for there, cell in self._placed(row):
            if first <= there < first + len(values):
                row.remove(cell)
            elif there < first:
                place += 1
        for column, (value, style) in enumerate(values, first):
            if value is not None:
                row.insert(place, self._cell(f"{letters(column)}{number}", value, style))
                place += 1

    def _cell(self, address: str, value: Any, style: str | None) -> Any:
        cell = self._etree.Element(self._tag("c"), r=address)
        if style is not None:
            cell.set("s", style)
        match value:
            case str():
                cell.set("t", "inlineStr")
                text = self._etree.SubElement(self._etree.SubElement(cell, self._tag("is")), self._tag("t"))
                text.text = _ILLEGAL.sub("\ufffd", value)[:MAX_TEXT]
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                return cell
            case bool():
                cell.set("t", "b")
                shown = str(int(value))
            case dt.date():
                shown = str((value - _EPOCH).days)
            case _:
                shown = repr(value)
        self._etree.SubElement(cell, self._tag("v")).text = shown
        return cell

    def widen(self, first: int, last: int) -> None:
        """Tell the sheet how far it reaches, and give new columns a width where the user has given none."""
        extent = self.root.find(self._tag("dimension"))
        if extent is not None and self._rows:
            extent.set("ref", f"A{min(self._rows)}:{letters(max(last, self.width - 1))}{max(self._rows)}")
        columns = self.root.find(self._tag("cols"))
        if columns is None:
            columns = self._etree.Element(self._tag("cols"))
            self._cells.addprevious(columns)
        if all(int(column.get("max", "0")) <= first for column in columns):
            new = {"min": str(first + 1), "max": str(last + 1), "width": str(_WIDTH), "customWidth": "1"}
            self._etree.SubElement(columns, self._tag("col"), new)

    def _row(self, number: int) -> Any:
        if number not in self._rows:
            row = self._etree.Element(self._tag("row"), r=str(number))
            before = max((known for known in self._rows if known < number), default=None)
            if before is None:
                self._cells.insert(0, row)
            else:
                self._rows[before].addnext(row)
            self._rows[number] = row
        return self._rows[number]

    def _at(self, number: int, place: int) -> Any:
        row = self._rows.get(number)
        return None if row is None else next((cell for there, cell in self._placed(row) if there == place), None)

    def _placed(self, row: Any) -> list[tuple[int, Any]]:
        """Cells of a row with their columns, from 0; a cell without an address follows the one before it."""
        placed, place = [], -1
        for cell in row.iterfind(self._tag("c")):
            address = cell.get("r")
            place = place + 1 if address is None else _place(address)
            placed.append((place, cell))
        return placed

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


def _place(address: str) -> int:
    """Column of an address such as AB12, from 0."""
    place = 0
    for letter in address:
        if not letter.isalpha():
            break
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
