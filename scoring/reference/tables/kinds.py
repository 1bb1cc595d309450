"""Kinds of column: pandera columns with the description and the constraints that documents are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, get_args

import pandas as pd
import pandera.pandas as pa
from stdnum import figi as _figi
from stdnum import isin as _isin
from stdnum import lei as _lei

from scoring.vocabulary import Evidence

SLUG: Final = "[a-z0-9]+(-[a-z0-9]+)*"
PERIOD: Final = r"\d{4}([QH][1-4])?"
"""A fiscal year, or a quarter or half of one, such as ``2024Q3``."""


def _column(
    dtype: str, kind: str, description: str, nullable: bool, checks: list[pa.Check], **constraints: Any
) -> pa.Column:
    stated = {name: value for name, value in constraints.items() if value is not None}
    if not nullable:
        stated = {"required": True, **stated}
    return pa.Column(
        dtype,
        checks=checks,
        nullable=nullable,
        description=description,
        metadata={"type": kind, "constraints": stated},
    )


def text(
    description: str,
    *,
    nullable: bool = False,
    pattern: str | None = None,
    what: str = "in the expected form",
    such_as: str | None = None,
) -> pa.Column:
    """Text, by choice of a fixed form."""
    checks = []
    if pattern is not None:
        error = f"is not {what}; write it {f'like {such_as}' if such_as else f'as {pattern}'}"
        checks.append(pa.Check(lambda cells: cells.str.fullmatch(pattern), name="pattern", error=error))
    return _column("str", "string", description, nullable, checks, pattern=pattern)


def word(description: str, words: Any, *, nullable: bool = False) -> pa.Column:
    """One word of a vocabulary, given as a Literal type or a sequence."""
    allowed = list(get_args(words) or words)
    error = f"is not in the vocabulary; use one of {', '.join(allowed)}"
    checks = [pa.Check.isin(allowed, error=error)]
    return _column("str", "string", description, nullable, checks, enum=allowed)


def code(description: str, codes: frozenset[str], *, nullable: bool = False, several: bool = False) -> pa.Column:
    """ISO 3166 code or one of the words for several countries; `several` allows a list with semicolons."""

    def known(cells: pd.Series) -> pd.Series:
        if several:
            return cells.map(lambda cell: codes.issuperset(cell.split(";")))
        return cells.isin(codes)

    words = [name for name in ("EU", "EU27", "WW") if name in codes]
    form = " or ".join(["ISO 3166-1 alpha-2", *words]) + (", separated by ;" if several else "")
    check = pa.Check(known, name="country", error=f"is no country code; use {form}")
    return _column("str", "string", f"{description} ({form})", nullable, [check])


def checked(description: str, valid: Callable[[str], bool], what: str) -> pa.Column:
    """Identifier with a check digit, empty where unknown."""
    error = f"is not a valid {what}; compare it with the issuer's, the check digit does not fit"
    check = pa.Check(lambda cells: cells.map(valid), name=what, error=error)
    return _column("str", "string", description, True, [check])


def isin() -> pa.Column:
    """International Securities Identification Number."""
    return checked("International Securities Identification Number, empty where not known", _isin.is_valid, "ISIN")


def figi() -> pa.Column:
    """Financial Instrument Global Identifier."""
    return checked("Composite Financial Instrument Global Identifier, empty where not known", _figi.is_valid, "FIGI")


def lei() -> pa.Column:
    """Legal Entity Identifier."""
    return checked("Legal Entity Identifier (ISO 17442), empty where not known", _lei.is_valid, "LEI")


def share(description: str, *, nullable: bool = False) -> pa.Column:
    """Fraction from 0 to 1."""
    error = "is not a fraction from 0 to 1; divide a percentage by 100"
    check = pa.Check.in_range(0.0, 1.0, error=error)
    return _column("float64", "number", description, nullable, [check], minimum=0, maximum=1)


def number(description: str, *, nullable: bool = False, minimum: float | None = None) -> pa.Column:
    """Number without an upper limit."""
    checks = [pa.Check.ge(minimum, error=f"is below {minimum}; correct the sign")] if minimum is not None else []
    return _column("float64", "number", description, nullable, checks, minimum=minimum)


def integer(description: str, minimum: int, maximum: int, *, nullable: bool = False) -> pa.Column:
    """Whole number in a range."""
    check = pa.Check.in_range(minimum, maximum, error=f"is not from {minimum} to {maximum}; correct the number")
    return _column("Int64", "integer", description, nullable, [check], minimum=minimum, maximum=maximum)


def day(description: str, *, nullable: bool = False) -> pa.Column:
    """Calendar day."""
    return _column("datetime64[s]", "date", description, nullable, [])


def flag(description: str) -> pa.Column:
    """Yes or no, never empty."""
    return _column("boolean", "boolean", description, False, [])


def identifier(description: str) -> pa.Column:
    """Identifier in lower case with hyphens."""
    return text(description, pattern=SLUG, what="an identifier in lower case with hyphens")


def source(*, nullable: bool = False) -> pa.Column:
    """Reference to the document a fact was read in."""
    return text(
        "Document the fact was read in" + (", empty for judgement alone" if nullable else ""), nullable=nullable
    )


def evidence(allowed: Iterable[str] = get_args(Evidence)) -> pa.Column:
    """How the value came to be known."""
    return word("How the value came to be known", tuple(allowed))


def note() -> pa.Column:
    """Remark for the reader; never read by code."""
    return text("Remark for the reader: what the figure covers, what is approximate", nullable=True)
