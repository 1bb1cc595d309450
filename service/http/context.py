"""What is known about one request while it is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from scoring.reference.releases.release import Release

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a request sees from its first to its last byte.

    Attributes
    ----------
    release : Release
        The current release.
    as_of : datetime.date
        As-of date of requests that give none.
    """

    release: Release
    as_of: dt.date


class Context:
    """One request, kept in the ASGI scope under ``exposure``.

    Attributes
    ----------
    request_id : str
        Given by the client in ``X-Request-ID`` or made here; names the request in replies and logs.
    instance : str
        Path as it was sent, percent-escapes and all, without the query string.
    sent : mapping of bytes to bytes
        Headers of the request.
    moment : Moment
        The release and the day that the whole request sees.
    key_id : str or None
        API key that was used.
    headers : list of (bytes, bytes)
        Headers that the reply gets whatever becomes of the request, such as rate limits.
    route : str
        Template of the path, for metrics.
    spend : callable or None
        Counts what the request costs its key beyond one request; None without keys.
    keep : bool
        Whether the reply is a pure function of the moment and the request, so that it may be kept.
    """

    __slots__ = ("headers", "instance", "keep", "key_id", "moment", "request_id", "route", "sent", "spend")

    def __init__(self, request_id: str, instance: str, sent: Mapping[bytes, bytes], moment: Moment) -> None:
        self.request_id = request_id
        self.instance = instance
        self.sent = sent
        self.moment = moment
        self.key_id: str | None = None
        self.headers: list[Header] = []
        self.route = ""
        self.spend: Callable[[int], Awaitable[None]] | None = None
        self.keep = False

    def text(self, name: bytes) -> str:
        """Value of a request header, empty if there is none."""
        return self.sent.get(name, b"").decode("latin-1")


def by_name(headers: Iterable[Header]) -> dict[bytes, bytes]:
    """Headers by name; several of one name are joined as RFC 9110 says."""
    pairs = list(headers)
    joined = dict(pairs)
    if len(joined) < len(pairs):
        joined = {}
        for name, value in pairs:
            joined[name] = b", ".join((joined[name], value)) if name in joined else value
    return joined
