"""A scored book as a workbook to send on: summary, positions, drivers, groups, and what it rests on."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from scoring.columns import POSITION
from scoring.errors import OutputError
from service.http.options import package_version

if TYPE_CHECKING:
    from scoring.portfolio.result import PortfolioScore
    from scoring.scorer import Scorer

_SHOWN: Final = (
    *("query", "status", "company_id", "name", "country", "sector", "weight", "score", "score_market"),
    *("score_control", "score_retaliation", "contribution", "contribution_net", "share_at_risk"),
    *("revenue_at_risk_usd", "candidates", "reason"),
)
_SHARES: Final = frozenset({"weight", "coverage", "share_at_risk", "share"})
_WIDTHS: Final = {"name": 32, "query": 20, "label": 60, "reason": 40, "candidates": 40, "what": 28, "value": 70}


def portfolio_workbook(scorer: Scorer, result: PortfolioScore) -> bytes:
    """Workbook of a scored book.

    Raises
    ------
    OutputError
        XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise OutputError("format", "XlsxWriter is not installed", 'install "exposure-risk[excel]"') from None
    buffer = io.BytesIO()
    # Texts stay texts: what begins with = is no formula, and an address is no link.
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, safe) as book:
        sheet = _Sheets(book)
        legs = [{"side": name, **getattr(result, name).model_dump()} for name in ("gross", "long", "short", "net")]
        points = ("score", "score_market", "score_control", "score_retaliation")
        sheet.add("Summary", legs, ("side", "weight", "coverage", *points))
        sheet.add("Coverage", [one.model_dump() for one in result.coverage], ("status", "weight", "positions"))
        sheet.add("Positions", [{name: getattr(one, name) for name in _SHOWN} for one in result.positions], _SHOWN)
        sheet.add("Drivers", [one.model_dump() for one in result.drivers], ("label", "kind", "points", "points_net"))
        for part in result.concentration:
            groups = [one.model_dump() for one in part.groups]
            sheet.add(f"By {part.by}", groups, ("label", "companies", "weight", "points", "points_net", "share"))
        sheet.add("Notes", _notes(scorer, result), ("what", "value"))
    return buffer.getvalue()


class _Sheets:
    """Adds tables as sheets with the same formats."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.number = book.add_format({"num_format": "#,##0.0"})

    def add(self, title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
        """Write a table below a frozen header with filters; what is missing is an empty cell."""
        sheet = self.book.add_worksheet(title)
        for j, name in enumerate(columns):
            kind = self.share if name in _SHARES else self.number
            sheet.set_column(j, j, _WIDTHS.get(name, 14), kind)
            sheet.write_string(0, j, name, self.head)
            if name in POSITION and title == "Positions":
                sheet.write_comment(0, j, POSITION[name].text)
            for i, row in enumerate(rows, 1):
                value = row.get(name)
                if isinstance(value, str):
                    sheet.write_string(i, j, value)
                elif value is not None:
                    sheet.write_number(i, j, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _notes(scorer: Scorer, result: PortfolioScore) -> list[dict[str, str]]:
    """What the numbers rest on, so that they can be computed again."""
    facts = {
        "as of": str(result.as_of),
        "release": result.release,
        "release sha256": scorer.release.sha256,
        "methodology": result.methodology,
        "methodology sha256": scorer.methodology.sha256,
        "scenario": result.scenario or "none",
        "scenario sha256": scorer.scenario.sha256 if scorer.scenario else "none",
        "exposure version": package_version(),
        "sizes": result.basis,
        "shares": "weights, coverage and shares at risk are fractions shown as percent; points are 0 to 100",
        "missing": "an empty cell is not known; it is never zero",
    }
    said = [{"what": "how the book was read", "value": note} for note in result.notes]
    return [{"what": what, "value": value} for what, value in facts.items()] + said
