"""Acts: rules and countermeasures by regime, each with whom it touches; threats by country; minerals."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from scoring.errors import ExposureError
from service.http.errors import RefusedError
from service.http.exchange import BATCH
from service.http.parameters import in_path
from service.web.content.world import leverage_over
from service.web.exchange import Content, page
from service.web.memory import remembered
from service.web.options import PageOptions
from service.web.rows import listed_rows, rows_of, universe

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)

KEYS: Final = {"rules": "rule_id", "countermeasures": "measure_id", "events": "event_id"}
"""Kinds of act and the key of each, as in the tables."""

_EVENTS: Final = frozenset({"rules", "countermeasures"})
"""Kinds whose acts add to scores by themselves, from the day on which they are announced."""

_TOUCHED: Final = 100
_LATEST: Final = 6
_HARDEST: Final = 3
_SHOWN: Final = (
    *("company_id", "name", "country", "delta", "delta_control", "delta_retaliation", "score", "share_at_risk"),
    *("share_at_risk_low", "share_at_risk_high", "revenue_at_risk_usd", "share_at_risk_supply", "reason", "risk_note"),
)


class ActsOptions(PageOptions):
    """Versions, and which acts."""

    by: str | None = None
    """Only those of this country."""


@remembered(size=32)
def added(scorer: Scorer, *names: str) -> list[dict[str, Any]]:
    """What acts that were announced together add, as `/v1/events/{event_id}/impact` gives it, hardest hit first."""
    from scoring.acts.event import added_by, event_columns

    columns = event_columns(added_by(scorer.release, names, None, scorer.methodology))
    return rows_of({name: columns[name] for name in _SHOWN})


def _announced(scorer: Scorer) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Announcements known on the day, the latest first: each in words, and the keys of its acts."""
    from scoring.acts.act import TABLES, announcements
    from scoring.facts.citation import cite

    release = scorer.release
    for act in reversed(announcements(release)):
        if act.announced and act.announced <= scorer.as_of:
            table = TABLES[act.kind]
            names = [release.row(table, row)[KEYS[table]] for row in act.rows]
            statement = cite(release, table, act.rows[0], scorer.as_of).statement
            words = {"kind": table, "key": names[0], "statement": statement, "more": len(names) - 1}
            yield words | {"announced": act.announced}, names


def latest(scorer: Scorer) -> list[dict[str, Any]]:
    """The latest announcements in words."""
    return [words for words, _ in islice(_announced(scorer), _LATEST)]


@remembered()
def _hardest(scorer: Scorer) -> list[dict[str, Any]]:
    """The latest announcements that hit a company, each with whom it hit hardest when it came."""
    found = []
    for words, names in _announced(scorer):
        try:
            hit = added(scorer, *names)
        except ExposureError:  # nothing was known of any company on the day before
            continue
        if hit:
            found.append(words | {"hit": len(hit), "hardest": hit[:_HARDEST]})
        if len(found) == _LATEST:
            break
    return found


def _hit(scorer: Scorer, kind: str, key: str) -> tuple[list[dict[str, Any]], str | None]:
    """What an act added, or why that cannot be said."""
    if kind not in _EVENTS:
        return [], None
    try:
        return added(scorer, key), None
    except ExposureError as error:  # such as an act that is announced after the facts end
        return [], str(error)


@router.get("/acts")
async def acts(request: Request) -> Response:
    """All acts known on the day, the latest first."""
    asked = page(request, ActsOptions)
    by = asked.options.by

    def content(scorer: Scorer) -> Content:
        found, name = [], scorer.release.labels.measure
        for row in listed_rows(scorer, "rules"):
            what = {"kind": "rules", "key": row["rule_id"], "by": row["imposed_by"], "words": row["title"]}
            found.append(row | what)
        for row in listed_rows(scorer, "countermeasures"):
            what = {"kind": "countermeasures", "key": row["measure_id"], "by": "CN", "words": name(row)}
            found.append(row | what)
        regimes = sorted({row["by"] for row in found})
        found = [row for row in found if by in (None, row["by"])]
        found.sort(key=lambda row: row["announced"], reverse=True)
        years: dict[int, list[dict[str, Any]]] = {}
        for row in found:
            years.setdefault(row["announced"].year, []).append(row)
        return {"years": years, "regimes": regimes, "by": by, "count": len(found)}

    return await asked.show("acts.html", content)


@router.get("/acts/latest")
async def latest_acts(request: Request) -> Response:
    """The latest announcements that hit a company, each with whom it hit hardest when it came."""
    return await page(request, PageOptions).show("latest.html", lambda scorer: {"acts": _hardest(scorer)}, BATCH)


