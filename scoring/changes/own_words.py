"""A company's own figures at one end of a comparison, in words: its China share and its product mix."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np

from scoring.arrays import number_or_none
from scoring.cited import Fact
from scoring.facts.citation import cite
from scoring.facts.evidence import EVIDENCE, MODELLED
from scoring.facts.facts import Facts


class Share(NamedTuple):
    """A China share at one end.

    Attributes
    ----------
    value : float or None
        Share of revenue, 0..1.
    words : str
        What it is, with its kind of knowledge.
    plain : bool
        Whether it is unknown, or the figure of one period, which its fact words.
    period : str
        Label of the period, of a sum the first and the last; empty for an estimate.
    evidence : str or None
    fact : Fact or None
        Of a sum the last of its periods; none behind an estimate.
    """

    value: float | None
    words: str
    plain: bool
    period: str
    evidence: str | None
    fact: Fact | None


class Mix(NamedTuple):
    """A product mix at one end.

    Attributes
    ----------
    table, period : str
        What identifies it beside the company.
    words : str
    evidence : str or None
        Of an estimate; else that of the fact.
    fact : Fact or None
    """

    table: str
    period: str
    words: str
    evidence: str | None
    fact: Fact | None


def share_at(known: Facts, company: int, day: dt.date) -> Share:
    """China share of a company, its fact worded as of a day."""
    china = known.china
    value = number_or_none(china.latest[company])
    if value is None:
        return Share(None, "unknown", True, "", None, None)
    evidence = EVIDENCE[china.evidence[company]]
    if china.estimated[company]:
        return Share(value, f"{value:.1%} estimated", False, "", evidence, None)
    rows, labels = china.rows[company], known.release.columns("revenue")["fiscal_year"]
    fact, first, last = cite(known.release, "revenue", rows[-1], day), labels[rows[0]], labels[rows[-1]]
    if len(rows) == 1:
        return Share(value, f"{value:.1%} known", True, last, evidence, fact)
    period = f"{first}..{last}"
    return Share(value, f"{value:.1%} known, {period} added up", False, period, evidence, fact)


def mix_at(known: Facts, company: int, day: dt.date) -> Mix | None:
    """Product mix of a company, its first fact worded as of a day; None where it has none."""
    segments, release = known.segments, known.release
    mine = np.flatnonzero(segments.company == company)
    if not mine.size:
        return None
    first = mine[0]
    if segments.inferred[first]:
        return Mix("business_mix", "estimated", "estimated from peers", EVIDENCE[MODELLED], None)
    table, column = ("segments", "fiscal_year") if segments.disclosed[first] else ("business_mix", "valid_from")
    row = int(segments.row[first])
    period, fact = str(release.columns(table)[column][row]), cite(release, table, row, day)
    return Mix(table, period, f"{table.replace('_', ' ')} {period}", fact.evidence, fact)
