"""Ask the HTTP API: the service of this process, or one elsewhere.

Nothing is computed twice and no limit is kept twice: an assistant has the same keys, limits, errors and numbers as any
other client.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import httpx
from starlette.types import ASGIApp

from scoring.errors import ExposureError

_HERE: Final = "http://localhost"
_PATIENCE: Final = 120.0
"""Seconds to wait for a reply; the service itself gives up sooner."""

_VERSIONS: Final = ("release", "methodology", "as_of")
CREDENTIALS: Final = ("authorization", "x-api-key")
"""Headers that say who asks; they are passed on."""


class RefusalError(ExposureError):
    """The service refused a request: its problem document as an error."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("field") or "request", problem["detail"], problem.get("fix") or "")
        candidates = problem.get("candidates") or ()
        self.candidates = [dict(candidate) for candidate in candidates]


class Reply(NamedTuple):
    """What the service answered.

    Attributes
    ----------
    document : Any
        The JSON of the reply.
    versions : dict of str to str
        Release, methodology and as-of date that its numbers rest on; empty where there are no numbers.
    total : int or None
        Rows on all pages, where the service has cut one.
    """

    document: Any
    versions: dict[str, str]
    total: int | None


class Service:
    """The HTTP API, to be asked.

    Parameters
    ----------
    http : httpx.AsyncClient
        Client of the service.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @classmethod
    def here(cls, app: ASGIApp) -> Service:
        """The service of this process, asked without a network."""
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        return cls(httpx.AsyncClient(transport=transport, base_url=_HERE, timeout=_PATIENCE))

    @classmethod
    def at(cls, url: str, key: str | None) -> Service:
        """A service elsewhere, asked with a key."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return cls(httpx.AsyncClient(base_url=url, headers=headers, timeout=_PATIENCE))

    async def ask(self, method: str, path: str, sent: dict[str, Any], asker: Mapping[str, str]) -> Reply:
        """Ask for one thing.

        Parameters
        ----------
        method, path : str
        sent : dict
            Query string of a GET, body of a POST.
        asker : mapping of str to str
            Headers of whoever asks, of which the credentials are passed on.

        Raises
        ------
        RefusalError
            The service refuses, or is not there.
        """
        headers = {name: asker[name] for name in CREDENTIALS if name in asker}
        how: dict[str, Any] = {"json": sent} if method == "POST" else {"params": _query(sent)}
        try:
            response = await self._http.request(method, path, headers=headers, **how)
        except httpx.TransportError as error:
            raise RefusalError(
                {"field": "service", "detail": f"cannot be reached ({error})", "fix": "check --url, or try again later"}
            ) from None
        try:
            document = response.json()
        except ValueError:
            document = {"field": "service", "detail": f"answered {response.status_code} without JSON", "fix": ""}
        if not response.is_success:
            raise RefusalError(document)
        found = {name: response.headers.get(f"X-Exposure-{name.replace('_', '-')}") for name in _VERSIONS}
        total = response.headers.get("X-Total-Count")
        return Reply(document, {name: value for name, value in found.items() if value}, total and int(total))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _query(sent: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in sent.items()}
