"""Read one filing as it was filed: an XBRL instance, or a page with inline XBRL.

Sources: XBRL 2.1, https://www.xbrl.org/specification/xbrl-2.1/; inline XBRL 1.1,
https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/inlinexbrl-part1-rec-2013-11-18.html.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from scoring.errors import InputError
from scoring.reference.sources import raw
from scoring.reference.sources.sec.filing import Fact, Filing, Segments, axis_name, member_name, quarters_between

_XBRLI: Final = "{http://www.xbrl.org/2003/instance}"
_XBRLDI: Final = "{http://xbrl.org/2006/xbrldi}"
_IX: Final = "{http://www.xbrl.org/2013/inlineXBRL}"
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_ZEROS: Final = ("fixed-zero", "zerodash", "numdash")
_COMMA_DECIMALS: Final = ("num-comma-decimal", "numcommadecimal", "numdotcomma")
_EXPECTED: Final = "this reader expects an XBRL 2.1 instance or a page with inline XBRL 1.1, as filed"


@dataclass(frozen=True)
class _Context:
    """A period and the axes that divide the company; `start` is None for a day."""

    start: dt.date | None
    end: dt.date
    segments: Segments


def read(name: str, data: bytes, filed: dt.date | None = None) -> Filing:
    """Read a filing.

    Parameters
    ----------
    name : str
        Name of the file.
    data : bytes
        Instance document or page, plain or gzipped.
    filed : datetime.date, optional
        Day of filing, which the document itself does not state.

    Raises
    ------
    InputError
        No XBRL, cut off, or without what says whose filing of which period it is.
    """
    root = _parse(name, raw.unpacked(name, data))
    inline = root.tag.rpartition("}")[2].lower() == "html"
    contexts = {context.get("id"): _context(name, context) for context in root.iter(f"{_XBRLI}context")}
    currencies = dict(_currencies(root))
    if not contexts:
        raise InputError(name, "holds no XBRL", _EXPECTED)
    about: dict[str, list[tuple[str, str]]] = {}
    for tag, where, said in _texts(root, inline):
        if tag.startswith("dei:"):
            about.setdefault(tag.removeprefix("dei:"), []).append((where, said))
    facts: dict[tuple[object, ...], Fact] = {}
    for tag, element in _numbers(root, inline):
        unit, context = element.get("unitRef"), contexts.get(element.get("contextRef"))
        if context is None:
            raise InputError(name, f"{tag} is of a context that is not there", "fetch the file again")
        # Only amounts of money are read: counts are at times tagged in words.
        if context.start is not None and unit in currencies:
            value = _shown(name, element) if inline else _decimal(name, _said(element))
            quarters = quarters_between(context.start, context.end)
            fact = Fact(tag, context.segments, context.end, quarters, currencies[unit], value)
            facts.setdefault((tag, context.segments, context.start, context.end, unit, value), fact)
    return _filing(name, about, contexts, tuple(facts.values()), filed)


def _parse(name: str, content: bytes) -> Any:
    from lxml import etree  # imported here: nothing but this reader needs it

    # Nothing outside the file is looked at, and entities do not multiply.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        problem = "is a web page, not data" if b"xbrl" not in content[:4096].lower() else f"is no whole XML ({error})"
        raise InputError(name, problem, _EXPECTED) from None


def _filing(
    name: str,
    about: dict[str, list[tuple[str, str]]],
    contexts: dict[str, _Context],
    facts: tuple[Fact, ...],
    filed: dt.date | None,
) -> Filing:
    def said(key: str) -> str:
        if key not in about:
            raise InputError(name, f"does not state dei:{key}", _EXPECTED)
        return about[key][0][1]

    # The page prints the end of the period in words; the context of the statement has it as a date.
    period = contexts[about["DocumentType"][0][0]].end if "DocumentType" in about else None
    form, amended = said("DocumentType"), about.get("AmendmentFlag", [("", "false")])[0][1] == "true"
    exchanges = dict(about.get("SecurityExchangeName", ()))
    symbols = tuple((symbol, exchanges.get(context, "")) for context, symbol in about.get("TradingSymbol", ()))
    year = said("DocumentFiscalYearFocus")
    if period is None or not year.isdigit():
        raise InputError(name, f"states the fiscal year {year[:20]!r}", _EXPECTED)
    return Filing(
        name,
        said("EntityCentralIndexKey").zfill(10),
        said("EntityRegistrantName"),
        f"{form}/A" if amended and not form.endswith("/A") else form,
        period,
        int(year),
        said("DocumentFiscalPeriodFocus"),
        filed,
        symbols,
        facts,
    )


def _context(name: str, element: Any) -> _Context:
    segments = tuple(
        sorted(
            (axis_name(member.get("dimension")), member_name((member.text or "").strip()))
            for member in element.iter(f"{_XBRLDI}explicitMember")
        )
    )
    # A typed member divides the company, too: its value stands for the member.
    typed = tuple(
        (axis_name(member.get("dimension")), "".join(member.itertext()).strip())
        for member in element.iter(f"{_XBRLDI}typedMember")
    )
    days = {kind: element.findtext(f"{_XBRLI}period/{_XBRLI}{kind}") for kind in ("startDate", "endDate", "instant")}
    try:
        start = dt.date.fromisoformat(days["startDate"].strip()[:10]) if days["startDate"] else None
        end = dt.date.fromisoformat((days["endDate"] or days["instant"] or "").strip()[:10])
    except ValueError:
        raise InputError(name, f"context {element.get('id')!r} has no period", "fetch the file again") from None
    return _Context(start, end, tuple(sorted(segments + typed)))


def _currencies(root: Any) -> Iterator[tuple[str, str]]:
    """Units that are one currency and nothing else; a price per share is none."""
    for unit in root.iter(f"{_XBRLI}unit"):
        measures = [(measure.text or "").strip() for measure in unit.iter(f"{_XBRLI}measure")]
        if len(measures) == 1 and measures[0].startswith("iso4217:"):
            yield unit.get("id"), measures[0].removeprefix("iso4217:")


def _texts(root: Any, inline: bool) -> Iterator[tuple[str, str, str]]:
    """Tag, context and words of what is tagged without a unit."""
    if inline:
        for element in root.iter(f"{_IX}nonNumeric"):
            form = (element.get("format") or "").rpartition(":")[2]
            words = {"fixed-true": "true", "fixed-false": "false"}.get(form)
            yield element.get("name"), element.get("contextRef"), words or _said(element)
        return
    for element in _plain(root):
        if element.get("unitRef") is None:
            yield _prefixed(element), element.get("contextRef"), _said(element)


def _numbers(root: Any, inline: bool) -> Iterator[tuple[str, Any]]:
    """Local name and element of the tagged numbers; a nil is no number."""
    elements = root.iter(f"{_IX}nonFraction") if inline else _plain(root)
    for element in elements:
        if element.get("unitRef") is not None and element.get(_NIL) not in ("true", "1"):
            yield (element.get("name") if inline else f":{element.tag.rpartition('}')[2]}").rpartition(":")[2], element


def _plain(root: Any) -> Iterator[Any]:
    return (child for child in root if isinstance(child.tag, str) and child.get("contextRef") is not None)


def _prefixed(element: Any) -> str:
    return f"{element.prefix}:{element.tag.rpartition('}')[2]}"


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _shown(name: str, element: Any) -> Decimal:
    """Value of a number as a page shows it: its format, its power of ten and its sign are attributes."""
    form = (element.get("format") or "").rpartition(":")[2]
    shown = re.sub(r"\s", "", "".join(element.itertext()))
    if form in _ZEROS:
        return Decimal(0)
    if form in _COMMA_DECIMALS:
        shown = shown.replace(".", "").replace(",", ".")
    value = _decimal(name, shown.replace(",", "")).scaleb(int(element.get("scale") or 0))
    return -value if element.get("sign") == "-" else value


def _decimal(name: str, shown: str) -> Decimal:
    try:
        value = Decimal(shown)
    except InvalidOperation:
        raise InputError(name, f"tags {shown[:30]!r} as a number", "fetch the file again, it may be cut off") from None
    if not value.is_finite():
        raise InputError(name, f"tags {shown[:30]!r} as a number", "fetch the file again, it may be cut off")
    return value
