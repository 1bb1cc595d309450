"""A golden case: one company at one date, worked out by hand in a YAML document under cases/.

A document gives cells of data/reference/*.csv and values of a methodology, and what to do with them as arithmetic that
a pocket calculator can follow; its comments say which cells they are. A field that no document may have is refused, so
nothing in a document goes unread.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from math import exp, sqrt
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from scoring.documents import SafeLoader

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.yaml"))

Arithmetic = float | str
"""A number, or what gives it: + - * / **, exp, sqrt, min, max and names that stand above it in the working."""


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Segment(Document):
    """A part of the company's revenue, in the order of the table."""

    family: str
    w: Arithmetic
    now: Arithmetic
    aligned: Arithmetic
    c: Arithmetic = "M"
    access: Arithmetic | None = None


class Mineral(Document):
    """China's leverage in a mineral, what needs it (by family), and the force at work.

    Under 2026.1 needs are weighed by revenue and the force is that of acts and threat; under 2026.2 they are not, and
    it is that of acts alone. `forces` gives it by family where families differ.
    """

    leverage: Arithmetic
    needs: dict[str, Arithmetic]
    force: Arithmetic = 0
    forces: dict[str, Arithmetic] = {}


class Case(Document):
    """One company at one date under one release and methodology.

    `named` is what packages take of named customers beyond product families (2026.2).
    `row` are cells of the result row as text, `numbers` are cells as arithmetic that may name other numbers of the row,
    and `rounded` are cells to two decimals, as a reader remembers them.
    """

    company: str
    as_of: dt.date
    release: str
    methodology: str
    china_share: Arithmetic | None
    segments: list[Segment]
    events: list[tuple[int, float, float]]
    named: Arithmetic = 0
    let: dict[str, Arithmetic] = {}
    minerals: dict[str, Mineral]
    unmeasured: list[str]
    row: dict[str, str | dt.date | None]
    numbers: dict[str, Arithmetic] = {}
    rounded: dict[str, float]

    @property
    def families(self) -> list[str]:
        return [segment.family for segment in self.segments]


@cache
def case(name: str) -> Case:
    """Case of a file name without its ending, such as ``apple-2024-09-02``."""
    text = (CASES / f"{name}.yaml").read_text("utf-8")
    return Case.model_validate(yaml.load(text, SafeLoader))


def calculate(arithmetic: Arithmetic, names: dict[str, Any]) -> float:
    """Number that arithmetic gives."""
    return float(eval(str(arithmetic), {"__builtins__": {}, "exp": exp, "sqrt": sqrt, "min": min, "max": max}, names))
