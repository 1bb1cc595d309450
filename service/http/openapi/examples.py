"""Examples of the OpenAPI document, taken from a running service: ``python -m service.http.openapi.examples URL``.

Every request pins its release, methodology and as-of date, so its reply stays true for ever.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import httpx

from service.http.openapi.document import EXAMPLES

_PINNED: Final = "as_of=2024-09-02&release=2026.11.1&methodology=2026.1"
_LONGEST: Final = 2
"""Rows and branches shown of a longer list; the test compares as much of the reply."""

_REQUESTS: Final[dict[str, tuple[str, str, str, dict[str, Any] | None]]] = {
    "score": ("tokyo-electron", "Tokyo Electron by its RIC", f"/v1/scores/8035.T?{_PINNED}", None),
    "score_batch": (
        "book",
        "A book with a typing error",
        "/v1/scores",
        {
            "tickers": ["8035.T", "ASLM"],
            "as_of": "2024-09-02",
            "release": "2026.11.1",
            "methodology": "2026.1",
        },
    ),
    "explain": ("tokyo-electron", "Why the score is what it is", f"/v1/scores/8035.T/explanation?{_PINNED}", None),
    "history": (
        "tokyo-electron",
        "A year of Tokyo Electron",
        f"/v1/scores/8035.T/history?start=2023-10-02&freq=Q&{_PINNED}",
        None,
    ),
    "revenue_at_risk": (
        "asml",
        "ASML under the MATCH Act",
        f"/v1/revenue-at-risk/ASML?scenario=match-act-enacted&{_PINNED}",
        None,
    ),
    "scenarios": ("all", "The library", "/v1/scenarios", None),
    "scenario": ("servicing", "One scenario", "/v1/scenarios/jp-matches-us-servicing-ban", None),
    "evaluate_scenario": (
        "rare-earths",
        "China cuts rare earths to Japan",
        "/v1/scenarios/evaluate",
        {
            "scenario": "china-cuts-rare-earths-to-japan-2010-style",
            "tickers": ["6762.T", "6594.T"],
            "as_of": "2024-09-02",
            "release": "2026.11.1",
            "methodology": "2026.1",
        },
    ),
    "event_impact": (
        "japan-2023",
        "What Japan's controls of 2023 took away",
        "/v1/events/jp-2023-07-23/impact?release=2026.11.1&methodology=2026.1",
        None,
    ),
    "score_portfolio": (
        "long-short",
        "A long/short book with a typing error",
        "/v1/portfolios/score",
        {
            "holdings": [
                {"ticker": "8035.T", "weight": 0.5},
                {"ticker": "ASML NA", "weight": 0.3},
                {"ticker": "AAPL", "weight": -0.2},
                {"ticker": "AMTA", "weight": 0.05},
            ],
            "benchmark": [{"ticker": "8035.T", "weight": 1}],
            "drivers": 3,
            "as_of": "2024-09-02",
            "release": "2026.11.1",
            "methodology": "2026.1",
        },
    ),
    "coverage": (
        "equal-weights",
        "Three names, one of them mistyped",
        "/v1/coverage",
        {
            "holdings": [{"ticker": "8035.T"}, {"ticker": "ASML NA"}, {"ticker": "AMTA"}],
            "as_of": "2024-09-02",
            "release": "2026.11.1",
            "methodology": "2026.1",
        },
    ),
    "screen": ("japan", "Japan's most exposed", f"/v1/screens?country=JP&limit=2&{_PINNED}", None),
    "basket": (
        "sector-neutral",
        "One pair from within a sector",
        f"/v1/screens/basket?count=1&neutral=sector&{_PINNED}",
        None,
    ),
    "changes": (
        "tokyo-electron",
        "Tokyo Electron over a year",
        "/v1/changes?from=2023-09-01&to=2024-09-02&tickers=8035.T&release=2026.11.1&methodology=2026.1",
        None,
    ),
    "companies": ("search", "Search by part of a name", f"/v1/companies?q=electron&limit=2&{_PINNED}", None),
    "company": ("tokyo-electron", "All facts about a company", f"/v1/companies/tokyo-electron?{_PINNED}", None),
    "rules": ("all", "Controls known by the date", f"/v1/rules?{_PINNED}", None),
    "rules_companies": (
        "japan-2023",
        "Whom Japan's controls of 2023 touch",
        f"/v1/rules/jp-2023-07-23/companies?{_PINNED}",
        None,
    ),
    "countermeasures": ("all", "Measures known by the date", f"/v1/countermeasures?{_PINNED}", None),
    "minerals": ("all", "Minerals", f"/v1/minerals?{_PINNED}", None),
    "leverage": ("all", "Leverage by mineral and country", f"/v1/minerals/leverage?{_PINNED}", None),
    "minerals_companies": ("gallium", "Whom gallium touches", f"/v1/minerals/gallium/companies?{_PINNED}", None),
    "events": ("all", "Acts known by the date", f"/v1/events?{_PINNED}", None),
    "threat": ("japan", "Latent threat toward Japan", f"/v1/threat/JP?{_PINNED}", None),
    "methodology": ("2026.1", "The bundled methodology", "/v1/methodologies/2026.1", None),
}


def shortened(value: Any) -> Any:
    """Reply with its longer lists and maps cut, so that an example can be read."""
    if isinstance(value, list):
        return [shortened(item) for item in value[:_LONGEST]]
    if isinstance(value, dict):
        items = list(value.items())
        if "fact_id" in str(items[:1]):  # the facts of an explanation
            items = items[:_LONGEST]
        return {key: shortened(item) for key, item in items}
    return value


def ask(http: httpx.Client) -> dict[str, list[dict[str, Any]]]:
    """Examples by operation, from a service that answers now."""
    examples = {}
    for operation, (name, summary, path, body) in _REQUESTS.items():
        reply = http.get(path) if body is None else http.post(path, json=body)
        reply.raise_for_status()
        example = {"name": name, "summary": summary, "path": path, "body": body, "reply": shortened(reply.json())}
        examples[operation] = [example]
    return examples


if __name__ == "__main__":
    with httpx.Client(base_url=sys.argv[1]) as client:
        EXAMPLES.write_text(json.dumps(ask(client), indent=1, ensure_ascii=False) + "\n")
