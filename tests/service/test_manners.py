"""Manners of HTTP: all methods answered or refused, coded bodies, file names, lengths of lists, origins."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from tests.service.conftest import Serving
from tests.service.http.test_bad_input import check
from tests.service.serverprocess import AS_OF, Server

JSON = {"Content-Type": "application/json"}
BATCH = json.dumps({"tickers": ["8035.T", "ASML"], "as_of": AS_OF}).encode()


@pytest.mark.parametrize("path", ["/v1/scores/8035.T", "/v1/rules?format=csv", "/openapi.json", "/", "/healthz"])
def test_head_is_get_without_its_body(server: Server, path: str) -> None:
    get, head = server.http.get(path), server.http.head(path)
    assert (head.status_code, head.content) == (200, b"")
    mine = {"x-request-id", "date"}
    assert {n: v for n, v in head.headers.items() if n not in mine} == {
        n: v for n, v in get.headers.items() if n not in mine
    }


def test_head_is_refused_as_get_is(server: Server) -> None:
    assert server.http.head("/v1/scores/no-such-company").status_code == 404
    assert server.http.head("/v1/receipts").status_code == 405


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/v1/changes", "GET, HEAD, OPTIONS, POST"),
        ("/v1/scores", "OPTIONS, POST"),
        ("/v1/scores/BRK/B", "GET, HEAD, OPTIONS"),
        ("/v1/revenue-at-risk", "OPTIONS, POST"),
    ],
)
def test_what_is_offered_is_told_whole(server: Server, path: str, allow: str) -> None:
    options = server.http.options(path)
    assert (options.status_code, options.headers["Allow"], options.content) == (204, allow, b"")
    refused = server.http.delete(path)
    check(refused, 405, "method-not-allowed", "method")
    assert refused.headers["Allow"] == allow


def test_what_is_not_there_offers_nothing(server: Server) -> None:
    check(server.http.options("/nothing/here"), 404, "not-found")


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "GZIP"])
def test_a_body_may_be_compressed(server: Server, name: str) -> None:
    plain = server.http.post("/v1/scores", content=BATCH, headers=JSON)
    coded = server.http.post("/v1/scores", content=gzip.compress(BATCH), headers=JSON | {"Content-Encoding": name})
    assert coded.json() == plain.json()
    assert coded.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("name", ["zstd", "br", "deflate", "gzip, gzip", "x" * 300])
def test_a_coding_that_is_not_read_is_named(server: Server, name: str) -> None:
    reply = server.http.post("/v1/scores", content=BATCH, headers=JSON | {"Content-Encoding": name})
    check(reply, 415, "media-type-unsupported", "Content-Encoding")
    assert reply.headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "body",
    [BATCH, gzip.compress(BATCH)[:-9], gzip.compress(BATCH) * 2, zlib.compress(BATCH), b"\x1f\x8b"],
    ids=["plain", "cut", "doubled", "zlib", "two-bytes"],
)
def test_a_broken_stream_is_refused(server: Server, body: bytes) -> None:
    reply = server.http.post("/v1/scores", content=body, headers=JSON | {"Content-Encoding": "gzip"})
    check(reply, 400, "body-malformed", "body")


def test_a_small_body_that_unpacks_to_much_is_refused(server: Server) -> None:
    bomb = gzip.compress(b" " * 2**30, compresslevel=9)
    reply = server.http.post("/v1/scores", content=bomb, headers=JSON | {"Content-Encoding": "gzip"})
    check(reply, 413, "body-too-large", "body")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_a_body_of_another_type_is_refused(server: Server, kind: str) -> None:
    check(server.http.post("/v1/scores", content=BATCH, headers={"Content-Type": kind}), 415, "media-type-unsupported")


def test_any_tag_will_do(server: Server) -> None:
    assert server.http.get("/v1/scores/8035.T", headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"/v1/scores/8035.T?format=csv&as_of={AS_OF}", f"score-{AS_OF}.csv"),
        (f"/v1/rules?format=xlsx&as_of={AS_OF}", f"rules-{AS_OF}.xlsx"),
        (f"/v1/screens?format=parquet&as_of={AS_OF}", f"screen-{AS_OF}.parquet"),
        (f"/v1/companies?format=arrow&as_of={AS_OF}", f"companies-{AS_OF}.arrows"),
    ],
)
def test_a_table_names_its_file(server: Server, path: str, name: str) -> None:
    assert server.http.get(path).headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_stream_names_its_file_and_json_is_shown(server: Server) -> None:
    asked = {"tickers": ["8035.T"], "as_of": AS_OF}
    stream = server.http.post("/v1/scores", json=asked | {"format": "ndjson"})
    assert stream.headers["Content-Disposition"] == f'attachment; filename="score_batch-{AS_OF}.ndjson"'
    assert "Content-Disposition" not in server.http.post("/v1/scores", json=asked).headers


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/rules", "/v1/countermeasures", "/v1/minerals", "/v1/events", "/v1/releases", "/v1/scenarios"),
        *("/v1/minerals/gallium/companies", "/v1/events/us-2022-10-07-sme-home/impact"),
    ],
)
def test_a_list_tells_its_length(server: Server, path: str) -> None:
    reply = server.http.get(path)
    assert int(reply.headers["X-Total-Count"]) == len(reply.json()) > 0


@pytest.mark.parametrize("path", ["/v1/companies?country=JP&limit=20", "/v1/screens?country=JP&limit=20"])
def test_pages_lead_on_and_back(server: Server, path: str) -> None:
    url: str | None = path
    seen: list[str] = []
    pages = []
    while url is not None:
        pages.append(url)
        reply = server.http.get(url)
        seen += [row["company_id"] for row in reply.json()]
        total = int(reply.headers["X-Total-Count"])
        url = reply.links.get("next", {}).get("url")
    assert len(seen) == len(set(seen)) == total > 40
    back = reply.links["prev"]["url"]
    assert back == pages[-2]
    assert server.http.get(back).json()[0]["company_id"] == seen[20 * (len(pages) - 2)]
    assert "prev" not in server.http.get(path).links


def test_replies_are_for_pages_of_this_service_alone(server: Server) -> None:
    for path in ("/v1/scores/8035.T", "/", "/nothing"):
        assert server.http.get(path).headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_page_of_another_site_gives_no_orders(server: Server) -> None:
    own = {"Origin": server.url}
    for origin in ("https://evil.example", "null", f"{server.url}0"):
        check(server.http.post("/v1/admin/reload", headers={"Origin": origin}), 403, "origin-refused", "Origin")
        check(server.http.post("/v1/scores", content=BATCH, headers=JSON | {"Origin": origin}), 403, "origin-refused")
    assert server.http.post("/v1/admin/reload", headers=own).status_code == 200
    assert server.http.post("/v1/scores", content=BATCH, headers=JSON | own).status_code == 200
    assert server.http.get("/v1/scores/8035.T", headers={"Origin": "https://evil.example"}).status_code == 200


def test_an_origin_that_may_read_may_ask_but_not_order(serving: Serving) -> None:
    server = serving("--cors-origins", "https://desk.example")
    desk = {"Origin": "https://desk.example"}
    reply = server.http.post("/v1/scores", content=BATCH, headers=JSON | desk)
    assert reply.status_code == 200
    exposed = {name.strip() for name in reply.headers["Access-Control-Expose-Headers"].split(",")}
    assert exposed >= {
        "ETag",
        "Link",
        "X-Total-Count",
        "X-Request-ID",
        "Retry-After",
        "Content-Disposition",
        "RateLimit",
    }
    check(server.http.post("/v1/admin/reload", headers=desk), 403, "origin-refused", "Origin")


def test_behind_a_proxy_addresses_are_those_of_the_client(serving: Serving) -> None:
    server = serving("--root-path", "/exposure", "--forwarded-from", "127.0.0.1")
    reply = server.http.get("/v1/screens?limit=5", headers={"X-Forwarded-For": "203.0.113.7"})
    assert reply.links["next"]["url"].startswith("/exposure/v1/screens?")
    assert server.http.get("/openapi.json").json()["servers"] == [{"url": "/exposure"}]
    server.stop()
    asked = [line for line in server.lines() if line.get("path") == "/v1/screens"]
    assert [line["client"] for line in asked] == ["203.0.113.7"]


def test_forwarded_addresses_are_believed_of_no_one_else(serving: Serving) -> None:
    server = serving()
    server.http.get("/v1/releases", headers={"X-Forwarded-For": "203.0.113.7"})
    server.stop()
    assert [line["client"] for line in server.lines() if line.get("path") == "/v1/releases"] == ["127.0.0.1"]
