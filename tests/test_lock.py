"""requirements.lock pins what an image and a release install, and nothing else than constraints.txt does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOME = Path(__file__).parent.parent
LOCK = (HOME / "requirements.lock").read_text()
ENTRIES = re.split(r"\n(?=\S)", LOCK[LOCK.index("\n", LOCK.rindex("# ")) :].strip())
LOCKED = {canonicalize_name(Requirement(entry.split("\\")[0]).name): entry for entry in ENTRIES}


def required() -> list[Requirement]:
    project = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    of_extras = [text for extra in ("score", "serve", "mcp", "excel", "redis") for text in extras[extra]]
    return [Requirement(text) for text in [*project["dependencies"], *of_extras] if "exposure-risk[" not in text]


@pytest.mark.parametrize("entry", ENTRIES, ids=LOCKED)
def test_every_package_is_pinned_with_hashes(entry: str) -> None:
    assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.]+ (; .* )?\\\n", entry), entry
    hashes = entry.split("\\\n")[1:]
    assert hashes
    assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64} ?", line) for line in hashes)


def test_what_the_project_requires_is_there_in_a_version_that_it_allows() -> None:
    for requirement in required():
        entry = Requirement(LOCKED[canonicalize_name(requirement.name)].split("\\")[0])
        (pin,) = entry.specifier
        assert requirement.specifier.contains(pin.version), requirement


def test_the_lock_and_the_constraints_agree() -> None:
    pins = dict(line.split("==") for line in (HOME / "constraints.txt").read_text().split() if "==" in line)
    pins = {canonicalize_name(name): version for name, version in pins.items()}
    for name, entry in LOCKED.items():
        requirement = Requirement(entry.split("\\")[0])
        if requirement.marker is None or requirement.marker.evaluate():
            (pin,) = requirement.specifier
            assert pins[name] == pin.version, name


def test_it_names_no_address() -> None:
    assert "://" not in LOCK
    assert "index" not in LOCK
