"""A filing as its tagged numbers, whichever file they were read from.

Axes and members are written as the Financial Statement Data Sets write them: local names, without ``Statement`` at
the start of an axis, ``Axis`` at its end, and ``Member`` or ``Domain`` at the end of a member. So
``us-gaap:StatementGeographicalAxis = country:CN`` is ``Geographical=CN``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Segments = tuple[tuple[str, str], ...]
"""Pairs of axis and member, sorted; empty for a number of the whole company."""

FORMS: Final = ("10-K", "10-K/A", "10-KT", "10-KT/A", "20-F", "20-F/A", "40-F", "40-F/A", "10-Q", "10-Q/A")

_QUARTER: Final = 91.31


@dataclass(frozen=True)
class Fact:
    """One tagged amount of a period.

    Attributes
    ----------
    tag : str
        Local name, such as ``Revenues``.
    segments : tuple of (str, str)
    end : datetime.date
        Last day of the period.
    quarters : int
        Length of the period, in quarters; years of 52 and 53 weeks are four.
    currency : str
        ISO 4217 code.
    value : Decimal
        In units of the currency.
    """

    tag: str
    segments: Segments
    end: dt.date
    quarters: int
    currency: str
    value: Decimal


@dataclass(frozen=True)
class Filing:
    """What a filing says about itself, and its amounts of periods.

    Attributes
    ----------
    name : str
        Accession number, or name of the file where that is not stated.
    cik : str
        Number of the filer, ten digits.
    registrant : str
    form : str
        Such as ``10-K``; an amendment ends with ``/A``.
    period : datetime.date
        End of the period that it is about.
    fiscal_year : int
        As the company counts.
    fiscal_period : str
        ``FY``, ``Q1`` to ``Q3``.
    filed : datetime.date or None
        Day on which it was filed; an instance document alone does not say.
    symbols : tuple of (str, str)
        Trading symbols with the name of their exchange.
    facts : tuple of Fact
    rounded : bool
        Whether ends of periods are rounded to the end of a month, as the data sets round them.
    """

    name: str
    cik: str
    registrant: str
    form: str
    period: dt.date
    fiscal_year: int
    fiscal_period: str
    filed: dt.date | None
    symbols: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    rounded: bool = False

    @property
    def amends(self) -> bool:
        """Whether it amends an earlier filing."""
        return self.form.endswith("/A")


def axis_name(name: str) -> str:
    """Name of an axis as the data sets write it."""
    return name.rpartition(":")[2].removesuffix("Axis").removeprefix("Statement")


def member_name(name: str) -> str:
    """Name of a member as the data sets write it."""
    return re.sub(r"(Member|Domain)$", "", name.rpartition(":")[2])


def quarters_between(start: dt.date, end: dt.date) -> int:
    """Length of a period in whole quarters, of 13 weeks or three months."""
    return round(((end - start).days + 1) / _QUARTER)
