"""Strategies and comparisons that the property tests share."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

RELATIVE = {"rank", "percentile", "sector_percentile"}
"""Columns that say where a score stands among others."""


def replaced(facts: Any, block: str, **arrays: np.ndarray) -> Any:
    """Copy of `facts` with some arrays of one block replaced."""
    return facts.replace(**{block: dataclasses.replace(getattr(facts, block), **arrays)})


def with_value(methodology: Any, path: str, value: float) -> Any:
    """Copy of a methodology with one parameter's value changed; `path` such as ``control_stringency/prohibition``."""
    name, _, rest = path.partition("/")
    inner = methodology[name] if isinstance(methodology, dict) else getattr(methodology, name)
    changed = with_value(inner, rest, value) if rest else inner.model_copy(update={"value": value})
    if isinstance(methodology, dict):
        return {**methodology, name: changed}
    return methodology.model_copy(update={name: changed})


def difference(one: dict[str, np.ndarray], other: dict[str, np.ndarray], atol: float = 0.0) -> list[str]:
    """Columns in which two results differ; with `atol` 0 every number must be the same bit for bit."""
    found = []
    for name, column in one.items():
        if column.dtype.kind == "f":
            same = np.isclose(column, other[name], rtol=0, atol=atol, equal_nan=True).all()
        else:
            same = column.tolist() == other[name].tolist()
        if not same:
            found.append(name)
    return found


@pytest.fixture(scope="session")
def universe():
    """Result columns of every company of a scorer, without those that say where a score stands."""

    def columns(scorer, company_ids=None):
        every = scorer.columns(company_ids or scorer.evaluation.facts.company_ids)
        return {name: column for name, column in every.items() if name not in RELATIVE}

    return columns


@pytest.fixture(scope="session")
def differ():
    return difference


@pytest.fixture(scope="session")
def replace():
    return replaced


@pytest.fixture(scope="session")
def vary():
    return with_value
