"""What every row of a filing says alike: its period, its day, its document."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from scoring.reference.sources.edinet import Report
from scoring.reference.sources.sec.filing import Filing
from service.ingest.working import Cells

JAPANESE: Final = "ASR"
"""Form of an annual securities report at EDINET."""

_DEADLINES: Final = {"10-K": (91, 46), "10-Q": (91, 46), "20-F": (121, 92), "40-F": (91, 92), JAPANESE: (92, 46)}
"""Days from the end of a year, and of a part of one, by which a filing of a form was public, by its latest deadline."""

ANNUAL: Final = ("10-K", "20-F", "40-F", JAPANESE)

DRIFT: Final = 16
"""Days by which the end of a year of 52 or 53 weeks moves."""


def label_of(filing: Filing, end: dt.date, quarters: int, known: list[Cells]) -> str | None:
    """Fiscal period as the tables name it; None for one that they have no name for, such as nine months.

    Parameters
    ----------
    filing : Filing
    end : datetime.date
    quarters : int
    known : list of dict
        Rows of `revenue` of the company.
    """
    part = {4: "", 2: "H1" if filing.fiscal_period == "Q2" else None}.get(
        quarters, filing.fiscal_period if filing.fiscal_period in ("Q1", "Q2", "Q3") else None
    )
    if part is None or (part != "" and filing.form.startswith(ANNUAL)):
        return None
    # The count of years that is known goes on: some filers tag their fiscal year otherwise than they print it.
    same = [row for row in known if row["fiscal_year"][4:] == part]
    if same:
        apart = {row["fiscal_year"]: (end - dt.date.fromisoformat(row["period_end"])).days for row in same}
        nearest = min(apart, key=lambda label: abs(apart[label]))
        years = round(apart[nearest] / 365.25)
        if abs(apart[nearest] - 365.25 * years) <= DRIFT:
            return f"{int(nearest[:4]) + years}{part}"
    return year_of(filing, end) + part


def year_of(filing: Filing, end: dt.date) -> str:
    """Fiscal year of the end of a period, as the filing counts."""
    return str(filing.fiscal_year - round((filing.period - end).days / 365.25))


def is_comparative(filing: Filing, end: dt.date) -> bool:
    """Whether a period stands in the filing beside the one that it is about."""
    return abs((end - filing.period).days) > DRIFT


def published(filing: Filing) -> tuple[dt.date, str]:
    """Day of filing, and how it is known where the filing does not say."""
    if filing.filed is not None:
        return filing.filed, ""
    named = re.search(r"(?<!\d)(20\d\d-\d\d-\d\d)(?!\d)", filing.name)
    if named and filing.period < (day := dt.date.fromisoformat(named[1])) <= filing.period + dt.timedelta(366):
        return day, "published = date in file name"
    quarters = 4 if filing.fiscal_period == "FY" else 1
    day = filing.period + dt.timedelta(deadline(filing, quarters))
    return day, "day approximate: filing date not seen, filing deadline used"


def deadline(filing: Filing, quarters: int) -> int:
    """Days from the end of a period by which a filing of this form was public."""
    year, part = _DEADLINES[filing.form.partition("/")[0][:4]]
    return year if quarters == 4 else part


def amount(value: Decimal, scale: Decimal) -> str:
    """An amount in a unit, without needless zeros."""
    return f"{(value / scale).normalize():f}"


def source_of(filing: Filing) -> dict[str, str]:
    """Row of `sources` for a filing."""
    if filing.form.startswith(JAPANESE):
        title = f"{filing.registrant} annual securities report, period ended {filing.period}, filed {filing.filed}"
        return {
            "source_id": f"edinet-{filing.cik.lower()}-{filing.period}-{filing.filed}",
            "title": title,
            "url": "",
            "kind": "filing",
        }
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


def japanese_filing(report: Report) -> Filing:
    """An annual securities report as a filing; its fiscal year is that in which it ends, as the tables count."""
    symbols = ((report.security_code, "TSE"),) if report.security_code else ()
    form = f"{JAPANESE}/A" if report.amends else JAPANESE
    about = (report.name, report.edinet_code, report.registrant, form, report.period, report.period.year, "FY")
    return Filing(*about, report.filed, symbols, ())
