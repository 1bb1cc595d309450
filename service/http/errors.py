"""Errors on the wire: RFC 9457 problem documents, and which HTTP status each kind of mistake has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from scoring.errors import (
    ExposureError,
    InputError,
    MethodologyInvalidError,
    OutputError,
    ReceiptInvalidError,
    ReferenceInvalidError,
    ReleaseExistsError,
)

PROBLEM_JSON: Final = "application/problem+json"

CLIENT_GONE: Final = 499
"""Status that the log tells of a request whose client left before it was answered; nobody is sent it."""


class Kind(NamedTuple):
    """Kind of problem: its HTTP status and what it means."""

    status: int
    title: str


KINDS: Final[Mapping[str, Kind]] = {
    "body-malformed": Kind(400, "The request body is not JSON"),
    "request-malformed": Kind(400, "The request is not HTTP"),
    "key-missing": Kind(401, "An API key is needed"),
    "key-invalid": Kind(401, "The API key is unknown or revoked"),
    "scope-missing": Kind(403, "The API key may not do this"),
    "origin-refused": Kind(403, "A page of another site may not give orders here"),
    "host-refused": Kind(403, "A service without keys answers to the names of its own machine only"),
    "not-found": Kind(404, "There is no such resource"),
    "release-not-found": Kind(404, "There is no such release"),
    "methodology-not-found": Kind(404, "There is no such methodology"),
    "scenario-not-found": Kind(404, "There is no such scenario"),
    "query-unresolved": Kind(404, "The ticker names no company"),
    "store-unreachable": Kind(503, "The store of releases cannot be read"),
    "method-not-allowed": Kind(405, "The resource has no such method"),
    "format-unsupported": Kind(406, "The resource has no such format"),
    "body-timeout": Kind(408, "The request body took too long to arrive"),
    "head-timeout": Kind(408, "The request head took too long to arrive"),
    "query-ambiguous": Kind(409, "The ticker names several companies"),
    "body-too-large": Kind(413, "The request body is too large"),
    "too-many-tickers": Kind(413, "The batch has too many tickers"),
    "media-type-unsupported": Kind(415, "The body is not of a type or coding that the resource reads"),
    "url-too-long": Kind(414, "The URL is too long"),
    "as-of-invalid": Kind(422, "The as-of date is malformed or later than the release supports"),
    "request-invalid": Kind(422, "The request has a missing, unknown or wrong value"),
    "schema-mismatch": Kind(422, "The two releases have different schemas"),
    "scenario-invalid": Kind(422, "The scenario does not validate, or names what the release does not have"),
    "holdings-invalid": Kind(422, "The holdings cannot be added up"),
    "filter-invalid": Kind(422, "The screen has an unknown filter value, column or size"),
    "too-much-work": Kind(422, "The request takes longer than one request may"),
    "key-busy": Kind(429, "The API key has enough requests at work already"),
    "rate-limited": Kind(429, "The API key has used up its requests"),
    "head-too-large": Kind(431, "The request head is too large"),
    "internal": Kind(500, "The service failed"),
    "busy": Kind(503, "The service has enough at work already"),
    "release-corrupt": Kind(503, "The release in the store does not match its hashes"),
}
"""Every kind by its code; the problem `type` is ``/problems/<code>``."""


_OF_THE_SERVICE: Final = (OutputError, ReferenceInvalidError, ReleaseExistsError, ReceiptInvalidError)
"""Errors of the library that no request can cause: meeting one is a failure of the service."""

_OF_THE_REQUEST: Final = (InputError, MethodologyInvalidError)
"""Errors of the library that name an argument, and have no kind of their own here."""


class GoneError(Exception):
    """The client hung up: there is nobody to answer."""


class RefusedError(ExposureError):
    """A request that is refused, by its kind.

    Parameters
    ----------
    code : str
        One of `KINDS`.
    field, problem, fix : str
        As in `ExposureError`.
    headers : mapping of str to str
        Headers of the reply, such as ``Retry-After``.
    extra : Any
        Further members of the problem document.
    """

    def __init__(
        self, code: str, field: str, problem: str, fix: str, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(field, problem, fix)
        self.code = code
        self.headers = dict(headers or {})
        self.extra = extra


def problem_response(error: ExposureError, instance: str, request_id: str) -> Response:
    """Problem document of an error."""
    kind = KINDS.get(error.code, KINDS["internal"])
    problem = str(error).removesuffix(f". Fix: {error.fix}").removeprefix(f"{error.field}: ")
    document = {
        "type": f"/problems/{error.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem,
        "field": error.field,
        "fix": error.fix,
        "instance": instance,
        "request_id": request_id,
    }
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, RefusedError):
        document |= error.extra
        headers |= error.headers
    return Response(_json(document), kind.status, headers, PROBLEM_JSON)


def internal_error() -> RefusedError:
    """RefusedError that says nothing about what went wrong inside."""
    return RefusedError(
        "internal", "service", "an unexpected error; it was logged under the request id", "try again later"
    )


async def handle(request: Request, error: Any) -> Response:
    """Turn any foreseen error into its problem document: the one exception handler of the application."""
    context = request.scope["exposure"]
    if isinstance(error, GoneError):
        return Response(status_code=CLIENT_GONE)
    return problem_response(_refusal(error, request), context.instance, context.request_id)


def _refusal(error: Exception, request: Request) -> ExposureError:
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _http(error, request)
    if isinstance(error, _OF_THE_REQUEST):
        return RefusedError("request-invalid", error.field, error.problem, error.fix)
    if isinstance(error, ExposureError) and not isinstance(error, _OF_THE_SERVICE):
        return error
    return internal_error()


def _invalid(error: RequestValidationError) -> RefusedError:
    first, *more = errors = [(_field(item["loc"]), str(item["msg"])) for item in error.errors()]
    if error.errors()[0]["type"] == "json_invalid":
        return RefusedError("body-malformed", "body", first[1], "send a JSON object in UTF-8")
    fix = "compare with /openapi.json"
    if any(item["type"] == "extra_forbidden" for item in error.errors()):
        fix = "remove it; no unknown value is ever ignored"
    detail = first[1] + (f" (and {len(more)} more)" if more else "")
    return RefusedError(
        "request-invalid", first[0], detail, fix, errors=[{"field": f, "detail": d} for f, d in errors[:20]]
    )


def _field(location: tuple[Any, ...]) -> str:
    return ".".join(map(str, location)) or "body"


def _http(error: HTTPException, request: Request) -> RefusedError:
    if error.status_code == 405:
        allowed = ", ".join(sorted(request.app.state.offered(request.scope["path"])))
        return RefusedError(
            "method-not-allowed",
            "method",
            f"{request.method} is not offered here",
            f"use {allowed}",
            {"Allow": allowed},
        )
    if error.status_code == 404:
        return RefusedError("not-found", "path", "there is nothing here", "see /openapi.json for what there is")
    if error.status_code == 400:
        return RefusedError("body-malformed", "body", "cannot be read", "send a JSON object in UTF-8")
    return internal_error()


def _json(document: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError:  # a lone surrogate in a text that came from outside
        return orjson.dumps(_printable(document))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list | tuple) else value
