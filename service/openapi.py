"""The OpenAPI document: what every operation may answer, with examples that are real replies."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from service.errors import KINDS, PROBLEM_JSON
from service.formats import FORMATS
from service.models import Problem
from service.options import NoOptions

EXAMPLES: Final = Path(__file__).with_name("examples.json")
"""Requests and the replies they got, by operation; written by `python -m service.examples`, and tested."""

_ANYWHERE: Final = (401, 403, 404, 406, 414, 422, 429, 431, 500, 503)
"""Statuses of problems that any resource may answer with."""

_HEADERS: Final = {
    "X-Request-ID": {"description": "Names the request, also in the logs.", "schema": {"type": "string"}},
    "ETag": {"description": "Strong tag for If-None-Match.", "schema": {"type": "string"}},
}


def documented(
    operation: str,
    model: Any,
    *statuses: int,
    tables: bool = False,
    public: bool = False,
    media_type: str = "application/json",
) -> dict[str, Any]:
    """Keyword arguments of a route: its identifier, its replies and their examples.

    Parameters
    ----------
    operation : str
        Identifier of the operation, also of its examples.
    model : type
        Shape of the JSON reply.
    *statuses : int
        Statuses of problems that only some resources answer with.
    tables : bool
        Whether the reply is a table, which comes in every format.
    public : bool
        Whether no key is ever needed.
    media_type : str
        Media type of a reply that is neither JSON nor a table.
    """
    content: dict[str, Any] = {media_type: _examples(operation)}
    if tables:
        for name, kind in FORMATS.items():
            if name != "json":
                content[kind.media_type.partition(";")[0]] = {"schema": {"type": "string", "format": "binary"}}
    responses: dict[int | str, Any] = {
        200: {"description": "Done.", "content": content, "headers": _HEADERS},
        304: {"description": "The client's copy is current."},
    }
    if model is not None:
        responses[200]["model"] = model
    for status in sorted({*_ANYWHERE, *statuses}):
        responses[status] = _problem(status)
    extra: dict[str, Any] = {"security": []} if public else {"security": [{"bearer": []}, {"header": []}]}
    return {"operation_id": operation, "responses": responses, "response_model": None, "openapi_extra": extra}


def _problem(status: int) -> dict[str, Any]:
    kinds = [f"`/problems/{code}`: {kind.title}." for code, kind in KINDS.items() if kind.status == status]
    return {
        "description": " ".join(kinds),
        "content": {PROBLEM_JSON: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
    }


@cache
def _all_examples() -> dict[str, list[dict[str, Any]]]:
    if not EXAMPLES.exists():
        return {}
    examples: dict[str, list[dict[str, Any]]] = json.loads(EXAMPLES.read_bytes())
    return examples


def _examples(operation: str) -> dict[str, Any]:
    found = _all_examples().get(operation, [])
    return {"examples": {e["name"]: {"summary": e["summary"], "value": e["reply"]} for e in found}} if found else {}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI document of the application, made on first use."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        _add_components(document)
        for route in app.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    _add_query(document["paths"][route.path_format][method.lower()], route)
        app.openapi_schema = document
    return app.openapi_schema


def _add_components(document: dict[str, Any]) -> None:
    """Add what belongs to no single operation: the problem schema, the keys."""
    components = document["components"]
    components["schemas"][Problem.__name__] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "API key."},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "API key."},
    }


def _add_query(operation: dict[str, Any], route: APIRoute) -> None:
    """Add the query options that the route's exchange reads (`service.exchange.asking`), and examples of its body."""
    for dependency in route.dependant.dependencies:
        options = getattr(dependency.call, "options", NoOptions)
        for name, schema in options.model_json_schema()["properties"].items() if options.model_fields else ():
            parameter = {"name": name, "in": "query", "required": False, "description": schema.pop("description")}
            operation.setdefault("parameters", []).append({**parameter, "schema": schema})
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        found = _all_examples().get(operation["operationId"], [])
        body["examples"] = {e["name"]: {"summary": e["summary"], "value": e["body"]} for e in found}
