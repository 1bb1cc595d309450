"""What a reader of the documents has in a folder: the files that they name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from scoring.data import data_directory
from tests.scoring.reference.sources.test_data_sets import CHINA, quarter, row
from tests.scoring.reference.sources.test_edinet import BELOW, BY_REGION, TAGGED, line, package
from tests.scoring.reference.sources.test_filings import page
from tests.service.ingest.test_proposals import HONG_KONG_TOO, YEAR
from tests.service.ingest.test_segments import AXIS, PARTS

NAMES = (
    "LRCX", "AMAT", "NVDA", "INTC", "MU", "QCOM", "AVGO", "TXN", "ADI", "AAPL", "TSLA", "8035.T", "ASML NA", "7203.T",
)  # fmt: skip
BOOK = [{"ticker": name, "weight": round(0.05 + 0.005 * n, 3), "value": 1000 + 100 * n} for n, name in enumerate(NAMES)]
PRODUCTS = {
    **{name: amount for name, amount in PARTS.items() if name != "Automotive"},
    "Gaming": "10,840",
    "RobotBrains": "1,694",
    "RobotBodies": "510",
}
"""Of a filing in which one product is restated and two have no family: rows 2, 3 and 4 of its proposal."""

SCENARIO = """scenario_id: servicing-lapses
title: Servicing licences lapse in the Netherlands
changes:
  - {op: end_rules, rule_ids: [nl-2024-09-06-servicing]}
"""
OVERLAY = {
    "revenue.csv": (
        "company_id,fiscal_year,period_end,currency,unit,total_revenue,china_revenue,china_share,share_of,china_scope,basis,"
        "evidence,published,known_by,source_id,locator,note\n"
        "toyota,2025,2026-03-31,JPY,million,48000000,9600000,0.2,revenue,mainland,unspecified,analyst-estimate,2026-05-10,"
        "2026-05-10,house-view,the only line,a view of the house\n"
    ),
    "sources.csv": "source_id,title,url,kind\nhouse-view,View of the house,https://example.com/view,news\n",
}


def furnish(folder: Path) -> None:
    """Put everything there that the commands of the documents name."""
    data = data_directory()
    shutil.copytree(data / "examples", folder / "data" / "examples")
    frame = pd.DataFrame(BOOK)
    for name in ("book", "holdings", "universe"):
        frame[["ticker", "weight"]].to_csv(folder / f"{name}.csv", index=False)
    frame[["ticker", "weight"]].iloc[::2].to_csv(folder / "index.csv", index=False)
    for name in ("tickers", "names"):
        (folder / f"{name}.txt").write_text("\n".join(NAMES[:5]) + "\n")
    sheet = openpyxl.Workbook()
    for cells in (["Ticker", "Weight", "Value"], *([one["ticker"], one["weight"], one["value"]] for one in BOOK)):
        sheet.active.append(cells)
    sheet.save(folder / "book.xlsx")
    _returns(folder)
    (folder / "mine.csv").write_text("act,date\nus-2022-10-07-sme-home,\nus-2022-10-07-acs-home,2022-10-08\n")
    (folder / "mine").mkdir()
    (folder / "mine" / "servicing.yaml").write_text(SCENARIO)
    default = (data / "methodology" / "2026.2.yaml").read_text("utf-8")
    (folder / "mine.yaml").write_text(default.replace("2026.2", "2026.2-mine", 1))
    (folder / "house").mkdir()
    for name, text in OVERLAY.items():
        (folder / "house" / name).write_text(text)
    (folder / "secret").write_text("known to both\n")


def _returns(folder: Path) -> None:
    """Returns and closes of two years around October 2022, of the book and of a market."""
    rng = np.random.Generator(np.random.PCG64(5))
    days = pd.bdate_range("2021-06-01", "2022-12-30")
    moves = pd.DataFrame(rng.normal(0, 0.01, (days.size, len(NAMES) + 1)), days, [*NAMES, "SPY"])
    moves = moves.rename_axis(index="date", columns="ticker")
    moves.stack().rename("return").to_csv(folder / "returns.csv")
    (100 * (1 + moves).cumprod()).stack().rename("close").to_csv(folder / "prices.csv")


def furnish_sources(folder: Path) -> None:
    """Put files of public sources there, and the working tables, of which one lacks what a filing says."""
    shutil.copytree(data_directory() / "reference", folder / "data" / "reference")
    _lacks(folder / "data" / "reference", "revenue.csv", "nvidia,2025,")
    _lacks(folder / "data" / "reference", "segments.csv", "nvidia,2025,Automotive,")
    products = [(f"{AXIS}:{name}Member", amount, 'scale="6"') for name, amount in PRODUCTS.items()]
    filing = page(*products, (HONG_KONG_TOO, "17,108", 'scale="6"'), **YEAR)
    (folder / "nvda-10-k-2025-02-26.htm").write_bytes(filing)
    (folder / "company_tickers.json").write_text(
        json.dumps({"0": {"cik_str": 1045810, "ticker": "NVDA", "title": "NVIDIA CORP"}})
    )
    (folder / "sets").mkdir()
    for path in (folder / "2025q1.zip", folder / "sets" / "2025q1.zip"):
        path.write_bytes(quarter(row(), CHINA).getvalue())
    (folder / "S100ABCD.zip").write_bytes(package(*TAGGED, line(BY_REGION, BELOW)))


def _lacks(tables: Path, table: str, beginning: str) -> None:
    """Take the one row out of a table that begins so."""
    lines = (tables / table).read_text("utf-8").splitlines(keepends=True)
    left = [line for line in lines if not line.startswith(beginning)]
    assert len(left) == len(lines) - 1
    (tables / table).write_text("".join(left), "utf-8")
