"""What a filing prints as revenue from China, and as revenue altogether.

A number counts where its only member is a name of China, on an axis by which companies split their revenue. Other axes
must be empty: revenue of one product in China is not revenue in China.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scoring.reference.sources.sec.filing import Fact, Filing, Segments
from scoring.vocabulary import Scope

REVENUE_TAGS: Final = (
    "RevenueFromContractWithCustomerExcludingAssessedTax",
    "RevenueFromContractWithCustomerIncludingAssessedTax",
    "Revenues",
    "SalesRevenueNet",
    "SalesRevenueGoodsNet",
    "RevenuesNetOfInterestExpense",
    "Revenue",
    "RevenueFromContractsWithCustomers",
)
"""Tags of US-GAAP of several years, and of IFRS, that mean revenue."""

_LOCATION_AXES: Final = ("Geographical", "GeographicalAreas", "BusinessSegments", "Subsegments", "Segments")
_HOLDERS: Final = {"ConsolidationItems": "OperatingSegments", "SegmentConsolidationItems": "ReportableSegments"}

_SCOPES: Final[dict[str, Scope]] = {
    "cn": "unspecified",
    "chn": "unspecified",
    "china": "unspecified",
    "peoplesrepublicofchina": "unspecified",
    "prc": "unspecified",
    "chinaprc": "unspecified",
    "mainlandchina": "mainland",
    "chinamainland": "mainland",
    "chinaincludinghongkong": "mainland+hk",
    "chinaincludeshongkong": "mainland+hk",
    "chinaandhongkong": "mainland+hk",
    "chinahongkong": "mainland+hk",
    "mainlandchinaandhongkong": "mainland+hk",
    "greaterchina": "greater-china",
}
"""Names of China as members spell them, and what each counts as China."""

_HONG_KONG: Final = ("hk", "hkg", "hongkong")
_SOMETHING_ELSE: Final = re.compile(
    r"indochina|(ex|excluding|excludes|except|exceptfor|outside|otherthan)(mainland|greater)?china"
)


@dataclass(frozen=True)
class ChinaRevenue:
    """Revenue from China as one filing prints it for one period.

    Attributes
    ----------
    end : datetime.date
        Last day of the period.
    quarters : int
        Its length.
    currency : str
    total, china : Decimal
        Revenue altogether and from China, in units of the currency.
    scope : str
        What counts as China.
    axis, member, tag : str
        How it is tagged.
    within : str or None
        Segment that China is a part of, where the filing splits a segment.
    hong_kong : Decimal or None
        Revenue from Hong Kong, where it stands beside China.
    """

    end: dt.date
    quarters: int
    currency: str
    total: Decimal
    china: Decimal
    scope: Scope
    axis: str
    member: str
    tag: str
    within: str | None = None
    hong_kong: Decimal | None = None

    @property
    def share(self) -> float:
        """China revenue / total revenue."""
        return float(self.china / self.total)


@dataclass(frozen=True)
class Unread:
    """A number that seems to be about China and is not read, and why."""

    end: dt.date
    quarters: int
    what: str
    why: str


def china_revenue(filing: Filing) -> tuple[list[ChinaRevenue], list[Unread]]:
    """Revenue from China by period, in every way that the filing gives it.

    Returns
    -------
    list of ChinaRevenue
        A period has one entry for each way of counting China; the latest period comes first.
    list of Unread
        What names China in a way that is not known, has no total beside it, or breaks the range of a share.
    """
    whole = totals(filing.facts)
    found: dict[tuple[dt.date, int, str, str], ChinaRevenue] = {}
    unread: dict[tuple[dt.date, int, str], Unread] = {}
    beside = {
        (fact.tag, axis, fact.end, fact.quarters): fact.value
        for fact, axis, member, _ in _located(filing.facts)
        if _plain(member) in _HONG_KONG
    }
    for fact, axis, member, within in _located(filing.facts):
        what = f"{fact.tag}, {axis}={member}: {fact.value:,} {fact.currency}"
        scope = _SCOPES.get(_plain(member))
        total = whole.get((fact.tag, fact.end, fact.quarters, fact.currency))
        why = _why_not(fact, scope, total)
        if why is not None or scope is None or total is None:
            if why is not None and (scope is not None or _names_china(member)):
                unread.setdefault((fact.end, fact.quarters, what), Unread(fact.end, fact.quarters, what, why))
            continue
        hong_kong = beside.get((fact.tag, axis, fact.end, fact.quarters))
        scope = "mainland" if hong_kong is not None and scope == "unspecified" else scope
        revenue = ChinaRevenue(
            fact.end, fact.quarters, fact.currency, total, fact.value, scope, axis, member, fact.tag, within, hong_kong
        )
        key = (fact.end, fact.quarters, scope, axis)
        known = found.setdefault(key, revenue)
        if known.china != revenue.china and known.tag == revenue.tag:
            two = f"{what}, and {known.china:,} for the same"
            unread[fact.end, fact.quarters, two] = Unread(fact.end, fact.quarters, two, "two numbers for one period")
    latest = sorted(found.values(), key=lambda one: (one.end, one.quarters), reverse=True)
    return latest, sorted(unread.values(), key=lambda one: (one.end, one.what), reverse=True)


def _why_not(fact: Fact, scope: Scope | None, total: Decimal | None) -> str | None:
    if scope is None:
        return "this name of a region that may be China is not known to the reader"
    if fact.value < 0:
        return "it is negative"
    if total is None or total <= 0:
        return "the filing has no total with the same tag, period and currency"
    return "it is more than the total" if fact.value > total else None


def totals(facts: Iterable[Fact]) -> dict[tuple[str, dt.date, int, str], Decimal]:
    """Revenue of the whole company by tag, period and currency.

    Where the tag of a split has no total of its own, the next tag of `REVENUE_TAGS` that has one gives it.
    """
    own = {
        (fact.tag, fact.end, fact.quarters, fact.currency): fact.value
        for fact in facts
        if fact.tag in REVENUE_TAGS and not fact.segments
    }
    whole: dict[tuple[str, dt.date, int, str], Decimal] = {}
    for _, end, quarters, currency in own:
        values = {tag: own[key] for tag in REVENUE_TAGS if (key := (tag, end, quarters, currency)) in own}
        # Total revenue is what the company calls so; revenue from contracts may leave out leases and interest.
        all_of_it = values.get("Revenues")
        for tag in REVENUE_TAGS:
            whole[tag, end, quarters, currency] = values.get(tag, all_of_it or next(iter(values.values())))
    return whole


def _located(facts: Iterable[Fact]) -> Iterator[tuple[Fact, str, str, str | None]]:
    """Revenue split by location alone: with its axis, its member, and the segment that is split."""
    for fact in facts:
        if fact.tag not in REVENUE_TAGS or fact.quarters not in (1, 2, 4):
            continue
        where = _where(holders_left_out(fact.segments))
        if where is not None:
            yield (fact, *where)


def holders_left_out(segments: Segments) -> Segments:
    """Axes that divide a number; those that only say that it is of the operating segments are left out."""
    return tuple((axis, member) for axis, member in segments if _HOLDERS.get(axis) != member)


def is_china(member: str) -> bool:
    """Whether a member is a name of China that the reader knows."""
    return _plain(member) in _SCOPES


def _where(split: Segments) -> tuple[str, str, str | None] | None:
    """Axis, member and surrounding segment of a split by one location; None for any other split."""
    axes = dict(split)
    if len(split) == 1 and split[0][0] in _LOCATION_AXES:
        return (*split[0], None)
    if set(axes) == {"BusinessSegments", "Subsegments"}:
        return "Subsegments", axes["Subsegments"], axes["BusinessSegments"]
    return None


def _plain(member: str) -> str:
    return re.sub(r"[^a-z]", "", member.lower().removesuffix("segment"))


def _names_china(member: str) -> bool:
    plain = _plain(member)
    return "china" in plain and not _SOMETHING_ELSE.search(plain)
