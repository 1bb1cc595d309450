"""A page being answered: an exchange whose reply is HTML, from the same moment, scorers and errors as the API's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import anyio.to_thread
from fastapi import Request
from fastapi.responses import Response

from service.http.bundled import known_methodologies
from service.http.exchange import OFF_LOOP, Basis, Exchange, Where
from service.http.parameters import read_query
from service.web.options import PageOptions
from service.web.render import PAGE_HEADERS, Frame, fingerprint, render

if TYPE_CHECKING:
    from scoring.scorer import Scorer

O = TypeVar("O", bound=PageOptions)  # noqa: E741

Content = Mapping[str, Any]
"""What a template shows, by name."""


class Page(Exchange[O]):
    """One page being answered.

    Parameters
    ----------
    request : Request
    options : PageOptions
    identity : bytes, optional
        What tells this request from others to the same path, beside the templates. Default: the options.
    """

    def __init__(self, request: Request, options: O, identity: bytes | None = None) -> None:
        asked = options.model_dump_json().encode() if identity is None else identity
        super().__init__(request, options, fingerprint() + asked)
        self.format = "html"

    async def show(self, template: str, content: Callable[[Scorer], Content], where: Where = OFF_LOOP) -> Response:
        """Reply with a template filled with what `content` makes from the scorer."""
        frame = await self.frame(await self.basis())
        return await self.reply(lambda scorer: render(template, frame, content(scorer)), where)

    async def frame(self, basis: Basis) -> Frame:
        """What stands around the page."""
        versions = await anyio.to_thread.run_sync(self.kept.releases.versions)
        asked = self.options.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        return Frame(
            path=self.request.url.path,
            state=self.options.state,
            releases=tuple(versions),
            methodologies=known_methodologies(),
            as_of=basis.as_of.isoformat(),
            release=basis.release.version,
            methodology=basis.methodology.document.version,
            scenario=getattr(self.options, "scenario", None) or "",
            estimates=basis.estimates,
            last_as_of=basis.release.last_as_of.isoformat(),
            sha256=basis.release.sha256,
            fields={name: value for name, value in asked.items() if name not in self.options.state},
            logged_in=self.kept.guard.is_on,
        )

    def _caching(self, tag: str, is_immutable: bool) -> dict[str, str]:
        # A page changes with the program, so no address of one lasts for ever.
        return super()._caching(tag, False) | {"Vary": "Accept-Encoding, Cookie"}

    def _response(self, body: bytes, coding: str | None, headers: dict[str, str]) -> Response:
        if coding is not None:
            headers["Content-Encoding"] = coding
        return Response(body, headers=headers | PAGE_HEADERS | self.extra, media_type="text/html; charset=utf-8")


def page(request: Request, options: type[O]) -> Page[O]:
    """The page of a request whose query string has these options; errors as in `service.http.parameters.read_query`."""
    return Page(request, read_query(request, options))
