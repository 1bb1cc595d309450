"""A row of a user's file as a query: everything in it that says which company is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isnan
from numbers import Real
from typing import Any, Final, Literal

Kind = Literal["share", "cash", "currency", "future", "option", "bond", "fund", "index", "other"]
"""Kinds of asset; only a share is one of a company."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file.

    Attributes
    ----------
    query : str
        The leading identifier as written; what the row is called in results.
    identifiers : tuple of (str, str)
        Every identifier of the row with the kind of its column, such as ``("isin", "NL0010273215")``.
    name, exchange, country, currency : str
        As written; empty if the file does not say.
    kind : str
        Kind of asset.
    number : int
        Line or row in the file, from 1; 0 if there is none. Rows that differ in nothing else are equal.
    """

    query: str
    identifiers: tuple[tuple[str, str], ...] = ()
    name: str = ""
    exchange: str = ""
    country: str = ""
    currency: str = ""
    kind: Kind = "share"
    number: int = field(default=0, compare=False)

    def document(self) -> dict[str, Any]:
        """Everything but the query and the number, empty fields left out, as JSON can hold it."""
        found = {name: getattr(self, name) for name in ("name", "exchange", "country", "currency", "kind")}
        identifiers = [list(pair) for pair in self.identifiers]
        return {"identifiers": identifiers} | {name: text for name, text in found.items() if text}

    @classmethod
    def from_document(cls, query: str, document: Mapping[str, Any]) -> Row:
        """Row of a query and what `document` gave."""
        identifiers = tuple((str(role), str(text)) for role, text in document.get("identifiers", ()))
        return cls(query, **{**document, "identifiers": identifiers})

    def __str__(self) -> str:
        """What the row is called."""
        return self.query


_EXACT: Final = 2**53
"""Up to here a floating-point number has all its digits."""

Query = str | Row
"""A query of a resolver: a text, or a row of a file."""

Queries = str | Row | Iterable[Any]
"""What users give for queries: one, or many of them with missing values and numbers among them."""


def as_queries(given: Queries) -> list[Query]:
    """Queries of what a user gives.

    Parameters
    ----------
    given : str, Row or iterable
        One text or row is one query. Of an iterable, None, NaN and NaT are empty queries, and a number is its digits,
        without a decimal part if that is zero.

    Returns
    -------
    list of str or Row
        One per item, in order.
    """
    return [given] if isinstance(given, str | Row) else [_as_query(item) for item in given]


def _as_query(item: Any) -> Query:
    if isinstance(item, str | Row):
        return item
    if item is None or type(item).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(item, Real) and not isinstance(item, bool):
        number = float(item)
        if isnan(number):
            return ""
        return f"{number:.0f}" if number.is_integer() and abs(number) < _EXACT else str(item)
    return str(item)
