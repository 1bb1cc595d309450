"""The forest plot of an event study: every event with its interval, and all of them together."""

from __future__ import annotations

import math
from typing import Any, Final

from scoring.errors import InputError
from scoring.studies.study_result import Study

_Z95: Final = 1.96
_LONGEST_NAME: Final = 44


def forest_plot(study: Study) -> Any:
    """Rank correlation of what each act puts at risk with abnormal returns, by event, and every figure over all.

    Parameters
    ----------
    study : Study

    Returns
    -------
    altair.VConcatChart
        ``to_dict()`` is the Vega-Lite specification. The interval of an event is that of Fisher z with its names.

    Raises
    ------
    InputError
        altair is not installed.
    """
    try:
        import altair as alt
    except ImportError:
        raise InputError("png", "altair is not installed", 'install "exposure-risk[charts]"') from None
    import pandas as pd

    rows = []
    for event in study.events:
        half = _Z95 / math.sqrt(event.names - 3)
        z = math.atanh(max(min(event.act, 1 - 1e-9), -1 + 1e-9))
        name = f"{event.announced} {event.label}"
        label = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."
        rows.append({"what": label, "mean": event.act, "low": math.tanh(z - half), "high": math.tanh(z + half)})
    together = [
        {"what": row.figure, "mean": row.mean, "low": row.low, "high": row.high}
        for row in (*study.pooled, study.placebo)
        if row.events
    ]

    def panel(data: list[dict[str, Any]], title: str, color: str) -> Any:
        frame = pd.DataFrame(data)
        y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelLimit=320))
        x = alt.X("mean:Q", scale=alt.Scale(domain=[-1, 1]), title="rank correlation with abnormal returns")
        lines = (
            alt.Chart(frame, title=title)
            .mark_rule(color=color)
            .encode(y=y, x=alt.X("low:Q", scale=alt.Scale(domain=[-1, 1]), title=""), x2="high:Q")
        )
        points = alt.Chart(frame).mark_point(filled=True, size=50, color=color).encode(y=y, x=x)
        zero = alt.Chart(pd.DataFrame([{"x": 0}])).mark_rule(color="#999999", strokeDash=[3, 3]).encode(x="x:Q")
        return (zero + lines + points).properties(width=420)

    return alt.vconcat(
        panel(rows, "What each act puts at risk", "#4c78a8"), panel(together, "Over all events", "#b279a2")
    )
