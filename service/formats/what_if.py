"""What a book's workbook has beside its score: scenarios to choose from, acts, sources, and charts of all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scoring.charts.drawing import QUIET
from scoring.columns import PILLAR_POINTS
from scoring.portfolio.what_if import ActOfBook, ScenarioOfBook, acts_of_book, under_scenarios
from scoring.scenario import list_scenarios
from scoring.vocabulary import PILLAR_COLOURS
from service.formats.sheets import Formula, Sheets
from service.formats.spreadsheet import letters

if TYPE_CHECKING:
    from scoring.portfolio.holdings import Holdings
    from scoring.portfolio.result import PortfolioScore
    from scoring.scorer import Scorer

_YEARS: Final = 3
"""Years before the as-of date whose acts are shown."""

_EXPLAINED: Final = 10
"""Names, most points first, whose facts are listed."""

_CHOICE: Final = (8, 1)
"""Cell of the summary that holds the chosen scenario."""

_SCORES: Final = "Scores by scenario"
_SCENARIO: Final = ("scenario_id", "title", "score", "delta", *PILLAR_POINTS)
_CHART_ROWS: Final = 20


@dataclass(frozen=True)
class WhatIf:
    """What beside its score is known of a book.

    Attributes
    ----------
    result : PortfolioScore
    scenarios : list of ScenarioOfBook
    acts : list of ActOfBook
        Newest first.
    sources : list of dict
        Facts and documents of the names that contribute most.
    """

    result: PortfolioScore
    scenarios: list[ScenarioOfBook]
    acts: list[ActOfBook]
    sources: list[dict[str, Any]]

    @classmethod
    def of(cls, scorer: Scorer, holdings: Holdings, result: PortfolioScore) -> WhatIf:
        """Ask for all of it; errors as in `scoring.portfolio.what_if`."""
        since = scorer.as_of - dt.timedelta(days=round(365.25 * _YEARS))
        acts = sorted(acts_of_book(scorer, holdings, since), key=lambda act: act.announced, reverse=True)
        return cls(result, list(under_scenarios(scorer, holdings, list_scenarios())), acts, _sources(scorer, result))

    def add(self, sheets: Sheets) -> None:
        """Add the sheets of scenarios and acts."""
        before = self.result.gross.score
        rows = [
            {
                "scenario_id": one.scenario_id,
                "title": one.title,
                **one.both.model_dump(),
                "delta": None if before is None or one.both.score is None else one.both.score - before,
            }
            for one in self.scenarios
        ]
        sheets.add("Scenarios", rows, _SCENARIO)
        names = [one.scenario_id for one in self.scenarios]
        by_name = [
            {"query": position.query, **{one.scenario_id: _number(one.scores[place]) for one in self.scenarios}}
            for place, position in enumerate(self.result.positions)
        ]
        sheets.add(_SCORES, by_name, ("query", *names))
        called = {one.company_id: one.name for one in self.result.positions}
        acts = [one._asdict() | {"hardest_hit": called.get(one.hardest_hit)} for one in self.acts]
        sheets.add("Acts", acts, ActOfBook._fields)

    def draw(self, sheets: Sheets) -> None:
        """Add the sheet of charts, which are drawn from the cells of the others."""
        page = sheets.book.add_worksheet("Charts")
        page.hide_gridlines(2)
        page.set_landscape()
        page.fit_to_pages(1, 1)
        pillars = sheets.book.add_chart({"type": "bar", "subtype": "stacked"})
        for place, (pillar, colour) in enumerate(PILLAR_COLOURS.items(), 4):
            column = f"${letters(place)}$2:${letters(place)}$5"
            series = {"name": pillar, "categories": "=Summary!$A$2:$A$5", "values": f"=Summary!{column}"}
            pillars.add_series(series | {"fill": {"color": colour}})
        _title(pillars, "Score by side, points of each pillar", 340)
        page.insert_chart("B2", pillars)
        for at, title, sheet, label, value, rows in (
            ("B21", "Score of the book under each scenario, points", "Scenarios", "A", "C", len(self.scenarios)),
            ("L2", "What drives the score most, points", "Drivers", "A", "C", len(self.result.drivers)),
        ):
            chart = sheets.book.add_chart({"type": "bar"})
            last = min(rows, _CHART_ROWS) + 1
            data = {
                name: f"='{sheet}'!${column}$2:${column}${last}"
                for name, column in (("categories", label), ("values", value))
            }
            chart.add_series(data | {"fill": {"color": QUIET}, "name": title, "data_labels": {"value": True}})
            chart.set_legend({"none": True})
            _title(chart, title, 340 if rows <= _CHART_ROWS // 2 else 620)
            page.insert_chart(at, chart)


def choose(sheets: Sheets, summary: Any, result: PortfolioScore, what_if: WhatIf) -> list[dict[str, Formula]]:
    """Let the reader choose a scenario on the summary; the cells of each position that follow the choice."""
    row, column = _CHOICE
    known = [one for one in what_if.scenarios if one.both.score is not None]
    chosen = max(known, key=lambda one: one.both.score or 0.0)
    cell = f"Summary!${letters(column)}${row + 1}"
    last = len(what_if.scenarios) + 1
    summary.set_column(0, 0, 26)
    summary.write_string(row - 1, 0, "Choose a scenario in the yellow cell:")
    for below, label in enumerate(("scenario", "score of the book now", "score under it", "difference")):
        summary.write_string(row + below, 0, label)
    summary.merge_range(row, column, row, column + 2, chosen.scenario_id, sheets.choice)
    summary.data_validation(
        row,
        column,
        row,
        column,
        {"validate": "list", "source": f"=Scenarios!$A$2:$A${last}", "error_title": "scenario"},
    )
    now, under = result.gross.score, chosen.both.score
    find = f"=INDEX(Scenarios!$C$2:$C${last},MATCH({cell},Scenarios!$A$2:$A${last},0))"
    difference = None if now is None or under is None else under - now
    for below, formula in enumerate((("=D2", now), (find, under), (f"=B{row + 3}-B{row + 2}", difference)), 1):
        sheets.put(summary, row + below, column, formula, sheets.number)
    return [
        _under(cell, place, len(what_if.scenarios), _number(chosen.scores[place]), position.score)
        for place, position in enumerate(result.positions)
    ]


def _under(cell: str, place: int, width: int, score: float | None, now: float | None) -> dict[str, Formula]:
    """Score and move of a position under the chosen scenario; empty where either is not known."""
    line, last = place + 2, letters(width)
    found = f"INDEX('{_SCORES}'!$B${line}:${last}${line},MATCH({cell},'{_SCORES}'!$B$1:${last}$1,0))"
    moved = None if score is None or now is None else score - now
    return {
        "score_scenario": (f'=IF({found}="","",{found})', score),
        "delta_scenario": (f'=IF(OR({found}="",H{line}=""),"",{found}-H{line})', moved),
    }


def _sources(scorer: Scorer, result: PortfolioScore) -> list[dict[str, Any]]:
    held = [one for one in result.positions if one.company_id is not None and one.contribution is not None]
    first = {one.company_id: one for one in sorted(held, key=lambda one: -(one.contribution or 0.0))}
    rows: list[dict[str, Any]] = []
    for company_id in list(first)[:_EXPLAINED]:
        explanation = scorer.explain(str(company_id))
        rows += [
            {
                "name": explanation.name,
                "statement": fact.statement,
                "evidence": fact.evidence,
                "known_from": fact.known_from,
                "source_title": fact.source.title if fact.source else None,
                "source_url": fact.source.url if fact.source else None,
            }
            for fact in explanation.facts.values()
        ]
    return rows


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def _title(chart: Any, title: str, height: int) -> None:
    chart.set_title({"name": title, "name_font": {"size": 12, "bold": True}})
    chart.set_size({"width": 620, "height": height})
    chart.set_y_axis({"reverse": True, "line": {"none": True}})
    chart.set_x_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#dfe3e8"}}})
