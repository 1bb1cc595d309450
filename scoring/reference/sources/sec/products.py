"""How a filing splits its revenue by product or by segment: the members that add up to the whole.

A filing tags totals and their parts alike, such as `DataCenter` beside `Compute` and `Networking`; which member holds
which is said in a file of its own. So the members are found whose amounts add up to the total, in the filing's own year
and in every year beside it that has them all: one year may add up by accident, three do not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from scoring.reference.sources.sec.china import REVENUE_TAGS, holders_left_out, is_china, totals
from scoring.reference.sources.sec.filing import Fact, Filing, Segments

PRODUCT_AXES: Final = ("ProductOrService", "BusinessSegments")
"""Axes by which companies split what they sell, the finer one first."""

MOST_MEMBERS: Final = 20
"""Members of which every combination is looked at."""

_TOLERANCE: Final = 1e-4
"""Part of the total by which rounded parts may miss it."""

_APART: Final = dt.timedelta(16)
_PLACES: Final = re.compile(
    r"america|europe|asia|china|japan|africa|pacific|emea|apac|international|domestic|foreign|unitedstates|region",
    re.IGNORECASE,
)
"""Names of segments that are places, which say nothing about products."""


@dataclass(frozen=True)
class Part:
    """A product or segment in the filing's year.

    Attributes
    ----------
    member : str
        Name of the member, such as ``DataCenter``.
    amount : Decimal
        Its revenue, in units of the currency.
    china : Decimal or None
        The part of it from China, where the filing crosses products with places.
    """

    member: str
    amount: Decimal
    china: Decimal | None = None


@dataclass(frozen=True)
class ProductSplit:
    """A way in which the parts of a filing add up to its revenue.

    Attributes
    ----------
    end : datetime.date
    currency, axis, tag : str
    total : Decimal
    parts : tuple of Part
        In the order of the filing.
    years : int
        Years in which these parts add up.
    """

    end: dt.date
    currency: str
    axis: str
    tag: str
    total: Decimal
    parts: tuple[Part, ...]
    years: int


def product_splits(filing: Filing) -> tuple[list[ProductSplit], str | None]:
    """Every way in which the parts of an annual filing add up to its revenue, for the year that it is about.

    Returns
    -------
    list of ProductSplit
        All of the first axis that adds up, those with most parts first.
    str or None
        What is split and does not add up, where nothing does.
    """
    whole = totals(filing.facts)
    unfit = None
    for axis in PRODUCT_AXES:
        for tag in REVENUE_TAGS:
            values, latest = _values(filing, axis, tag)
            if len(values) < 2 or latest is None or (axis == "BusinessSegments" and _are_places(values)):
                continue
            found = _adding_up(values, latest, {key: total for key, total in whole.items() if key[0] == tag})
            if found:
                return [_split(filing, axis, tag, members, years, latest) for members, years in found], None
            unfit = unfit or f"{tag} by {axis}: {', '.join(values)}"
    return [], unfit


_Period = tuple[dt.date, str]


def _values(filing: Filing, axis: str, tag: str) -> tuple[dict[str, dict[_Period, Decimal]], _Period | None]:
    """Amounts of years by member of an axis, in the order of the filing; and the period that the filing is about."""
    values: dict[str, dict[_Period, Decimal]] = {}
    latest = None
    for fact in filing.facts:
        split = holders_left_out(fact.segments)
        if fact.tag == tag and fact.quarters == 4 and len(split) == 1 and split[0][0] == axis:
            values.setdefault(split[0][1], {}).setdefault((fact.end, fact.currency), fact.value)
            if abs(fact.end - filing.period) <= _APART:
                latest = fact.end, fact.currency
    of_year = {member: amounts for member, amounts in values.items() if amounts.get(latest)} if latest else {}
    return of_year, latest


def _adding_up(
    values: dict[str, dict[_Period, Decimal]],
    latest: _Period,
    whole: dict[tuple[str, dt.date, int, str], Decimal],
) -> list[tuple[tuple[str, ...], int]]:
    """Combinations of members that add up in every year that has them all, and in how many years they do."""
    members = list(values)
    if len(members) > MOST_MEMBERS:
        return []
    chosen = (np.arange(2 ** len(members))[:, None] >> np.arange(len(members))) & 1 == 1
    fits, years = chosen.sum(axis=1) >= 2, np.zeros(len(chosen), dtype=int)
    for (_, end, quarters, currency), total in whole.items():
        if quarters != 4 or total <= 0:
            continue
        amounts = np.array([float(values[member].get((end, currency), "nan")) for member in members])
        sums = np.where(chosen, amounts, 0.0).sum(axis=1)
        adds_up = np.abs(sums - float(total)) <= _TOLERANCE * float(total)
        years += adds_up
        fits &= adds_up | (np.isnan(sums) & ((end, currency) != latest))
    found = [
        (tuple(member for member, is_in in zip(members, row, strict=True) if is_in), int(count))
        for row, count in zip(chosen[fits], years[fits], strict=True)
        if count
    ]
    return sorted(found, key=lambda one: -len(one[0]))


def _split(filing: Filing, axis: str, tag: str, members: tuple[str, ...], years: int, latest: _Period) -> ProductSplit:
    end, currency = latest
    year = (tag, end, 4, currency)
    own = [fact for fact in filing.facts if (fact.tag, fact.end, fact.quarters, fact.currency) == year]
    amounts: dict[str, Decimal] = {}
    for fact in own:
        split = holders_left_out(fact.segments)
        if len(split) == 1 and split[0][0] == axis:
            amounts.setdefault(split[0][1], fact.value)
    china = _china(own, axis)
    parts = tuple(Part(member, amounts[member], china.get(member)) for member in members)
    total = totals(filing.facts)[year]
    return ProductSplit(end, currency, axis, tag, total, parts, years)


def _china(facts: Iterable[Fact], axis: str) -> dict[str, Decimal]:
    """Revenue from China by member of an axis; a member for which the filing gives two numbers has none."""
    found: dict[str, set[Decimal]] = {}
    for fact in facts:
        crossed = _crossed(holders_left_out(fact.segments), axis)
        if crossed is not None:
            found.setdefault(crossed, set()).add(fact.value)
    return {member: values.pop() for member, values in found.items() if len(values) == 1}


def _crossed(split: Segments, axis: str) -> str | None:
    """Member of an axis that is crossed with China and nothing else; a part of a segment stands for the place."""
    axes = dict(split)
    member = axes.pop(axis, None)
    if set(axes) == {"BusinessSegments", "Subsegments"}:
        axes.pop("BusinessSegments")
    places = [*axes.values()]
    return member if member is not None and len(places) == 1 and is_china(places[0]) else None


def _are_places(members: Iterable[str]) -> bool:
    return any(_PLACES.search(member) for member in members)
