"""What `mkdocs build` does beside its own: pages made from the software, and files of the project as pages."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, Final

from mkdocs.structure.files import File, Files

from service.guide.commands import command_reference
from service.guide.operations import operation_reference

_HOME: Final = Path(__file__).parents[2]
_PROJECT: Final = {
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "benchmarks/RESULTS.md": "project/results.md",
    "data/LICENSES.md": "project/data-licences.md",
}
"""Files outside the folder of the guide that are pages of it."""

_LINK: Final = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made."""
    made = {"reference/commands.md": command_reference(), "reference/operations.md": operation_reference(_document())}
    made |= {page: _moved((_HOME / name).read_text(), name, page) for name, page in _PROJECT.items()}
    for path, text in made.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let links to files of the project lead to their pages."""
    path = page.file.src_uri
    return markdown if path in _PROJECT.values() else _moved(markdown, f"docs/{path}", path)


def _moved(text: str, source: str, page: str) -> str:
    """Text of a file whose relative links lead where they led, seen from its page."""

    def link(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), match[1]))
        where = _PROJECT.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
        if where is None:
            return match[0].partition("](")[0] + "](" + match[1] + (match[2] or "") + ")"
        return f"]({posixpath.relpath(where, posixpath.dirname(page) or '.')}{match[2] or ''})"

    return _LINK.sub(link, text)


def _document() -> dict[str, Any]:
    from service.app import create_api
    from service.http.access.keys import Guard
    from service.http.cache.releases import Releases
    from service.http.openapi.document import openapi_document
    from service.settings import Settings

    settings = Settings()
    return openapi_document(create_api(settings, Releases(None, None, None, None), Guard(None)))
