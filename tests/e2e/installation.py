"""Environments that have this project from its wheel with some extras, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.e2e.command import ROOT

PROJECT = "exposure-risk"


def build_wheel(folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, environment: Path, *extras: str) -> Path:
    """New environment with the wheel and exactly what it requires; returns its folder of packages.

    The packages are lent by the environment of the tests: as pip would choose them, without an index.
    """
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel],
        check=True, timeout=300,
    )  # fmt: skip
    (packages,) = environment.glob("lib/python3*/site-packages")
    (about,) = packages.glob("*.dist-info")
    for lent in _required(PathDistribution(about), extras):
        for name in {file.parts[0] for file in lent.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (packages / name).exists():
                (packages / name).symlink_to(str(lent.locate_file(name)))
    return packages


def _required(project: Distribution, extras: tuple[str, ...]) -> list[Distribution]:
    """What the project with some extras takes, and what that takes in turn."""
    wanted = [(project, {"", *extras})]
    seen: dict[str, set[str]] = {}
    found: dict[str, Distribution] = {}
    while wanted:
        one, asked = wanted.pop()
        name = canonicalize_name(one.name)
        new = asked - seen.setdefault(name, set())
        seen[name] |= asked
        for text in one.requires or () if new else ():
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in new):
                of_project = canonicalize_name(need.name) == PROJECT
                found[need.name] = project if of_project else distribution(need.name)
                wanted.append((found[need.name], {"", *need.extras}))
    return [one for one in found.values() if one is not project]
