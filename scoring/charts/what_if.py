"""A picture of scenarios on one company: points, and revenue at risk with its ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from scoring.charts.drawing import vega_altair
from scoring.errors import InputError
from scoring.vocabulary import PILLAR_COLOURS

_HEIGHT: Final = 20
"""Of one scenario, in pixels."""


def scenarios_chart(rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    """What each scenario does to a company's score, and the revenue at risk with it.

    Parameters
    ----------
    rows : sequence of mappings
        One per scenario, in the order in which they are drawn: ``title``, ``delta`` (points), ``retaliates`` (whether
        retaliation moves it more than control) and ``share_at_risk`` with its ends ``_low`` and ``_high`` (0..1).
    name : str
        Of the company.

    Raises
    ------
    InputError
        altair is not installed, or no scenario moves anything of the company.
    """
    alt = vega_altair()
    values = [
        {
            "scenario": row["title"],
            "points": _known(row["delta"]),
            "by": "retaliation" if row["retaliates"] else "control",
            "at risk": _known(row["share_at_risk"]),
            "low": _known(row["share_at_risk_low"]),
            "high": _known(row["share_at_risk_high"]),
        }
        for row in rows
    ]
    if all(not row["points"] and not row["at risk"] for row in values):
        raise InputError("chart", f"no scenario of the library moves {name}", "compose one of your own")
    tooltip = [
        "scenario:N",
        alt.Tooltip("points:Q", format="+.1f"),
        *(alt.Tooltip(f"{part}:Q", format=".1%") for part in ("at risk", "low", "high")),
    ]
    order = [row["scenario"] for row in values]
    base = alt.Chart(alt.Data(values=values)).encode(tooltip=tooltip)
    labels = alt.Y("scenario:N", title=None, sort=order, axis=alt.Axis(labelLimit=300))
    colours = alt.Scale(
        domain=["control", "retaliation"], range=[PILLAR_COLOURS[k] for k in ("control", "retaliation")]
    )
    legend = alt.Legend(title=None, orient="top")
    points = base.mark_bar().encode(
        x=alt.X("points:Q", title="points of the score"),
        y=labels,
        color=alt.Color("by:N", scale=colours, legend=legend),
    )
    without = alt.Y("scenario:N", title=None, sort=order, axis=None)
    percent = alt.Axis(format=".0%")
    at_risk = base.mark_bar(color=PILLAR_COLOURS["market"]).encode(
        x=alt.X("at risk:Q", title="revenue at risk", axis=percent), y=without
    )
    ends = base.mark_rule(strokeWidth=1.5).encode(x="low:Q", x2="high:Q", y=without)
    size = {"height": alt.Step(_HEIGHT)}
    title = alt.Title(f"{name}: what each scenario would do", subtitle="thin lines: judged values at their ends")
    left, right = points.properties(width=240, **size), alt.layer(at_risk, ends).properties(width=200, **size)
    return alt.hconcat(left, right, spacing=24).properties(title=title)


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value
