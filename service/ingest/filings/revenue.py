"""From a filing to rows of `revenue`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from scoring.reference.sources.sec.china import ChinaRevenue, Unread, china_revenue
from scoring.reference.sources.sec.filing import Filing
from scoring.vocabulary import Scope
from service.ingest.filings.filed import amount, deadline, is_comparative, label_of, published, source_of, year_of
from service.ingest.proposal import Candidate
from service.ingest.working import Cells, WorkingTables

_NARROWEST: Final[tuple[Scope, ...]] = ("mainland+hk", "mainland", "unspecified", "greater-china")
"""Which count of China is proposed for a company without a known figure, where a filing gives several."""


def candidates(filing: Filing, tables: WorkingTables, company: str, trouble: str | None) -> Iterator[Candidate]:
    """Rows of `revenue` that a filing at the SEC gives, see `of_figures`."""
    figures, unread = china_revenue(filing)
    return of_figures(filing, (figures, unread), tables, company, trouble)


def of_figures(
    filing: Filing,
    read: tuple[Sequence[ChinaRevenue], Sequence[Unread]],
    tables: WorkingTables,
    company: str,
    trouble: str | None,
) -> Iterator[Candidate]:
    """Rows of `revenue`, the latest period first; questions where one cannot be taken as it is.

    Parameters
    ----------
    filing : Filing
    read : tuple of sequences
        What it says of China, and what names China and is not read.
    tables : WorkingTables
    company : str
        Whose filing it is, empty where that is not clear.
    trouble : str or None
        Why it is not.
    """
    figures, unread = read
    source = source_of(filing)
    known = tables.revenue_of.get(company, [])
    for period in sorted({(figure.end, figure.quarters) for figure in figures}, reverse=True):
        several = [figure for figure in figures if (figure.end, figure.quarters) == period]
        figure = _chosen(several, known)
        label = label_of(filing, figure.end, figure.quarters, known)
        if label is not None:
            cells = _cells(filing, figure, [other for other in several if other is not figure], label)
            cells |= {"company_id": company, "source_id": source["source_id"]}
            yield Candidate("revenue", cells, source, trouble)
    for one in unread if company else ():
        cells = dict.fromkeys(_COLUMNS, "") | {
            "company_id": company,
            "fiscal_year": year_of(filing, one.end) + ("" if one.quarters == 4 else f" ({one.quarters} quarters)"),
            "period_end": one.end.isoformat(),
            "source_id": source["source_id"],
            "locator": one.what,
        }
        yield Candidate("revenue", cells, source, f"{one.what}: {one.why}")


_COLUMNS: Final = (
    "company_id", "fiscal_year", "period_end", "currency", "unit", "total_revenue", "china_revenue", "china_share",
    "share_of", "china_scope", "basis", "evidence", "published", "known_by", "source_id", "locator", "note",
)  # fmt: skip


def _chosen(figures: list[ChinaRevenue], known: list[Cells]) -> ChinaRevenue:
    """The figure that goes on with the company's series, or else counts China most narrowly."""
    last = max(known, key=lambda row: row["period_end"], default=None)
    order = list(_NARROWEST) if last is None else [last["china_scope"], *_NARROWEST]
    return min(figures, key=lambda figure: order.index(figure.scope))


def _cells(filing: Filing, figure: ChinaRevenue, others: list[ChinaRevenue], label: str) -> Cells:
    day, how = published(filing)
    comparative = is_comparative(filing, figure.end)
    known_by = min(day, figure.end + dt.timedelta(deadline(filing, figure.quarters))) if comparative else day
    unit, scale = ("million", Decimal(10**6)) if figure.total >= 10**7 else ("1", Decimal(1))
    notes = [
        "comparative column" if comparative else "",
        how,
        f"within the segment {figure.within}" if figure.within else "",
        f"Hong Kong stands apart: {amount(figure.hong_kong, scale)}" if figure.hong_kong is not None else "",
        *(f"{one.axis}={one.member} gives {amount(one.china, scale)}" for one in others),
        "period_end rounded to the end of a month" if filing.rounded else "",
    ]
    return {
        "fiscal_year": label,
        "period_end": figure.end.isoformat(),
        "currency": figure.currency,
        "unit": unit,
        "total_revenue": amount(figure.total, scale),
        "china_revenue": amount(figure.china, scale),
        "china_share": f"{figure.share:.4f}",
        "share_of": "revenue",
        "china_scope": figure.scope,
        "basis": "unspecified",
        "evidence": "reported",
        "published": day.isoformat(),
        "known_by": known_by.isoformat(),
        "locator": f"{figure.tag}, {figure.axis}={figure.member}",
        "note": "; ".join(note for note in notes if note),
    }
