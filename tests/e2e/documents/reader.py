"""What a reader of the documents has in a folder: the files that they name."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from scoring.data import data_directory

NAMES = (
    "LRCX", "AMAT", "NVDA", "INTC", "MU", "QCOM", "AVGO", "TXN", "ADI", "AAPL", "TSLA", "8035.T", "ASML NA", "7203.T",
)  # fmt: skip
BOOK = [{"ticker": name, "weight": round(0.05 + 0.005 * n, 3), "value": 1000 + 100 * n} for n, name in enumerate(NAMES)]
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
