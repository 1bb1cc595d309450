"""Financial Statement Data Sets of full size, taken in by the command: its time, and its memory at most.

Run as ``python -m tests.campaigns.sets --quarters 3``; it is no part of the tests. The sets are generated in the
layout of the SEC, with as many filings and rows as a true quarter, so that their figures mean nothing and their size
does. Every set holds one filing of Nvidia, whose figure must come through.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from scoring.data import data_directory
from tests.scoring.reference.sources.test_data_sets import NUM, SUB

FILINGS, ROWS = 7_000, 1_230
"""Filings of a quarter, and rows of `num.txt` of each: 8.6 million rows, 1.4 GB."""

_TAGS = ["Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax"] + [
    f"SomethingElseWithALongNameOfItsOwnNumber{number}" for number in range(60)
]
_SPLITS = ["", "", ""] + [
    f"{axis}={member};"
    for axis in ("BusinessSegments", "Geographical", "ProductOrService", "EquityComponents", "Range")
    for member in ("Americas", "CN", "Hardware", "Services", "Software", "Maximum", "RetainedEarnings", "US")
]
_COMMAND = Path(sys.executable).with_name("exposure")


def write_set(path: Path, year: int, quarter: int) -> int:
    """Write one set; its size unpacked, in bytes."""
    dice = random.Random(year * 4 + quarter)  # sets that can be made again, no secret
    end, size = f"{year}{quarter * 3:02}30", 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("sub.txt", "w") as file:
            subs = [_sub(f"{number:010}", number, f"FILER {number}", year, quarter) for number in range(1, FILINGS + 1)]
            subs.append(_sub("0001045810", 1045810, "NVIDIA CORP", year, quarter))
            file.write("\n".join([SUB, *subs, ""]).encode())
        with archive.open("num.txt", "w", force_zip64=True) as file:
            size += file.write(f"{NUM}\n".encode())
            for sub in subs:
                adsh = sub.partition("\t")[0]
                size += file.write(_rows(adsh, end, dice, "1045810" in sub).encode())
    return size


def _sub(number: str, cik: int, name: str, year: int, quarter: int) -> str:
    end = f"{year}{quarter * 3:02}30"
    filed = f"{year + quarter // 4}{quarter * 3 % 12 + 1:02}28"
    return f"{number}-{year % 100}-{quarter:06}\t{cik}\t{name}\t3674\t10-K\t{end}\t{year}\tFY\t{filed}"


def _rows(adsh: str, end: str, dice: random.Random, is_known: bool) -> str:
    lines = []
    if is_known:
        for split, value in (("", 200_000), ("Geographical=CN;", 20_000), ("ProductOrService=Gaming;", 150_000),
                             ("ProductOrService=DataCenter;", 50_000)):  # fmt: skip
            lines.append(f"{adsh}\tRevenues\tus-gaap/2024\t{end}\t4\tUSD\t{split}\t\t{value}000000.0000\t")
    for _ in range(ROWS):
        tag, split = dice.choice(_TAGS), dice.choice(_SPLITS)
        if is_known and tag in _TAGS[:2]:
            continue
        value = dice.randrange(10**11)
        footnote = "a footnote of a length that is usual" if value % 50 == 0 else ""
        quarters = dice.choice("0014")
        lines.append(f"{adsh}\t{tag}\tus-gaap/2024\t{end}\t{quarters}\tUSD\t{split}\t\t{value}.0000\t{footnote}")
    return "\n".join([*lines, ""])


def main() -> int:
    """Generate, take in and print what it took; 1 if a figure did not come through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quarters", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="Where the sets are kept for another run.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        size = 0
        paths = []
        for number in range(options.quarters):
            path = folder / f"{2010 + number // 4}q{number % 4 + 1}.zip"
            if not path.exists():
                write_set(path, 2010 + number // 4, number % 4 + 1)
            with zipfile.ZipFile(path) as archive:
                size += sum(info.file_size for info in archive.infolist())
            paths.append(path)
        symbols = folder / "company_tickers.json"
        symbols.write_text(json.dumps({"0": {"cik_str": 1045810, "ticker": "NVDA", "title": "NVIDIA CORP"}}))
        return _take([*paths, symbols], Path(name), size)


def _take(files: list[Path], work: Path, size: int) -> int:
    reference = data_directory() / "reference"
    begin = time.perf_counter()
    done = subprocess.run(
        [_COMMAND, "data", "take", "sec-data-sets", *files, "--reference", reference, "--proposals", work / "proposals",
         "--work", work / "read", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall = time.perf_counter() - begin
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    packed = sum(path.stat().st_size for path in files)
    print(f"{len(files) - 1} sets, {size / 2**30:.2f} GB unpacked, {packed / 2**30:.2f} GB zipped")
    print(
        f"{wall:.0f} s, {spent.ru_utime + spent.ru_stime:.0f} s of a processor, {spent.ru_maxrss / 1024:.0f} MB at most"
    )
    print(f"{(spent.ru_utime + spent.ru_stime) / size * 2**30:.1f} s of a processor for a GB")
    print(done.stdout or done.stderr)
    rows = [
        json.loads(line)
        for path in (work / "proposals").glob("*/rows.ndjson")
        for line in path.read_text().splitlines()
    ]
    found = {row["cells"]["published"] for row in rows if row["cells"].get("china_revenue") == "20000"}
    print(f"figures of {len(found)} sets came through")
    return 0 if len(found) == len(files) - 1 else 1


if __name__ == "__main__":
    sys.exit(main())
