"""Numbers as people and programs write them in tables: 1,234.5 and 1.234,5 and (500) and 5%.

A column is read as a whole: the cells that can only be read one way say how to read the others. What can be read
two ways is refused; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from scoring.errors import HoldingsError
from scoring.portfolio.holdings import Place

_PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_SPACES: Final = re.compile(r"(?<=\d)[\s'’](?=\d{3}(\D|$))")
_POINT: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?|\d+\.\d*|\.\d+|\d+")
_COMMA: Final = re.compile(r"\d{1,3}(\.\d{3})+(,\d*)?|\d+,\d*|,\d+|\d+")
_MINUS: Final = str.maketrans({"−": "-", "–": "-"})


_MISSING: Final = frozenset({"-", "--", "---", "n/a", "na", "#n/a", "null"})
_MONEY_SIGN: Final = re.compile(
    r"(?:US|HK|NT|[ACSR])?\$|[€£¥₩₹]|CHF|Fr\.|kr|円|원|元|[A-Z]{3}(?=[\s\d-])|(?<=\d)\s?[A-Z]{3}$"
)


def loose_number(cell: str) -> float | None:
    """Number of a cell for comparing sizes, however it is written; None if it is none."""
    if _PLAIN.fullmatch(cell):
        return float(cell)
    if not any(map(str.isdigit, cell)):
        return None
    body, sign, is_percent = _parts(_MONEY_SIGN.sub("", cell))
    if not body or not (_PLAIN.fullmatch(body) or _POINT.fullmatch(body) or _COMMA.fullmatch(body)):
        return None
    by_comma = not (_PLAIN.fullmatch(body) or _POINT.fullmatch(body))
    return _value((body, sign, is_percent), by_comma)


def read_numbers(
    cells: Sequence[str], column: str, at: Place, *, comma_is_likely: bool, is_money: bool = False
) -> list[float | None]:
    """Numbers of a column of text.

    Parameters
    ----------
    cells : sequence of str
        Stripped; an empty one is missing.
    column : str
        Its name, for errors.
    at : callable
        Names a cell in errors.
    comma_is_likely : bool
        Whether 1,234 may mean one and a bit here, as where semicolons part the columns: it is refused then, and
        means a thousand otherwise.
    is_money : bool
        Whether a sign or code of a currency may stand beside a number; one for the whole column.

    Returns
    -------
    list of float or None
        Percentages as shares.

    Raises
    ------
    HoldingsError
        A cell that is not a number, or may be two.
    """
    if all(_PLAIN.fullmatch(cell) or not cell for cell in cells):
        return [float(cell) if cell else None for cell in cells]
    cells = ["" if cell.casefold() in _MISSING else cell for cell in cells]
    if is_money:
        cells = _without_money_signs(cells, column, at)
    parts = [_parts(cell) for cell in cells]
    written = [(row, body) for row, (body, _, _) in enumerate(parts) if body]
    for row, body in written:
        if not (_PLAIN.fullmatch(body) or _POINT.fullmatch(body) or _COMMA.fullmatch(body)):
            raise HoldingsError(
                at(row, column), f"{cells[row][:50]!r} is not a number", "write it in digits, such as -1234.5"
            )
    by_point = [row for row, body in written if not _COMMA.fullmatch(body)]
    by_comma = [row for row, body in written if not (_PLAIN.fullmatch(body) or _POINT.fullmatch(body))]
    if by_point and by_comma:
        raise HoldingsError(
            at(by_comma[0], column),
            f"{cells[by_comma[0]][:50]!r} has a decimal comma and {cells[by_point[0]][:50]!r} a decimal point",
            "write the whole column one way",
        )
    either = [row for row, body in written if "," in body and _POINT.fullmatch(body)]
    if either and comma_is_likely and not (by_point or by_comma):
        raise HoldingsError(
            at(either[0], column),
            f"{cells[either[0]][:50]!r} may be a number of thousands or a decimal fraction",
            "leave the thousands separator out",
        )
    _check_percent(cells, parts, column, at)
    return [_value(part, bool(by_comma)) for part in parts]


def _parts(cell: str) -> tuple[str, float, bool]:
    """Digits and separators of a cell, its sign, and whether it is a percentage."""
    text = unicodedata.normalize("NFKC", cell).translate(_MINUS).strip()
    sign = 1.0
    if text.startswith("(") and text.endswith(")"):
        text, sign = text[1:-1].strip(), -1.0
    is_percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    if text[:1] in ("-", "+") and sign == 1.0:
        sign = -1.0 if text[0] == "-" else 1.0
        text = text[1:].strip()
    elif text.endswith("-") and sign == 1.0:  # SAP writes 500-
        text, sign = text[:-1].strip(), -1.0
    return _SPACES.sub("", text), sign, is_percent


def _without_money_signs(cells: Sequence[str], column: str, at: Place) -> list[str]:
    bare: list[str] = []
    first: tuple[int, str] | None = None
    for row, cell in enumerate(cells):
        text = unicodedata.normalize("NFKC", cell)
        sign = _MONEY_SIGN.search(text)
        if sign is not None:
            first = first or (row, sign[0].strip())
            if sign[0].strip() != first[1]:
                raise HoldingsError(
                    at(row, column),
                    f"{cell[:50]!r} and {cells[first[0]][:50]!r} are in two currencies",
                    "convert them to one, or give the currency and its rate in columns `currency` and `fx`",
                )
            text = text[: sign.start()] + text[sign.end() :]
        bare.append(text.strip())
    return bare


def _check_percent(cells: Sequence[str], parts: list[tuple[str, float, bool]], column: str, at: Place) -> None:
    with_sign = [row for row, (_, _, is_percent) in enumerate(parts) if is_percent]
    without = [row for row, (body, _, is_percent) in enumerate(parts) if body.strip("0.,") and not is_percent]
    if with_sign and without:
        raise HoldingsError(
            at(without[0], column),
            f"{cells[without[0]][:50]!r} is no percentage and {cells[with_sign[0]][:50]!r} is one",
            "write the whole column one way",
        )


def _value(part: tuple[str, float, bool], has_decimal_comma: bool) -> float | None:
    body, sign, is_percent = part
    if not body:
        return None
    if has_decimal_comma:
        body = body.replace(".", "").replace(",", ".")
    elif not _PLAIN.fullmatch(body):
        body = body.replace(",", "")
    return sign * float(body) / (100.0 if is_percent else 1.0)
