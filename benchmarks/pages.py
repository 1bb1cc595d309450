"""Pages of the analyst's desk: what a warm server takes to answer, every page rendered anew."""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import numpy as np

from benchmarks.measure import Result
from benchmarks.servers import our_server
from scoring.reference.releases.release import Release, open_release

_ROUNDS: Final = 30
_BOOK: Final = 500
_OTHERS: Final = (
    "/screen",
    "/what-if",
    "/acts",
    "/acts/rules/us-2022-10-07-sme-home",
    "/countries/JP",
    "/minerals",
    "/data",
    "/methodology/2026.2",
)


def run() -> list[Result]:
    """Medians from the first byte sent to the last received, over a connection that stays open, without compression."""
    release = open_release()
    researched = _researched(release)
    book = {"file": ("book.csv", _book(release, researched), "text/csv")}
    with (
        tempfile.TemporaryDirectory() as folder,
        # Without kept replies: a page is what its server makes of it.
        our_server(Path(folder), "--reply-cache-bytes", "0") as (port, _),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, headers={"Accept-Encoding": "identity"}) as http,
    ):
        companies = iter(f"/companies/{company}" for company in researched)
        http.get("/companies/tokyo-electron").raise_for_status()
        company, size = _median(lambda: http.get(next(companies)), _ROUNDS)
        again, _ = _median(lambda: http.get("/companies/tokyo-electron"), _ROUNDS)
        home, _ = _median(lambda: http.get("/"), _ROUNDS)
        scored, _ = _median(lambda: http.post("/book/score", files=book), _ROUNDS // 3)
        others = {path: _median(lambda path=path: http.get(path), _ROUNDS // 3)[0] for path in _OTHERS}
    return [
        Result("page of a company, each another one", company * 1e3, 40, "ms"),
        Result("the same of one company again", again * 1e3, math.inf, "ms"),
        Result("size of such a page", size / 1e3, 120, "KB"),
        Result("home page", home * 1e3, 25, "ms"),
        Result(f"score of a book of {_BOOK} names, sent as a file", scored * 1e3, 400, "ms"),
        *(Result(f"page {path}", seconds * 1e3, math.inf, "ms") for path, seconds in others.items()),
    ]


def _researched(release: Release) -> list[str]:
    """Companies with figures of their own: their pages have the most to show."""
    companies = release.columns("companies")
    ids: list[str] = companies["company_id"][companies["coverage"] == "researched"].tolist()
    return ids


def _book(release: Release, researched: list[str]) -> bytes:
    """Identifiers with weights: the researched companies, and others up to the number of names."""
    rest = np.setdiff1d(release.columns("companies")["company_id"], researched)
    rest = rest[:: rest.size // _BOOK][: max(_BOOK - len(researched), 0)]
    rows = [f"{name},{1 + i % 7}" for i, name in enumerate([*researched, *rest][:_BOOK])]
    return "\n".join(["ticker,weight", *rows]).encode()


def _median(ask: Callable[[], httpx.Response], rounds: int) -> tuple[float, float]:
    """Median time and size of a reply; the first is not counted."""
    times, sizes = [], []
    for round_ in range(rounds + 1):
        begun = time.perf_counter()
        reply = ask()
        taken = time.perf_counter() - begun
        reply.raise_for_status()
        if round_:
            times.append(taken)
            sizes.append(len(reply.content))
    return statistics.median(times), statistics.median(sizes)
