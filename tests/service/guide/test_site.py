"""The documentation as a site: it builds strictly, and every link leads somewhere."""

from __future__ import annotations

import html.parser
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

import scoring
from service.cli.app import COMMANDS
from tests.service.serverprocess import exposure

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


class Page(html.parser.HTMLParser):
    """Links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        self.loads += [given[name] for name in ("src",) if given.get(name)]
        if tag == "link" and given.get("rel") == "stylesheet":
            self.loads.append(given["href"])


def test_links_lead_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: Page(path.read_text()) for path in site.rglob("*.html") if path.name != "404.html"}
    assert len(pages) > 30
    for path, page in pages.items():
        assert [one for one in page.loads if urlsplit(one).scheme in ("http", "https")] == []
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), (path.name, link)
            if parts.fragment and target in pages and not parts.fragment.startswith("__"):
                assert unquote(parts.fragment) in pages[target].anchors, (path.name, link)


def test_reference_pages_have_all_of_it(site: Path) -> None:
    commands = (site / "reference" / "commands.html").read_text()
    assert [name for name in COMMANDS if f"exposure {name}" not in commands] == []
    assert "--add-columns" in commands
    operations = (site / "reference" / "operations.html").read_text()
    assert "POST /v1/portfolios/score" in operations
    python = (site / "reference" / "python.html").read_text()
    assert [name for name in scoring.__all__ if name not in python] == []
    assert "Parameters" in python


def test_a_service_can_serve_it(site: Path, serving: Any) -> None:
    server = serving("--guide", str(site))
    page = server.http.get("/guide/")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for path in re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"#]+\.(?:js|css))"', page.text):
        assert server.http.get(f"/guide/{path}").status_code == 200
    assert server.http.get("/guide/nothing.html").json()["type"] == "/problems/not-found"
    assert server.http.get("/guide/..%2f..%2fetc/passwd").status_code == 404
    assert server.http.get("/readyz").status_code == 200
    none = exposure("serve", "--guide", str(site / "reference"), "--port", "0")
    assert none.returncode == 2
    assert "make guide" in none.stderr
