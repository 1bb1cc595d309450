"""The Python of every page runs from its top to its end, in one namespace a page, as a reader would type it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import scoring.changes.attribution
import service.jobs.dataset
from tests.e2e.command import exposure
from tests.e2e.documents.blocks import ROOT, Block, pages, spans
from tests.e2e.documents.shell import ADDRESS
from tests.service.serverprocess import Server, running

PAGES = pages("python")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server") / "server.log") as started:
        yield started


def run(blocks: list[Block], address: str) -> dict[str, object]:
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks:
        # The lines before it are empty, so that an error names the line of the document.
        source = "\n" * block.line + block.text.replace(ADDRESS, address)
        exec(compile(source, str(ROOT / block.document), "exec"), names)
    return names


@pytest.mark.parametrize("page", sorted(PAGES))
def test_it_runs(page: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asks = any(ADDRESS in block.text for block in PAGES[page])
    names = run(PAGES[page], request.getfixturevalue("server").url if asks else ADDRESS)
    assert names.keys() > {"__name__", "__builtins__"}


def test_the_first_example_gives_what_the_readme_prints() -> None:
    names = run(PAGES["README.md"], ADDRESS)
    assert names["frame"]["score"].round(1).tolist() == [49.5, 37.5, 48.0]  # type: ignore[index]
    assert names["tree"].score > 49  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def spoken(desk: Path) -> dict[str, Any]:
    """What the calls in running text name."""
    release, tickers = scoring.open_release(), ["8035.T", "ASML"]
    before, after = (scoring.Scorer(release, day) for day in ("2024-09-02", "2026-07-31"))
    folder = desk / "dataset"
    done = exposure("panel", *tickers, "--start", "2026-06-01", "-o", folder)
    assert done.returncode == 0, done.stderr
    return {
        "scoring": scoring, "service": service, "release": release, "tickers": tickers, "folder": folder,
        "before": before, "after": after, "scorer": before, "as_of": "2024-09-02", "scenario": "match-act-enacted",
        "holdings": scoring.Holdings.from_weights(tickers, [0.5, 0.5]), "act": "us-2022-10-07-sme-home",
        "start": "2026-06-01", "end": "2026-07-01",
    }  # fmt: skip


@pytest.mark.parametrize(("document", "call"), spans(r"(scoring|service)\.[\w.]+\("), ids=lambda value: value)
def test_a_call_in_running_text_works(
    document: str, call: str, spoken: dict[str, Any], desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    given = re.sub(r"(\w+)=\.\.\.", r"\1=\1", call)
    assert eval(given, dict(spoken)) is not None, document
