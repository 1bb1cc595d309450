"""Pictures and styled tables of answers, for notebooks."""

from __future__ import annotations

from collections.abc import Hashable
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from scoring.cards.words import day, percent, plain, points, text, whole
from scoring.charts.bars import bars_chart, scores_chart
from scoring.charts.history import history_chart
from scoring.columns import KINDS, VERSIONS
from scoring.errors import InputError
from scoring.explanation.document import Explanation
from scoring.portfolio.result import PortfolioScore
from scoring.scorer import Scorer
from scoring.timeseries.result import History
from scoring.vocabulary import PILLAR_COLOURS, basis

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

_MOST: Final = 25
"""Bars in one picture."""

_PILLAR_OF: Final = {"market": "market", "control": "control", "alignment": "control"} | dict.fromkeys(
    ("supply", "access"), "retaliation"
)
_SHARES: Final = (
    "market",
    "control",
    "retaliation",
    "china_share",
    "share_at_risk",
    "control_",
    "alignment",
    "confidence",
)


@singledispatch
def plot(it: Any) -> Any:
    """Picture of an answer.

    Parameters
    ----------
    it : Scorer, Explanation, History, PortfolioScore or DataFrame
        A table is one of scores, with the points of the pillars, or of an event or impact, with their changes.

    Returns
    -------
    altair chart
        A notebook shows it; ``to_dict()`` is its Vega-Lite specification.

    Raises
    ------
    InputError
        altair is not installed, there is no picture of such a thing, or nothing of it has points.
    """
    raise InputError(
        "it", f"there is no picture of a {type(it).__name__}", "give a score, an answer, or a table of scores"
    )


@plot.register
def _(it: History) -> Any:
    return history_chart(it)


@plot.register
def _(it: Scorer) -> Any:
    score, estimated = it.evaluation.score, it.evaluation.facts.estimated
    return scores_chart(score, estimated, "Scores of all companies", _basis(it.versions))


@plot.register
def _(it: Explanation) -> Any:
    rows: list[dict[str, Any]] = [
        {"label": part.label, "pillar": pillar.kind, "points": part.points}
        for pillar in it.tree.children
        for part in pillar.children
        if part.points
    ]
    rows = sorted(rows, key=lambda row: -abs(row["points"]))[:_MOST]
    return bars_chart(rows, f"{it.name}: {points(it.score)} points, and what they are made of", _basis(it.model_dump()))


@plot.register
def _(it: PortfolioScore) -> Any:
    rows = [{"label": one.label, "pillar": _PILLAR_OF[one.kind], "points": one.points} for one in it.drivers[:_MOST]]
    return bars_chart(rows, f"A book of {points(it.gross.score)} points: what drives it most", _basis(it.model_dump()))


@plot.register
def _(it: pd.DataFrame) -> Any:
    prefix = next((name for name in ("delta_", "score_") if f"{name}market" in it), None)
    if prefix is None:
        raise InputError("it", "has no points of the pillars", "give a table of scores, of an event or of an impact")
    shown = it.head(_MOST)
    rows = [
        {"label": row["name"] or row["query"], "pillar": pillar, "points": row[prefix + pillar]}
        for row in shown.to_dict("records")
        for pillar in PILLAR_COLOURS
    ]
    title = "Scores" if prefix == "score_" else "What it adds to the scores"
    return bars_chart(rows, title, _basis(it.iloc[0].to_dict()) if len(it) else "")


def styled(frame: pd.DataFrame) -> Styler:
    """A table of results as pages write it: one decimal for points and percent, a dash for what is missing.

    Parameters
    ----------
    frame : DataFrame
        With columns of `scoring.columns`; other columns stay as they are.

    Returns
    -------
    pandas Styler
        The frame itself keeps its numbers.
    """
    forms = {str(name): _form(str(name)) for name in frame.columns if str(name) in KINDS}
    hidden: list[Hashable] = [
        name for name in VERSIONS if name in frame.columns and frame[name].nunique(dropna=False) == 1
    ]
    shown = frame.style.format(forms, escape="html").hide(axis="columns", subset=hidden)
    return shown.set_caption(_basis(frame.iloc[0].to_dict()) if len(frame) and hidden else "")


def _form(name: str) -> Any:
    match KINDS[name]:
        case "number" if name.startswith(_SHARES):
            return percent
        case "number":
            return points if "score" in name or "delta" in name or "percentile" in name else plain
        case "integer":
            return whole
        case "date":
            return day
        case _:
            return text


def _basis(versions: Any) -> str:
    return f"as of {versions['as_of']} · " + basis(
        versions["release"], versions["methodology"], versions.get("scenario")
    )
