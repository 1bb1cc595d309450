"""What a table is: a schema, a key, references to other tables, and rules between the cells of a row or block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import pandera.pandas as pa


@dataclass(frozen=True)
class Reference:
    """Values that must exist in another table.

    Attributes
    ----------
    column : str or tuple of str
        Column, or columns together, that hold the reference; an empty cell refers to nothing.
    table : str
        Table referred to.
    target : str or tuple of str
        Its columns, one for each of `column`.
    where : tuple of (str, str), optional
        Only rows whose column has this value refer to that table.
    """

    column: str | tuple[str, ...]
    table: str
    target: str | tuple[str, ...]
    where: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """`column` as a tuple."""
        return (self.column,) if isinstance(self.column, str) else self.column

    @property
    def targets(self) -> tuple[str, ...]:
        """`target` as a tuple."""
        return (self.target,) if isinstance(self.target, str) else self.target


@dataclass(frozen=True)
class Rule:
    """Condition between cells.

    Attributes
    ----------
    name : str
        Unique in its table.
    columns : tuple of str
        Columns whose values an offence shows; the first is the one it names.
    holds : callable
        Frame to a boolean Series, False where the rule is broken.
    error : str
        ``problem; fix``.
    value : callable, optional
        Frame to a Series that an offence shows instead of the columns, such as the sum of a block.
    """

    name: str
    columns: tuple[str, ...]
    holds: Callable[[pd.DataFrame], pd.Series[bool]]
    error: str
    value: Callable[[pd.DataFrame], pd.Series[Any]] | None = None

    def check(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """`holds`, true where an empty cell leaves it open: whether a cell may be empty is the column's to say."""
        return self.holds(frame).fillna(True).astype(bool)

    def shown(self, frame: pd.DataFrame, row: int) -> str:
        """Offending values of one row."""
        if self.value is not None:
            return f"{self.value(frame).iloc[row]:.4f}"
        first, *others = (plain(frame[column].iloc[row]) for column in self.columns)
        beside = ", ".join(f"{column} {value}" for column, value in zip(self.columns[1:], others, strict=True))
        return f"{first} ({beside})"


@dataclass(frozen=True)
class Table:
    """One table of the data dictionary.

    Attributes
    ----------
    name, title : str
    columns : dict of str to pandera.Column
        In file order.
    key : tuple of str
        Primary key.
    references : tuple of Reference
    rules : tuple of Rule
    optional : bool
        Whether the working tables may be without it; a release then is, too.
    may_lack : tuple of str
        Columns that a file may be without; every cell of them is empty then.
    """

    name: str
    title: str
    columns: dict[str, pa.Column]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    rules: tuple[Rule, ...] = ()
    optional: bool = False
    may_lack: tuple[str, ...] = ()

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema of the table."""
        return pa.DataFrameSchema(
            self.columns,
            checks=[pa.Check(rule.check, name=rule.name, error=rule.error, ignore_na=False) for rule in self.rules],
            unique=list(self.key),
            report_duplicates="exclude_first",
            strict=True,
            ordered=True,
            name=self.name,
            title=self.title,
        )

    def kind(self, column: str) -> str:
        """Data Package type of a column: string, number, integer, boolean or date."""
        kind: str = (self.columns[column].metadata or {})["type"]
        return kind

    def dtype(self, column: str) -> Any:
        """Type that pandas holds a column in; all of them can hold an empty cell, so that the schema can refuse it."""
        return str(self.columns[column].dtype)

    def constraints(self, column: str) -> dict[str, Any]:
        """Data Package constraints of a column."""
        constraints: dict[str, Any] = (self.columns[column].metadata or {})["constraints"]
        return constraints


def plain(value: Any) -> str:
    """Cell as it stands in a file."""
    if pd.isna(value):
        return "empty"
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def ordered(first: str, second: str, error: str) -> Rule:
    """`first` is not later than `second`; an empty cell orders nothing."""
    return Rule(
        f"{first}-{second}",
        (second, first),
        lambda frame: ~(frame[first] > frame[second]),
        error,
    )


def sums_to_one(column: str, block: tuple[str, ...], error: str) -> Rule:
    """`column` sums to 1 ± 0.02 within a block; an offence names the block's first row."""

    def total(frame: pd.DataFrame) -> pd.Series[Any]:
        sums: pd.Series[Any] = frame.groupby(list(block), dropna=False)[column].transform("sum")
        return sums

    return Rule(
        f"{column}-sum",
        (column, *block),
        # Rounding before comparing keeps 0.98 and 1.02 themselves inside.
        lambda frame: frame.duplicated(list(block)) | ((total(frame) - 1).abs().round(9) <= 0.02),
        error,
        total,
    )
