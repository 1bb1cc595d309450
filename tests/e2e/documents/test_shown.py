"""What documents print beside a command, and the counts that they state, is what comes."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest

import scoring
from tests.e2e.command import ROOT, exposure
from tests.e2e.documents.blocks import Block, of_kind

SESSIONS = {block.document: block for block in of_kind("session")}
WITHOUT = "import sys; sys.modules['fastapi'] = None; from service.cli import main; main()"


def shown(block: Block) -> list[tuple[list[str], list[str]]]:
    """Words of each command, and the lines below it."""
    parts = re.split(r"^\$ exposure (.*)\n", block.text, flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [(shlex.split(command), text.strip("\n").splitlines()) for command, text in pairs]


def test_sessions_are_compared() -> None:
    assert SESSIONS.keys() == {"README.md", "docs/install.md"}


@pytest.mark.parametrize(("words", "lines"), shown(SESSIONS["README.md"]), ids=lambda value: value[0])
def test_the_readme_shows_what_is_printed(words: list[str], lines: list[str]) -> None:
    printed = [line.rstrip() for line in exposure(*words).stdout.decode().splitlines()]
    if lines[-1].lstrip().startswith("..."):
        left_out = re.search(r"\.\.\. (\d+) more facts", lines.pop())
        assert left_out
        facts = [line for line in printed if re.match(r"  \[\d+\]", line)]
        assert int(left_out[1]) == len(facts) - sum(line in facts for line in lines)
    assert [line.rstrip() for line in lines] == printed[: len(lines)]


def test_what_is_said_without_an_extra() -> None:
    [(words, lines)] = shown(SESSIONS["docs/install.md"])
    done = subprocess.run([sys.executable, "-c", WITHOUT, *words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == lines


def test_the_guide_counts_the_index_right() -> None:
    text = " ".join((ROOT / "docs" / "guide.md").read_text("utf-8").split())
    stated = re.search(
        r"`(data/examples/sp500\.csv)` \((\d+) shares, .*?\) under release (\S+) .*? as of (\S+): all (\d+) resolve; "
        r"(\d+) are known, (\d+) old, (\d+) estimated, none partial or unresolved", text,
    )  # fmt: skip
    assert stated
    path, shares, release, as_of, resolved, *counts = stated.groups()
    done = exposure("coverage", ROOT / path, "--release", release, "--as-of", as_of, "--json")
    parts = {part["known"]: part["positions"] for part in json.loads(done.stdout)["parts"]}
    assert [shares, resolved] == [str(sum(parts.values()))] * 2
    assert [str(parts.get(name, 0)) for name in ("known", "old", "estimated")] == counts
    assert not parts.get("partial")
    assert not parts.get("unresolved")


def test_the_readme_counts_the_companies_right() -> None:
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    stated = re.search(
        r"facts of release (\S+) end on \*\*(\S+)\*\*.*Of ([\d,]+) companies (\d+) are researched\. Of these (\d+) "
        r"have China shares in the data, (\d+) one that is recent enough on the last day\. The other ([\d,]+)", text,
    )  # fmt: skip
    assert stated
    version, day, *counts = stated.groups()
    release = scoring.open_release()
    status = scoring.Scorer(release, day).universe()["status"]
    companies, revenue = (release.table(name).to_pandas() for name in ("companies", "revenue"))
    researched = companies["coverage"] == "researched"
    found = [
        len(status),
        researched.sum(),
        revenue["company_id"].nunique(),
        (status == "ok").sum(),
        (status == "estimated").sum(),
    ]
    assert (version, day) == (release.version, str(release.last_as_of))
    assert counts == [f"{count:,}" for count in found]
