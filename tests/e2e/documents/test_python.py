"""The Python of every page runs from its top to its end, in one namespace a page, as a reader would type it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.documents.blocks import ROOT, Block, pages
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
def test_it_runs(
    page: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    recwarn: pytest.WarningsRecorder,
) -> None:
    monkeypatch.chdir(tmp_path)
    asks = any(ADDRESS in block.text for block in PAGES[page])
    names = run(PAGES[page], request.getfixturevalue("server").url if asks else ADDRESS)
    assert names.keys() > {"__name__", "__builtins__"}


def test_the_first_example_gives_what_the_readme_prints() -> None:
    names = run(PAGES["README.md"], ADDRESS)
    assert names["frame"]["score"].round(1).tolist() == [49.5, 37.5, 48.0]  # type: ignore[index]
    assert names["tree"].score > 49  # type: ignore[attr-defined]
