"""Screens over HTTP and through the client: filters, pages, formats, baskets."""

from __future__ import annotations

import asyncio
import json

import pandas as pd
import pytest

from scoring.columns import SCREEN
from scoring.scorer import Scorer
from scoring.screening.basket import basket
from scoring.screening.filters import Filters
from scoring.screening.screen import screen_page
from service.client import AsyncClient, Client
from service.formats.encode import FORMATS, encode
from service.http.openapi.models import BasketRow, ScreenRow
from tests.service.serverprocess import Server

PINNED = {"as_of": "2024-09-02", "release": "2026.11.1", "methodology": "2026.1"}


def test_it_is_the_library_s_screen(server: Server, scorer_at) -> None:
    asked = {
        "country": "jp,NL",
        "industry": "Technology Hardware, Storage & Peripherals,Semiconductor Materials & Equipment",
        "min": "score:20,china_share:0.1",
        "sort": "control",
        "descending": "false",
        **PINNED,
    }
    reply = server.http.get("/v1/screens", params=asked)
    filters = Filters(
        country=["JP", "NL"],
        industry=["Technology Hardware, Storage & Peripherals", "Semiconductor Materials & Equipment"],
        at_least={"score": 20, "china_share": 0.1},
    )
    want = screen_page(scorer_at(PINNED["as_of"]), filters, sort="control", descending=False)
    assert reply.json() == json.loads(encode(want.columns, "json"))
    assert int(reply.headers["X-Total-Count"]) == want.total > 3
    assert "Link" not in reply.headers
    for row in reply.json():
        assert list(row) == list(SCREEN)
        ScreenRow.model_validate(row)


def test_pages_lead_to_all(server: Server, release) -> None:
    whole = screen_page(Scorer(release, PINNED["as_of"]), Filters(country="US"), sort="score_control")
    # Only the day is given: the next page must rest on the same release and methodology.
    url, params = "/v1/screens", {"country": "US", "sort": "score_control", "limit": 100, "as_of": PINNED["as_of"]}
    seen: list[str] = []
    while url:
        reply = server.http.get(url, params=params)
        assert int(reply.headers["X-Total-Count"]) == whole.total
        seen += [row["company_id"] for row in reply.json()]
        url, params = reply.links.get("next", {}).get("url"), None
        assert url is None or ("release=2026.11.1" in url and "methodology=2026.2" in url)
    assert seen == whole.columns["company_id"].tolist()


def test_a_kept_reply_keeps_its_headers(server: Server) -> None:
    first, second = (server.http.get("/v1/screens", params={"limit": 7, **PINNED}) for _ in range(2))
    assert first.headers["Link"] == second.headers["Link"]
    assert first.headers["X-Total-Count"] == second.headers["X-Total-Count"]
    current = server.http.get(
        "/v1/screens", params={"limit": 7, **PINNED}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert current.status_code == 304


@pytest.mark.parametrize("name", FORMATS)
def test_formats(server: Server, name: str) -> None:
    reply = server.http.get("/v1/screens", params={"format": name, "limit": 3, **PINNED})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == FORMATS[name].media_type


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_client(server: Server, scorer_at, kind: str) -> None:
    asked = {"country": ["JP", "KR"], "limit": 30, **PINNED}
    if kind == "sync":
        with Client(server.url) as client:
            whole = client.screen(**asked)
            pages = list(client.screen_pages(**asked))
            book = client.basket(3, "sector", **PINNED)
    else:

        async def ask() -> tuple[pd.DataFrame, list[pd.DataFrame], pd.DataFrame]:
            async with AsyncClient(server.url) as client:
                pages = [page async for page in client.screen_pages(**asked)]
                return await client.screen(**asked), pages, await client.basket(3, "sector", **PINNED)

        whole, pages, book = asyncio.run(ask())
    want = screen_page(scorer_at(PINNED["as_of"]), Filters(country="JP,KR"))
    assert whole["company_id"].tolist() == want.columns["company_id"].tolist()
    assert len(pages) == -(-want.total // 30)
    assert max(len(page) for page in pages) == 30
    assert pd.concat(pages, ignore_index=True).equals(whole)
    expected = basket(scorer_at(PINNED["as_of"]), 3, neutral="sector")
    assert book["company_id"].tolist() == expected["company_id"].tolist()
    assert book["weight"].tolist() == expected["weight"].tolist()


def test_a_basket_goes_back_in_as_a_book(server: Server) -> None:
    rows = server.http.get("/v1/screens/basket", params={"count": 2, "neutral": "both", **PINNED}).json()
    for row in rows:
        BasketRow.model_validate(row)
    holdings = [{"ticker": row["ticker"], "weight": row["weight"]} for row in rows]
    scored = server.http.post("/v1/portfolios/score", json={"holdings": holdings, **PINNED}).json()
    assert [p["company_id"] for p in scored["positions"]] == [row["company_id"] for row in rows]
    assert scored["spread"]["score"] < 0


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ("country=ZZ", 422, "filter-invalid", "country"),
        ("sector=Tech%20Stuff", 422, "filter-invalid", "sector"),
        ("mineral=galium", 422, "filter-invalid", "mineral"),
        ("sort=name", 422, "filter-invalid", "sort"),
        ("min=score", 422, "filter-invalid", "min"),
        ("min=score:abc", 422, "filter-invalid", "min"),
        ("min=score:1,score:2", 422, "filter-invalid", "min"),
        ("max=scor:1", 422, "filter-invalid", "scor"),
        ("min=score:nan", 422, "filter-invalid", "score"),
        ("limit=0", 422, "request-invalid", "limit"),
        ("limit=5001", 422, "request-invalid", "limit"),
        ("offset=-1", 422, "request-invalid", "offset"),
        ("country=JP&country=US", 422, "request-invalid", "country"),
        ("country=", 422, "request-invalid", "country"),
        ("colour=red", 422, "request-invalid", "colour"),
        ("as_of=2999-01-01", 422, "as-of-invalid", "as_of"),
        ("scenario=x", 404, "scenario-not-found", "scenario"),
        ("format=pdf", 406, "format-unsupported", "format"),
        ("industry=%00", 422, "filter-invalid", "industry"),
    ],
)
def test_bad_screens(server: Server, query: str, status: int, code: str, field: str) -> None:
    reply = server.http.get(f"/v1/screens?{query}")
    problem = reply.json()
    assert (reply.status_code, problem["type"], problem["field"]) == (status, f"/problems/{code}", field), reply.text


@pytest.mark.parametrize(
    ("query", "field"), [("count=0", "count"), ("count=1000", "basket"), ("neutral=region", "neutral")]
)
def test_bad_baskets(server: Server, query: str, field: str) -> None:
    reply = server.http.get(f"/v1/screens/basket?{query}")
    assert (reply.status_code, reply.json()["field"]) == (422, field)
