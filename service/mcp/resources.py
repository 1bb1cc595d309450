"""The resources: a methodology, a release, a company; each is a document of the HTTP API, whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

import orjson

from scoring.errors import InputError
from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.mcp.asking import Service

_SCHEME: Final = "exposure://"


class Kind(NamedTuple):
    """A kind of resource: the name of its key, where the API has it, and what it is."""

    key: str
    path: str
    text: str


KINDS: Final = {
    "methodology": Kind("version", "/v1/methodologies/", "Every parameter of the score with value, range and reason."),
    "release": Kind("version", "/v1/releases/", "A release of reference data: dates, and the hash of every table."),
    "company": Kind("company_id", "/v1/companies/", "Every fact about a company, with its source."),
}
"""Every kind by the first part of its address."""

METHODOLOGY: Final = f"{_SCHEME}methodology/{DEFAULT_METHODOLOGY}"
"""Address of the methodology that is used where none is named."""

CURRENT: Final = f"{_SCHEME}release/current"
"""Address of the release that is served now."""


def template(kind: str) -> str:
    """Template of the addresses of a kind."""
    return f"{_SCHEME}{kind}/{{{KINDS[kind].key}}}"


async def read(service: Service, address: str, asker: Mapping[str, str]) -> str:
    """A resource as JSON.

    Raises
    ------
    InputError
        There is no such address.
    RefusalError
        The service refuses, or there is none of this name.
    """
    kind, slash, key = address.removeprefix(_SCHEME).partition("/")
    if not address.startswith(_SCHEME) or kind not in KINDS or not slash or not key:
        known = ", ".join(template(kind) for kind in KINDS)
        raise InputError("uri", f"{address[:100]!r} is not the address of a resource", f"use one of {known}")
    if address == CURRENT:
        listed = (await service.ask("GET", "/v1/releases", {}, asker)).document
        key = next(entry["version"] for entry in listed if entry["is_current"])
    path = KINDS[kind].path + quote(unquote(key), safe="")
    return orjson.dumps((await service.ask("GET", path, {}, asker)).document).decode()
