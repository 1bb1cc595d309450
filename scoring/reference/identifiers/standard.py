"""Standard numbers of securities: told by label or shape, checked, and found in the ISIN that they are part of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, get_args

from scoring.reference.identifiers.match import NumberKind

NUMBERS: Final[tuple[NumberKind, ...]] = get_args(NumberKind)
"""Kinds of standard numbers."""

_SHAPES: Final[dict[NumberKind, re.Pattern[str]]] = {
    "figi": re.compile(r"BBG[A-Z0-9]{8}[0-9]"),
    "isin": re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]"),
    "lei": re.compile(r"[A-Z0-9]{18}[0-9]{2}"),
}
"""Shapes that nothing else has."""

_LENGTHS: Final = frozenset({12, 20})

_PARTS: Final[tuple[tuple[frozenset[str], NumberKind, int], ...]] = (
    (frozenset({"US", "CA", "BM", "KY", "VG", "MH", "LR", "PA", "BS", "BB", "BZ", "CW", "PR"}), "cusip", 2),
    (frozenset({"GB", "IE", "JE", "GG", "IM"}), "sedol", 4),
    (frozenset({"DE"}), "wkn", 5),
    (frozenset({"CH", "LI"}), "valor", 2),
)
"""Countries whose ISINs hold the national number, its kind, and where it begins; it ends before the check digit."""

_LABELS: Final[dict[str, NumberKind]] = {kind.upper(): kind for kind in NUMBERS} | {
    "VALOREN": "valor",
    "SEDOL1": "sedol",
    "BBGID": "figi",
}

_LABELLED: Final = re.compile(rf"/?({'|'.join(_LABELS)})\s*(?::|/|=|#|\s)\s*(\S.*)")
_CUSIP: Final = re.compile(r"[0-9]{3}[0-9A-Z]{5}[0-9]|[A-Z][0-9]{4}[0-9A-Z]{3}[0-9]")
_SEDOL: Final = re.compile(r"[0-9B-DF-HJ-NP-TV-Z]{6}[0-9]")
_WKN: Final = re.compile(r"(?=.*[0-9])[0-9A-HJ-NP-Z]{6}")


def labelled(text: str) -> tuple[NumberKind, str] | None:
    """Kind and number of a text that names its kind: ``CUSIP 038222105``, ``/isin/US0382221051``; else None."""
    found = _LABELLED.fullmatch(text)
    if found is None:
        return None
    label, number = found.groups()
    # Valor Holdings is a company.
    return (_LABELS[label], compact(number.removesuffix(" EQUITY"))) if any(map(str.isdigit, number)) else None


def unmistakable(text: str) -> NumberKind | None:
    """Kind of a number that nothing but its kind has the shape of: ISIN, FIGI or LEI."""
    if len(text) not in _LENGTHS:
        return None
    return next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(text)), None)


def possible(text: str) -> Iterator[tuple[NumberKind, str]]:
    """Kinds and texts of the national numbers that a bare text has the shape of; others may have it too."""
    match len(text):
        case 9 if _CUSIP.fullmatch(text):
            yield "cusip", text
        case 8 if text[:3].isdigit() and text.isalnum():
            # Spreadsheets drop a leading zero, databases the check digit.
            if text.isdigit() and is_cusip("0" + text):
                yield "cusip", "0" + text
            yield "cusip", text + cusip_check_digit(text)
        case 7 if _SEDOL.fullmatch(text):
            yield "sedol", text
        case 6 if _WKN.fullmatch(text):
            yield "wkn", text


def parts(isin: str) -> Iterator[tuple[NumberKind, str]]:
    """National numbers that an ISIN holds."""
    for countries, kind, start in _PARTS:
        if isin[:2] in countries:
            part = isin[start:-1]
            yield kind, part.lstrip("0") if kind == "valor" else part


def possible_cusip(text: str) -> bool:
    """Whether a bare text has the shape of a CUSIP and of little else."""
    return bool(_CUSIP.fullmatch(text))


def compact(number: str) -> str:
    """Number without the spaces and hyphens in it."""
    return re.sub(r"[\s\-]", "", number)


def isin_of(kind: str, number: str) -> str:
    """The ISIN that most often holds a national number, to look for what is near it; empty if there is none.

    A check digit of the number itself is put right first, since it is what a typing error spoils.
    """
    from stdnum import isin
    from stdnum.gb import sedol

    country, width = {"cusip": ("US", 9), "sedol": ("GB", 9), "wkn": ("DE", 9), "valor": ("CH", 9)}[kind]
    text = number.zfill(width)
    if kind == "cusip":
        text = number[:8] + cusip_check_digit(number[:8])
    elif kind == "sedol" and len(number) == len("0540528"):
        text = (number[:6] + sedol.calc_check_digit(number[:6])).zfill(width)
    return country + text + isin.calc_check_digit(country + text) if len(text) == width and text.isalnum() else ""


def is_cusip(number: str) -> bool:
    """Whether a number of nine characters ends with its check digit."""
    return number[8:] == cusip_check_digit(number[:8])


def cusip_check_digit(number: str) -> str:
    """Check digit of the first eight characters of a CUSIP."""
    from stdnum import cusip

    return str(cusip.calc_check_digit(number))


def why_unknown(kind: NumberKind, number: str) -> str:
    """Why a number is none of a release: it is not valid, is of debt, or is of something else."""
    if kind == "valor":
        return "not a number of this release" if number.isdigit() else "not a valid Valor: it has other than digits"
    if kind == "wkn":
        return "not one of this release" if _WKN.fullmatch(number) else "not a valid WKN: it has six digits or letters"
    from stdnum import cusip, figi, isin, lei  # only numbers that are not in the release need checking
    from stdnum.exceptions import InvalidChecksum, ValidationError
    from stdnum.gb import sedol

    name = kind.upper()
    checks = {"isin": isin, "figi": figi, "lei": lei, "cusip": cusip, "sedol": sedol}
    try:
        checks[kind].validate(number)
    except InvalidChecksum:
        return f"not a valid {name}: the check digit is wrong"
    except ValidationError:
        return f"not a valid {name}: a part of it does not exist"
    if kind == "cusip" and not number[6:8].isdigit():
        return f"a valid CUSIP, but its issue {number[6:8]} is that of debt, not of a share"
    if kind == "lei":
        return f"LEI {number} is valid, but not in the data; give an ISIN, a ticker or a name"
    return f"a valid {name}, but not one of this release"
