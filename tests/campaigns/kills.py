"""`kill -9` at random moments of taking, reviewing, building, publishing and promoting: nothing is ever half there.

Run as ``python -m tests.campaigns.kills``; it is no part of the tests. What lies there after a kill must open and
verify: proposals, tables, releases, the current release. The same command is then run to its end, and must complete
what was broken off. The tables are those of the researched companies.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sys
import tempfile
from pathlib import Path

from scoring.data import data_directory
from scoring.errors import ExposureError
from scoring.reference.releases.pointer import last_move
from scoring.reference.releases.release import list_releases, open_release
from scoring.reference.releases.validate import validate
from service.ingest.proposal import list_proposals, open_proposal
from tests.campaigns.broken_off import Step, Trials, run, tally
from tests.scoring.reference.sources.test_filings import page

_MEMBER = "srt:StatementGeographicalAxis=nvda:ChinaIncludingHongKongMember"
_YEAR = {"start": "2024-01-29", "end": "2025-01-26", "total": "130,497"}
_VERSION = "2026.12.9"


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
        run(take)
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

    def look(self) -> None:
        """Everything that is to be seen opens and verifies."""
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


def main() -> int:
    """Run the campaign and print its figures; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        trials = Trials(campaign.look, (ExposureError, OSError))
        # A campaign that can be repeated, no secret.
        trials.of(campaign.steps(), options.count, random.Random(options.seed))
    return tally(trials.outcomes, trials.failures)


if __name__ == "__main__":
    sys.exit(main())
