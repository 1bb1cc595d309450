"""Reference data: rules, countermeasures, minerals and coercive acts, and the companies that one of them touches."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from service.http.exchange import Exchange, asking
from service.http.openapi.document import documented
from service.http.options import TableOptions
from service.http.parameters import in_path

Asked = Annotated[Exchange[TableOptions], Depends(asking(TableOptions))]


router = APIRouter(tags=["reference data"])


def _serve(kind: str, what: str, one: str, example: str) -> None:
    """Routes of one kind of reference data: the list, and the companies that one of it touches.

    Parameters
    ----------
    kind : str
        One of `scoring.lookup.touched.LISTS`, also the path.
    what, one : str
        The list and a single item of it, in words.
    example : str
        Identifier of an item.
    """
    path = {"key": ("Identifier.", example)}

    @router.get(
        f"/v1/{kind}", **documented(kind, "ReferenceRow", options=TableOptions, reply="table"), summary=f"List {what}"
    )
    async def rows(exchange: Asked) -> Response:
        """What was known by the date, each with its source and how many companies it touches."""
        from scoring.lookup.touched import listed

        return await exchange.table(listed, kind)

    @router.get(
        f"/v1/{kind}/{{key}}/companies",
        **documented(f"{kind}_companies", "Touched", path=path, options=TableOptions, reply="table"),
        summary=f"Companies that {one} touches",
    )
    async def companies(key: Annotated[str, in_path("key")], exchange: Asked) -> Response:
        """Companies that it touches at the date and by how much, most first."""
        from scoring.lookup.touched import touches

        return await exchange.table(touches, kind, key)


@router.get(
    "/v1/minerals/leverage",
    **documented("leverage", "Leverage", options=TableOptions, reply="table"),
    summary="China's leverage by mineral and country",
)
async def leverage(exchange: Asked) -> Response:
    """Over each country through each mineral, what it is made of, and how strong the measures in force on it are."""
    from scoring.lookup.leverage import leverage_table

    return await exchange.table(leverage_table)


_serve("rules", "export controls", "a package of export controls", "jp-2023-07-23")
_serve("countermeasures", "measures of China", "a measure of China", "cn-2010-09-21-japan-embargo-gadolinium")
_serve("minerals", "critical minerals", "the supply of a mineral", "gallium")
_serve("events", "coercive acts of China", "a coercive act", "2010-09-rare-earths-japan")
