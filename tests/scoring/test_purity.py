"""The library imports little, reads no clock, network or environment, and gives the same bits in every process."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import scoring

SOURCES = sorted(Path(scoring.__file__).parent.rglob("*.py"))
HEAVY = ("pandas", "sklearn", "pandera", "fastapi", "scipy", "pyarrow.dataset", "service", "requests", "httpx")

CLOCK = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter"}
FORBIDDEN_MODULES = {"time", "socket", "ssl", "http", "urllib", "requests", "httpx", "aiohttp", "random", "secrets"}
FORBIDDEN_CALLS = {"getenv", "environ", "environb", "getpass", "uuid1", "gethostname"}


def run(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def loaded_after(code):
    report = "import sys; print('\\n'.join(sorted(sys.modules)))"
    return set(run(f"{code}\n{report}").splitlines())


@pytest.mark.parametrize(
    "code",
    [
        "import scoring",
        "import scoring; scoring.Scorer",
        "import scoring\nscorer = scoring.Scorer(scoring.open_release(), '2024-09-02')\nscorer.columns(['8035.T'])",
        "import scoring\nscoring.Scorer(scoring.open_release(), '2024-09-02').explain('8035.T')",
        "import scoring; dir(scoring); scoring.load_methodology()",
    ],
    ids=["import", "class", "score", "explain", "methodology"],
)
def test_what_is_not_imported(code):
    loaded = loaded_after(code)
    assert "scoring" in loaded
    assert not [name for name in HEAVY if name in loaded]


def test_the_check_of_imports_can_fail():
    assert "sklearn" in loaded_after("import scoring; scoring.CompositeScore")


def test_every_public_name_exists():
    for name in scoring.__all__:
        assert getattr(scoring, name).__name__ == name
        assert name in dir(scoring)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = scoring.nonsense


def uses(tree):
    """Uses of the clock, the network, randomness or the environment, as (line, what)."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, a.name) for a in node.names if a.name.split(".")[0] in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom):
            if (node.module or "").split(".")[0] in FORBIDDEN_MODULES:
                found.append((node.lineno, node.module))
            found += [(node.lineno, a.name) for a in node.names if a.name in FORBIDDEN_CALLS | {"random"}]
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_CALLS | {"default_rng"}:
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            found.append((node.lineno, node.func.attr))
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[path.parts.index("scoring") :]))
def test_no_clock_network_or_environment(path):
    assert uses(ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "import datetime as dt\ndt.date.today()",
        "from datetime import datetime\ndatetime.now()",
        "import time",
        "import os\nos.environ['A']",
        "import os\nos.getenv('A')",
        "from os import environ",
        "import requests",
        "import httpx",
        "from urllib.request import urlopen",
        "import socket",
        "import numpy as np\nnp.random.default_rng()",
    ],
)
def test_the_scan_can_fail(code):
    assert uses(ast.parse(code))


def test_the_same_bits_in_every_process():
    """Another order of sets and another time zone change nothing."""
    code = """
import hashlib, scoring
digest = hashlib.sha256()
for as_of in ("2019-01-01", "2024-09-02", "2026-07-31"):
    scorer = scoring.Scorer(scoring.open_release("2026.11.1"), as_of)
    for name, column in sorted(scorer.columns(scorer.evaluation.facts.company_ids).items()):
        digest.update(column.tobytes() if column.dtype.kind == "f" else repr(column.tolist()).encode())
    digest.update(scorer.explain("asml").model_dump_json().encode())
print(digest.hexdigest())
"""
    first = run(code, PYTHONHASHSEED="1", TZ="UTC")
    second = run(code, PYTHONHASHSEED="2", TZ="Pacific/Kiritimati")
    assert len(first) == 64
    assert first == second
