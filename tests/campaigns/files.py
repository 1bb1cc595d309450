"""Thousands of damaged files into `score` and `portfolio`: no traceback, no wrong company in silence, bounded cost.

Run as ``python -m tests.campaigns.files``; it is no part of the tests. Every file is a list whose companies are known,
written as one of twelve vendors writes it and then damaged. A row that came through with an identifying cell intact
must give the company of that cell, or none, or say in its reason what was assumed.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from scoring.errors import ExposureError
from scoring.portfolio.score import score_portfolio
from scoring.reference.identifiers.row import Row
from scoring.reference.identifiers.row_match import RowMatch
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer
from service.books.book import read_book
from service.books.holdings import read_holdings
from tests.campaigns.broken_off import tally
from tests.campaigns.damage import DAMAGES, damaged
from tests.campaigns.vendors import VENDORS, Holding, holdings_of, written

_COMMAND = Path(sys.executable).with_name("exposure")
_PATIENCE = 600
"""Seconds after which a command hangs, however busy the machine."""
_EVERY = 100
"""One file in so many also goes through the command itself."""


class Campaign:
    """What came of the files so far."""

    def __init__(self, scorer: Scorer, folder: Path) -> None:
        self.scorer, self.folder = scorer, folder
        self.outcomes: Counter[str] = Counter()
        self.failures: list[str] = []
        self.slowest = 0.0

    def run(self, seed: int) -> None:
        """Write, damage and read one file."""
        dice = random.Random(seed)  # a campaign that can be repeated, no secret
        vendor, damage = dice.choice(VENDORS), dice.choice(DAMAGES)
        holdings = dice.sample(self.holdings, dice.randint(3, 25))
        path = self.folder / f"{seed}{vendor.suffix}"
        path.write_bytes(damaged(written(vendor, holdings, dice), damage, dice))
        label = f"seed {seed}, {vendor.name}, {damage}"
        begin = time.perf_counter()
        rows = self._guarded(label, "score", lambda: self._score(path, holdings, label))
        self._guarded(label, "portfolio", lambda: score_portfolio(self.scorer, read_holdings(path)))
        self.slowest = max(self.slowest, time.perf_counter() - begin)
        if seed % _EVERY == 0:
            self._command(path, label)
        path.unlink()
        self.outcomes["rows"] += rows or 0

    @property
    def holdings(self) -> list[Holding]:
        """Every company of the release with a listing, as a file can name it."""
        if not hasattr(self, "_holdings"):
            self._holdings = holdings_of(self.scorer)
        return self._holdings

    def _guarded(self, label: str, what: str, read):
        try:
            result = read()
        except ExposureError as error:
            self.outcomes[f"{what} refused"] += 1
            if "\n" in str(error):
                self.failures.append(f"{label}: the error of {what} has several lines: {error}")
            return None
        except Exception:
            self.failures.append(f"{label}: {what} broke\n{traceback.format_exc()}")
            return None
        self.outcomes[f"{what} read"] += 1
        return result

    def _score(self, path: Path, holdings: list[Holding], label: str) -> int:
        rows = read_book(path).rows
        for found in self.scorer.resolver.match_rows(rows):
            self.outcomes[found.match.status] += 1
            problem = self._judge(found, holdings)
            if problem == "said":
                self.outcomes["another company, and said so"] += 1
            elif problem is not None:
                self.failures.append(f"{label}: {problem}")
        self.scorer.columns(rows)
        return len(rows)

    def _judge(self, found: RowMatch, holdings: list[Holding]) -> str | None:
        """What is wrong with a match, ``said`` if its reason says what was assumed, or None."""
        if found.match.status != "ok":
            return None
        true = {h.company_id for h in holdings if intact(found.row, h)}
        company = self.scorer.resolver.company_ids[found.match.company]
        if not true or company in true:
            return None
        if found.match.reason:
            return "said"
        return f"{found.row} is {company}, not {', '.join(sorted(true))}, by {found.evidence}"

    def _command(self, path: Path, label: str) -> None:
        for command in ("score", "portfolio"):
            self.outcomes[f"command {command}"] += 1
            try:
                done = subprocess.run([_COMMAND, command, path], capture_output=True, check=False, timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                self.failures.append(f"{label}: exposure {command} did not end within {_PATIENCE} seconds")
                continue
            if done.returncode not in (0, 2, 3) or b"Traceback" in done.stderr:
                self.failures.append(
                    f"{label}: exposure {command} ended with {done.returncode}\n{done.stderr.decode()}"
                )


def intact(row: Row, holding: Holding) -> bool:
    """Whether a row still has a cell that names a holding."""
    texts = {text for _, text in row.identifiers} | {row.name}
    return bool(texts & set(holding.texts))


def main() -> int:
    """Run the campaign and print its figures; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="First seed.")
    parser.add_argument("--release", default=None)
    options = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Scorer(open_release(options.release)), Path(folder))
        done = 0
        try:
            for done in range(1, options.count + 1):
                campaign.run(options.first + done - 1)
        except KeyboardInterrupt:
            done -= 1  # what was found until then is told
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{done} files in {time.perf_counter() - begin:.0f} s, slowest {campaign.slowest:.2f} s")
    print(f"memory {before / 1024:.0f} MB before, {peak / 1024:.0f} MB at most")
    return tally(campaign.outcomes, campaign.failures)


if __name__ == "__main__":
    sys.exit(main())
