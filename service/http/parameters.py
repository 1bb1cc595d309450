"""Parameters of requests, read by our own models: from the query string, the path and the body.

FastAPI would read them one by one, which takes longer than all the rest of a request and, when the server starts,
longer than opening the release. `service.http.openapi.document` documents the same parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import islice
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from service.http.errors import RefusedError

M = TypeVar("M", bound=BaseModel)

_MOST_MEMBERS: Final = 64
"""Members of one object on average: a body of more is of nothing that is read here."""

_SPARE: Final = 1_000
"""Objects, and members, that a body may have besides those of its lists."""

_MEMBER: Final = re.compile(rb'"\s*:')


def in_path(name: str) -> Any:
    """Dependency on a part of the path, as it was meant: percent-escapes are resolved."""

    async def part(request: Request) -> str:
        return str(request.path_params[name])

    return Depends(part)


def in_body(model: type[M]) -> Any:
    """Dependency on a JSON body; errors as in `read_query`."""

    async def body(request: Request) -> M:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise RefusedError(
                "media-type-unsupported",
                "Content-Type",
                f"is {kind[:100] or 'missing'}",
                "send JSON as application/json",
            )
        given = await request.body()
        _check_extent(given, request.app.state.kept.settings.max_tickers)
        read = validated(model.model_validate_json, given)
        json.loads(given, object_pairs_hook=_each_once)
        return read

    return Depends(body)


def _check_extent(body: bytes, most: int) -> None:
    """Refuse a body of more objects or members than any resource reads, before anything is made of it.

    Counting takes milliseconds; what a parser makes of half a million objects takes seconds and hundreds of megabytes.
    """
    objects = body.count(b"{")
    if objects > 2 * most + _SPARE:  # a book and its benchmark
        raise RefusedError(
            "too-many-tickers", "body", f"has {objects} objects, more than two lists of {most}", "send several lists"
        )
    members = _MOST_MEMBERS * objects + _SPARE
    if next(islice(_MEMBER.finditer(body), members, None), None) is not None:
        raise RefusedError(
            "request-invalid",
            "body",
            f"has more than {members} members",
            "remove those that /openapi.json does not name",
        )


def read_query(request: Request, model: type[M]) -> M:
    """Query string of a request as its options.

    Raises
    ------
    RequestValidationError
        A parameter is unknown or wrong.
    RefusedError
        A parameter is given twice: which of the two counts is never guessed.
    """
    given = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = dict(given)
    if len(query) < len(given):
        _each_once(given)
    return validated(model.model_validate, query)


def _each_once(members: list[tuple[str, Any]]) -> None:
    """Refuse a member or parameter that is there twice; which of the two counts is never guessed."""
    seen: set[str] = set()
    for name, _ in members:
        if name in seen:
            raise RefusedError("request-invalid", name[:100], "is given more than once", "give it once")
        seen.add(name)


def validated(validate: Callable[[Any], M], given: Any) -> M:
    """What a model makes of what was given.

    Raises
    ------
    RequestValidationError
        A value is unknown or wrong.
    """
    try:
        return validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_input=False)) from None
