"""What if: a scenario of the library, or one composed change by change; whom it hits, beside another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from scoring.vocabulary import AccessMeasure, ControlMeasure, SupplyMeasure
from service.http.errors import RefusedError
from service.http.exchange import BATCH, OFF_LOOP
from service.http.options import WhatIf
from service.http.parameters import in_path
from service.web.content.scenarios import hit_by
from service.web.exchange import Content, page
from service.web.options import PageOptions

if TYPE_CHECKING:
    from scoring.scenario.model import Scenario
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)

_SHOWN: Final = 60
_LONGEST: Final = 6000
_LISTS: Final = ("countries", "subject", "target", "entities", "rule_ids", "measure_ids")
_CARDS: Final = ("extend_rule", "add_rule", "align", "list_entity", "add_countermeasure", "end_rules")


class WhatIfOptions(PageOptions):
    """Versions, and one or two scenarios: of the library, or as a document in JSON."""

    library: str | None = Field(None, max_length=300, description="Scenario of the library.")
    document: str | None = Field(None, max_length=_LONGEST, description="Scenario document, JSON.")
    beside: str | None = Field(None, max_length=300, description="Scenario of the library to compare with.")


@router.get("/what-if")
async def what_if(request: Request) -> Response:
    """The composer, and what the scenario does."""
    asked = page(request, WhatIfOptions)
    options = asked.options

    def content(scorer: Scorer) -> Content:
        from scoring.scenario import list_scenarios, load_scenario

        chosen = _scenario(options.library, options.document, scorer)
        beside = _scenario(options.beside, None, scorer)
        document = None if chosen is None else chosen.document()
        return {
            "library": [load_scenario(name) for name in list_scenarios()],
            "options": options,
            "document": document,
            "steps": _steps(asked.options.state, document),
            "columns": [(one, _shown(scorer, one)) for one in (chosen, beside) if one is not None],
            "words": _words(scorer),
        }

    return await asked.show("what_if.html", content, BATCH if options.library or options.document else OFF_LOOP)


@router.get("/what-if/add/{op}")
async def add(op: Annotated[str, in_path("op")], request: Request) -> Response:
    """Add what a card says to the document in the address, and lead to the page that shows it."""
    from scoring.scenario import load_scenario

    if op not in _CARDS:
        raise RefusedError("not-found", "path", f"{op[:50]!r} is no change", f"use {', '.join(_CARDS)}")
    given = {name: value for name, value in request.query_params.items() if value}
    document = _parsed(given.pop("document", None))
    if document is None:
        document = {"scenario_id": "composed", "title": "Composed", "changes": []}
    state = {name: given.pop(name) for name in WhatIf.model_fields if name in given}
    document["changes"].append(_change(op, given))
    load_scenario(document)  # names the field that is wrong
    query = urlencode({**state, "document": orjson.dumps(document).decode()})
    return RedirectResponse(f"/what-if?{query}", 303)


@router.get("/what-if/document")
async def download(request: Request) -> Response:
    """The scenario as the YAML document that `exposure scenario run` takes."""
    from scoring.scenario import load_scenario
    from scoring.scenario.library import to_yaml

    asked = page(request, WhatIfOptions)
    document = _parsed(asked.options.document)
    if document is None:
        raise RefusedError("request-invalid", "document", "is missing", "compose a scenario first")
    scenario = load_scenario(document)
    headers = {"Content-Disposition": f'attachment; filename="{scenario.scenario_id}.yaml"'}
    return Response(to_yaml(scenario), headers=headers, media_type="application/yaml; charset=utf-8")


def _parsed(document: str | None) -> dict[str, Any] | None:
    if document is None:
        return None
    try:
        parsed = json.loads(document)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("changes"), list):
        raise RefusedError("scenario-invalid", "document", "is no scenario in JSON", "compose it again")
    return parsed


def _scenario(name: str | None, document: str | None, scorer: Scorer) -> Scenario | None:
    from scoring.scenario import check, load_scenario
    from service.http.bundled import library_scenario

    if name is not None:
        return library_scenario(name, scorer.release)
    parsed = _parsed(document)
    if parsed is None:
        return None
    scenario = load_scenario(parsed)
    check(scenario, scorer.release)
    return scenario


def _change(op: str, given: dict[str, str]) -> dict[str, Any]:
    """A change as the document has it, from the texts of a form; lists are parted with commas."""
    change: dict[str, Any] = {"op": op, **given}
    for name in _LISTS:
        if name in change:
            change[name] = [part.strip() for part in change[name].split(",") if part.strip()]
    for name in ("covers_servicing", "servicing"):
        if name in change:
            change[name] = change[name] == "true"
    if op == "align":
        change["families"] = [part.strip() for part in change.get("families", "").split(",") if part.strip()]
    if op == "add_rule":
        change["families"] = dict(_fraction(part) for part in change.get("families", "").split(",") if part.strip())
    return change


def _fraction(text: str) -> tuple[str, float]:
    family, _, fraction = text.partition(":")
    try:
        return family.strip(), float(fraction) if fraction.strip() else 1.0
    except ValueError:
        raise RefusedError(
            "scenario-invalid", "families", f"{text[:50]!r} is no fraction", "write FAMILY:FRACTION, such as etch:0.5"
        ) from None


def _steps(state: dict[str, str], document: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Each change in words, and the address of the page without it."""
    if document is None:
        return []
    steps = []
    for i, change in enumerate(document["changes"]):
        words = ", ".join(f"{name.replace('_', ' ')} {_word(value)}" for name, value in change.items() if name != "op")
        rest = [one for j, one in enumerate(document["changes"]) if i != j]
        query = state | ({"document": orjson.dumps({**document, "changes": rest}).decode()} if rest else {})
        steps.append((f"{change['op'].replace('_', ' ')}: {words}", f"/what-if?{urlencode(query)}"))
    return steps


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return ", ".join(f"{k} {v:g}" for k, v in value.items()) if isinstance(value, dict) else str(value)


def _shown(scorer: Scorer, scenario: Scenario) -> dict[str, Any]:
    rows, count = hit_by(scorer, scenario, _SHOWN)
    most = max((abs(row["delta"]) for row in rows), default=1.0)
    return {"rows": rows, "count": count, "most": most}


def _words(scorer: Scorer) -> dict[str, list[str]]:
    """What the fields of the cards offer."""
    release = scorer.release
    return {
        "rules": release.columns("rules")["rule_id"].tolist(),
        "families": release.columns("product_families")["product_family"].tolist(),
        "minerals": release.columns("minerals")["mineral"].tolist(),
        "countries": sorted(set(release.columns("companies")["country"].tolist())),
        "control": list(get_args(ControlMeasure)),
        "china": list(dict.fromkeys((*get_args(SupplyMeasure), *get_args(AccessMeasure)))),
    }
