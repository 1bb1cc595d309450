"""The OpenAPI document: what every operation may answer, with examples that are real replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from scoring.data import data_directory
from service.formats.encode import FORMATS
from service.http.errors import KINDS, PROBLEM_JSON
from service.http.options import NoOptions

EXAMPLES: Final = data_directory() / "examples" / "http.json"
"""Requests and the replies they got, by operation; written by `python -m service.http.openapi.examples`, and tested."""


class Parameters(NamedTuple):
    """What an operation reads: descriptions and examples of parts of its path, its query string, its body."""

    path: Mapping[str, tuple[str, str]]
    options: type[NoOptions]
    body: type[NoOptions] | None


_PARAMETERS: Final[dict[str, Parameters]] = {}
"""What each operation reads; turned into schemas when the document is asked for, not when the server starts."""

Reply = Literal["one", "list", "row", "table", "begun"]

_ANYWHERE: Final = (401, 403, 404, 406, 414, 422, 429, 431, 500, 503)
"""Statuses of problems that any resource may answer with."""

_WITH_BODY: Final = (400, 408, 413, 415)
"""Statuses of problems with a request body."""

_HEADERS: Final = {
    "X-Request-ID": {"description": "Names the request, also in the logs.", "schema": {"type": "string"}},
    "ETag": {"description": "Strong tag for If-None-Match.", "schema": {"type": "string"}},
}

_LIST_HEADERS: Final = {
    "X-Total-Count": {"description": "Rows on all pages.", "schema": {"type": "integer"}},
    "Link": {"description": "Pages before and after, where there are any.", "schema": {"type": "string"}},
}


def documented(
    operation: str,
    model: str | None,
    *statuses: int,
    path: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    options: type[NoOptions] = NoOptions,
    body: type[NoOptions] | None = None,
    reply: Reply = "one",
    public: bool = False,
    media_type: str = "application/json",
) -> dict[str, Any]:
    """Keyword arguments of a route: its identifier, its replies and their examples.

    Parameters
    ----------
    operation : str
        Identifier of the operation, also of its examples.
    model : str or None
        Shape of the JSON reply: a class of `service.http.openapi.models`, which is imported only for the document.
    *statuses : int
        Statuses of problems that only some resources answer with.
    body : type, optional
        Model of the request body.
    path : mapping of str to (str, str)
        Description and example of each part of the path.
    options : type
        Model of the query string, which the route's exchange reads (`service.http.exchange.asking`).
    reply : {"one", "list", "row", "table", "begun"}
        One of it, a list of it, or the same as rows that come in every format; or work that was begun.
    public : bool
        Whether no key is ever needed.
    media_type : str
        Media type of a reply that is neither JSON nor a table.
    """
    content: dict[str, Any] = {media_type: _schema(model, reply in ("list", "table"))}
    if reply in ("row", "table"):
        for name, kind in FORMATS.items():
            if name != "json":
                content[kind.media_type.partition(";")[0]] = {"schema": {"type": "string", "format": "binary"}}
    headers = _HEADERS | (_LIST_HEADERS if reply in ("list", "table") and body is None else {})
    done = 202 if reply == "begun" else 200
    responses: dict[int | str, Any] = {
        done: {"description": "Begun." if reply == "begun" else "Done.", "content": content, "headers": headers},
        304: {"description": "The client's copy is current."},
    }
    for status in sorted({*_ANYWHERE, *statuses, *(_WITH_BODY if body is not None else ())}):
        responses[status] = _problem(status)
    extra: dict[str, Any] = {"security": [] if public else [{"bearer": []}, {"header": []}]}
    _PARAMETERS[operation] = Parameters(path, options, body)
    return {
        "operation_id": operation,
        "status_code": done,
        "responses": responses,
        "response_model": None,
        "openapi_extra": extra,
    }


def parameters_of(operation: str) -> Parameters:
    """What an operation reads."""
    return _PARAMETERS[operation]


def _problem(status: int) -> dict[str, Any]:
    kinds = [f"`/problems/{code}`: {kind.title}." for code, kind in KINDS.items() if kind.status == status]
    return {
        "description": " ".join(kinds),
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _schema(model: str | None, several: bool) -> dict[str, Any]:
    if model is None:
        return {}
    one = {"$ref": f"#/components/schemas/{model}"}
    return {"schema": {"type": "array", "items": one} if several else one}


def _add_parameters(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for resource in document["paths"].values():
        for operation in resource.values():
            path, options, body = _PARAMETERS[operation["operationId"]]
            parameters = [_in_path(name, *about) for name, about in path.items()]
            if options.model_fields:
                properties = options.model_json_schema()["properties"]
                parameters += [_in_query(name, schema) for name, schema in properties.items()]
            if parameters:
                operation["parameters"] = parameters
            if body is not None:
                shape = body.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas |= {**shape.pop("$defs", {}), body.__name__: shape}
                schema = {"$ref": f"#/components/schemas/{body.__name__}"}
                operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}


def _in_path(name: str, description: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "examples": [example]}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _in_query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    described, variants = schema.pop("description"), schema.pop("anyOf", [{}])
    # A parameter that is not there is no null, and one that has no default need not say so.
    schema |= next(variant for variant in variants if variant.get("type") != "null")
    if schema.get("default", ...) is None:
        del schema["default"]
    required = "default" not in schema and len(variants) == 1
    return {"name": name, "in": "query", "required": required, "description": described, "schema": schema}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI document of the application, made on first use."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        document["servers"] = [{"url": app.state.kept.settings.root_path or "/"}]
        components = document.setdefault("components", {})
        components["schemas"] = _schemas()
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "description": "API key."},
            "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "API key."},
        }
        _add_parameters(document)
        _add_examples(document)
        if app.state.kept.settings.key_file is None:
            _need_no_key(document)
        app.openapi_schema = document
    return app.openapi_schema


def _need_no_key(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            operation["security"] = []


def _schemas() -> dict[str, Any]:
    from service.http.openapi import models

    shown: list[Any] = [(getattr(models, name), "serialization") for name in models.__all__]
    _, schemas = models_json_schema(shown, ref_template="#/components/schemas/{model}")
    return schemas["$defs"]


def _add_examples(document: dict[str, Any]) -> None:
    found = json.loads(EXAMPLES.read_bytes()) if EXAMPLES.exists() else {}
    for path in document["paths"].values():
        for operation in path.values():
            for example in found.get(operation["operationId"], ()):
                shown = {"summary": example["summary"], "value": example["reply"]}
                replies = operation["responses"]["200"]["content"]["application/json"]
                replies.setdefault("examples", {})[example["name"]] = shown
                if example["body"] is not None:
                    body = operation["requestBody"]["content"]["application/json"]
                    body.setdefault("examples", {})[example["name"]] = {**shown, "value": example["body"]}
