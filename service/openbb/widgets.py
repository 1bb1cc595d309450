"""What the Workspace can add: every widget with its parameters and their choices, and a dashboard of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from scoring.columns import EVENT, PILLAR_POINTS, RESULT, SCREEN
from service.openbb.columns import definitions

_SOURCE: Final = ["exposure-risk"]
_CATEGORY: Final = "Technology conflict"
_SCORES: Final = (
    "score",
    "band",
    "rank",
    *PILLAR_POINTS,
    "china_share",
    "status",
)
_ADDED: Final = ("score_before", "score", "delta", "share_at_risk", "revenue_at_risk_usd")
_WHO: Final = ("name", "country", "sector")

COUNTRIES: Final = ("JP", "US", "KR", "TW", "NL", "DE", "GB", "FR", "CA", "AU")
"""Home countries that are offered first; any other can be typed."""


def _parameter(name: str, label: str, text: str, kind: str = "text", value: Any = "", **more: Any) -> dict[str, Any]:
    return {"paramName": name, "label": label, "description": text, "type": kind, "value": value, **more}


def _choices(values: Sequence[str]) -> list[dict[str, str]]:
    return [{"label": value, "value": value} for value in values]


_TICKER: Final = _parameter("ticker", "Company", "Ticker, ISIN, FIGI or name.", value="8035.T")
_NAMES: Final = _parameter(
    "tickers", "Names", "Tickers, ISINs, FIGIs or names, parted with commas.", value="8035.T,ASML NA,LRCX,AMAT,7203.T"
)
_DAY: Final = _parameter("as_of", "As of", "Only facts known by this day.", "date", None, optional=True)
_SCENARIO: Final = _parameter(
    "scenario",
    "What if",
    "A scenario of the library.",
    "endpoint",
    "",
    optionsEndpoint="/openbb/scenarios",
    optional=True,
)
_ACT: Final = _parameter(
    "act", "Act", "A rule or a measure.", "endpoint", "us-2022-10-07-sme-home", optionsEndpoint="/openbb/acts"
)


def _country(value: str) -> dict[str, Any]:
    return _parameter("country", "Country", "ISO 3166 code.", value=value, options=_choices(COUNTRIES))


def _widget(
    name: str, text: str, endpoint: str, kind: str, size: tuple[int, int], *params: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "description": text,
        "category": _CATEGORY,
        "type": kind,
        "endpoint": endpoint,
        "gridData": {"w": size[0], "h": size[1]},
        "source": _SOURCE,
        "params": list(params),
    }


def _table(columns: list[dict[str, Any]], *, chart: str | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"showAll": True, "columnsDefs": columns}
    if chart is not None:
        made |= {"enableCharts": True, "chartView": {"enabled": True, "chartType": chart}}
    return {"data": {"table": made}}


_PILLARS: Final = [{"field": "name", "headerName": "name", "cellDataType": "text", "chartDataType": "category"}] + [
    {"field": f"score_{pillar}", "headerName": pillar, "cellDataType": "number", "chartDataType": "series"}
    for pillar in ("market", "control", "retaliation")
]

WIDGETS: Final[dict[str, dict[str, Any]]] = {
    "exposure_company": _widget(
        "Exposure: company",
        "Score of one company by pillar, and how it is known.",
        "openbb/company",
        "metric",
        (40, 5),
        *(_TICKER, _DAY, _SCENARIO),
    ),
    "exposure_history": _widget(
        "Exposure: score over time",
        "Points of the pillars as they were known on each day.",
        "openbb/history",
        "chart",
        (24, 12),
        _TICKER,
        _parameter("start", "From", "First day.", "date", "2024-01-01"),
    ),
    "exposure_book": _widget(
        "Exposure: book", "Score of each name of a list.", "openbb/book", "table", (40, 12), _NAMES, _DAY, _SCENARIO
    )
    | _table(definitions(RESULT, "query", *_WHO, *_SCORES, "reason", "candidates")),
    "exposure_pillars": _widget(
        "Exposure: book by pillar",
        "Points of each name of a list, by pillar.",
        "openbb/book",
        "table",
        (20, 12),
        *(_NAMES, _DAY, _SCENARIO),
    )
    | _table(_PILLARS, chart="stackedColumn"),
    "exposure_screen": _widget(
        "Exposure: screen",
        "Companies that filters leave, highest score first.",
        "openbb/screen",
        "table",
        (40, 14),
        _country("JP"),
        _parameter("sector", "Sector", "A sector.", value="Information Technology", optional=True),
        _parameter("limit", "Rows", "Most rows.", "number", 50),
        _DAY,
    )
    | _table(definitions(SCREEN, *_WHO, *_SCORES)),
    "exposure_event": _widget(
        "Exposure: what an act added",
        "What one rule or measure added, as known the day before.",
        "openbb/event",
        "table",
        (40, 14),
        _ACT,
    )
    | _table(definitions(EVENT, *_WHO, *_ADDED, "status")),
    "exposure_threat": _widget(
        "Exposure: threat toward a country",
        "Past acts of coercion and their weight today.",
        "openbb/threat",
        "table",
        (20, 12),
        _country("JP"),
        _DAY,
    ),
    "exposure_minerals": _widget(
        "Exposure: minerals",
        "Minerals that China dominates, and the companies they touch.",
        "openbb/minerals",
        "table",
        (40, 12),
        _DAY,
    ),
}
"""Every widget by its identifier."""


def _place(widget: str, x: int, y: int, *groups: str) -> dict[str, Any]:
    return {"i": widget, "x": x, "y": y, **WIDGETS[widget]["gridData"], "groups": list(groups)}


def _tab(name: str, *layout: dict[str, Any]) -> dict[str, Any]:
    identifier = name.lower()
    return {identifier: {"id": identifier, "name": name, "layout": list(layout)}}


APPS: Final[list[dict[str, Any]]] = [
    {
        "name": "Technology conflict exposure",
        "description": "Scores of companies and books, what acts and scenarios add, and the facts behind them.",
        "allowCustomization": True,
        "tabs": _tab(
            "Company", _place("exposure_company", 0, 0, "Group 1"), _place("exposure_history", 0, 5, "Group 1")
        )
        | _tab("Book", _place("exposure_book", 0, 0, "Group 2"), _place("exposure_pillars", 0, 12, "Group 2"))
        | _tab("Screen", _place("exposure_screen", 0, 0))
        | _tab("Events", _place("exposure_event", 0, 0))
        | _tab("Threat", _place("exposure_threat", 0, 0), _place("exposure_minerals", 0, 12)),
        "groups": [
            {
                "name": "Group 1",
                "type": "param",
                "paramName": "ticker",
                "defaultValue": "8035.T",
                "widgetIds": ["exposure_company", "exposure_history"],
            },
            {
                "name": "Group 2",
                "type": "param",
                "paramName": "tickers",
                "defaultValue": _NAMES["value"],
                "widgetIds": ["exposure_book", "exposure_pillars"],
            },
        ],
    }
]
"""Dashboards of the widgets."""
