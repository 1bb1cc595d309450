"""What is known about one request while it is answered."""

from __future__ import annotations

from typing import Any

from service.releases import Moment

Header = tuple[bytes, bytes]


class Context:
    """One request, kept in the ASGI scope under ``exposure``.

    Attributes
    ----------
    request_id : str
        Given by the client in ``X-Request-ID`` or made here; names the request in replies and logs.
    instance : str
        Path as it was sent, percent-escapes and all, without the query string.
    moment : Moment
        The release and the day that the whole request sees.
    key_id : str or None
        API key that was used.
    headers : list of (bytes, bytes)
        Headers that the reply gets whatever becomes of the request, such as rate limits.
    route : str
        Template of the path, for metrics.
    keep : bool
        Whether the reply is a pure function of the moment and the request, so that it may be kept.
    """

    __slots__ = ("headers", "instance", "keep", "key_id", "moment", "request_id", "route")

    def __init__(self, request_id: str, instance: str, moment: Moment) -> None:
        self.request_id = request_id
        self.instance = instance
        self.moment = moment
        self.key_id: str | None = None
        self.headers: list[Header] = []
        self.route = ""
        self.keep = False


def header(scope: Any, name: bytes) -> bytes:
    """Value of a request header, empty if there is none; several are joined as RFC 9110 says."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0] if len(found) == 1 else b", ".join(found)
