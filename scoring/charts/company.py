"""Pictures of one company: its China share by period, and its place among its peers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.charts.drawing import QUIET, vega_altair
from scoring.errors import InputError
from scoring.lookup.result import Company
from scoring.vocabulary import PILLAR_COLOURS


def china_chart(company: Company, counted: Sequence[str]) -> Any:
    """China share of revenue by fiscal period; solid where the score rests on the figure, hollow where not.

    Parameters
    ----------
    company : Company
        Its facts of the table ``revenue`` are drawn.
    counted : sequence of str
        Ids of the facts that the score rests on, as in `scoring.explanation.document.Explanation.facts`.

    Raises
    ------
    InputError
        altair is not installed, or no share is known.
    """
    alt = vega_altair()
    rows = [
        {
            "period to": fact.row["period_end"].isoformat(),
            "share": fact.row["china_share"],
            "scope": fact.row["china_scope"],
            "by": fact.row["basis"],
            "evidence": fact.row["evidence"],
            "in the score": f"revenue/{company.company_id}/{fact.row['fiscal_year']}" in counted,
        }
        for fact in company.facts
        if fact.table == "revenue" and fact.row["china_share"] is not None
    ]
    if not rows:
        raise InputError("chart", f"no China share of {company.name} is known", "see its facts for what is")
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("period to:T", title=None, axis=alt.Axis(format="%Y", tickCount="year")),
        y=alt.Y("share:Q", title="of revenue", axis=alt.Axis(format=".0%"), scale=alt.Scale(domainMin=0)),
    )
    blue = PILLAR_COLOURS["market"]
    line = base.mark_line(color=QUIET, strokeWidth=1)
    dots = base.mark_point(size=70, stroke=blue, fill=blue, strokeWidth=2).encode(
        fillOpacity=alt.condition("datum['in the score']", alt.value(1), alt.value(0)),
        tooltip=[
            "period to:T",
            alt.Tooltip("share:Q", format=".1%"),
            "scope:N",
            "by:N",
            "evidence:N",
            "in the score:N",
        ],
    )
    title = alt.Title(
        f"{company.name}: revenue from China", subtitle="solid: the score rests on it · hollow: it does not"
    )
    return alt.layer(line, dots).properties(width=720, height=180, title=title)


def peers_chart(rows: Sequence[Mapping[str, Any]], company_id: str) -> Any:
    """Scores of the company's sector and of its country, one tick each, with the company marked.

    Parameters
    ----------
    rows : sequence of mappings
        Result rows of all companies.
    company_id : str

    Raises
    ------
    InputError
        altair is not installed, or no peer has a score.
    """
    alt = vega_altair()
    mine = next(row for row in rows if row["company_id"] == company_id)
    values = [
        {"of": row[by], "company": row["name"], "score": row["score"], "this": row["company_id"] == company_id}
        for by in ("sector", "country")
        for row in rows
        if row[by] == mine[by] and not math.isnan(row["score"])
    ]
    if not values:
        raise InputError("chart", "no company of the sector or country has a score", "choose a later date")
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("score:Q", title="points", scale=alt.Scale(domain=[0, 100])),
        y=alt.Y("of:N", title=None, sort=[mine["sector"], mine["country"]]),
        tooltip=["company:N", alt.Tooltip("score:Q", format=".1f")],
    )
    others = base.transform_filter("!datum.this").mark_tick(thickness=2, opacity=0.55, color=QUIET)
    this = base.transform_filter("datum.this").mark_point(
        shape="diamond", filled=True, size=160, color=PILLAR_COLOURS["market"]
    )
    title = alt.Title(f"{mine['name']} among its sector and country", subtitle="score of each company")
    return alt.layer(others, this).properties(width=720, height=80, title=title)
