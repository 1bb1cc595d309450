"""Home: find a company, bring a list, see what is new and who is most exposed; and the results of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from scoring.vocabulary import ESTIMATED
from service.http.exchange import BATCH
from service.web.exchange import Content, page
from service.web.memory import remembered
from service.web.options import PageOptions
from service.web.pages.acts import latest
from service.web.rows import bands, rows_of, universe

if TYPE_CHECKING:
    from scoring.reference.releases.release import Release
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)

_COUNTRIES: Final = 12
_HITS: Final = 50
_MOVED: Final = 12


class SearchOptions(PageOptions):
    """Versions, and what is looked for."""

    q: str = Field("", max_length=200, description="Identifier, name, or part of one.")


@router.get("/")
async def home(request: Request) -> Response:
    """The first page."""
    asked = page(request, PageOptions)
    return await asked.show("home.html", _content)


@router.get("/search")
async def search(request: Request) -> Response:
    """Companies that a text may mean, as `/v1/companies` gives them."""
    asked = page(request, SearchOptions)
    q = asked.options.q

    def content(scorer: Scorer) -> Content:
        from scoring.lookup.company import search

        return {"q": q, "hits": rows_of(search(scorer, q, limit=_HITS).columns), "limit": _HITS, "bands": bands(scorer)}

    return await asked.show("search.html", content)


@router.get("/changes")
async def changes(request: Request) -> Response:
    """What the newest release moved, against the one before it, as `/v1/releases/{a}/diff/{b}` gives it."""
    asked = page(request, PageOptions)
    versions = await anyio.to_thread.run_sync(asked.kept.releases.versions)
    basis = await asked.basis()
    current = basis.release.version.partition("+")[0]
    older = versions[: versions.index(current)][-1:]
    before = [await asked.open(version) for version in older]

    def content(scorer: Scorer) -> Content:
        if not before:
            return {"moved": None, "a": None, "b": current, "names": {}}
        names = {row["company_id"]: row["name"] for row in universe(scorer)}
        return {**_moved(scorer, before[0]), "a": older[0], "b": current, "names": names}

    return await asked.show("changes.html", content, BATCH)


@remembered()
def _moved(scorer: Scorer, before: Release) -> dict[str, Any]:
    """Companies that are new, those whose score moved, and how many rows of each table differ."""
    from scoring.changes.releases import diff_releases

    found = diff_releases(before, scorer.release)
    moved = [one for one in found.scores if one.status[0] is not None]
    new = len(found.scores) - len(moved)
    return {"day": found.as_of, "moved": moved[:_MOVED], "count": len(moved), "new": new, "counts": found.counts()}


@remembered()
def _content(scorer: Scorer) -> Content:
    rows = universe(scorer)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["country"]] = counts.get(row["country"], 0) + 1
    countries = sorted(counts, key=lambda country: -counts[country])[:_COUNTRIES]
    sectors = sorted({row["sector"] for row in rows})
    most: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:  # the highest score first
        if row["score"] == row["score"]:
            most.setdefault((row["country"], row["sector"]), row)
    return {
        "companies": len(rows),
        "known": sum(row["status"] == "ok" for row in rows),
        "estimated": sum(row["status"] == ESTIMATED for row in rows),
        "countries": countries,
        "sectors": sectors,
        "most": most,
        "bands": bands(scorer),
        "top": rows[:10],
        "acts": latest(scorer),
    }
