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
    from scoring.baskets import basket as basket
    from scoring.changes.compare import what_changed as what_changed
    from scoring.comparison import impact as impact
    from scoring.comparison import who_is_hit as who_is_hit
    from scoring.errors import ExposureError as ExposureError
    from scoring.explain import Explanation as Explanation
    from scoring.filters import Filters as Filters
    from scoring.holdings import Holdings as Holdings
    from scoring.methodology import Methodology as Methodology
    from scoring.methodology import list_methodologies as list_methodologies
    from scoring.methodology import load_methodology as load_methodology
    from scoring.panels import panel as panel
    from scoring.portfolio import score_portfolio as score_portfolio
    from scoring.portfolio_result import PortfolioScore as PortfolioScore
    from scoring.receipt import Receipt as Receipt
    from scoring.receipt import read_receipt as read_receipt
    from scoring.receipt import verify as verify
    from scoring.reference.facts import Facts as Facts
    from scoring.reference.overlay import lay_over as lay_over
    from scoring.reference.release import Release as Release
    from scoring.reference.release import list_releases as list_releases
    from scoring.reference.release import open_release as open_release
    from scoring.revenue_at_risk import RevenueAtRisk as RevenueAtRisk
    from scoring.scenario import Scenario as Scenario
    from scoring.scenario import list_scenarios as list_scenarios
    from scoring.scenario import load_scenario as load_scenario
    from scoring.scorer import Scorer as Scorer
    from scoring.screening import screen as screen
    from scoring.transformer import CompositeScore as CompositeScore

_HOME = {
    "lay_over": "scoring.reference.overlay",
    "verify": "scoring.receipt",
    "read_receipt": "scoring.receipt",
    "RevenueAtRisk": "scoring.revenue_at_risk",
    "Receipt": "scoring.receipt",
    "CompositeScore": "scoring.transformer",
    "Explanation": "scoring.explain",
    "ExposureError": "scoring.errors",
    "Facts": "scoring.reference.facts",
    "Filters": "scoring.filters",
    "Holdings": "scoring.holdings",
    "Methodology": "scoring.methodology",
    "PortfolioScore": "scoring.portfolio_result",
    "Release": "scoring.reference.release",
    "Scenario": "scoring.scenario",
    "Scorer": "scoring.scorer",
    "basket": "scoring.baskets",
    "impact": "scoring.comparison",
    "list_methodologies": "scoring.methodology",
    "list_releases": "scoring.reference.release",
    "list_scenarios": "scoring.scenario",
    "load_methodology": "scoring.methodology",
    "load_scenario": "scoring.scenario",
    "open_release": "scoring.reference.release",
    "panel": "scoring.panels",
    "score_portfolio": "scoring.portfolio",
    "screen": "scoring.screening",
    "what_changed": "scoring.changes.compare",
    "who_is_hit": "scoring.comparison",
}

__all__ = [
    "CompositeScore",
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
    "impact",
    "lay_over",
    "list_methodologies",
    "list_releases",
    "list_scenarios",
    "load_methodology",
    "load_scenario",
    "open_release",
    "panel",
    "read_receipt",
    "score_portfolio",
    "screen",
    "verify",
    "what_changed",
    "who_is_hit",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scoring' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
