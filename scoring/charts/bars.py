"""Points as bars: of names by pillar, of parts of a score, of drivers of a book; and how all scores lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from scoring.charts.drawing import QUIET, vega_altair
from scoring.errors import InputError
from scoring.vocabulary import PILLAR_COLOURS

_WIDTH: Final = 700
_ROW: Final = 20


def bars_chart(rows: Sequence[Mapping[str, Any]], title: str, subtitle: str) -> Any:
    """Points of the pillars as bars on one line per label, in the order of the rows.

    Parameters
    ----------
    rows : sequence of mappings
        ``label``, ``pillar`` (market, control or retaliation) and ``points``; a line may have several.
    title, subtitle : str

    Raises
    ------
    InputError
        altair is not installed, or there is no row.
    """
    alt = vega_altair()
    shown = [dict(row) for row in rows if row["points"] is not None and row["points"] == row["points"]]
    if not shown:
        raise InputError("chart", "nothing of it has points", "see the status of the rows")
    labels = list(dict.fromkeys(row["label"] for row in shown))
    pillars = alt.Scale(domain=list(PILLAR_COLOURS), range=list(PILLAR_COLOURS.values()))
    return (
        alt.Chart(alt.Data(values=shown))
        .mark_bar()
        .encode(
            x=alt.X("sum(points):Q", title="points"),
            y=alt.Y("label:N", title=None, sort=labels, axis=alt.Axis(labelLimit=320)),
            color=alt.Color("pillar:N", scale=pillars, legend=alt.Legend(orient="top", title=None)),
            tooltip=["label:N", "pillar:N", alt.Tooltip("sum(points):Q", format=".2f")],
        )
        .properties(width=_WIDTH, height=_ROW * len(labels), title=alt.Title(title, subtitle=subtitle))
    )


def scores_chart(score: np.ndarray, estimated: np.ndarray, title: str, subtitle: str) -> Any:
    """How many companies have which score, the known apart from the estimated.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        Points 0..100, NaN = unknown.
    estimated : ndarray of bool, shape (n,)
    title, subtitle : str

    Raises
    ------
    InputError
        altair is not installed.
    """
    alt = vega_altair()
    edges = np.arange(0.0, 101.0, 5.0)
    rows = [
        {"from": float(low), "to": float(low + 5.0), "companies": int(count), "share": word}
        for word, part in (("known", ~estimated), ("estimated", estimated))
        for low, count in zip(edges[:-1], np.histogram(score[part & ~np.isnan(score)], edges)[0], strict=True)
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("from:Q", title="points of the score", bin="binned", scale=alt.Scale(domain=[0, 100])),
            x2="to:Q",
            y=alt.Y("companies:Q", title="companies", scale=alt.Scale(type="symlog")),
            color=alt.Color("share:N", scale=alt.Scale(domain=["known", "estimated"], range=["#0072b2", QUIET])),
            tooltip=["share:N", "from:Q", "to:Q", "companies:Q"],
        )
        .properties(width=_WIDTH, height=220, title=alt.Title(title, subtitle=subtitle))
    )
