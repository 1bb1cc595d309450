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
    from scoring.errors import ExposureError as ExposureError
    from scoring.explain import Explanation as Explanation
    from scoring.methodology import Methodology as Methodology
    from scoring.methodology import list_methodologies as list_methodologies
    from scoring.methodology import load_methodology as load_methodology
    from scoring.reference.facts import Facts as Facts
    from scoring.reference.release import Release as Release
    from scoring.reference.release import list_releases as list_releases
    from scoring.reference.release import open_release as open_release
    from scoring.scorer import Scorer as Scorer
    from scoring.transformer import CompositeScore as CompositeScore

_HOME = {
    "CompositeScore": "scoring.transformer",
    "Explanation": "scoring.explain",
    "ExposureError": "scoring.errors",
    "Facts": "scoring.reference.facts",
    "Methodology": "scoring.methodology",
    "Release": "scoring.reference.release",
    "Scorer": "scoring.scorer",
    "list_methodologies": "scoring.methodology",
    "list_releases": "scoring.reference.release",
    "load_methodology": "scoring.methodology",
    "open_release": "scoring.reference.release",
}

__all__ = [
    "CompositeScore",
    "Explanation",
    "ExposureError",
    "Facts",
    "Methodology",
    "Release",
    "Scorer",
    "list_methodologies",
    "list_releases",
    "load_methodology",
    "open_release",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scoring' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
