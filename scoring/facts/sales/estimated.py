"""Estimated China shares: the vintage that counts on a day, for the companies whose own share does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from scoring.facts.axes import Axes, positions
from scoring.facts.evidence import MODELLED
from scoring.facts.sales.shares import ChinaShares
from scoring.reference.releases.arrow import Columns
from scoring.reference.releases.release import Release

TABLE: Final = "estimates"


class Estimates:
    """Vintages of estimates of a release.

    Parameters
    ----------
    release : Release
    axes : Axes
    """

    def __init__(self, release: Release, axes: Axes) -> None:
        self._release, self._axes = release, axes
        self._days = vintages(release)
        self._read: dict[int, tuple[np.ndarray, Columns]] = {}

    def counts(self, day: np.datetime64) -> bool:
        """Whether there is a vintage by a day."""
        return bool((self._days <= day).any())

    def fill(self, china: ChinaShares, day: np.datetime64) -> ChinaShares:
        """The shares, with an estimate wherever none is known: of the latest vintage by a day, which must be there."""
        number = int(np.searchsorted(self._days, day, side="right")) - 1
        company, columns = self._vintage(number)
        row = np.full(china.latest.size, -1)
        row[company[company >= 0]] = np.flatnonzero(company >= 0)
        estimated = np.isnan(china.latest) & (row >= 0)
        low, middle, high = (
            np.where(estimated, columns[f"china_share_{name}"].astype(float)[row], np.nan)
            for name in ("p05", "p50", "p95")
        )
        return replace(
            china,
            latest=np.where(estimated, middle, china.latest),
            structural=np.where(estimated, middle, china.structural),
            estimated=estimated,
            low=low,
            high=high,
            evidence=np.where(estimated, MODELLED, china.evidence),
            age=np.where(estimated, 0.0, china.age),
        )

    def _vintage(self, number: int) -> tuple[np.ndarray, Columns]:
        """Position of the company of each row of a vintage, -1 = not on the axis, and its columns."""
        if number not in self._read:
            columns = self._release.part(TABLE, number)
            self._read[number] = positions(columns["company_id"], self._axes.position["company"], absent=-1), columns
        return self._read[number]


def vintages(release: Release) -> np.ndarray:
    """Days of the vintages of a release, in order."""
    return np.array(release.parts(TABLE, "vintage"), dtype="datetime64[D]")


def vintage_row(release: Release, company_id: str, day: np.datetime64) -> dict[str, Any] | None:
    """Row of the vintage of a day that estimates a company; None if there is none."""
    number = int(np.searchsorted(vintages(release), day, side="right")) - 1
    if number < 0:
        return None
    columns = release.part(TABLE, number)
    found = np.flatnonzero(columns["company_id"] == company_id)
    return {name: columns[name][found[0]] for name in columns} if found.size else None