@router.get("/acts/{kind}/{key}")
async def act(kind: Annotated[str, in_path("kind")], key: Annotated[str, in_path("key")], request: Request) -> Response:
    """One act: what it says, its dates, whom it touches and what it adds."""
    asked = page(request, PageOptions)
    if kind not in KEYS:
        raise RefusedError("not-found", "path", f"{kind[:50]!r} is no kind of act", f"use {', '.join(KEYS)}")

    def content(scorer: Scorer) -> Content:
        from scoring.lookup.touched import touches

        touched = rows_of(touches(scorer, kind, key))
        row = next(row for row in listed_rows(scorer, kind) if row[KEYS[kind]] == key)
        hit, unknown = _hit(scorer, kind, key)
        families = scorer.release.columns("family_rules") if kind == "rules" else None
        caught = [] if families is None else rows_of({n: c[families["rule_id"] == key] for n, c in families.items()})
        return {
            "kind": kind,
            "key": key,
            "row": row,
            "touched": touched[:_TOUCHED],
            "count": len(touched),
            "hit": hit[:_TOUCHED],
            "unknown": unknown,
            "caught": caught,
        }

    return await asked.show("act.html", content, BATCH)


@router.get("/countries/{country}")
async def country(country: Annotated[str, in_path("country")], request: Request) -> Response:
    """The latent threat toward one country, the acts behind it and whom it touches, as `/v1/threat/…` gives it."""
    asked = page(request, PageOptions)

    def content(scorer: Scorer) -> Content:
        from scoring.lookup.threat import threat

        return {
            "threat": threat(scorer, country),
            "top": [row for row in universe(scorer) if row["country"] == country.upper()][:20],
        }

    return await asked.show("country.html", content)


@router.get("/countries")
async def countries(request: Request) -> Response:
    """The latent threat toward each country with companies."""
    asked = page(request, PageOptions)

    def content(scorer: Scorer) -> Content:
        facts, latent = scorer.evaluation.facts, scorer.evaluation.force.latent
        rows = universe(scorer)
        found = [
            {
                "country": code,
                "latent": float(latent[j]),
                "companies": sum(row["country"] == code for row in rows),
                "top": next((row for row in rows if row["country"] == code), None),
            }
            for j, code in enumerate(facts.countries)
        ]
        found = [one for one in found if one["companies"]]
        return {"countries": sorted(found, key=lambda one: -one["latent"])}

    return await asked.show("countries.html", content)


def _matrix(scorer: Scorer) -> dict[str, Any]:
    """Leverage by mineral, in words, and country."""
    shown = leverage_over(scorer)
    cells = {(row["label"], row["country"]): row for row in shown.rows}
    return {"cells": cells, "labels": shown.labels, "countries": shown.countries}


@router.get("/minerals")
async def minerals(request: Request) -> Response:
    """Critical minerals: China's share, what is in force toward whom, and what rests on each."""
    asked = page(request, PageOptions)

    def content(scorer: Scorer) -> Content:
        rows = sorted(listed_rows(scorer, "minerals"), key=lambda row: -row["points"])
        measures: dict[str, dict[str, str]] = {}
        for measure in listed_rows(scorer, "countermeasures"):
            if measure["subject_kind"] == "mineral" and measure["active"]:
                measures.setdefault(measure["subject"], {})[measure["target"]] = measure["measure_id"]
        targets = sorted({target for found in measures.values() for target in found})
        named = {row["measure_id"]: row["measure"] for row in listed_rows(scorer, "countermeasures")}
        return {"rows": rows, "measures": measures, "targets": targets, "named": named, "matrix": _matrix(scorer)}

    return await asked.show("minerals.html", content)


@router.get("/minerals/{mineral}")
async def mineral(mineral: Annotated[str, in_path("mineral")], request: Request) -> Response:
    """One mineral: who needs it, as `/v1/minerals/{mineral}/companies` gives it."""
    asked = page(request, PageOptions)

    def content(scorer: Scorer) -> Content:
        from scoring.lookup.touched import touches

        touched = rows_of(touches(scorer, "minerals", mineral))
        row = next(row for row in listed_rows(scorer, "minerals") if row["mineral"] == mineral)
        measures = [
            one
            for one in listed_rows(scorer, "countermeasures")
            if one["subject_kind"] == "mineral" and one["subject"] == mineral
        ]
        measures.sort(key=lambda one: one["announced"], reverse=True)
        return {"row": row, "touched": touched[:_TOUCHED], "count": len(touched), "measures": measures}

    return await asked.show("mineral.html", content)
