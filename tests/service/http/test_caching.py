"""Versions in body and headers, entity tags, Cache-Control, content codings."""

from __future__ import annotations

import gzip

import httpx
import pyarrow as pa
import pytest

from tests.service.serverprocess import AS_OF, Server

PINNED = {"as_of": AS_OF, "release": "2026.11.1", "methodology": "2026.1"}
PATHS = ["/v1/scores/8035.T", "/v1/scores/8035.T/explanation", "/v1/companies", "/v1/rules", "/v1/threat/JP"]


@pytest.mark.parametrize("path", PATHS)
def test_a_current_copy_is_not_sent_again(server: Server, path: str) -> None:
    first = server.http.get(path, params=PINNED)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    for sent in (tag, f'"other", {tag}', f"W/{tag}"):
        again = server.http.get(path, params=PINNED, headers={"If-None-Match": sent})
        assert again.status_code == 304
        # They would take the place of those of the copy: a page would lose its styles.
        assert "Content-Security-Policy" not in again.headers
        assert again.content == b""
        assert again.headers["ETag"] == tag
        assert again.headers["X-Exposure-Release"] == "2026.11.1"
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert server.http.get(path, params=PINNED, headers={"If-None-Match": '"other"'}).content == first.content


def test_a_current_copy_is_recognised_before_anything_is_computed(server: Server) -> None:
    """A tag that a client keeps from another process or an earlier start: nothing has been rendered here yet."""
    tag = server.http.get("/v1/scores/AMAT", params={**PINNED, "as_of": "2019-03-04"}).headers["ETag"]
    with httpx.Client(base_url=server.url) as other:
        misses = _metric(server, "exposure_scorer_misses_total")
        path = "/v1/scores/AMAT?methodology=2026.1&release=2026.11.1&as_of=2019-03-04"  # another spelling of the URL
        assert other.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert _metric(server, "exposure_scorer_misses_total") == misses


def test_it_is_kept_that_a_copy_is_current_until_somebody_needs_its_body(server: Server) -> None:
    first = server.http.get("/v1/scores/AMAT", params={**PINNED, "as_of": "2024-03-04"})
    path = "/v1/scores/AMAT?methodology=2026.1&release=2026.11.1&as_of=2024-03-04"  # another spelling of the URL
    asked = {"If-None-Match": first.headers["ETag"]}
    assert server.http.get(path, headers=asked).status_code == 304
    hits = _metric(server, "exposure_reply_hits_total")
    known = server.http.get(path, headers=asked)
    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["ETag"] == first.headers["ETag"]
    assert _metric(server, "exposure_reply_hits_total") == hits + 1
    assert server.http.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    assert server.http.get(path).content == first.content
    assert server.http.get(path, headers=asked).status_code == 304
    assert _metric(server, "exposure_reply_hits_total") == hits + 3


def _metric(server: Server, name: str) -> float:
    lines = server.http.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith(name)).rpartition(" ")[2])


def test_tags_tell_apart_whatever_may_differ(server: Server) -> None:
    get = server.http.get
    tags = [
        get("/v1/scores/8035.T", params=PINNED),
        get("/v1/scores/AAPL", params=PINNED),
        get("/v1/scores/8035.T", params={**PINNED, "as_of": "2024-09-03"}),
        get("/v1/scores/8035.T", params={**PINNED, "format": "csv"}),
        get("/v1/scores/8035.T", params={**PINNED, "explain": True}),
        get("/v1/scores/8035.T", params=PINNED, headers={"Accept-Encoding": "gzip"}),
        get("/v1/scores/8035.T", params=PINNED, headers={"Accept-Encoding": "identity"}),
        get("/v1/scores/8035.T/explanation", params=PINNED),
    ]
    assert len({reply.headers["ETag"] for reply in tags}) >= len(tags) - 1  # httpx asks for a coding by itself


@pytest.mark.parametrize("path", PATHS)
def test_only_what_is_pinned_may_be_kept_for_ever(server: Server, path: str) -> None:
    pinned = server.http.get(path, params=PINNED).headers
    assert pinned["Cache-Control"] == "public, max-age=31536000, immutable"
    assert pinned["Vary"] == "Accept, Accept-Encoding"
    for name in PINNED:
        loose = {key: value for key, value in PINNED.items() if key != name}
        assert server.http.get(path, params=loose).headers["Cache-Control"] == "public, no-cache"


def test_replies_for_holders_of_keys_are_private(guarded: tuple[Server, str]) -> None:
    server, key = guarded
    reply = server.http.get("/v1/scores/8035.T", params=PINNED, headers={"X-API-Key": key})
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_codings(server: Server, coding: str) -> None:
    plain = server.http.get("/v1/companies", params=PINNED, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    for _ in range(2):  # rendered, then kept
        with server.http.stream("GET", "/v1/companies", params=PINNED, headers={"Accept-Encoding": coding}) as reply:
            assert reply.headers["Content-Encoding"] == coding
            raw = b"".join(reply.iter_raw())
        assert len(raw) < len(plain.content) / 4
        if coding == "gzip":
            assert gzip.decompress(raw) == plain.content
        else:
            codec = pa.Codec({"br": "brotli", "zstd": "zstd"}[coding])
            assert codec.decompress(raw, len(plain.content), asbytes=True) == plain.content


def test_what_is_small_or_compressed_is_sent_as_it_is(server: Server) -> None:
    asked = {"Accept-Encoding": "gzip"}
    assert "Content-Encoding" not in server.http.get("/v1/releases", headers=asked).headers
    assert "Content-Encoding" not in server.http.get("/v1/companies?format=parquet", headers=asked).headers


def test_a_stream_is_compressed_part_by_part(server: Server) -> None:
    body = {"tickers": ["8035.T", "ASML"] * 3000, "format": "ndjson"}
    with server.http.stream("POST", "/v1/scores", json=body, headers={"Accept-Encoding": "gzip"}) as reply:
        assert reply.headers["Content-Encoding"] == "gzip"
        assert reply.headers["Transfer-Encoding"] == "chunked"
        assert gzip.decompress(b"".join(reply.iter_raw())).count(b"\n") == 6000


def test_quality_values_decide(server: Server) -> None:
    def kind(accept: str) -> str:
        reply = server.http.get("/v1/scores/8035.T", headers={"Accept": accept})
        return reply.headers["content-type"].partition(";")[0]

    assert kind("text/csv, application/json;q=0.5") == "text/csv"
    assert kind("text/csv;q=0.1, application/json;q=0.5") == "application/json"
    assert kind("text/html, */*;q=0.1") == "application/json"
    assert kind("text/*") == "text/csv"
    assert kind("application/json;q=nonsense, text/csv;q=0.2") == "text/csv"
