"""What the routes of rules, countermeasures, minerals and events have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from scoring.views import listed, touches
from service.exchange import Exchange, asking
from service.models import ReferenceRow, Touched
from service.openapi import documented
from service.options import TableOptions

Asked = Annotated[Exchange[TableOptions], Depends(asking(TableOptions))]


def reference_router(kind: str, what: str, one: str) -> APIRouter:
    """Routes of one kind of reference data: the list, and the companies that one of it touches.

    Parameters
    ----------
    kind : str
        One of `scoring.views.LISTS`, also the path.
    what, one : str
        The list and a single item of it, in words.
    """
    router = APIRouter(tags=["reference data"])

    @router.get(f"/v1/{kind}", **documented(kind, list[ReferenceRow], tables=True), summary=f"List {what}")
    async def rows(exchange: Asked) -> Response:
        """What was known by the date, each with its source and how many companies it touches."""
        return await exchange.table(listed, kind)

    @router.get(
        f"/v1/{kind}/{{key}}/companies",
        **documented(f"{kind}_companies", list[Touched], tables=True),
        summary=f"Companies that {one} touches",
    )
    async def companies(key: Annotated[str, Path(description="Identifier.")], exchange: Asked) -> Response:
        """Companies that it touches at the date and by how much, most first."""
        return await exchange.table(touches, kind, key)

    return router
