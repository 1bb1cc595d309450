"""Screen: the universe by filters, and a long/short basket from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from scoring.columns import PILLAR_POINTS, SCREEN
from service.http.routes.screens import BasketOptions, ScreenOptions, filters_of
from service.web.exchange import Content, page
from service.web.memory import remembered
from service.web.options import PageOptions
from service.web.rows import bands, rows_of, universe

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)

SORTS: Final = (
    "score",
    "china_share",
    *PILLAR_POINTS,
    "control",
    "retaliation",
    "retaliation_supply",
    "retaliation_access",
    "neutral_score",
    "confidence",
)
"""Columns that the form offers; an address may name any column of numbers."""


class ScreenPage(PageOptions, ScreenOptions):
    """Options of the page, those of `/v1/screens`."""


class BasketPage(PageOptions, BasketOptions):
    """Options of the page, those of `/v1/screens/basket`."""


@router.get("/screen")
async def screen(request: Request) -> Response:
    """Companies that the filters leave, as `/v1/screens` gives them."""
    asked = page(request, ScreenPage)
    options = asked.options

    def content(scorer: Scorer) -> Content:
        from scoring.screening.screen import screen_page as run

        found = run(
            scorer,
            filters_of(options),
            sort=options.sort,
            descending=options.descending,
            limit=options.limit,
            offset=options.offset,
        )
        return {
            "rows": rows_of(found.columns),
            "total": found.total,
            "options": options,
            "shown": [(name, SCREEN[name].text) for name in SORTS],
            "texts": SCREEN,
            "bands": bands(scorer),
            **_choices(scorer),
        }

    return await asked.show("screen.html", content)


@router.get("/screen/basket")
async def basket(request: Request) -> Response:
    """Long the least, short the most exposed, as `/v1/screens/basket` gives it."""
    asked = page(request, BasketPage)
    options = asked.options

    def content(scorer: Scorer) -> Content:
        from scoring.screening.basket import basket as run

        found = run(
            scorer,
            options.count,
            filters_of(options),
            sort=options.sort,
            neutral=options.neutral,
            estimates=options.estimates or "exclude",
        )
        return {"rows": rows_of(found), "options": options}

    return await asked.show("basket.html", content)


@remembered()
def _choices(scorer: Scorer) -> dict[str, Any]:
    """What the fields of the form offer, and the presets that rest on the facts of the day."""
    from scoring.lookup.touched import listed

    rows = universe(scorer)
    rules = [rule for rule in rows_of(listed(scorer, "rules")) if rule["companies"]]
    newest = max(rules, key=lambda rule: rule["announced"], default=None)
    minerals = scorer.release.columns("minerals")
    presets = [
        ("high China sales weightings", {"min": "china_share:0.3", "sort": "china_share"}),
        ("most under control", {"sort": "control", "min": "control:0.02"}),
        ("yttrium-dependent, Japan", {"mineral": "yttrium", "country": "JP", "sort": "retaliation_supply"}),
        ("shut out of the market", {"sort": "retaliation_access"}),
        ("most exposed of their sector and country", {"sort": "neutral_score"}),
    ]
    if newest is not None:
        presets.insert(1, ("hit by the newest rule", {"rule": newest["rule_id"], "sort": "score_control"}))
    return {
        "presets": presets,
        "countries": sorted({row["country"] for row in rows}),
        "sectors": sorted({row["sector"] for row in rows}),
        "minerals": minerals["mineral"].tolist(),
        "rules": [rule["rule_id"] for rule in rules],
        "families": scorer.release.columns("product_families")["product_family"].tolist(),
    }
