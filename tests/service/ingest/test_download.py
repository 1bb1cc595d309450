"""Downloads from a real server on this machine: polite, patient, once, and whole or not at all."""

from __future__ import annotations

import datetime as dt
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scoring.errors import InputError
from service.ingest.download import Downloads, addresses
from service.ingest.settings import DownloadSettings

DAY = dt.date(2026, 11, 27)


class Source(ThreadingHTTPServer):
    """A source that answers as `replies` says, one after the other; the last one stands for all that follow."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies, self.asked = [(200, {}, b"data")], []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/set.zip?x=1"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(dict(self.headers))
        status, headers, body = self.server.replies[min(len(self.server.asked), len(self.server.replies)) - 1]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def source():
    server = Source()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def downloads(tmp_path, **options):
    given = {"user_agent": "Tests test@example.com", "longest_wait_seconds": 0.01, "pause_seconds": 0, "attempts": 3}
    return Downloads("some", DownloadSettings(cache=tmp_path, **{**given, **options}), DAY)


def drafts(tmp_path):
    return list(tmp_path.rglob("*.part"))


def test_a_file_is_kept_with_its_day_and_hash(tmp_path, source):
    path = downloads(tmp_path).fetch(source.url)
    assert path.read_bytes() == b"data"
    assert path.relative_to(tmp_path).parts == ("some", "2026-11-27", "3a6eb0790f39", "set.zip")
    assert source.asked[0]["User-Agent"] == "Tests test@example.com"
    assert drafts(tmp_path) == []


def test_what_did_not_change_is_not_fetched_again(tmp_path, source):
    source.replies = [(200, {"ETag": '"1"', "Last-Modified": "Fri, 27 Nov 2026 00:00:00 GMT"}, b"data"), (304, {}, b"")]
    first = downloads(tmp_path).fetch(source.url)
    assert downloads(tmp_path).fetch(source.url) == first
    assert source.asked[1]["If-None-Match"] == '"1"'
    assert source.asked[1]["If-Modified-Since"] == "Fri, 27 Nov 2026 00:00:00 GMT"


def test_another_edition_is_kept_beside_the_first(tmp_path, source):
    first = downloads(tmp_path).fetch(source.url)
    source.replies = [(200, {}, b"newer")]
    second = downloads(tmp_path).fetch(source.url)
    assert (first.read_bytes(), second.read_bytes()) == (b"data", b"newer")


def test_a_file_that_was_removed_is_fetched_again(tmp_path, source):
    source.replies = [(200, {"ETag": '"1"'}, b"data")]
    downloads(tmp_path).fetch(source.url).unlink()
    assert downloads(tmp_path).fetch(source.url).read_bytes() == b"data"
    assert "If-None-Match" not in source.asked[1]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_source_is_asked_again(tmp_path, source, status):
    source.replies = [(status, {"Retry-After": "0"}, b""), (200, {}, b"data")]
    assert downloads(tmp_path).fetch(source.url).read_bytes() == b"data"
    assert len(source.asked) == 2


def test_a_source_that_stays_busy_is_given_up(tmp_path, source):
    source.replies = [(503, {}, b"")]
    with pytest.raises(InputError, match=r"cannot be fetched \(status 503\).*try again later"):
        downloads(tmp_path).fetch(source.url)
    assert len(source.asked) == 3


def test_what_is_not_there_is_not_asked_for_again(tmp_path, source):
    source.replies = [(404, {}, b"no")]
    with pytest.raises(InputError, match="gives status 404"):
        downloads(tmp_path).fetch(source.url)
    assert len(source.asked) == 1


def test_a_file_that_breaks_off_is_fetched_again_and_never_kept(tmp_path, source):
    source.replies = [(200, {"Content-Length": "9"}, b"data"), (200, {}, b"data")]
    assert downloads(tmp_path).fetch(source.url).read_bytes() == b"data"
    source.replies = [(200, {"Content-Length": "9"}, b"other")]
    with pytest.raises(InputError, match="cannot be fetched"):
        downloads(tmp_path).fetch(source.url)
    assert [path.read_bytes() for path in tmp_path.rglob("set.zip")] == [b"data"]
    assert drafts(tmp_path) == []


def test_a_file_that_is_too_large_is_refused(tmp_path, source):
    with pytest.raises(InputError, match="larger than allowed"):
        downloads(tmp_path, largest_bytes=3).fetch(source.url)
    assert drafts(tmp_path) == []


def test_a_source_that_cannot_be_reached(tmp_path):
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9/x cannot be fetched"):
        downloads(tmp_path).fetch("http://127.0.0.1:9/x")


def test_nothing_is_fetched_by_nobody(tmp_path):
    with pytest.raises(InputError, match="EXPOSURE_DATA_USER_AGENT: is empty"):
        downloads(tmp_path, user_agent="")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=lei2-golden-copy.csv.zip", "lei2-golden-copy.csv.zip"),
        ('attachment; filename="isin-lei-20261127T071511.zip"; size=9', "isin-lei-20261127T071511.zip"),
        ('attachment; filename="../../../etc/passwd"', "set.zip"),
        ("attachment; filename=..", "set.zip"),
        ("inline", "set.zip"),
    ],
)
def test_a_file_has_the_name_that_its_server_gives(tmp_path, source, header, name):
    source.replies = [(200, {"Content-Disposition": header}, b"data")]
    path = downloads(tmp_path).fetch(source.url)
    assert path.relative_to(tmp_path).parts == ("some", "2026-11-27", "3a6eb0790f39", name)


def test_a_file_has_the_name_of_the_address_that_it_was_at_in_the_end(tmp_path, source):
    source.replies = [(302, {"Location": "/storage/golden-copy.csv.zip"}, b""), (200, {}, b"data")]
    assert downloads(tmp_path).fetch(source.url).name == "golden-copy.csv.zip"


def test_legal_entities_are_two_files():
    urls = addresses("gleif", DownloadSettings(gleif="https://here/copy", gleif_isins="https://here/isins"), DAY, DAY)
    assert urls == ["https://here/copy", "https://here/isins"]


def test_quarters_that_are_published():
    urls = addresses("sec-data-sets", DownloadSettings(), dt.date(2026, 2, 1), DAY)
    assert [url.rpartition("/")[2] for url in urls] == [
        "company_tickers.json",
        "2026q1.zip",
        "2026q2.zip",
        "2026q3.zip",
    ]
    with pytest.raises(InputError, match="sec-filings is not fetched"):
        addresses("sec-filings", DownloadSettings(), DAY, DAY)
