"""Validation: revenue at risk against what companies said a rule would cost them (methodology, section 10c).

Some statements set a fraction of a rule, and are in-sample; none is an input in any other way. Of their kinds only
those are compared that state revenue lost to one rule as an amount of money; what is left out, and why, is said in
docs/validation.md.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from scoring.acts.event import added_by
from scoring.data import data_directory
from scoring.documents import SafeLoader
from scoring.methodology import Methodology, load_methodology
from scoring.reference.releases.release import Release
from scoring.vocabulary import DEFAULT_METHODOLOGY

_UNITS: Final = {"million": 1e6, "billion": 1e9}


class Comparable(BaseModel):
    """A statement that can be compared, and the rows of the release that it is about.

    Attributes
    ----------
    company_id, date, statement_kind, source_id : str
        Key of the statement in `impact_statements`.
    rules, measures : tuple of str
        Packages or measures that the statement's hint means, all announced on one day.
    times : float
        Factor that makes a year of the amount.
    why : str
        What the factor is, and what else to know.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    company_id: str
    date: str
    statement_kind: str
    source_id: str
    rules: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    times: float = 1.0
    why: str


@cache
def comparable() -> tuple[Comparable, ...]:
    """Every statement that can be compared, as ``data/validation/statements.yaml`` lists them."""
    text = (data_directory() / "validation" / "statements.yaml").read_bytes()
    document = yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe loader)
    return tuple(Comparable.model_validate(statement) for statement in document)


@dataclass(frozen=True)
class Compared:
    """One statement beside what was computed.

    Attributes
    ----------
    statement : Comparable
    before : datetime.date
        Day before the rule: as-of date of everything the computation knows.
    stated : float
        US dollars a year.
    computed : float
        US dollars a year; NaN where the China share or the revenue is unknown on that day.
    low, high : float
        With every judged fraction and stringency at its low and high end.
    in_sample : bool
        Whether a fraction of one of the rules was set from what was lost, or read in the statement's document: the
        comparison then says how well the model holds together, and not how well it foretells.
    """

    statement: Comparable
    before: dt.date
    stated: float
    computed: float
    low: float
    high: float
    in_sample: bool

    @property
    def log_error(self) -> float:
        """|ln(computed / stated)|; infinite where nothing was computed to be lost, NaN where it is unknown."""
        if np.isnan(self.computed):
            return float("nan")
        return float(abs(np.log(self.computed / self.stated))) if self.computed > 0 else float("inf")


def compare(release: Release, methodology: str | Methodology = DEFAULT_METHODOLOGY) -> list[Compared]:
    """Compare every comparable statement with the revenue that the same rule puts at risk.

    The state before the rule is the base, and that state with the rule added is the other: no scenario is tuned.
    """
    document = load_methodology(methodology)
    return [_compared(release, document, statement) for statement in comparable()]


def summary(compared: list[Compared]) -> tuple[float, float]:
    """Median absolute log error, and the share within a factor of two, of the statements that could be computed.

    NaN where there are none.
    """
    errors = np.array([row.log_error for row in compared if not np.isnan(row.log_error)])
    if not errors.size:
        return float("nan"), float("nan")
    return float(np.median(errors)), float((errors <= np.log(2)).mean())


def _compared(release: Release, methodology: Methodology, statement: Comparable) -> Compared:
    added = added_by(release, statement.rules or statement.measures, methodology=methodology)
    i = added.facts.company_ids.index(statement.company_id)
    dollars = float(added.revenue[i] * added.usd.rate[i])
    shares = (float(added.loss.total[i]), float(added.low[i]), float(added.high[i]))
    computed, low, high = (dollars * share for share in shares)
    return Compared(
        statement,
        added.states.day,
        _stated(release, statement),
        computed,
        low,
        high,
        in_sample=_is_in_sample(release, statement),
    )


def _is_in_sample(release: Release, statement: Comparable) -> bool:
    """Whether a fraction of one of its rules was set from what was lost, or read in the statement's own document."""
    fractions = release.columns("family_rules")
    of_rules = np.isin(fractions["rule_id"], statement.rules)
    set_by = (fractions["calibration"] == "loss") | (fractions["source_id"] == statement.source_id)
    return bool((of_rules & set_by).any())


def _stated(release: Release, statement: Comparable) -> float:
    table = release.columns("impact_statements")
    row = np.flatnonzero(
        (table["company_id"] == statement.company_id)
        & (table["date"] == np.datetime64(statement.date))
        & (table["statement_kind"] == statement.statement_kind)
        & (table["source_id"] == statement.source_id)
    )
    amounts = [float(table["amount"][r]) * _UNITS[table["unit"][r]] for r in row]
    return max(amounts) * statement.times
