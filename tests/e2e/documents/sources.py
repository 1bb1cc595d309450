"""What public sources give a reader of the documents: files that lie in a folder, and what their addresses answer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from scoring.data import data_directory
from scoring.reference.sources.wgi import SERIES
from tests.scoring.reference.sources.test_data_sets import CHINA, quarter, row
from tests.scoring.reference.sources.test_edinet import BELOW, BY_REGION, TAGGED, line, package
from tests.scoring.reference.sources.test_filings import page
from tests.scoring.reference.sources.test_gleif import APPLE, RECORDS, TOYOTA, golden_copy, pairs
from tests.scoring.reference.sources.test_lists import CONTROL_LIST, PARTIES, REGISTER
from tests.scoring.reference.sources.test_wgi import answer
from tests.service.ingest.test_proposals import HONG_KONG_TOO, YEAR
from tests.service.ingest.test_segments import AXIS, PARTS

PUBLISHED = {
    "set.zip": quarter(row(), CHINA).getvalue(),
    "company_tickers.json": json.dumps({"0": {"cik_str": 1045810, "ticker": "NVDA", "title": "NVIDIA CORP"}}).encode(),
    "consolidated.csv": PARTIES,
    "documents.json": REGISTER,
    "title-15.xml": CONTROL_LIST,
    **{series: answer(series, {("CN", 2024): 0.17}) for series in SERIES},
}
"""Last part of an address, of a quarter's set whatever its name -> what it gives."""

ADDRESSES = {
    "SEC_SYMBOLS": "company_tickers.json",
    "SCREENING_LIST": "consolidated.csv",
    "FEDERAL_REGISTER": "documents.json",
    "ECFR": "title-15.xml",
    "WGI": "{series}",
}
"""Setting -> last part of its address."""

PRODUCTS = {
    **{name: amount for name, amount in PARTS.items() if name != "Automotive"},
    "Gaming": "10,840",
    "RobotBrains": "1,694",
    "RobotBodies": "510",
}
"""Of a filing in which one product is restated and two have no family: rows 2, 3 and 4 of its proposal."""


def furnish_sources(folder: Path) -> None:
    """Put files of public sources there, and the working tables, of which one lacks what a filing says."""
    shutil.copytree(data_directory() / "reference", folder / "data" / "reference")
    _lacks(folder / "data" / "reference", "revenue.csv", "nvidia,2025,")
    _lacks(folder / "data" / "reference", "segments.csv", "nvidia,2025,Automotive,")
    products = [(f"{AXIS}:{name}Member", amount, 'scale="6"') for name, amount in PRODUCTS.items()]
    filing = page(*products, (HONG_KONG_TOO, "17,108", 'scale="6"'), **YEAR)
    (folder / "nvda-10-k-2025-02-26.htm").write_bytes(filing)
    (folder / "company_tickers.json").write_bytes(PUBLISHED["company_tickers.json"])
    (folder / "sets").mkdir()
    for path in (folder / "2025q1.zip", folder / "sets" / "2025q1.zip"):
        path.write_bytes(PUBLISHED["set.zip"])
    (folder / "S100ABCD.zip").write_bytes(package(*TAGGED, line(BY_REGION, BELOW)))
    (folder / "lei2-golden-copy.csv.zip").write_bytes(golden_copy(*RECORDS))
    (folder / "isin-lei.zip").write_bytes(pairs((APPLE, "US0378331005"), (TOYOTA, "JP3633400001")))


def _lacks(tables: Path, table: str, beginning: str) -> None:
    """Take the one row out of a table that begins so."""
    lines = (tables / table).read_text("utf-8").splitlines(keepends=True)
    left = [line for line in lines if not line.startswith(beginning)]
    assert len(left) == len(lines) - 1
    (tables / table).write_text("".join(left), "utf-8")
