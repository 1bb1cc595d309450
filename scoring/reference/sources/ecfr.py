"""Read the Commerce Control List: 15 CFR part 774 as the eCFR serves it on a day.

Source: https://www.ecfr.gov/api/versioner/v1/full/{date}/title-15.xml?part=774. An entry begins with a
paragraph in bold that starts with its number, such as ``3A090 Integrated circuits ...``.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from scoring.errors import InputError
from scoring.reference.sources import raw

VERSION: Final = "part 774 in the XML of the eCFR, with entries as <FP-2><B>"
_ENTRY: Final = re.compile(r"(\d[A-E]\d{3})\s*(.*)", re.DOTALL)


class Entry(NamedTuple):
    """One entry of the list: its number (ECCN), what it covers, and all of its text with that title."""

    code: str
    title: str
    text: str


def entries(name: str, data: bytes) -> list[Entry]:
    """Entries of the list, each once, in its order.

    Raises
    ------
    InputError
        No XML, or not a single entry in it.
    """
    from lxml import etree  # imported here: few readers need it

    content = raw.unpacked(name, data)
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise InputError(name, f"is no whole XML ({error})", f"this reader expects {VERSION}") from None
    titles: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    code = None
    for element in root.iter("FP-2", "P", "FP", "FP-1", "FP-3"):
        heading = _heading(element)
        if heading is not None:
            code = heading[1]
            titles.setdefault(code, heading[2].rstrip(".").strip())
        if code is not None:
            texts.setdefault(code, []).append(_text(element))
    if not titles:
        raise InputError(name, "holds no entry of the Commerce Control List", f"this reader expects {VERSION}")
    return [Entry(code, title, "\n".join(texts[code])) for code, title in titles.items()]


def _heading(element: Any) -> re.Match[str] | None:
    """Number and title of the entry that a paragraph begins, if it begins one."""
    bold = element.find("B") if element.tag == "FP-2" else None
    return _ENTRY.fullmatch(_text(bold)) if bold is not None else None


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
