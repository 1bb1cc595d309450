"""A score over time as a picture: steps of the three pillars, and the days on which facts moved it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scoring.charts.drawing import QUIET, vega_altair
from scoring.errors import InputError
from scoring.methodology import Methodology, load_methodology
from scoring.vocabulary import PILLAR_COLOURS, basis

if TYPE_CHECKING:
    from scoring.timeseries.result import History, Move

_PILLARS: Final = {"score_market": "market", "score_control": "control", "score_retaliation": "retaliation"}

_WIDTH: Final = 700


def history_chart(
    history: History,
    methodology: str | Path | Methodology | None = None,
    link: Callable[[Move], str | None] | None = None,
) -> Any:
    """Score over time as stacked points of the pillars, with the days on which facts moved it.

    Parameters
    ----------
    history : History
    methodology : str, Path or Methodology, optional
        Whose bands are drawn. Default: the bundled one that the history names.
    link : callable, optional
        Address that the dot of a move leads to, None for none.

    Returns
    -------
    altair.LayerChart
        ``to_dict()`` is the Vega-Lite specification.

    Raises
    ------
    InputError
        altair is not installed, or the company has no score on any of the days.
    MethodologyNotFoundError
        The history names a methodology that is not bundled, and none is given.
    """
    alt = vega_altair()
    import pandas as pd

    rows = _steps(history)
    if not rows:
        raise InputError("chart", f"{history.name} has no score on any of these days", "see score_floor in the JSON")
    moves = [
        {
            "date": move.date.isoformat(),
            "score": move.after,
            "what": "; ".join(filter(None, (move.note, *_statements(move))))[:300],
            **({"href": address} if link is not None and (address := link(move)) else {}),
        }
        for move in history.moves
        if move.after is not None and not move.is_floor
    ]
    days = alt.X("date:T", title=None, axis=alt.Axis(labelOverlap="greedy", labelSeparation=6))
    area = (
        alt.Chart(pd.DataFrame(rows))
        .mark_area(interpolate="step-after")
        .encode(
            x=days,
            y=alt.Y("points:Q", stack=True, title="points of the score", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color(
                "pillar:N",
                sort=list(_PILLARS.values()),
                scale=alt.Scale(domain=list(_PILLARS.values()), range=list(PILLAR_COLOURS.values())),
                legend=alt.Legend(orient="top", title=None),
            ),
            order=alt.Order("place:Q"),
            detail="run:N",
        )
    )
    steps = load_methodology(methodology or history.methodology).bands
    bands = pd.DataFrame([{"y": low, "band": name} for name, low in steps.items()])
    rules = alt.Chart(bands).mark_rule(color=QUIET, strokeDash=[2, 3]).encode(y="y:Q")
    names = (
        alt.Chart(bands)
        .mark_text(align="left", dx=4, dy=-6, color=QUIET)
        .encode(y="y:Q", x=alt.value(_WIDTH), text="band:N")
    )
    layers = [area, rules, names]
    if history.breaks:
        layers.append(_breaks(alt, pd.DataFrame(_broken(history))))
    if moves:
        shown = ["date:T", alt.Tooltip("score:Q", format=".1f"), "what:N"]
        marks = alt.Chart(pd.DataFrame(moves)).mark_point(filled=True, size=45)
        marks = marks.encode(x=days, y="score:Q", tooltip=shown)
        layers.append(marks.encode(href="href:N") if any("href" in move for move in moves) else marks)
    made_from = basis(history.release, history.methodology, history.scenario)
    marked = " · dashed: the China share is counted otherwise" if history.breaks else ""
    title = alt.Title(
        f"{history.name}: exposure score",
        subtitle=f"{made_from} · dots: facts moved it{marked}",
    )
    return alt.layer(*layers).properties(width=_WIDTH, height=320, title=title)


def _statements(move: Move) -> list[str]:
    return [fact.statement for fact in move.new] + [f"ended: {fact.statement}" for fact in move.ended]


def _breaks(alt: Any, rows: Any) -> Any:
    """Lines on the days from which the China share is counted otherwise."""
    marks = alt.Chart(rows).mark_rule(color=QUIET, strokeDash=[6, 3], strokeWidth=1.5)
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("share before", "share after")]
    return marks.encode(x="date:T", tooltip=["date:T", *shares, "counted:N"])


def _broken(history: History) -> list[dict[str, Any]]:
    return [
        {"date": change.date.isoformat(), "share before": change.before, "share after": change.after}
        | {"counted": change.statement}
        for change in history.breaks
    ]


def _steps(history: History) -> list[dict[str, Any]]:
    """Points of the pillars from each day on which they change, in runs of days on which there is a score."""
    rows: list[dict[str, Any]] = []
    run, before = 0, None
    for point in history.steps:
        # A run reaches to the day from which the score is unknown.
        shown = before if point.score is None else point
        if shown is not None:
            rows += [
                {
                    "date": point.date.isoformat(),
                    "run": run,
                    "pillar": name,
                    "place": place,
                    "points": getattr(shown, column),
                }
                for place, (column, name) in enumerate(_PILLARS.items())
            ]
        run += point.score is None
        before = None if point.score is None else point
    return rows
