"""Validation: revenue at risk against what companies said a rule would cost them (methodology, section 10c).

The statements are never an input of a score. Of their kinds only those are compared that state revenue lost to one
rule as an amount of money; what is left out, and why, is said in docs/validation.md.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from scoring.data import data_directory
from scoring.documents import SafeLoader
from scoring.facts import selection
from scoring.facts.facts import Facts
from scoring.methodology import Methodology, load_methodology
from scoring.reference.releases.release import Release
from scoring.risk.loss import loss
from scoring.risk.revenue_at_risk import RevenueAtRisk
from scoring.score.evaluation import evaluate
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
    """

    statement: Comparable
    before: dt.date
    stated: float
    computed: float
    low: float
    high: float

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
    """Median absolute log error, and the share within a factor of two, of the statements that could be computed."""
    errors = np.array([row.log_error for row in compared if not np.isnan(row.log_error)])
    return float(np.median(errors)), float((errors <= np.log(2)).mean())


def _compared(release: Release, methodology: Methodology, statement: Comparable) -> Compared:
    day = _announced(release, statement)
    before = day - np.timedelta64(1, "D")
    facts = methodology.facts(release, before)
    base = evaluate(facts, methodology)
    with_rule = evaluate(_with(facts, statement, day), methodology)
    i = facts.company_ids.index(statement.company_id)
    known = RevenueAtRisk(base, facts, methodology)
    dollars = known.revenue[i] * known.usd.rate[i]
    ends = []
    for end in ("value", "low", "high"):
        states = [known.at_end(state, methodology, end) for state in (with_rule, base)]
        ends.append(float(dollars * loss(states[0], states[1]).total[i]))
    return Compared(statement, before.astype(dt.date), _stated(release, statement), ends[0], min(ends), max(ends))


def _announced(release: Release, statement: Comparable) -> np.datetime64:
    days = {
        *_rows(release, "rules", "rule_id", statement.rules)[1].tolist(),
        *_rows(release, "countermeasures", "measure_id", statement.measures)[1].tolist(),
    }
    return np.datetime64(max(days), "D")


def _rows(release: Release, table: str, key: str, wanted: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a table by key, and the days on which they were announced."""
    columns = release.columns(table)
    row = np.flatnonzero(np.isin(columns[key], wanted))
    if row.size != len(wanted):
        raise KeyError(f"{table} lacks one of {', '.join(wanted)}")
    return row, columns["announced"][row]


def _with(facts: Facts, statement: Comparable, day: np.datetime64) -> Facts:
    """The facts with the rule: what it replaced on its day has ended, and nothing else has come."""
    release = facts.release

    def then(table: str, key: str, wanted: tuple[str, ...], active: np.ndarray) -> np.ndarray:
        new, _ = _rows(release, table, key, wanted)
        on_day = selection.in_force(table, release.columns(table), day, facts.timing)
        return np.intersect1d(on_day, np.union1d(active, new))

    rules = then("rules", "rule_id", statement.rules, facts.rules.row)
    active = np.concatenate([facts.supply.row, facts.access.row])
    measures = then("countermeasures", "measure_id", statement.measures, active)
    return facts.replace(
        rules=facts.rules_of(rules),
        supply=facts.measures_of(measures, "supply"),
        access=facts.measures_of(measures, "access"),
    )


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
