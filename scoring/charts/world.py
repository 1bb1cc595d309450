"""Pictures of what China holds over countries: the latent threat over time, and its leverage by mineral."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from scoring.charts.drawing import QUIET, vega_altair
from scoring.errors import InputError
from scoring.lookup.result import Threat
from scoring.vocabulary import PILLAR_COLOURS

_RED: Final = PILLAR_COLOURS["retaliation"]


def threat_chart(threat: Threat, days: Sequence[dt.date], values: np.ndarray) -> Any:
    """Latent threat toward a country over time, with a dot on the day of each act toward it.

    Parameters
    ----------
    threat : Threat
        On the last of the days; its acts on these days are drawn.
    days : sequence of datetime.date
        In order.
    values : ndarray of float, shape (d,)
        Latent threat on each day, 0..1, from `scoring.lookup.threat.threat_by_day`.

    Raises
    ------
    InputError
        altair is not installed, or no act toward the country was known.
    """
    alt = vega_altair()
    if not threat.events:
        raise InputError("chart", f"no coercive act toward {threat.country} was known", "choose a later date")
    line = [{"date": day.isoformat(), "threat": value} for day, value in zip(days, values.tolist(), strict=True)]
    place = {day: i for i, day in enumerate(days)}
    acts = [
        {
            "date": act.date.isoformat(),
            "threat": float(values[place[act.date]]),
            "what": f"{act.kind}: {act.subject}",
            "weight now": act.weight,
        }
        for act in threat.events
        if act.date in place
    ]
    x = alt.X("date:T", title=None)
    y = alt.Y("threat:Q", title="latent threat", scale=alt.Scale(domainMin=0))
    area = alt.Chart(alt.Data(values=line)).mark_area(color=_RED, opacity=0.35, line={"color": _RED}).encode(x=x, y=y)
    shown = ["date:T", "what:N", alt.Tooltip("weight now:Q", format=".2f")]
    dots = alt.Chart(alt.Data(values=acts)).mark_point(filled=True, size=45, opacity=1).encode(x=x, y=y, tooltip=shown)
    title = alt.Title(
        f"Latent threat toward {threat.country}", subtitle="0 is none, 1 is certain · dots: coercive acts, each decays"
    )
    return alt.layer(area, dots).properties(width=720, height=200, title=title)


def leverage_chart(rows: Sequence[Mapping[str, Any]], minerals: Sequence[str], countries: Sequence[str]) -> Any:
    """China's leverage by mineral and country, with a mark where a measure is in force.

    Parameters
    ----------
    rows : sequence of mappings
        Of `scoring.lookup.leverage.leverage_table`, one per mineral and country.
    minerals, countries : sequence of str
        In the order in which they are drawn.

    Raises
    ------
    InputError
        altair is not installed, or there is nothing to draw.
    """
    alt = vega_altair()
    wanted = [row for row in rows if row["country"] in set(countries) and row["label"] in set(minerals)]
    if not wanted:
        raise InputError("chart", "no leverage is known", "choose a later date")
    values = [
        {
            "mineral": row["label"],
            "country": row["country"],
            "leverage": None if np.isnan(row["leverage"]) else row["leverage"],
            "supply from China": None if np.isnan(row["supply_share"]) else row["supply_share"],
            "imports from China": None if np.isnan(row["import_share"]) else row["import_share"],
            "in force": row["measure"] or "",
        }
        for row in wanted
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("country:N", title=None, sort=list(countries), axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("mineral:N", title=None, sort=list(minerals), axis=alt.Axis(labelLimit=220)),
        tooltip=[
            "mineral:N",
            "country:N",
            alt.Tooltip("leverage:Q", format=".0%"),
            alt.Tooltip("supply from China:Q", format=".0%"),
            alt.Tooltip("imports from China:Q", format=".0%"),
            "in force:N",
        ],
    )
    scale = alt.Scale(domain=[0, 1], range=["#f3eff2", "#8f3f6c"])
    cells = base.mark_rect(stroke=QUIET, strokeWidth=0.3).encode(
        color=alt.Color("leverage:Q", scale=scale, legend=alt.Legend(format=".0%", title="leverage"))
    )
    marks = base.transform_filter("datum['in force'] != ''").mark_point(
        filled=True, size=30, color="#1a1d21", opacity=1
    )
    title = alt.Title("Leverage by mineral and country", subtitle="dots: a measure is in force")
    return alt.layer(cells, marks).properties(width=alt.Step(44), height=alt.Step(20), title=title)
