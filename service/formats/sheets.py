"""Tables as sheets of a workbook that is written anew, all in the same formats."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from scoring.columns import Table
from scoring.errors import OutputError
from service.formats.spreadsheet import MAX_ROWS, MAX_TEXT, new_workbook

_SHARES: Final = frozenset(
    {"weight", "coverage", "share_at_risk", "share", "china_share", "china_share_p05", "china_share_p95"}
)
_COUNTS: Final = frozenset({"companies", "positions", "unknown"})
_WIDTHS: Final = {
    **{
        "name": 32,
        "query": 20,
        "label": 60,
        "reason": 40,
        "candidates": 40,
        "score_retaliation": 18,
        "what": 28,
        "value": 70,
    },
    **{"scenario_id": 44, "title": 60, "act_id": 40, "statement": 90, "source_title": 60, "source_url": 60},
}

Formula = tuple[str, Any]
"""A formula, and its value now: what is shown by programs that do not compute."""


class Sheets:
    """A workbook being written; use it as a context, then take its `data`.

    Raises
    ------
    OutputError
        The package that writes workbooks is not installed.
    """

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self.book = new_workbook(self._buffer, in_memory=True)
        self.head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.share = self.book.add_format({"num_format": "0.0%"})
        self.number = self.book.add_format({"num_format": "#,##0.0"})
        self.count = self.book.add_format({"num_format": "0"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.choice = self.book.add_format({"bold": True, "bg_color": "#fff7d6", "border": 1})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.book.close()

    @property
    def data(self) -> bytes:
        """The workbook, once it is closed."""
        return self._buffer.getvalue()

    def add(
        self, title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], texts: Table | None = None
    ) -> Any:
        """Write a table below a frozen header with filters; what is missing is an empty cell.

        Parameters
        ----------
        title : str
            Of the sheet.
        rows : sequence of mappings
            Texts, numbers, dates, formulas or None, by column.
        columns : sequence of str
        texts : Table, optional
            Columns whose meaning is a comment of their header.

        Returns
        -------
        worksheet of XlsxWriter

        Raises
        ------
        OutputError
            More rows than a sheet holds.
        """
        if len(rows) > MAX_ROWS:
            raise OutputError("format", f"{len(rows):,} rows do not fit a worksheet", "write csv or parquet")
        sheet = self.book.add_worksheet(title)
        for j, name in enumerate(columns):
            sheet.set_column(j, j, _WIDTHS.get(name, 14), self._form(name))
            sheet.write_string(0, j, name, self.head)
            if texts is not None and name in texts:
                sheet.write_comment(0, j, texts[name].text)
            for i, row in enumerate(rows, 1):
                self.put(sheet, i, j, row.get(name))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # on paper as wide as a page, and as long as it takes
        sheet.repeat_rows(0)
        return sheet

    def _form(self, name: str) -> Any:
        if name in _SHARES:
            return self.share
        return self.count if name in _COUNTS else self.number

    def put(self, sheet: Any, row: int, column: int, value: Any, form: Any = None) -> None:
        """Write one cell in the format of its column, or its own."""
        match value:
            case None:
                return
            case str():
                sheet.write_string(row, column, value[:MAX_TEXT], form)
            case dt.date():
                sheet.write_datetime(row, column, value, self.day)
            case (formula, known):
                sheet.write_formula(row, column, formula, form, "" if known is None else known)
            case _ if value == value:
                sheet.write_number(row, column, value, form)
