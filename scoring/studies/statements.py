"""Validation: revenue at risk against what companies said a rule would cost them (methodology, section 10c).

The statements are never an input of a score. Of their kinds only those are compared that state revenue lost to one
rule as an amount of money; what is left out, and why, is said in docs/validation.md.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.facts import selection
from scoring.facts.facts import Facts
from scoring.methodology import Methodology, load_methodology
from scoring.reference.releases.release import Release
from scoring.risk.revenue_at_risk import RevenueAtRisk, control_loss, retaliation_loss
from scoring.score.evaluation import evaluate
from scoring.vocabulary import DEFAULT_METHODOLOGY

_UNITS: Final = {"million": 1e6, "billion": 1e9}


@dataclass(frozen=True)
class Comparable:
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

    company_id: str
    date: str
    statement_kind: str
    source_id: str
    rules: tuple[str, ...]
    measures: tuple[str, ...] = ()
    times: float = 1.0
    why: str = "stated for a year"


_OCTOBER_2022: Final = ("us-2022-10-07-sme-home", "us-2022-10-07-acs-home", "us-2022-10-07-acs-fdp")
_DECEMBER_2024: Final = (
    "us-2024-12-02-sme-home",
    "us-2024-12-02-sme-fdp",
    "us-2024-12-02-fn5-fdp",
    "us-2024-12-02-entity-list",
    "us-2024-12-02-hbm-home",
    "us-2024-12-02-hbm-fdp",
)
_AFFILIATES: Final = ("us-2025-09-29-affiliates-home", "us-2025-09-29-affiliates-fdp")
_QUARTER: Final = "stated for a quarter, times four"

COMPARABLE: Final = (
    Comparable(
        "broadcom",
        "2019-06-30",
        "revenue-lost",
        "marketrealist-com-530f24b9",
        ("us-2019-05-16-huawei-entity-list",),
    ),
    Comparable(
        "nvidia",
        "2022-08-31",
        "revenue-at-risk",
        "dudil-net-8d6a9c5f",
        ("us-2022-08-26-ai-chip-letters",),
        times=4,
        why=_QUARTER,
    ),
    Comparable(
        "applied-materials",
        "2022-10-12",
        "revenue-impact-guidance",
        "app-researchpool-com-f36cc0dd",
        _OCTOBER_2022,
        times=4,
        why=_QUARTER,
    ),
    Comparable("lam-research", "2022-10-31", "revenue-impact-guidance", "telecomlead-com-653ab38e", _OCTOBER_2022),
    Comparable(
        "lam-research", "2025-01-29", "revenue-impact-guidance", "lam-research-fiscal-q2-2-71b0d60a", _DECEMBER_2024
    ),
    Comparable(
        "applied-materials",
        "2025-02-13",
        "revenue-impact-guidance",
        "applied-materials-fiscal-16b75361",
        _DECEMBER_2024,
    ),
    Comparable(
        "nvidia",
        "2025-05-28",
        "revenue-impact-guidance",
        "nvidia-fiscal-q1-2026-ea-31d099df",
        ("us-2025-04-09-h20-mi308-letters",),
        times=4,
        why=_QUARTER,
    ),
    Comparable(
        "lam-research",
        "2025-10-22",
        "revenue-impact-guidance",
        "reportify-ai-73240f03",
        _AFFILIATES,
        times=4,
        why=_QUARTER,
    ),
    Comparable(
        "applied-materials",
        "2025-10-31",
        "revenue-impact-guidance",
        "sherwood-news-fd62a1c8",
        _AFFILIATES,
        why="stated for a year; the amount for a month of 2025 is the same statement",
    ),
    Comparable(
        "axt",
        "2026-01-08",
        "revenue-guidance-cut",
        "www-web-itiger-com-b64ff2ec",
        (),
        ("cn-2025-02-04-no10-indium",),
        times=4,
        why=_QUARTER,
    ),
)


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
    document = methodology if isinstance(methodology, Methodology) else load_methodology(methodology)
    return [_compared(release, document, one) for one in COMPARABLE]


def summary(compared: list[Compared]) -> tuple[float, float]:
    """Median absolute log error, and the share within a factor of two, of the statements that could be computed."""
    errors = np.array([one.log_error for one in compared if not np.isnan(one.log_error)])
    return float(np.median(errors)), float((errors <= np.log(2)).mean())


def _compared(release: Release, methodology: Methodology, one: Comparable) -> Compared:
    day = _announced(release, one)
    before = day - np.timedelta64(1, "D")
    facts = Facts(release, before, methodology.timing)
    base = evaluate(facts, methodology)
    with_rule = evaluate(_with(facts, one, day), methodology)
    i = facts.company_ids.index(one.company_id)
    known = RevenueAtRisk(base, facts, methodology)
    dollars = known.revenue[i] * known.usd.rate[i]
    ends = []
    for end in ("value", "low", "high"):
        states = [known.at_end(state, methodology, end) for state in (with_rule, base)]
        control, retaliation = control_loss(*states)[i], retaliation_loss(*states)[i]
        ends.append(float(dollars * (1 - (1 - control) * (1 - retaliation))))
    return Compared(one, before.astype(dt.date), _stated(release, one), ends[0], min(ends), max(ends))


def _announced(release: Release, one: Comparable) -> np.datetime64:
    days = {
        *_rows(release, "rules", "rule_id", one.rules)[1].tolist(),
        *_rows(release, "countermeasures", "measure_id", one.measures)[1].tolist(),
    }
    return np.datetime64(max(days), "D")


def _rows(release: Release, table: str, key: str, wanted: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a table by key, and the days on which they were announced."""
    columns = release.columns(table)
    row = np.flatnonzero(np.isin(columns[key], wanted))
    if row.size != len(wanted):
        raise KeyError(f"{table} lacks one of {', '.join(wanted)}")
    return row, columns["announced"][row]


def _with(facts: Facts, one: Comparable, day: np.datetime64) -> Facts:
    """The facts with the rule: what it replaced on its day has ended, and nothing else has come."""
    release = facts.release

    def then(table: str, key: str, wanted: tuple[str, ...], active: np.ndarray) -> np.ndarray:
        new, _ = _rows(release, table, key, wanted)
        on_day = selection.in_force(release.columns(table), day, facts.timing)
        return np.intersect1d(on_day, np.union1d(active, new))

    rules = then("rules", "rule_id", one.rules, facts.rules.row)
    active = np.concatenate([facts.supply.row, facts.access.row])
    measures = then("countermeasures", "measure_id", one.measures, active)
    return facts.replace(
        rules=facts.rules_of(rules),
        supply=facts.measures_of(measures, "supply"),
        access=facts.measures_of(measures, "access"),
    )


def _stated(release: Release, one: Comparable) -> float:
    table = release.columns("impact_statements")
    row = np.flatnonzero(
        (table["company_id"] == one.company_id)
        & (table["date"] == np.datetime64(one.date))
        & (table["statement_kind"] == one.statement_kind)
        & (table["source_id"] == one.source_id)
    )
    amounts = [float(table["amount"][r]) * _UNITS[table["unit"][r]] for r in row]
    return max(amounts) * one.times
