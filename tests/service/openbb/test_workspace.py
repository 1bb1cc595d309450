"""What OpenBB Workspace asks for: its documents by its published reference, and the data behind every widget."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scoring.scorer import Scorer
from tests.service.serverprocess import Server

TEXT = {"type": "string", "minLength": 1}
OPTION = {
    "type": "object",
    "required": ["label", "value"],
    "additionalProperties": False,
    "properties": {"label": TEXT, "value": {"type": "string"}},
}
PARAMETER = {
    "type": "object",
    "required": ["paramName", "type"],
    "additionalProperties": False,
    "properties": {
        "paramName": TEXT,
        "label": TEXT,
        "description": TEXT,
        "type": {"enum": ["date", "text", "ticker", "number", "boolean", "endpoint", "form", "tabs"]},
        "value": {},
        "show": {"type": "boolean"},
        "optional": {"type": "boolean"},
        "multiSelect": {"type": "boolean"},
        "options": {"type": "array", "items": OPTION},
        "optionsEndpoint": TEXT,
        "optionsParams": {"type": "object"},
    },
    "if": {"properties": {"type": {"const": "endpoint"}}},
    "then": {"required": ["optionsEndpoint"]},
}
COLUMN = {
    "type": "object",
    "required": ["field"],
    "additionalProperties": False,
    "properties": {
        "field": TEXT,
        "headerName": TEXT,
        "headerTooltip": TEXT,
        "cellDataType": {"enum": ["text", "number", "boolean", "date", "dateString", "object"]},
        "chartDataType": {"enum": ["category", "series", "time", "excluded"]},
        "formatterFn": {"enum": ["int", "none", "percent", "normalized", "normalizedPercent", "dateToYear"]},
        "pinned": {"enum": ["left", "right"]},
        "hide": {"type": "boolean"},
    },
}
TABLE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "showAll": {"type": "boolean"},
        "enableCharts": {"type": "boolean"},
        "chartView": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "enabled": {"type": "boolean"},
                "chartType": {
                    "enum": ["column", "stackedColumn", "bar", "stackedBar", "line", "area", "pie", "scatter"]
                },
            },
        },
        "columnsDefs": {"type": "array", "items": COLUMN},
    },
}
SIZE = {"w": {"type": "integer", "minimum": 10, "maximum": 40}, "h": {"type": "integer", "minimum": 4, "maximum": 100}}
WIDGET = {
    "type": "object",
    "required": ["name", "description", "endpoint", "type", "gridData"],
    "additionalProperties": False,
    "properties": {
        "name": TEXT,
        "description": TEXT,
        "category": TEXT,
        "endpoint": TEXT,
        "type": {"enum": ["chart", "table", "markdown", "metric", "note", "newsfeed", "html", "pdf"]},
        "source": {"type": "array", "items": TEXT},
        "gridData": {"type": "object", "required": ["w", "h"], "properties": SIZE},
        "params": {"type": "array", "items": PARAMETER},
        "data": {"type": "object", "additionalProperties": False, "properties": {"table": TABLE}},
    },
}
PLACE = {
    "type": "object",
    "required": ["i", "x", "y", "w", "h"],
    "properties": {
        **SIZE,
        "i": TEXT,
        "x": {"type": "integer", "minimum": 0, "maximum": 39},
        "groups": {"type": "array", "items": {"type": "string", "pattern": r"^Group \d+$"}},
    },
}
APPS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "description", "tabs"],
        "properties": {
            "tabs": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["id", "name", "layout"],
                    "properties": {"layout": {"type": "array", "items": PLACE}},
                },
            },
            "groups": {
                "type": "array",
                "items": {
                    "required": ["name", "type", "paramName", "defaultValue"],
                    "properties": {
                        "name": {"pattern": r"^Group \d+$"},
                        "type": {"enum": ["param", "endpointParam"]},
                        "widgetIds": {"type": "array", "items": TEXT},
                    },
                },
            },
        },
    },
}
"""What the reference of widgets.json and the published example backends allow (docs.openbb.co/workspace)."""


@pytest.fixture(scope="module")
def widgets(server: Server) -> dict[str, Any]:
    return server.http.get("/widgets.json").json()


def given(widget: dict[str, Any]) -> dict[str, Any]:
    """What the Workspace sends before its user has touched anything."""
    return {one["paramName"]: "" if one["value"] is None else one["value"] for one in widget["params"]}


def test_the_documents_are_as_published(server: Server, widgets: dict[str, Any]) -> None:
    Draft202012Validator({"type": "object", "additionalProperties": WIDGET}).validate(widgets)
    apps = server.http.get("/apps.json").json()
    Draft202012Validator(APPS).validate(apps)
    for app in apps:
        placed = {place["i"] for tab in app["tabs"].values() for place in tab["layout"]}
        assert placed == set(widgets)
        for group in app["groups"]:
            for name in group["widgetIds"]:
                assert given(widgets[name])[group["paramName"]] == group["defaultValue"]


def test_every_widget_has_data_of_its_kind(server: Server, widgets: dict[str, Any]) -> None:
    for name, widget in widgets.items():
        reply = server.http.get("/" + widget["endpoint"], params=given(widget))
        assert reply.status_code == 200, (name, reply.text)
        data = reply.json()
        if widget["type"] == "metric":
            assert all(set(one) <= {"label", "value", "delta"} for one in data), name
        elif widget["type"] == "chart":
            assert {trace["type"] for trace in data["data"]} == {"scatter"}
            assert all(len(trace["x"]) == len(trace["y"]) > 0 for trace in data["data"])
        else:
            assert data, name
            columns = widget.get("data", {"table": {"columnsDefs": []}})["table"]["columnsDefs"]
            assert {column["field"] for column in columns} <= set(data[0]), name


def test_choices_can_be_chosen(server: Server, widgets: dict[str, Any]) -> None:
    for widget in widgets.values():
        for parameter in widget["params"]:
            if parameter["type"] != "endpoint":
                continue
            choices = server.http.get(parameter["optionsEndpoint"]).json()
            assert {"label", "value"} == set(choices[0])
            assert parameter["value"] in {choice["value"] for choice in choices}
            last = given(widget) | {parameter["paramName"]: choices[-1]["value"]}
            assert server.http.get("/" + widget["endpoint"], params=last).status_code == 200


def test_the_numbers_are_those_of_the_library(server: Server, release: Any) -> None:
    names = ["8035.T", "AMTA", "ASML NA"]
    expected = Scorer(release, "2024-09-02").score(names)
    rows = server.http.get("/openbb/book", params={"tickers": ",".join(names), "as_of": "2024-09-02"}).json()
    for row, score, status in zip(rows, expected["score"], expected["status"], strict=True):
        assert row["status"] == status
        assert row["score"] == (None if score != score else score)


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/openbb/book?tickers=ASML&colour=red", 422, "colour"),
        ("/openbb/company?ticker=AMTA", 404, "candidates"),
        ("/openbb/company", 422, "ticker"),
        ("/openbb/company?ticker=ASML&as_of=2100-01-01", 422, "later than release"),
        ("/openbb/company?ticker=ASML&scenario=/etc/passwd", 404, "not in the library"),
        ("/openbb/event?act=no-such-act", 404, "no-such-act"),
        ("/widgets.json?x=1", 422, "x"),
    ],
)
def test_what_a_widget_cannot_show_says_why(server: Server, path: str, status: int, word: str) -> None:
    reply = server.http.get(path)
    assert reply.status_code == status, reply.text
    assert word in reply.text


def test_only_named_origins_may_ask(serving: Any) -> None:
    page = {"Origin": "https://pro.openbb.co"}
    closed = serving()
    assert "access-control-allow-origin" not in closed.http.get("/widgets.json", headers=page).headers
    opened = serving("--cors-origins", "https://pro.openbb.co")
    assert opened.http.get("/widgets.json", headers=page).headers["access-control-allow-origin"] == page["Origin"]
    other = opened.http.get("/widgets.json", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in other.headers
