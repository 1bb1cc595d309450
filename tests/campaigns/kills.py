"""`kill -9` at random moments of taking, reviewing, building, publishing and promoting: nothing is ever half there.

Run as ``python -m tests.campaigns.kills``; it is no part of the tests. Every step is the command itself in a process of
its own, forked from this one so that a moment is seldom lost on imports, and killed between its start and a little
after its usual end. What lies there then must open and verify: proposals, tables, releases, the current release. The
same command is then run to its end, and must complete what was broken off. The tables are those of the researched
companies.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scoring.data import data_directory
from scoring.errors import ExposureError
from scoring.reference.releases.pointer import last_move
from scoring.reference.releases.release import list_releases, open_release
from scoring.reference.releases.validate import validate
from service.cli import main as main_of_command
from service.ingest.proposal import list_proposals, open_proposal
from tests.scoring.reference.sources.test_filings import page

_MEMBER = "srt:StatementGeographicalAxis=nvda:ChinaIncludingHongKongMember"
_YEAR = {"start": "2024-01-29", "end": "2025-01-26", "total": "130,497"}
_VERSION = "2026.12.9"


@dataclass(frozen=True)
class Step:
    """One command: what it is run with, what is put back before it, and whether its work is done."""

    name: str
    arguments: list[str]
    put_back: Callable[[], None]
    is_done: Callable[[], bool]


class Campaign:
    """A folder of working tables, proposals, built releases and a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reference, self.proposals = folder / "reference", folder / "proposals"
        self.built, self.store, self.kept = folder / "built", folder / "store", folder / "kept"
        shutil.copytree(data_directory() / "reference", self.reference)
        self._cut()
        self._verified: dict[str, bytes] = {}
        self.filing = folder / "nvda-10-k-2025-02-26.htm"
        self.filing.write_bytes(page((_MEMBER, "17,108", 'scale="6"'), **_YEAR))
        self.outcomes: Counter[str] = Counter()
        self.failures: list[str] = []

    def _cut(self) -> None:
        """Leave the researched companies, without the figure that the filing gives."""
        with (self.reference / "companies.csv").open(encoding="utf-8", newline="") as file:
            kept = {row["company_id"] for row in csv.DictReader(file) if row["coverage"] == "researched"}
        for path in self.reference.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                read = csv.DictReader(file)
                rows, names = list(read), read.fieldnames or []
            if "company_id" in names:
                rows = [row for row in rows if row["company_id"] in kept]
            if path.name == "revenue.csv":
                rows = [row for row in rows if (row["company_id"], row["fiscal_year"]) != ("nvidia", "2025")]
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, names, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

    def steps(self) -> list[Step]:
        """The steps in order; running all leaves a promoted release."""
        tables = ["--reference", str(self.reference), "--proposals", str(self.proposals)]
        take = ["data", "take", "sec-filings", str(self.filing), *tables]
        _run(take)
        [name] = list_proposals(self.proposals)
        return [
            Step("take", take, lambda: self._clear(self.proposals), lambda: list_proposals(self.proposals) == [name]),
            Step("review", ["data", "review", name, "--accept", *tables], self._before_review, self._is_accepted),
            Step(
                "build",
                ["release", "build", "--source", str(self.reference), "--store", str(self.built), "--version", _VERSION,
                 "--no-estimates"],
                lambda: self._clear(self.built), lambda: list_releases(self.built) == [_VERSION],
            ),
            Step("publish", ["release", "publish", str(self.store), "--from", str(self.built)],
                 lambda: self._clear(self.store), lambda: list_releases(self.store) == [_VERSION]),
            Step("promote", ["release", "promote", str(self.store), _VERSION],
                 lambda: self._clear(self.store / "moves"), lambda: last_move(str(self.store)) is not None),
        ]  # fmt: skip

    def kill(self, step: Step, usual: float, dice: random.Random) -> bool:
        """Break one step off and look; then run it to its end. Whether it was still at work."""
        step.put_back()
        moment = dice.uniform(0, 1.05 * usual)
        child = _begun(step.arguments)
        time.sleep(moment)
        ended, _ = os.waitpid(child, os.WNOHANG)
        if ended:
            self.outcomes[f"{step.name}: was done before"] += 1
        else:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            self.outcomes[f"{step.name}: killed"] += 1
        label = f"{step.name} after {moment:.3f} s"
        self._look(label)
        if step.is_done():
            self.outcomes[f"{step.name}: its work was there"] += 1
            return not ended
        status = _run(step.arguments)
        if status or not step.is_done():
            self.failures.append(f"{label}: again ends with {status}")
        self._look(f"{label}, done again")
        return not ended

    def measured(self, step: Step) -> float:
        """Seconds that the whole step takes."""
        step.put_back()
        begin = time.perf_counter()
        _run(step.arguments)
        if not step.is_done():
            self.failures.append(f"{step.name} did not do its work")
        return time.perf_counter() - begin

    def _look(self, label: str) -> None:
        """Everything that is to be seen opens and verifies."""
        try:
            for name in list_proposals(self.proposals):
                open_proposal(self.proposals, name)
            tables = {path.name: path.read_bytes() for path in self.reference.glob("*.csv")}
            if tables != self._verified:
                validate(self.reference)
                self._verified = tables
            for store in (self.built, self.store):
                for version in list_releases(store):
                    open_release(version, store)
            if last_move(str(self.store)) is not None:
                open_release(None, str(self.store))
        except (ExposureError, OSError) as error:
            self.failures.append(f"{label}: {error}")

    def _before_review(self) -> None:
        """Tables and proposal as they were before the first review."""
        if not self.kept.exists():
            for folder in (self.reference, self.proposals):
                shutil.copytree(folder, self.kept / folder.name)
        for folder in (self.reference, self.proposals):
            self._clear(folder)
            shutil.copytree(self.kept / folder.name, folder)

    def _is_accepted(self) -> bool:
        [name] = list_proposals(self.proposals)
        with (self.reference / "revenue.csv").open(encoding="utf-8", newline="") as file:
            rows = [
                row for row in csv.DictReader(file) if (row["company_id"], row["fiscal_year"]) == ("nvidia", "2025")
            ]
        return len(rows) == 1 and not open_proposal(self.proposals, name).open_rows()

    def _clear(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)


def _begun(arguments: list[str]) -> int:
    """Start the command in a process of its own; its number."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.argv = ["exposure", *arguments]
        try:
            main_of_command()
        except SystemExit as ending:
            os._exit(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
        except BaseException:
            os._exit(70)
        os._exit(0)
    return child


def _run(arguments: list[str]) -> int:
    """Run the command to its end; its status."""
    return os.waitstatus_to_exitcode(os.waitpid(_begun(arguments), 0)[1])


def main() -> int:
    """Run the campaign and print its figures; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # a campaign that can be repeated, no secret
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        steps = campaign.steps()
        for number, step in enumerate(steps):
            usual = campaign.measured(step)
            # The steps share the kills; every step leaves its work for the next.
            left = options.count * (number + 1) // len(steps) - options.count * number // len(steps)
            while left:
                if campaign.kill(step, usual, dice):
                    left -= 1
                else:
                    usual *= 0.9  # the first time was slower than those that follow
            print(f"{step.name} takes {usual:.1f} s", flush=True)
    for name, count in sorted(campaign.outcomes.items()):
        print(f"{count:8,} {name}")
    for failure in campaign.failures[:20]:
        print(failure)
    print(f"{len(campaign.failures)} failures")
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
