"""Read the Commerce Control List: 15 CFR part 774 as the eCFR serves it on a day.

Source: https://www.ecfr.gov/api/versioner/v1/full/{date}/title-15.xml?part=774. An entry begins with a
paragraph in bold that starts with its number, such as ``3A090 Integrated circuits ...``.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from scoring.errors import InputError
from scoring.reference.sources import raw

VERSION: Final = "part 774 in the XML of the eCFR, with entries as <FP-2><B>"
_ENTRY: Final = re.compile(r"(\d[A-E]\d{3})\s*(.*)", re.DOTALL)


class Entry(NamedTuple):
    """One entry of the list: its number (ECCN) and what it covers."""

    code: str
    title: str


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
    found: dict[str, Entry] = {}
    for bold in root.iter("B"):
        match = _ENTRY.fullmatch(" ".join("".join(bold.itertext()).split()))
        if match and bold.getparent().tag == "FP-2":
            found.setdefault(match[1], Entry(match[1], match[2].rstrip(".").strip()))
    if not found:
        raise InputError(name, "holds no entry of the Commerce Control List", f"this reader expects {VERSION}")
    return list(found.values())
