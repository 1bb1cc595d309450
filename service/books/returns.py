"""Returns or prices as a user has them: long tables of date, ticker and a number, checked row by row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.errors import InputError
from service.books.contents import does_not_exist

if TYPE_CHECKING:
    import pandas as pd

_VALUES: Final = ("return", "close")
_MOST_NAMED: Final = 5
_LARGEST: Final = 1.0
"""Daily returns above 100 percent are percentages that were not divided."""


@dataclass(frozen=True)
class Returns:
    """Simple daily returns.

    Attributes
    ----------
    table : DataFrame, shape (days, names)
        NaN where there is none.
    market : Series or None
        Of the benchmark.
    notes : tuple of str
        What was assumed or left out.
    """

    table: pd.DataFrame
    market: pd.Series[float] | None
    notes: tuple[str, ...]


def read_returns(path: Path, benchmark: str | None = None) -> Returns:
    """Read a CSV or Parquet file with the columns date, ticker and return or close, and currency if there are several.

    Parameters
    ----------
    path : Path
    benchmark : str, optional
        Ticker in the file that stands for the market.

    Raises
    ------
    InputError
        A column, a date or a ticker is missing, a date or number cannot be read, a row is there twice with another
        value, the prices of one ticker are in several currencies, or the benchmark is not in the file.
    """
    import pandas as pd

    frame = _frame(path)
    value = next((name for name in _VALUES if name in frame.columns), None)
    missing = [name for name in ("date", "ticker") if name not in frame.columns]
    if missing or value is None:
        lacking = ", ".join([*missing, *(["return or close"] if value is None else [])])
        raise InputError(str(path), f"has no column {lacking}", "give date, ticker, and return or close")
    for name in ("date", "ticker"):
        _filled(path, frame, name)
    frame = frame.assign(ticker=frame["ticker"].astype("string").str.strip(), date=_dates(path, frame["date"]))
    frame[value] = _numbers(path, frame[value], value)
    notes = []
    repeated = frame.duplicated(["date", "ticker", value]).sum()
    if repeated:
        notes.append(f"{repeated} rows are there twice; each was taken once")
    frame = frame.drop_duplicates(["date", "ticker", value])
    twice = frame.loc[frame.duplicated(["date", "ticker"]), ["date", "ticker"]]
    if len(twice):
        raise InputError(
            str(path),
            f"has two values of {_listed(f'{row.ticker} on {row.date:%Y-%m-%d}' for row in twice.itertuples())}",
            "keep one row per date and ticker",
        )
    if "currency" in frame.columns:
        kinds = frame.groupby("ticker")["currency"].nunique()
        mixed = sorted(kinds[kinds > 1].index)
        if mixed:
            raise InputError(
                "currency", f"prices of {_listed(mixed)} are in several currencies", "give each ticker one currency"
            )
        known = sorted(frame["currency"].dropna().unique())
        if len(known) > 1:
            notes.append(f"{value}s are in {len(known)} currencies ({_listed(known)}); none is converted")
    table = frame.pivot(index="date", columns="ticker", values=value).sort_index()
    if value == "close":
        table = table.pct_change(fill_method=None).iloc[1:]
    elif (table.abs() > _LARGEST).mean().mean() > 0.05:
        raise InputError("return", "is above 1 on many days", "divide percentages by 100")
    gaps = int(table.isna().sum().sum())
    if gaps:
        notes.append(f"{gaps} returns are missing; a name without one in the window is left out of that event")
    market = None
    if benchmark is not None:
        if benchmark not in table.columns:
            raise InputError("--benchmark", f"{benchmark!r} is not a ticker of {path}", "name one that the file has")
        market = table.pop(benchmark)
    return Returns(pd.DataFrame(table), market, tuple(notes))


def read_events(path: Path) -> list[tuple[str, dt.date | None]]:
    """Read a list of events: a column act, and if the day is another than the announcement, date.

    Raises
    ------
    InputError
        It cannot be read, or has no column act.
    """
    frame = _frame(path)
    if "act" not in frame.columns:
        raise InputError(
            str(path), "has no column act", "give rule_id or measure_id, joined by + if announced together"
        )
    _filled(path, frame, "act")
    days = _dates(path, frame["date"]) if "date" in frame.columns else [None] * len(frame)
    pairs = zip(frame["act"].astype("string").str.strip(), days, strict=True)
    return [(str(act), None if day is None or day != day else day.date()) for act, day in pairs]


def _frame(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        if path.suffix.lower() == ".parquet":
            frame = pd.read_parquet(path).reset_index()
        else:
            # As text: 005930 is a ticker and no number, and NA is one and not missing.
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise does_not_exist(path) from None
    except (OSError, ValueError) as error:
        raise InputError(
            str(path), f"cannot be read ({' '.join(str(error).split())[:150]})", "give CSV or Parquet"
        ) from None
    frame.columns = [str(name).strip().lower() for name in frame.columns]
    # A blank cell is a missing one.
    return frame.replace(r"^\s*$", pd.NA, regex=True)


def _dates(path: Path, column: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    import pandas as pd

    dates = pd.to_datetime(column, errors="coerce", format="ISO8601")
    wrong = column[dates.isna() & column.notna()]
    if len(wrong):
        raise InputError(str(path), f"date {_listed(map(str, wrong))} is none", "write dates as YYYY-MM-DD")
    return dates


def _filled(path: Path, frame: pd.DataFrame, name: str) -> None:
    empty = np.flatnonzero(frame[name].isna()) + 1
    if empty.size:
        raise InputError(str(path), f"{name} is empty in row {_listed(empty.tolist())}", "fill it or leave the row out")


def _numbers(path: Path, column: pd.Series[str], name: str) -> pd.Series[float]:
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").replace([np.inf, -np.inf], np.nan)
    wrong = column[numbers.isna() & column.notna()]
    if len(wrong):
        raise InputError(str(path), f"{name} {_listed(map(str, wrong))} is no number", "use a decimal point")
    if name == "close" and (numbers <= 0).any():
        raise InputError(str(path), "close is 0 or below", "leave out days without a price")
    return numbers


def _listed(names: object) -> str:
    shown = list(dict.fromkeys(names))  # type: ignore[call-overload]
    more = f" and {len(shown) - _MOST_NAMED} more" if len(shown) > _MOST_NAMED else ""
    return ", ".join(map(str, shown[:_MOST_NAMED])) + more
