"""Number formats added to the styles of a user's workbook."""

from __future__ import annotations

from typing import Any, Final

_FIRST_OWN: Final = 164
"""Numbers below are the formats that every spreadsheet program knows."""

_TEXT: Final = "@"


class Styles:
    """The styles of a workbook, to which number formats can be added.

    Parameters
    ----------
    root : lxml element
        Of the part ``styles.xml``; it is changed.
    etree : module
        `lxml.etree`.
    """

    def __init__(self, root: Any, etree: Any) -> None:
        self.root, self._etree = root, etree
        self._space = etree.QName(root).namespace
        self._made: dict[str, str] = {}

    def of(self, form: str) -> str | None:
        """Style of cells with a number format; None where the workbook has no list of styles to add to."""
        cells = self.root.find(self._tag("cellXfs"))
        if cells is None or form == _TEXT:
            return None
        if form not in self._made:
            style = {"numFmtId": self._format(form), "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0"}
            self._etree.SubElement(cells, self._tag("xf"), style | {"applyNumberFormat": "1"})
            cells.set("count", str(len(cells)))
            self._made[form] = str(len(cells) - 1)
        return self._made[form]

    def _format(self, form: str) -> str:
        formats = self.root.find(self._tag("numFmts"))
        if formats is None:
            formats = self._etree.Element(self._tag("numFmts"))
            self.root.insert(0, formats)
        for known in formats:
            if known.get("formatCode") == form:
                return str(known.get("numFmtId"))
        number = str(max((int(known.get("numFmtId")) for known in formats), default=_FIRST_OWN - 1) + 1)
        self._etree.SubElement(formats, self._tag("numFmt"), numFmtId=number, formatCode=form)
        formats.set("count", str(len(formats)))
        return number

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"
