"""Changes: what moved between two dates, releases, methodologies or scenarios, and why."""

from __future__ import annotations

from scoring.changes.attribution import Attributions as Attributions
from scoring.changes.attribution import attribute as attribute
from scoring.changes.comparable import check_comparable as check_comparable
from scoring.changes.compare import what_changed as what_changed
from scoring.changes.result import Changes as Changes
from scoring.changes.table import change_columns as change_columns

__all__ = [
    "Attributions",
    "Changes",
    "attribute",
    "change_columns",
    "check_comparable",
    "what_changed",
]
