"""Data: how fresh it is and what it covers, releases, methodologies with every parameter, and how to read a score."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from scoring.columns import RESULT
from scoring.data import data_directory
from scoring.vocabulary import PILLAR_WORDS
from service.http.bundled import bundled
from service.http.parameters import in_path
from service.web.exchange import Content, page
from service.web.memory import remembered
from service.web.options import PageOptions
from service.web.rows import bands, universe

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)


@router.get("/data")
async def data(request: Request) -> Response:
    """Freshness, coverage, releases, licences."""
    return await page(request, PageOptions).show("data.html", _content)


@remembered()
def _content(scorer: Scorer) -> Content:
    from scoring.reference.clock import CLOCK, begins

    release, day = scorer.release, np.datetime64(scorer.as_of, "D")
    tables = []
    for resource in release.descriptor["resources"]:
        name = resource["name"]
        columns = release.columns(name)
        known = np.array([], dtype="datetime64[D]")
        if name in CLOCK and CLOCK[name].known:
            days = begins(name, columns)
            known = days[~np.isnat(days) & (days <= day)]
        rows = len(next(iter(columns.values()), ()))
        latest = known.max().item() if known.size else None
        tables.append({"name": name, "rows": rows, "known": int(known.size), "latest": latest})
    return {
        "tables": tables,
        "release": release,
        "coverage": _coverage(scorer),
        "licences": licences(),
        "sources": len(release.columns("sources")["source_id"]),
    }


def _coverage(scorer: Scorer) -> dict[str, list[dict[str, Any]]]:
    """Companies by country and by sector, and how many of them have a score."""
    found: dict[str, list[dict[str, Any]]] = {}
    for by in ("country", "sector"):
        groups: dict[str, dict[str, Any]] = {}
        for row in universe(scorer):
            group = groups.setdefault(row[by], {"key": row[by], "companies": 0, "scored": 0})
            group["companies"] += 1
            group["scored"] += row["score"] == row["score"]
        found[by] = sorted(groups.values(), key=lambda group: -group["companies"])
    return found


@lru_cache(maxsize=1)
def licences() -> list[list[str]]:
    """Origins and terms of the tables, from the file that comes with the data."""
    lines = (data_directory() / "LICENSES.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if len(row) == 3 and set(row[0]) != {"-"}][1:]


@router.get("/methodology/{version}")
async def methodology(version: Annotated[str, in_path("version")], request: Request) -> Response:
    """Every parameter with its value, range and reason, as `/v1/methodologies/{version}` gives it."""
    asked = page(request, PageOptions)
    document = bundled(version).document
    return await asked.show(
        "methodology.html", lambda _: {"document": document, "parameters": _parameters("", document)}
    )


def _parameters(prefix: str, value: Any) -> list[dict[str, Any]]:
    from scoring.methodology.kinds import Choice, Parameter

    if isinstance(value, Parameter):
        return [
            {"name": prefix, "value": f"{value.value:g}", "low": value.low, "high": value.high, "why": value.reason}
        ]
    if isinstance(value, Choice):
        return [{"name": prefix, "value": value.value, "low": None, "high": None, "why": value.reason}]
    if not isinstance(value, BaseModel | dict):
        return [] if value is None else [{"name": prefix, "value": str(value), "low": None, "high": None, "why": ""}]
    return [
        parameter
        for name, child in (value.items() if isinstance(value, dict) else value)
        for parameter in _parameters(f"{prefix}.{name}" if prefix else str(name), child)
    ]


@router.get("/help")
async def help_page(request: Request) -> Response:
    """How to read a score."""
    asked = page(request, PageOptions)

    def content(scorer: Scorer) -> Content:
        return {
            "pillars": PILLAR_WORDS,
            "steps": scorer.methodology.bands,
            "grades": scorer.methodology.confidence.grades,
            "bands": bands(scorer),
            "columns": list(RESULT.values()),
        }

    return await asked.show("help.html", content)
