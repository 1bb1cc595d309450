"""A scored book as a workbook to send on: summary, positions, drivers, groups, what-ifs, acts, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scoring.columns import PILLAR_POINTS, POSITION
from service.formats.sheets import Sheets
from service.formats.what_if import WhatIf, choose
from service.version import package_version

if TYPE_CHECKING:
    from scoring.portfolio.result import PortfolioScore
    from scoring.scorer import Scorer

_SHOWN: Final = (
    *("query", "status", "company_id", "name", "country", "sector", "weight", "score"),
    *(*PILLAR_POINTS, "contribution", "contribution_net"),
    *("china_share", "china_share_p05", "china_share_p95", "china_share_period", "china_share_caution"),
    *("share_at_risk", "revenue_at_risk_usd", "candidates", "reason"),
)
_POINTS: Final = ("score", *PILLAR_POINTS)
_SOURCE: Final = ("name", "statement", "evidence", "known_from", "source_title", "source_url")


def portfolio_workbook(scorer: Scorer, result: PortfolioScore, what_if: WhatIf | None = None) -> bytes:
    """Workbook of a scored book.

    Parameters
    ----------
    scorer : Scorer
    result : PortfolioScore
    what_if : WhatIf, optional
        The book under scenarios, what acts added to it, and the facts it rests on most; each is a sheet, with charts,
        and the summary has a scenario to choose.

    Raises
    ------
    OutputError
        XlsxWriter is not installed, or there are more positions than rows of a sheet.
    """
    with Sheets() as sheets:
        legs = [{"side": name, **getattr(result, name).model_dump()} for name in ("gross", "long", "short", "net")]
        summary = sheets.add("Summary", legs, ("side", "weight", "coverage", *_POINTS))
        if what_if is not None:
            what_if.draw(sheets)
        sheets.add("Coverage", [one.model_dump() for one in result.coverage], ("status", "weight", "positions"))
        positions: list[dict[str, Any]] = [{name: getattr(one, name) for name in _SHOWN} for one in result.positions]
        if what_if is None:
            sheets.add("Positions", positions, _SHOWN, POSITION)
        else:
            chosen = choose(sheets, summary, result, what_if)
            rows = [row | under for row, under in zip(positions, chosen, strict=True)]
            sheets.add("Positions", rows, (*_SHOWN, *chosen[0]), POSITION)
        sheets.add("Drivers", [one.model_dump() for one in result.drivers], ("label", "kind", "points", "points_net"))
        for part in result.concentration:
            groups = [one.model_dump() for one in part.groups]
            sheets.add(f"By {part.by}", groups, ("label", "companies", "weight", "points", "points_net", "share"))
        if what_if is not None:
            what_if.add(sheets)
            sheets.add("Sources", what_if.sources, _SOURCE)
        sheets.add("Notes", _notes(scorer, result), ("what", "value"))
    return sheets.data


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
        "estimated": "the company discloses no China share: nine chances in ten that it lies in china_share_p05 to p95",
        "missing": "an empty cell is not known; it is never zero",
    }
    said = [{"what": "how the book was read", "value": note} for note in result.notes]
    return [{"what": what, "value": value} for what, value in facts.items()] + said
