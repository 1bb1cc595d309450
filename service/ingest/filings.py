"""From a filing to rows of `revenue`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from scoring.reference.sources.sec.china import ChinaRevenue, china_revenue
from scoring.reference.sources.sec.filing import Filing
from scoring.vocabulary import Scope
from service.ingest.filers import Filers
from service.ingest.proposal import Candidate
from service.ingest.working import Cells, WorkingTables

_DEADLINES: Final = {"10-K": (91, 46), "10-Q": (91, 46), "20-F": (121, 92), "40-F": (91, 92)}
"""Days from the end of a year, and of a part of one, by which a filing of a form was public, by its latest deadline."""

_NARROWEST: Final[tuple[Scope, ...]] = ("mainland+hk", "mainland", "unspecified", "greater-china")
"""Which count of China is proposed for a company without a known figure, where a filing gives several."""


_DRIFT: Final = 16
"""Days by which the end of a year of 52 or 53 weeks moves."""


def candidates(filing: Filing, tables: WorkingTables, filers: Filers) -> Iterator[Candidate]:
    """Rows of `revenue` that a filing gives, the latest period first; questions where one cannot be taken as it is."""
    company, trouble = filers.company(filing)
    if company is None and trouble is None:
        return
    figures, unread = china_revenue(filing)
    source = _source(filing)
    known = tables.revenue_of.get(company or "", [])
    for period in sorted({(figure.end, figure.quarters) for figure in figures}, reverse=True):
        several = [figure for figure in figures if (figure.end, figure.quarters) == period]
        figure = _chosen(several, known)
        label = _label(filing, figure, known)
        if label is not None:
            cells = _cells(filing, figure, [other for other in several if other is not figure], label)
            cells |= {"company_id": company or "", "source_id": source["source_id"]}
            yield Candidate("revenue", cells, source, trouble)
    for one in unread if company is not None else ():
        cells = dict.fromkeys(_COLUMNS, "") | {
            "company_id": company or "",
            "fiscal_year": _year(filing, one.end) + ("" if one.quarters == 4 else f" ({one.quarters} quarters)"),
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


def _label(filing: Filing, figure: ChinaRevenue, known: list[Cells]) -> str | None:
    """Fiscal period as the tables name it; None for one that they have no name for, such as nine months."""
    part = {4: "", 2: "H1" if filing.fiscal_period == "Q2" else None}.get(
        figure.quarters, filing.fiscal_period if filing.fiscal_period in ("Q1", "Q2", "Q3") else None
    )
    if part is None or (part != "" and filing.form.startswith(("10-K", "20-F", "40-F"))):
        return None
    # The count of years that is known goes on: some filers tag their fiscal year otherwise than they print it.
    same = [row for row in known if row["fiscal_year"][4:] == part]
    if same:
        apart = {row["fiscal_year"]: (figure.end - dt.date.fromisoformat(row["period_end"])).days for row in same}
        nearest = min(apart, key=lambda label: abs(apart[label]))
        years = round(apart[nearest] / 365.25)
        if abs(apart[nearest] - 365.25 * years) <= _DRIFT:
            return f"{int(nearest[:4]) + years}{part}"
    return _year(filing, figure.end) + part


def _year(filing: Filing, end: dt.date) -> str:
    return str(filing.fiscal_year - round((filing.period - end).days / 365.25))


def _cells(filing: Filing, figure: ChinaRevenue, others: list[ChinaRevenue], label: str) -> Cells:
    published, how = _published(filing)
    comparative = abs((figure.end - filing.period).days) > 16
    known_by = (
        min(published, figure.end + dt.timedelta(_deadline(filing, figure.quarters))) if comparative else published
    )
    unit, scale = ("million", Decimal(10**6)) if figure.total >= 10**7 else ("1", Decimal(1))
    notes = [
        "comparative column" if comparative else "",
        how,
        f"within the segment {figure.within}" if figure.within else "",
        f"Hong Kong stands apart: {_amount(figure.hong_kong, scale)}" if figure.hong_kong is not None else "",
        *(f"{one.axis}={one.member} gives {_amount(one.china, scale)}" for one in others),
        "period_end rounded to the end of a month" if filing.rounded else "",
    ]
    return {
        "fiscal_year": label,
        "period_end": figure.end.isoformat(),
        "currency": figure.currency,
        "unit": unit,
        "total_revenue": _amount(figure.total, scale),
        "china_revenue": _amount(figure.china, scale),
        "china_share": f"{figure.share:.4f}",
        "share_of": "revenue",
        "china_scope": figure.scope,
        "basis": "unspecified",
        "evidence": "reported",
        "published": published.isoformat(),
        "known_by": known_by.isoformat(),
        "locator": f"{figure.tag}, {figure.axis}={figure.member}",
        "note": "; ".join(note for note in notes if note),
    }


def _published(filing: Filing) -> tuple[dt.date, str]:
    """Day of filing, and how it is known where the filing does not say."""
    if filing.filed is not None:
        return filing.filed, ""
    named = re.search(r"(?<!\d)(20\d\d-\d\d-\d\d)(?!\d)", filing.name)
    if named and filing.period < (day := dt.date.fromisoformat(named[1])) <= filing.period + dt.timedelta(366):
        return day, "published = date in file name"
    quarters = 4 if filing.fiscal_period == "FY" else 1
    day = filing.period + dt.timedelta(_deadline(filing, quarters))
    return day, "day approximate: filing date not seen, filing deadline used"


def _deadline(filing: Filing, quarters: int) -> int:
    year, part = _DEADLINES[filing.form[:4]]
    return year if quarters == 4 else part


def _amount(value: Decimal, scale: Decimal) -> str:
    return f"{(value / scale).normalize():f}"


def _source(filing: Filing) -> dict[str, str]:
    accession = re.fullmatch(r"\d{10}-\d\d-\d{6}", filing.name)
    form = filing.form.lower().replace("/", "")
    return {
        "source_id": f"sec-{filing.name if accession else f'{filing.cik}-{form}-{filing.period}'}",
        "title": f"{filing.registrant} Form {filing.form}, period ended {filing.period}",
        "url": f"https://www.sec.gov/Archives/edgar/data/{int(filing.cik)}/{filing.name.replace('-', '')}/"
        if accession
        else "",
        "kind": "filing",
    }
