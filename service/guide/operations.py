"""The reference of the HTTP API, from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def operation_reference(document: dict[str, Any]) -> str:
    """Every operation with its parameters, as Markdown.

    Parameters
    ----------
    document : dict
        OpenAPI document of the service.
    """
    head = (
        "# Operations\n\nEvery operation of the HTTP API; formats, versions, keys and problems: [HTTP API](../api.md)."
    )
    parts = [head]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts += _operation(method.upper(), path, operation, document["components"]["schemas"])
    return "\n\n".join(parts) + "\n"


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    yield f"## {operation.get('summary', operation['operationId'])}"
    yield f"`{method} {path}`"
    yield operation.get("description", "")
    rows = [
        (one["name"], one["in"], one.get("description", ""), one.get("required", False))
        for one in operation.get("parameters", ())
    ]
    body = operation.get("requestBody")
    if body is not None:
        shape = schemas[next(iter(body["content"].values()))["schema"]["$ref"].rpartition("/")[2]]
        needed = shape.get("required", ())
        rows += [
            (name, "body", about.get("description", ""), name in needed) for name, about in shape["properties"].items()
        ]
    if rows:
        lines = [
            f"| `{name}` | {where}{', needed' if needed else ''} | {_cell(text)} |"
            for name, where, text, needed in rows
        ]
        yield "\n".join(["| parameter | in | what |", "|---|---|---|", *lines])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
