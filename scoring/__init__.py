"""Explainable, point-in-time scores of corporate exposure to the US-allies-China technology conflict.

    >>> import scoring
    >>> release = scoring.open_release()
    >>> scorer = scoring.Scorer(release, as_of="2024-09-02")
    >>> frame = scorer.score(["8035.T", "ASML NA Equity", "US0382221051"])

Names are imported on first use, so that `import scoring` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scoring.acts.event import event as event
    from scoring.changes.compare import what_changed as what_changed
    from scoring.changes.impact import impact as impact
    from scoring.errors import ExposureError as ExposureError
    from scoring.explanation.document import Explanation as Explanation
    from scoring.facts.facts import Facts as Facts
    from scoring.methodology import Methodology as Methodology
    from scoring.methodology import list_methodologies as list_methodologies
    from scoring.methodology import load_methodology as load_methodology
    from scoring.pictures import plot as plot
    from scoring.pictures import styled as styled
    from scoring.portfolio.coverage import coverage_report as coverage_report
    from scoring.portfolio.holdings import Holdings as Holdings
    from scoring.portfolio.knowledge import CoverageReport as CoverageReport
    from scoring.portfolio.result import PortfolioScore as PortfolioScore
    from scoring.portfolio.score import score_portfolio as score_portfolio
    from scoring.receipt.document import Receipt as Receipt
    from scoring.receipt.document import read_receipt as read_receipt
    from scoring.receipt.verification import verify as verify
    from scoring.reference.releases.overlay import lay_over as lay_over
    from scoring.reference.releases.release import Release as Release
    from scoring.reference.releases.release import list_releases as list_releases
    from scoring.reference.releases.release import open_release as open_release
    from scoring.risk.revenue_at_risk import RevenueAtRisk as RevenueAtRisk
    from scoring.scenario import Scenario as Scenario
    from scoring.scenario import list_scenarios as list_scenarios
    from scoring.scenario import load_scenario as load_scenario
    from scoring.score.transformer import CompositeScore as CompositeScore
    from scoring.scorer import Scorer as Scorer
    from scoring.screening.basket import basket as basket
    from scoring.screening.filters import Filters as Filters
    from scoring.screening.screen import screen as screen
    from scoring.timeseries.panel import panel as panel

_HOME = {
    "lay_over": "scoring.reference.releases.overlay",
    "verify": "scoring.receipt.verification",
    "read_receipt": "scoring.receipt.document",
    "RevenueAtRisk": "scoring.risk.revenue_at_risk",
    "Receipt": "scoring.receipt.document",
    "CompositeScore": "scoring.score.transformer",
    "CoverageReport": "scoring.portfolio.knowledge",
    "Explanation": "scoring.explanation.document",
    "ExposureError": "scoring.errors",
    "Facts": "scoring.facts.facts",
    "Filters": "scoring.screening.filters",
    "Holdings": "scoring.portfolio.holdings",
    "Methodology": "scoring.methodology.document",
    "PortfolioScore": "scoring.portfolio.result",
    "Release": "scoring.reference.releases.release",
    "Scenario": "scoring.scenario",
    "Scorer": "scoring.scorer",
    "basket": "scoring.screening.basket",
    "event": "scoring.acts.event",
    "coverage_report": "scoring.portfolio.coverage",
    "impact": "scoring.changes.impact",
    "list_methodologies": "scoring.methodology.document",
    "list_releases": "scoring.reference.releases.release",
    "list_scenarios": "scoring.scenario",
    "load_methodology": "scoring.methodology.document",
    "load_scenario": "scoring.scenario",
    "open_release": "scoring.reference.releases.release",
    "panel": "scoring.timeseries.panel",
    "plot": "scoring.pictures",
    "styled": "scoring.pictures",
    "score_portfolio": "scoring.portfolio.score",
    "screen": "scoring.screening.screen",
    "what_changed": "scoring.changes.compare",
}

__all__ = [
    "CompositeScore",
    "CoverageReport",
    "Explanation",
    "ExposureError",
    "Facts",
    "Filters",
    "Holdings",
    "Methodology",
    "PortfolioScore",
    "Receipt",
    "Release",
    "RevenueAtRisk",
    "Scenario",
    "Scorer",
    "basket",
    "coverage_report",
    "event",
    "impact",
    "lay_over",
    "list_methodologies",
    "list_releases",
    "list_scenarios",
    "load_methodology",
    "load_scenario",
    "open_release",
    "panel",
    "plot",
    "read_receipt",
    "score_portfolio",
    "screen",
    "styled",
    "verify",
    "what_changed",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scoring' has no attribute {name!r}")
    try:
        home = importlib.import_module(_HOME[name])
    except ModuleNotFoundError as error:
        from scoring.errors import not_installed

        raise not_installed(f"scoring.{name}", error, "score") from None
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted(__all__)
